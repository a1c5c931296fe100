package lemma.nn;

import lemma.tensor.DType;
import lemma.tensor.Tensor;

/**
 * An activation that training fades to the identity, {@code y = (1 - lambda) A(x) + lambda x} with {@code lambda = min(1, t / steps)} at training step t
 * from 0 on. Between two linear layers it makes training deeper than the network that remains: once lambda is 1, {@link LayerMerging} makes one layer of them.
 *
 * <p>Any shape. State: {@code step}, how many training steps there were. Evaluation uses the lambda that training has reached.
 *
 * @param activation A
 * @param steps at which it is the identity
 * @see <a href="https://arxiv.org/abs/2305.12972">Chen et al. (2023), VanillaNet, eq. 1</a>
 */
public record DeepTrainingActivation(Activation activation, long steps) implements Module {
    public DeepTrainingActivation {
        if (activation == null || steps < 1) throw new IllegalArgumentException("DeepTrainingActivation: activation " + activation + ", steps " + steps + "; expected an activation and at least 1");
    }

    /** Relu that fades over {@code steps}. */
    public static DeepTrainingActivation of(long steps) {
        return new DeepTrainingActivation(Activation.RELU, steps);
    }

    @Override
    public Params state() {
        return Params.of("step", Tensor.zeros().to(DType.FLOAT64));
    }

    /** Whether it has become the identity, given its state. */
    boolean isIdentity(Params state) {
        return state.get("step").item() >= steps;
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        Tensor step = at.state("step");
        if (at.pass().isTraining()) at.update("step", step.add(1));
        Tensor lambda = step.div(steps).minimum(1).to(x.dtype());
        Tensor y = activation.apply(x);
        return y.add(x.sub(y).mul(lambda));
    }
}
