package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Batch normalisation of images: {@code y = g (x - mean) / sqrt(var + eps) + b} for each channel, over batch and plane in training and
 * with running statistics in evaluation. Training updates them: {@code running = (1 - momentum) running + momentum batch}, the variance
 * with divisor n - 1, as PyTorch does.
 *
 * <p>Shapes: {@code x (n, c, h, w)}; {@code weight, bias, running_mean, running_var (c)}.
 *
 * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe, Szegedy (2015), Batch normalization, algorithm 1</a>
 */
public record BatchNorm2d(int channels, double eps, double momentum) implements Module {
    public BatchNorm2d {
        if (channels < 1) throw new IllegalArgumentException("BatchNorm2d: channels " + channels + ", expected at least 1");
    }

    public static BatchNorm2d of(int channels) {
        return new BatchNorm2d(channels, 1e-5, 0.1);
    }

    @Override
    public Params params(Random random) {
        return Params.of("weight", Tensor.ones(channels)).with("bias", Tensor.zeros(channels));
    }

    @Override
    public Params state() {
        return Params.of("running_mean", Tensor.zeros(channels)).with("running_var", Tensor.ones(channels));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 4 || x.dim(1) != channels) throw new IllegalArgumentException("BatchNorm2d: x is " + x.shape() + ", expected (n, " + channels + ", h, w)");
        boolean training = at.pass().isTraining();
        long n = x.size() / channels;
        if (training && n < 2) throw new IllegalArgumentException("BatchNorm2d: x is " + x.shape() + "; training needs more than one value a channel");
        Tensor mean = training ? x.meanKeep(0, 2, 3) : plane(at.state("running_mean"));
        Tensor centred = x.sub(mean);
        Tensor variance = training ? centred.square().meanKeep(0, 2, 3) : plane(at.state("running_var"));
        if (training) {
            at.update("running_mean", mix(at.state("running_mean"), mean));
            at.update("running_var", mix(at.state("running_var"), variance.mul(n / (n - 1.0))));
        }
        return centred.mul(variance.add(eps).rsqrt().mul(plane(at.param("weight")))).add(plane(at.param("bias")));
    }

    private Tensor plane(Tensor perChannel) {
        return perChannel.reshape(1, channels, 1, 1);
    }

    private Tensor mix(Tensor running, Tensor batch) {
        return running.mul(1 - momentum).add(batch.detach().reshape(channels).mul(momentum));
    }
}
