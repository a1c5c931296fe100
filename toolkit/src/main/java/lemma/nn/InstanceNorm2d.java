package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Instance normalisation: {@code y = g (x - mean) / sqrt(var + eps) + b}, mean and variance of each channel of each example. As in PyTorch,
 * there are no weight and bias unless asked for.
 *
 * <p>Shapes: {@code x (n, c, h, w)}; {@code weight, bias (c)}.
 *
 * @see <a href="https://arxiv.org/abs/1607.08022">Ulyanov, Vedaldi, Lempitsky (2016), Instance Normalization, eq. 4</a>
 */
public record InstanceNorm2d(int channels, double eps, boolean affine) implements Module {
    public InstanceNorm2d {
        ChannelNorms.check("InstanceNorm2d", channels, eps);
    }

    public static InstanceNorm2d of(int channels) {
        return new InstanceNorm2d(channels, 1e-5, false);
    }

    public InstanceNorm2d withAffine() {
        return new InstanceNorm2d(channels, eps, true);
    }

    @Override
    public Params params(Random random) {
        return ChannelNorms.affine(channels, affine);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 4 || x.dim(1) != channels) throw new IllegalArgumentException("InstanceNorm2d: x is " + x.shape() + ", expected (n, " + channels + ", h, w)");
        return Functional.instanceNorm(x, at.paramOrNull("weight"), at.paramOrNull("bias"), eps);
    }
}
