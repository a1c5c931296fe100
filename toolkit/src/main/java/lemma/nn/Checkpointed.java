package lemma.nn;

import lemma.autodiff.Autodiff;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A module whose intermediates are computed again in the backward pass instead of being kept: the same values and gradients in less
 * memory, for about a third more time of a training step. Parameters and state are those of the module.
 *
 * @see Autodiff#checkpoint
 */
public record Checkpointed(Module f) implements Module {
    public static Checkpointed of(Module f) {
        return new Checkpointed(f);
    }

    @Override
    public Params params(Random random) {
        return f.params(random);
    }

    @Override
    public Params state() {
        return f.state();
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return Autodiff.checkpoint(z -> f.forward(z, at), x);
    }
}
