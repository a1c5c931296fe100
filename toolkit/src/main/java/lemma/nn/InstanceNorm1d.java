package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Instance normalisation: {@code y = g (x - mean) / sqrt(var + eps) + b}, mean and variance of each channel of each example. As in PyTorch,
 * there are no weight and bias unless asked for.
 *
 * <p>Shapes: {@code x (n, c, l)}; {@code weight, bias (c)}.
 *
 * @see <a href="https://arxiv.org/abs/1607.08022">Ulyanov, Vedaldi, Lempitsky (2016), Instance Normalization, eq. 4</a>
 */
public record InstanceNorm1d(int channels, double eps, boolean affine) implements Module {
    public InstanceNorm1d {
        ChannelNorms.check("InstanceNorm1d", channels, eps);
    }

    public static InstanceNorm1d of(int channels) {
        return new InstanceNorm1d(channels, 1e-5, false);
    }

    public InstanceNorm1d withAffine() {
        return new InstanceNorm1d(channels, eps, true);
    }

    @Override
    public Params params(Random random) {
        return ChannelNorms.affine(channels, affine);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 3 || x.dim(1) != channels) throw new IllegalArgumentException("InstanceNorm1d: x is " + x.shape() + ", expected (n, " + channels + ", l)");
        return Functional.instanceNorm(x, at.paramOrNull("weight"), at.paramOrNull("bias"), eps);
    }
}
