package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Layer normalisation: {@code y = g * (x - mean(x)) / sqrt(var(x) + eps) + b}, mean and variance over the last axis.
 *
 * <p>Shapes: {@code x (..., d) -> (..., d)}; {@code weight g (d)}, {@code bias b (d)}.
 *
 * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros, Hinton (2016), Layer Normalization, eq. 4</a>
 */
public record LayerNorm(int features, double eps) implements Module {
    public LayerNorm {
        if (features < 1) throw new IllegalArgumentException("LayerNorm: features " + features + ", expected at least 1");
        if (!(eps >= 0)) throw new IllegalArgumentException("LayerNorm: eps " + eps + ", expected at least 0");
    }

    public static LayerNorm of(int features) {
        return new LayerNorm(features, 1e-5);
    }

    @Override
    public Params params(Random random) {
        return Params.of("weight", Tensor.ones(features)).with("bias", Tensor.zeros(features));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() == 0 || x.dim(-1) != features) throw new IllegalArgumentException("LayerNorm: x is " + x.shape() + ", expected last axis " + features);
        return Functional.layerNorm(x, at.param("weight"), at.param("bias"), eps);
    }
}
