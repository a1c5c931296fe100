package lemma.optim;

import lemma.nn.Params;
import lemma.tensor.Tensor;

/**
 * Adadelta as PyTorch has it: {@code v = rho v + (1 - rho) g^2; d = sqrt(u + eps) / sqrt(v + eps) g; u = rho u + (1 - rho) d^2; p -= lr d}.
 * Weight decay adds {@code decay p} to the gradient.
 *
 * @see <a href="https://arxiv.org/abs/1212.5701">Zeiler (2012), ADADELTA, algorithm 1</a>
 */
public record Adadelta(Schedule schedule, double rho, double eps, double weightDecay) implements Optimiser {
    public Adadelta {
        if (!(rho >= 0 && rho <= 1)) throw new IllegalArgumentException("Adadelta: rho is " + rho + ", expected 0 to 1");
        EachTensor.checkNotNegative("Adadelta", "eps", eps);
        EachTensor.checkNotNegative("Adadelta", "weight decay", weightDecay);
    }

    /** PyTorch's defaults: rho 0.9, eps 1e-6; its learning rate is 1. */
    public static Adadelta of(double learningRate) {
        return of(Schedule.constant(learningRate));
    }

    /** PyTorch's defaults: rho 0.9, eps 1e-6. */
    public static Adadelta of(Schedule schedule) {
        return new Adadelta(schedule, 0.9, 1e-6, 0);
    }

    public Adadelta withRho(double rho) {
        return new Adadelta(schedule, rho, eps, weightDecay);
    }

    public Adadelta withEps(double eps) {
        return new Adadelta(schedule, rho, eps, weightDecay);
    }

    public Adadelta withWeightDecay(double weightDecay) {
        return new Adadelta(schedule, rho, eps, weightDecay);
    }

    @Override
    public double learningRate(long step) {
        return schedule.at(step);
    }

    @Override
    public State init(Params params) {
        return EachTensor.zeros(params, 2);
    }

    @Override
    public Update step(Params params, Params gradients, State state) {
        double lr = learningRate(state.step());
        return EachTensor.step(params, gradients, state, (p, gradient, slots) -> {
            Tensor g = EachTensor.withDecay(gradient, p, weightDecay);
            Tensor v = EachTensor.mix(rho, slots[0], g.square());
            Tensor d = slots[1].add(eps).sqrt().div(v.add(eps).sqrt()).mul(g);
            return new Tensor[] {p.sub(d.mul(lr)), v, EachTensor.mix(rho, slots[1], d.square())};
        });
    }
}
