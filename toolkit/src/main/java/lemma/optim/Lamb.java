package lemma.optim;

import lemma.nn.Params;
import lemma.tensor.Tensor;

/**
 * LAMB: Adam's direction with decay, {@code u = mhat / (sqrt(vhat) + eps) + decay p}, scaled tensor by tensor to the size of the
 * parameter, {@code p -= lr |p| / |u| u}; where a norm is 0 the ratio is 1. For very large batches.
 *
 * @see <a href="https://arxiv.org/abs/1904.00962">You et al. (2020), Large batch optimization for deep learning, algorithm 2</a>
 */
public record Lamb(Schedule schedule, double beta1, double beta2, double eps, double weightDecay) implements Optimiser {
    public Lamb {
        EachTensor.checkFraction("Lamb", "beta1", beta1);
        EachTensor.checkFraction("Lamb", "beta2", beta2);
        EachTensor.checkNotNegative("Lamb", "eps", eps);
        EachTensor.checkNotNegative("Lamb", "weight decay", weightDecay);
    }

    /** The paper's values: betas 0.9 and 0.999, eps 1e-6, weight decay 0.01. */
    public static Lamb of(double learningRate) {
        return of(Schedule.constant(learningRate));
    }

    /** The paper's values: betas 0.9 and 0.999, eps 1e-6, weight decay 0.01. */
    public static Lamb of(Schedule schedule) {
        return new Lamb(schedule, 0.9, 0.999, 1e-6, 0.01);
    }

    public Lamb withBetas(double beta1, double beta2) {
        return new Lamb(schedule, beta1, beta2, eps, weightDecay);
    }

    public Lamb withEps(double eps) {
        return new Lamb(schedule, beta1, beta2, eps, weightDecay);
    }

    public Lamb withWeightDecay(double weightDecay) {
        return new Lamb(schedule, beta1, beta2, eps, weightDecay);
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
        long t = state.step() + 1;
        double lr = learningRate(state.step());
        double c1 = 1 - Math.pow(beta1, t);
        double c2 = 1 - Math.pow(beta2, t);
        return EachTensor.step(params, gradients, state, (p, g, slots) -> {
            Tensor m = EachTensor.mix(beta1, slots[0], g);
            Tensor v = EachTensor.mix(beta2, slots[1], g.square());
            Tensor u = EachTensor.withDecay(m.div(c1).div(v.div(c2).sqrt().add(eps)), p, weightDecay);
            double ofParameter = p.norm().item();
            double ofUpdate = u.norm().item();
            double trust = ofParameter > 0 && ofUpdate > 0 ? ofParameter / ofUpdate : 1;
            return new Tensor[] {p.sub(u.mul(lr * trust)), m, v};
        });
    }
}
