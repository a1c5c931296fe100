package lemma.optim;

import lemma.nn.Params;
import lemma.tensor.Tensor;

/**
 * Adam with Nesterov's momentum as PyTorch has it: {@code mu_t = b1 (1 - 0.96^(t momentumDecay) / 2)},
 * {@code p -= lr ((1 - mu_t) g / (1 - mu_1...mu_t) + mu_(t+1) m / (1 - mu_1...mu_(t+1))) / (sqrt(v / (1 - b2^t)) + eps)} with Adam's
 * moments m and v. Weight decay adds {@code decay p} to the gradient.
 *
 * @see <a href="https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ">Dozat (2016), Incorporating Nesterov momentum into Adam</a>
 */
public record NAdam(Schedule schedule, double beta1, double beta2, double eps, double weightDecay, double momentumDecay) implements Optimiser {
    public NAdam {
        EachTensor.checkFraction("NAdam", "beta1", beta1);
        EachTensor.checkFraction("NAdam", "beta2", beta2);
        EachTensor.checkNotNegative("NAdam", "eps", eps);
        EachTensor.checkNotNegative("NAdam", "weight decay", weightDecay);
        EachTensor.checkNotNegative("NAdam", "momentum decay", momentumDecay);
    }

    /** PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8, momentum decay 0.004; its learning rate is 0.002. */
    public static NAdam of(double learningRate) {
        return of(Schedule.constant(learningRate));
    }

    /** PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8, momentum decay 0.004. */
    public static NAdam of(Schedule schedule) {
        return new NAdam(schedule, 0.9, 0.999, 1e-8, 0, 4e-3);
    }

    public NAdam withBetas(double beta1, double beta2) {
        return new NAdam(schedule, beta1, beta2, eps, weightDecay, momentumDecay);
    }

    public NAdam withEps(double eps) {
        return new NAdam(schedule, beta1, beta2, eps, weightDecay, momentumDecay);
    }

    public NAdam withWeightDecay(double weightDecay) {
        return new NAdam(schedule, beta1, beta2, eps, weightDecay, momentumDecay);
    }

    public NAdam withMomentumDecay(double momentumDecay) {
        return new NAdam(schedule, beta1, beta2, eps, weightDecay, momentumDecay);
    }

    @Override
    public double learningRate(long step) {
        return schedule.at(step);
    }

    @Override
    public State init(Params params) {
        return EachTensor.zeros(params, 2);
    }

    private double mu(long t) {
        return beta1 * (1 - 0.5 * Math.pow(0.96, t * momentumDecay));
    }

    /** {@code mu_1 ... mu_t}, exact until it no longer differs from 0 in {@code 1 - product}. */
    private double product(long t) {
        double product = 1;
        for (long i = 1; i <= t && product > 1e-20; i++) product *= mu(i);
        return product;
    }

    @Override
    public Update step(Params params, Params gradients, State state) {
        long t = state.step() + 1;
        double lr = learningRate(state.step());
        double before = product(t);
        double ofGradient = lr * (1 - mu(t)) / (1 - before);
        double ofMoment = lr * mu(t + 1) / (1 - before * mu(t + 1));
        double c2 = 1 - Math.pow(beta2, t);
        return EachTensor.step(params, gradients, state, (p, gradient, slots) -> {
            Tensor g = EachTensor.withDecay(gradient, p, weightDecay);
            Tensor m = EachTensor.mix(beta1, slots[0], g);
            Tensor v = EachTensor.mix(beta2, slots[1], g.square());
            Tensor scale = v.div(c2).sqrt().add(eps);
            return new Tensor[] {p.sub(g.mul(ofGradient).add(m.mul(ofMoment)).div(scale)), m, v};
        });
    }
}
