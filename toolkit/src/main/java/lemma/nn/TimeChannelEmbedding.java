package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Adds a learnt vector a time and a learnt vector a channel: {@code y_(t,c) = x_(t,c) + a_t + b_c}, for up to {@code times} and {@code channels}.
 *
 * <p>Shapes: {@code x (batch, time, channels, d) -> the same}; {@code time.weight (times, d)} and {@code channel.weight (channels, d)}, normal with standard
 * deviation 0.02. The absolute positions with which {@link MultiVariateParallelAttention} is compared.
 */
public record TimeChannelEmbedding(int times, int channels, int dim) implements Module {
    private static final double STD = 0.02;

    public TimeChannelEmbedding {
        if (times < 1 || channels < 1 || dim < 1) throw new IllegalArgumentException("TimeChannelEmbedding: times " + times + ", channels " + channels + ", dim " + dim + ", expected at least 1");
    }

    public static TimeChannelEmbedding of(int times, int channels, int dim) {
        return new TimeChannelEmbedding(times, channels, dim);
    }

    @Override
    public Params params(Random random) {
        return Params.of("time.weight", Init.normal(random, STD, times, dim)).with("channel.weight", Init.normal(random, STD, channels, dim));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 4 || x.dim(1) > times || x.dim(2) > channels || x.dim(3) != dim) {
            throw new IllegalArgumentException("TimeChannelEmbedding: x is " + x.shape() + ", expected (batch, up to " + times + " times, up to " + channels + " channels, " + dim + ")");
        }
        Tensor a = at.param("time.weight").narrow(0, 0, x.dim(1)).unsqueeze(1);
        return x.add(a.add(at.param("channel.weight").narrow(0, 0, x.dim(2))));
    }
}
