package lemma.optim;

import lemma.nn.Params;
import lemma.tensor.Backend;
import lemma.tensor.Tensor;

/**
 * Adam: {@code m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p -= lr mhat / (sqrt(vhat) + eps)} with
 * {@code mhat = m / (1 - b1^t)}, {@code vhat = v / (1 - b2^t)}. Weight decay is decoupled: {@code p -= lr decay p} (AdamW).
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma, Ba (2015), Adam, algorithm 1</a>
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov, Hutter (2019), Decoupled weight decay regularization, algorithm 2</a>
 */
public record Adam(Schedule schedule, double beta1, double beta2, double eps, double weightDecay, boolean amsgrad) implements Optimiser {
    public Adam {
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) throw new IllegalArgumentException("Adam: betas are " + beta1 + " and " + beta2 + ", expected 0 to less than 1");
        if (!(eps >= 0)) throw new IllegalArgumentException("Adam: eps is " + eps + ", expected at least 0");
        if (!(weightDecay >= 0)) throw new IllegalArgumentException("Adam: weight decay is " + weightDecay + ", expected at least 0");
    }

    /** Adam with betas 0.9 and 0.999 and without weight decay. */
    public static Adam of(double learningRate) {
        return of(Schedule.constant(learningRate));
    }

    /** Adam with betas 0.9 and 0.999 and without weight decay. */
    public static Adam of(Schedule schedule) {
        return new Adam(schedule, 0.9, 0.999, 1e-8, 0, false);
    }

    public Adam withBetas(double beta1, double beta2) {
        return new Adam(schedule, beta1, beta2, eps, weightDecay, amsgrad);
    }

    public Adam withEps(double eps) {
        return new Adam(schedule, beta1, beta2, eps, weightDecay, amsgrad);
    }

    /** Decoupled weight decay. */
    public Adam withWeightDecay(double weightDecay) {
        return new Adam(schedule, beta1, beta2, eps, weightDecay, amsgrad);
    }

    /**
     * Divides by the largest second moment so far instead of the present one.
     *
     * @see <a href="https://openreview.net/forum?id=ryQu7f-RZ">Reddi, Kale, Kumar (2018), On the convergence of Adam and beyond, algorithm 2</a>
     */
    public Adam withAmsgrad() {
        return new Adam(schedule, beta1, beta2, eps, weightDecay, true);
    }

    @Override
    public double learningRate(long step) {
        return schedule.at(step);
    }

    @Override
    public State init(Params params) {
        return EachTensor.zeros(params, amsgrad ? 3 : 2);
    }

    @Override
    public Update step(Params params, Params gradients, State state) {
        long t = state.step() + 1;
        var step = new Backend.AdamStep(learningRate(state.step()), beta1, beta2, eps, weightDecay, 1 - Math.pow(beta1, t), 1 - Math.pow(beta2, t));
        return EachTensor.step(params, gradients, state, (p, g, slots) -> amsgrad ? withLargest(p, g, slots, step) : p.backend().adam(p, g.contiguous(), slots[0], slots[1], step));
    }

    private Tensor[] withLargest(Tensor p, Tensor g, Tensor[] slots, Backend.AdamStep step) {
        Tensor m = EachTensor.mix(beta1, slots[0], g);
        Tensor v = EachTensor.mix(beta2, slots[1], g.square());
        Tensor largest = slots[2].maximum(v);
        Tensor direction = m.div(step.c1()).div(largest.div(step.c2()).sqrt().add(eps));
        return new Tensor[] {p.mul(1 - step.lr() * weightDecay).sub(direction.mul(step.lr())), m, v, largest};
    }
}
