package lemma.optim;

import java.util.ArrayList;
import java.util.List;
import lemma.nn.Params;
import lemma.tensor.Tensor;

/**
 * RMSProp as PyTorch has it: {@code v = alpha v + (1 - alpha) g^2; p -= lr g / (sqrt(v) + eps)}. A centred one divides by
 * {@code sqrt(v - m^2) + eps} with {@code m = alpha m + (1 - alpha) g}; with momentum the quotient goes through
 * {@code b = momentum b + g / (...)} first. Weight decay adds {@code decay p} to the gradient.
 *
 * @see <a href="https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf">Tieleman, Hinton (2012), Lecture 6.5, RMSProp</a>
 * @see <a href="https://arxiv.org/abs/1308.0850">Graves (2013), Generating sequences with recurrent neural networks, eq. 38-45 (centred)</a>
 */
public record RmsProp(Schedule schedule, double alpha, double eps, double weightDecay, double momentum, boolean centred) implements Optimiser {
    public RmsProp {
        EachTensor.checkNotNegative("RmsProp", "alpha", alpha);
        EachTensor.checkNotNegative("RmsProp", "eps", eps);
        EachTensor.checkNotNegative("RmsProp", "weight decay", weightDecay);
        EachTensor.checkNotNegative("RmsProp", "momentum", momentum);
    }

    /** PyTorch's defaults: alpha 0.99, eps 1e-8, nothing else; its learning rate is 0.01. */
    public static RmsProp of(double learningRate) {
        return of(Schedule.constant(learningRate));
    }

    /** PyTorch's defaults: alpha 0.99, eps 1e-8, nothing else. */
    public static RmsProp of(Schedule schedule) {
        return new RmsProp(schedule, 0.99, 1e-8, 0, 0, false);
    }

    public RmsProp withAlpha(double alpha) {
        return new RmsProp(schedule, alpha, eps, weightDecay, momentum, centred);
    }

    public RmsProp withEps(double eps) {
        return new RmsProp(schedule, alpha, eps, weightDecay, momentum, centred);
    }

    public RmsProp withWeightDecay(double weightDecay) {
        return new RmsProp(schedule, alpha, eps, weightDecay, momentum, centred);
    }

    public RmsProp withMomentum(double momentum) {
        return new RmsProp(schedule, alpha, eps, weightDecay, momentum, centred);
    }

    /** Divides by an estimate of the standard deviation of the gradient instead of its root mean square. */
    public RmsProp asCentred() {
        return new RmsProp(schedule, alpha, eps, weightDecay, momentum, true);
    }

    @Override
    public double learningRate(long step) {
        return schedule.at(step);
    }

    @Override
    public State init(Params params) {
        return EachTensor.zeros(params, 1 + (centred ? 1 : 0) + (momentum > 0 ? 1 : 0));
    }

    @Override
    public Update step(Params params, Params gradients, State state) {
        double lr = learningRate(state.step());
        return EachTensor.step(params, gradients, state, (p, gradient, slots) -> {
            Tensor g = EachTensor.withDecay(gradient, p, weightDecay);
            List<Tensor> next = new ArrayList<>();
            Tensor v = EachTensor.mix(alpha, slots[0], g.square());
            next.add(v);
            Tensor variance = v;
            if (centred) {
                Tensor m = EachTensor.mix(alpha, slots[1], g);
                next.add(m);
                variance = v.sub(m.square());
            }
            Tensor direction = g.div(variance.sqrt().add(eps));
            if (momentum > 0) {
                direction = slots[slots.length - 1].mul(momentum).add(direction);
                next.add(direction);
            }
            next.addFirst(p.sub(direction.mul(lr)));
            return next.toArray(Tensor[]::new);
        });
    }
}
