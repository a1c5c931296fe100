package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Tensor;

/**
 * Gated linear unit: {@code y = a sigmoid(b)} of the halves a and b of x along {@code axis}, whose length must be even.
 *
 * @see <a href="https://arxiv.org/abs/1612.08083">Dauphin et al. (2017), Language modeling with gated convolutional networks</a>
 */
public record Glu(int axis) implements Module {
    /** Over the last axis. */
    public static Glu of() {
        return new Glu(-1);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return Functional.glu(x, axis);
    }
}
