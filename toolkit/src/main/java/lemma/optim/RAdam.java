package lemma.optim;

import lemma.nn.Params;
import lemma.tensor.Tensor;

/**
 * Rectified Adam as PyTorch has it. With {@code rho_inf = 2 / (1 - b2) - 1} and {@code rho_t = rho_inf - 2 t b2^t / (1 - b2^t)}: where
 * {@code rho_t > 5}, {@code p -= lr r mhat sqrt(1 - b2^t) / (sqrt(v) + eps)} with
 * {@code r^2 = (rho_t - 4)(rho_t - 2) rho_inf / ((rho_inf - 4)(rho_inf - 2) rho_t)}; before that, {@code p -= lr mhat}. Weight decay adds
 * {@code decay p} to the gradient.
 *
 * @see <a href="https://arxiv.org/abs/1908.03265">Liu et al. (2020), On the variance of the adaptive learning rate and beyond, algorithm 2</a>
 */
public record RAdam(Schedule schedule, double beta1, double beta2, double eps, double weightDecay) implements Optimiser {
    public RAdam {
        EachTensor.checkFraction("RAdam", "beta1", beta1);
        EachTensor.checkFraction("RAdam", "beta2", beta2);
        EachTensor.checkNotNegative("RAdam", "eps", eps);
        EachTensor.checkNotNegative("RAdam", "weight decay", weightDecay);
    }

    /** PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8; its learning rate is 0.001. */
    public static RAdam of(double learningRate) {
        return of(Schedule.constant(learningRate));
    }

    /** PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8. */
    public static RAdam of(Schedule schedule) {
        return new RAdam(schedule, 0.9, 0.999, 1e-8, 0);
    }

    public RAdam withBetas(double beta1, double beta2) {
        return new RAdam(schedule, beta1, beta2, eps, weightDecay);
    }

    public RAdam withEps(double eps) {
        return new RAdam(schedule, beta1, beta2, eps, weightDecay);
    }

    public RAdam withWeightDecay(double weightDecay) {
        return new RAdam(schedule, beta1, beta2, eps, weightDecay);
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
        double rate = learningRate(state.step()) / (1 - Math.pow(beta1, t));
        double c2 = 1 - Math.pow(beta2, t);
        double rhoInf = 2 / (1 - beta2) - 1;
        double rho = rhoInf - 2 * t * Math.pow(beta2, t) / c2;
        double r = Math.sqrt((rho - 4) * (rho - 2) * rhoInf / ((rhoInf - 4) * (rhoInf - 2) * rho));
        return EachTensor.step(params, gradients, state, (p, gradient, slots) -> {
            Tensor g = EachTensor.withDecay(gradient, p, weightDecay);
            Tensor m = EachTensor.mix(beta1, slots[0], g);
            Tensor v = EachTensor.mix(beta2, slots[1], g.square());
            Tensor direction = rho > 5 ? m.mul(r * Math.sqrt(c2)).div(v.sqrt().add(eps)) : m;
            return new Tensor[] {p.sub(direction.mul(rate)), m, v};
        });
    }
}
