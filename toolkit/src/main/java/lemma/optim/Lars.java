package lemma.optim;

import java.util.List;
import lemma.nn.Params;
import lemma.tensor.Tensor;

/**
 * Layer-wise adaptive rate scaling: each tensor moves in proportion to its own size,
 *
 * <pre>{@code
 * rate = lr trust |p| / (|g| + decay |p|);   v = momentum v + rate (g + decay p);   p -= v
 * }</pre>
 *
 * where {@code |p|} or {@code |g|} is 0 the rate is lr. For SGD with very large batches; give biases and the scales of norms an optimiser of
 * their own, {@code Groups.of(Lars.of(0.5)).with(Groups.NORMS_AND_BIASES, Sgd.of(0.5).withMomentum(0.9))}. {@link Lamb} is the same for Adam.
 *
 * @see <a href="https://arxiv.org/abs/1708.03888">You, Gitman, Ginsburg (2017), Large batch training of convolutional networks, algorithm 1</a>
 */
public record Lars(Schedule schedule, double trust, double momentum, double weightDecay) implements Optimiser {
    public Lars {
        if (!(trust > 0)) throw new IllegalArgumentException("Lars: trust is " + trust + ", expected above 0");
        EachTensor.checkNotNegative("Lars", "momentum", momentum);
        EachTensor.checkNotNegative("Lars", "weight decay", weightDecay);
    }

    /** The paper's values: trust 0.001, momentum 0.9, weight decay 0.0005. */
    public static Lars of(double learningRate) {
        return of(Schedule.constant(learningRate));
    }

    /** The paper's values: trust 0.001, momentum 0.9, weight decay 0.0005. */
    public static Lars of(Schedule schedule) {
        return new Lars(schedule, 0.001, 0.9, 0.0005);
    }

    public Lars withTrust(double trust) {
        return new Lars(schedule, trust, momentum, weightDecay);
    }

    public Lars withMomentum(double momentum) {
        return new Lars(schedule, trust, momentum, weightDecay);
    }

    public Lars withWeightDecay(double weightDecay) {
        return new Lars(schedule, trust, momentum, weightDecay);
    }

    @Override
    public double learningRate(long step) {
        return schedule.at(step);
    }

    @Override
    public State init(Params params) {
        return new State(0, List.of(params.map(Tensor::zerosLike)));
    }

    @Override
    public Update step(Params params, Params gradients, State state) {
        double lr = learningRate(state.step());
        return EachTensor.step(params, gradients, state, (p, g, slots) -> {
            double rate = lr * ratio(p.norm().item(), g.norm().item());
            Tensor v = slots[0].mul(momentum).add(EachTensor.withDecay(g, p, weightDecay).mul(rate));
            return new Tensor[] {p.sub(v), v};
        });
    }

    private double ratio(double ofParameter, double ofGradient) {
        return ofParameter > 0 && ofGradient > 0 ? trust * ofParameter / (ofGradient + weightDecay * ofParameter) : 1;
    }
}
