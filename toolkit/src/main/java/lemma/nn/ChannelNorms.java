package lemma.nn;

import java.util.Arrays;
import lemma.tensor.Functional;
import lemma.tensor.Tensor;

/** What the normalisations of channels share. */
final class ChannelNorms {
    private ChannelNorms() {}

    static void check(String layer, int channels, double eps) {
        if (channels < 1) throw new IllegalArgumentException(layer + ": channels " + channels + ", expected at least 1");
        if (!(eps >= 0)) throw new IllegalArgumentException(layer + ": eps " + eps + ", expected at least 0");
    }

    /** {@code x (..., features)} as rows, of which training needs one. */
    static Tensor rows(String layer, Tensor x, int features, Bound at) {
        if (x.rank() < 1 || x.dim(-1) != features) throw new IllegalArgumentException(layer + ": x is " + x.shape() + ", expected last axis " + features);
        if (x.size() == 0 && at.pass().isTraining()) throw new IllegalArgumentException(layer + ": x is " + x.shape() + "; training needs at least one row");
        return x.reshape(-1, features);
    }

    static Params affine(int channels, boolean affine) {
        return affine ? Params.of("weight", Tensor.ones(channels)).with("bias", Tensor.zeros(channels)) : Params.EMPTY;
    }

    static Params statistics(int channels, boolean track) {
        return track ? Params.of("running_mean", Tensor.zeros(channels)).with("running_var", Tensor.ones(channels)) : Params.EMPTY;
    }

    static Tensor batchNorm(String layer, Tensor x, Bound at, int channels, double eps, double momentum, boolean track) {
        Tensor weight = at.paramOrNull("weight");
        Tensor bias = at.paramOrNull("bias");
        boolean training = at.pass().isTraining();
        if (track && !training) return fixed(x, at.state("running_mean"), at.state("running_var"), weight, bias, eps);
        long n = x.size() / channels;
        if (training && n < 2) throw new IllegalArgumentException(layer + ": x is " + x.shape() + "; training needs more than one value a channel");
        Functional.BatchNorm out = Functional.batchNorm(x, weight, bias, eps);
        if (track && training) {
            at.update("running_mean", mix(at.state("running_mean"), out.mean(), momentum));
            at.update("running_var", mix(at.state("running_var"), out.variance().mul(n / (n - 1.0)), momentum));
        }
        return out.y();
    }

    private static Tensor fixed(Tensor x, Tensor mean, Tensor variance, Tensor weight, Tensor bias, double eps) {
        int[] channel = new int[x.rank() - 1];
        Arrays.fill(channel, 1);
        channel[0] = x.dim(1);
        Tensor rstd = variance.add(eps).rsqrt();
        Tensor y = x.sub(mean.reshape(channel)).mul((weight == null ? rstd : rstd.mul(weight)).reshape(channel));
        return bias == null ? y : y.add(bias.reshape(channel));
    }

    private static Tensor mix(Tensor running, Tensor batch, double momentum) {
        return running.mul(1 - momentum).add(batch.mul(momentum));
    }
}
