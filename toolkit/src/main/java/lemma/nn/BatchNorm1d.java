package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Batch normalisation of rows or sequences: {@code y = g (x - mean) / sqrt(var + eps) + b} for each channel, over batch and places in training and
 * with running statistics in evaluation. Training updates them: {@code running = (1 - momentum) running + momentum batch}, the variance
 * with divisor n - 1, as PyTorch does. Without tracking, evaluation uses the statistics of its batch too.
 *
 * <p>Shapes: {@code x (n, c) or (n, c, l)}; {@code weight, bias, running_mean, running_var (c)}.
 *
 * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe, Szegedy (2015), Batch normalization, algorithm 1</a>
 */
public record BatchNorm1d(int channels, double eps, double momentum, boolean affine, boolean track) implements Module {
    public BatchNorm1d {
        ChannelNorms.check("BatchNorm1d", channels, eps);
        if (!(momentum >= 0 && momentum <= 1)) throw new IllegalArgumentException("BatchNorm1d: momentum " + momentum + ", expected 0 to 1");
    }

    public static BatchNorm1d of(int channels) {
        return new BatchNorm1d(channels, 1e-5, 0.1, true, true);
    }

    public BatchNorm1d withEps(double eps) {
        return new BatchNorm1d(channels, eps, momentum, affine, track);
    }

    public BatchNorm1d withMomentum(double momentum) {
        return new BatchNorm1d(channels, eps, momentum, affine, track);
    }

    /** Without weight and bias. */
    public BatchNorm1d withoutAffine() {
        return new BatchNorm1d(channels, eps, momentum, false, track);
    }

    /** Without running statistics. */
    public BatchNorm1d withoutTracking() {
        return new BatchNorm1d(channels, eps, momentum, affine, false);
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
        if ((x.rank() != 2 && x.rank() != 3) || x.dim(1) != channels) throw new IllegalArgumentException("BatchNorm1d: x is " + x.shape() + ", expected (n, " + channels + ") or (n, " + channels + ", l)");
        return ChannelNorms.batchNorm("BatchNorm1d", x, at, channels, eps, momentum, track);
    }
}
