package lemma.optim;

import lemma.nn.Params;
import lemma.tensor.Tensor;

/**
 * Adagrad as PyTorch has it: {@code s += g^2; p -= lr / (1 + t lrDecay) g / (sqrt(s) + eps)} at step t from 0. For sparse features. Weight
 * decay adds {@code decay p} to the gradient.
 *
 * @see <a href="https://jmlr.org/papers/v12/duchi11a.html">Duchi, Hazan, Singer (2011), Adaptive subgradient methods</a>
 */
public record Adagrad(Schedule schedule, double lrDecay, double weightDecay, double initialAccumulator, double eps) implements Optimiser {
    public Adagrad {
        EachTensor.checkNotNegative("Adagrad", "lr decay", lrDecay);
        EachTensor.checkNotNegative("Adagrad", "weight decay", weightDecay);
        EachTensor.checkNotNegative("Adagrad", "initial accumulator", initialAccumulator);
        EachTensor.checkNotNegative("Adagrad", "eps", eps);
    }

    /** PyTorch's defaults: eps 1e-10, nothing else; its learning rate is 0.01. */
    public static Adagrad of(double learningRate) {
        return of(Schedule.constant(learningRate));
    }

    /** PyTorch's defaults: eps 1e-10, nothing else. */
    public static Adagrad of(Schedule schedule) {
        return new Adagrad(schedule, 0, 0, 0, 1e-10);
    }

    public Adagrad withLrDecay(double lrDecay) {
        return new Adagrad(schedule, lrDecay, weightDecay, initialAccumulator, eps);
    }

    public Adagrad withWeightDecay(double weightDecay) {
        return new Adagrad(schedule, lrDecay, weightDecay, initialAccumulator, eps);
    }

    /** What the sums of squares start from. */
    public Adagrad withInitialAccumulator(double initialAccumulator) {
        return new Adagrad(schedule, lrDecay, weightDecay, initialAccumulator, eps);
    }

    public Adagrad withEps(double eps) {
        return new Adagrad(schedule, lrDecay, weightDecay, initialAccumulator, eps);
    }

    @Override
    public double learningRate(long step) {
        return schedule.at(step) / (1 + step * lrDecay);
    }

    @Override
    public State init(Params params) {
        State zeros = EachTensor.zeros(params, 1);
        return initialAccumulator == 0 ? zeros : zeros.map(t -> t.add(initialAccumulator));
    }

    @Override
    public Update step(Params params, Params gradients, State state) {
        double lr = learningRate(state.step());
        return EachTensor.step(params, gradients, state, (p, gradient, slots) -> {
            Tensor g = EachTensor.withDecay(gradient, p, weightDecay);
            Tensor sum = slots[0].add(g.square());
            return new Tensor[] {p.sub(g.div(sum.sqrt().add(eps)).mul(lr)), sum};
        });
    }
}
