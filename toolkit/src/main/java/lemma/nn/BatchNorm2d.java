package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Batch normalisation of images: {@code y = g (x - mean) / sqrt(var + eps) + b} for each channel, over batch and plane in training and
 * with running statistics in evaluation. Training updates them: {@code running = (1 - momentum) running + momentum batch}, the variance
 * with divisor n - 1, as PyTorch does. Without tracking, evaluation uses the statistics of its batch too.
 *
 * <p>Shapes: {@code x (n, c, h, w)}; {@code weight, bias, running_mean, running_var (c)}.
 *
 * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe, Szegedy (2015), Batch normalization, algorithm 1</a>
 */
public record BatchNorm2d(int channels, double eps, double momentum, boolean affine, boolean track) implements Module {
    public BatchNorm2d {
        ChannelNorms.check("BatchNorm2d", channels, eps);
        if (!(momentum >= 0 && momentum <= 1)) throw new IllegalArgumentException("BatchNorm2d: momentum " + momentum + ", expected 0 to 1");
    }

    public static BatchNorm2d of(int channels) {
        return new BatchNorm2d(channels, 1e-5, 0.1, true, true);
    }

    public BatchNorm2d withEps(double eps) {
        return new BatchNorm2d(channels, eps, momentum, affine, track);
    }

    public BatchNorm2d withMomentum(double momentum) {
        return new BatchNorm2d(channels, eps, momentum, affine, track);
    }

    /** Without weight and bias. */
    public BatchNorm2d withoutAffine() {
        return new BatchNorm2d(channels, eps, momentum, false, track);
    }

    /** Without running statistics. */
    public BatchNorm2d withoutTracking() {
        return new BatchNorm2d(channels, eps, momentum, affine, false);
    }

    @Override
    public Params params(Random random) {
        return ChannelNorms.affine(channels, affine);
    }

    @Override
    public Params state() {
        return ChannelNorms.statistics(channels, track);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 4 || x.dim(1) != channels) throw new IllegalArgumentException("BatchNorm2d: x is " + x.shape() + ", expected (n, " + channels + ", h, w)");
        return ChannelNorms.batchNorm("BatchNorm2d", x, at, channels, eps, momentum, track);
    }
}
