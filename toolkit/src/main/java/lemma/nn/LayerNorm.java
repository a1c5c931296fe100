package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Layer normalisation: {@code y = g * (x - mean(x)) / sqrt(var(x) + eps) + b}, mean and variance over the last axis, or over the last axes
 * whose lengths are given.
 *
 * <p>Shapes: {@code x (..., d) -> (..., d)}; {@code weight g (d)}, {@code bias b (d)}.
 *
 * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros, Hinton (2016), Layer Normalization, eq. 4</a>
 */
public record LayerNorm(Shape over, double eps, boolean affine) implements Module {
    public LayerNorm {
        if (over.rank() < 1 || over.size() < 1) throw new IllegalArgumentException("LayerNorm: lengths " + over + ", expected at least one axis and lengths of at least 1");
        if (!(eps >= 0)) throw new IllegalArgumentException("LayerNorm: eps " + eps + ", expected at least 0");
    }

    /** Over the last axes, of these lengths. */
    public static LayerNorm of(int... lengths) {
        return new LayerNorm(Shape.of(lengths), 1e-5, true);
    }

    public LayerNorm withEps(double eps) {
        return new LayerNorm(over, eps, affine);
    }

    /** Without weight and bias. */
    public LayerNorm withoutAffine() {
        return new LayerNorm(over, eps, false);
    }

    @Override
    public Params params(Random random) {
        return affine ? Params.of("weight", Tensor.ones(over.dims())).with("bias", Tensor.zeros(over.dims())) : Params.EMPTY;
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() == 0 || x.dim(-1) != over.dim(-1)) throw new IllegalArgumentException("LayerNorm: x is " + x.shape() + ", expected last axis " + over.dim(-1));
        return Functional.layerNorm(x, over, at.paramOrNull("weight"), at.paramOrNull("bias"), eps);
    }
}
