package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Group normalisation: {@code y = g (x - mean) / sqrt(var + eps) + b}, mean and variance of each example over the channels of a group and
 * their places.
 *
 * <p>Shapes: {@code x (n, c, ...)}; {@code weight, bias (c)}.
 *
 * @see <a href="https://arxiv.org/abs/1803.08494">Wu, He (2018), Group Normalization, eq. 1</a>
 */
public record GroupNorm(int groups, int channels, double eps, boolean affine) implements Module {
    public GroupNorm {
        ChannelNorms.check("GroupNorm", channels, eps);
        if (groups < 1 || channels % groups != 0) throw new IllegalArgumentException("GroupNorm: groups " + groups + " does not divide channels " + channels);
    }

    public static GroupNorm of(int groups, int channels) {
        return new GroupNorm(groups, channels, 1e-5, true);
    }

    /** Without weight and bias. */
    public GroupNorm withoutAffine() {
        return new GroupNorm(groups, channels, eps, false);
    }

    @Override
    public Params params(Random random) {
        return ChannelNorms.affine(channels, affine);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() < 2 || x.dim(1) != channels) throw new IllegalArgumentException("GroupNorm: x is " + x.shape() + ", expected (n, " + channels + ", ...)");
        return Functional.groupNorm(x, groups, at.paramOrNull("weight"), at.paramOrNull("bias"), eps);
    }
}
