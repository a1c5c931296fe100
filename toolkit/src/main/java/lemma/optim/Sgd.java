package lemma.optim;

import java.util.List;
import lemma.nn.Params;
import lemma.tensor.Tensor;

/**
 * Stochastic gradient descent as PyTorch has it: {@code g += decay p; v = momentum v + (1 - dampening) g; p -= lr v}, and with
 * Nesterov {@code p -= lr (g + momentum v)}. At the first step {@code v = g}.
 */
public record Sgd(Schedule schedule, double momentum, double dampening, boolean nesterov, double weightDecay) implements Optimiser {
    public Sgd {
        if (!(momentum >= 0)) throw new IllegalArgumentException("Sgd: momentum is " + momentum + ", expected at least 0");
        if (nesterov && (momentum == 0 || dampening != 0)) throw new IllegalArgumentException("Sgd: Nesterov needs momentum and no dampening; momentum is " + momentum + ", dampening " + dampening);
        if (!(weightDecay >= 0)) throw new IllegalArgumentException("Sgd: weight decay is " + weightDecay + ", expected at least 0");
    }

    public static Sgd of(double learningRate) {
        return of(Schedule.constant(learningRate));
    }

    public static Sgd of(Schedule schedule) {
        return new Sgd(schedule, 0, 0, false, 0);
    }

    public Sgd withMomentum(double momentum) {
        return new Sgd(schedule, momentum, dampening, nesterov, weightDecay);
    }

    /** The fraction of a new gradient that does not enter the velocity. */
    public Sgd withDampening(double dampening) {
        return new Sgd(schedule, momentum, dampening, nesterov, weightDecay);
    }

    /** After {@link #withMomentum}. */
    public Sgd withNesterov() {
        return new Sgd(schedule, momentum, dampening, true, weightDecay);
    }

    public Sgd withWeightDecay(double weightDecay) {
        return new Sgd(schedule, momentum, dampening, nesterov, weightDecay);
    }

    @Override
    public double learningRate(long step) {
        return schedule.at(step);
    }

    @Override
    public State init(Params params) {
        return new State(0, momentum == 0 ? List.of() : List.of(params.map(Tensor::zerosLike)));
    }

    @Override
    public Update step(Params params, Params gradients, State state) {
        double lr = learningRate(state.step());
        Params g = weightDecay == 0 ? gradients : gradients.zip(params, (d, p) -> d.add(p.mul(weightDecay)));
        if (momentum == 0) return new Update(params.zip(g, (p, d) -> p.sub(d.mul(lr))), new State(state.step() + 1, List.of()));
        double part = state.step() == 0 ? 1 : 1 - dampening;
        Params velocity = state.slots().getFirst().zip(g, (v, d) -> v.mul(momentum).add(d.mul(part)));
        Params direction = nesterov ? g.zip(velocity, (d, v) -> d.add(v.mul(momentum))) : velocity;
        return new Update(params.zip(direction, (p, d) -> p.sub(d.mul(lr))), new State(state.step() + 1, List.of(velocity)));
    }
}
