package lemma.optim;

import lemma.nn.Params;
import lemma.tensor.Tensor;

/**
 * Lion: the sign of an interpolated momentum, {@code p -= lr (sign(b1 m + (1 - b1) g) + decay p); m = b2 m + (1 - b2) g}. Every element moves
 * by the learning rate, so it should be three to ten times smaller than Adam's, and the decay as much larger.
 *
 * @see <a href="https://arxiv.org/abs/2302.06675">Chen et al. (2023), Symbolic discovery of optimization algorithms, program 1</a>
 */
public record Lion(Schedule schedule, double beta1, double beta2, double weightDecay) implements Optimiser {
    public Lion {
        EachTensor.checkFraction("Lion", "beta1", beta1);
        EachTensor.checkFraction("Lion", "beta2", beta2);
        EachTensor.checkNotNegative("Lion", "weight decay", weightDecay);
    }

    /** The paper's values: betas 0.9 and 0.99, no weight decay; its learning rate is 1e-4. */
    public static Lion of(double learningRate) {
        return of(Schedule.constant(learningRate));
    }

    /** The paper's values: betas 0.9 and 0.99, no weight decay. */
    public static Lion of(Schedule schedule) {
        return new Lion(schedule, 0.9, 0.99, 0);
    }

    public Lion withBetas(double beta1, double beta2) {
        return new Lion(schedule, beta1, beta2, weightDecay);
    }

    /** Decoupled weight decay. */
    public Lion withWeightDecay(double weightDecay) {
        return new Lion(schedule, beta1, beta2, weightDecay);
    }

    @Override
    public double learningRate(long step) {
        return schedule.at(step);
    }

    @Override
    public State init(Params params) {
        return EachTensor.zeros(params, 1);
    }

    @Override
    public Update step(Params params, Params gradients, State state) {
        double lr = learningRate(state.step());
        return EachTensor.step(params, gradients, state, (p, g, slots) -> {
            Tensor direction = EachTensor.withDecay(EachTensor.mix(beta1, slots[0], g).sign(), p, weightDecay);
            return new Tensor[] {p.sub(direction.mul(lr)), EachTensor.mix(beta2, slots[0], g)};
        });
    }
}
