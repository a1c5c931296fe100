package lemma.nn;

import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Root-mean-square normalisation: {@code y = g x / sqrt(mean(x^2) + eps)} over the last axis.
 *
 * <p>Shapes: {@code x (..., d) -> (..., d)}; {@code weight g (d)}. Unless given, eps is the distance from 1 to the next number of the type,
 * as in PyTorch.
 *
 * @see <a href="https://arxiv.org/abs/1910.07467">Zhang, Sennrich (2019), Root Mean Square Layer Normalization, eq. 4</a>
 */
public record RMSNorm(int features, double eps, boolean affine) implements Module {
    private static final double OF_THE_TYPE = -1;

    public RMSNorm {
        if (features < 1) throw new IllegalArgumentException("RMSNorm: features " + features + ", expected at least 1");
        if (!(eps >= 0 || eps == OF_THE_TYPE)) throw new IllegalArgumentException("RMSNorm: eps " + eps + ", expected at least 0");
    }

    public static RMSNorm of(int features) {
        return new RMSNorm(features, OF_THE_TYPE, true);
    }

    public RMSNorm withEps(double eps) {
        return new RMSNorm(features, eps, affine);
    }

    /** Without a weight. */
    public RMSNorm withoutAffine() {
        return new RMSNorm(features, eps, false);
    }

    @Override
    public Params params(Random random) {
        return affine ? Params.of("weight", Tensor.ones(features)) : Params.EMPTY;
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() == 0 || x.dim(-1) != features) throw new IllegalArgumentException("RMSNorm: x is " + x.shape() + ", expected last axis " + features);
        double small = x.dtype() == DType.FLOAT64 ? Math.ulp(1.0) : Math.ulp(1f);
        return Functional.rmsNorm(x, at.paramOrNull("weight"), eps == OF_THE_TYPE ? small : eps);
    }
}
