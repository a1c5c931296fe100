package lemma.nn;

import java.util.List;
import lemma.tensor.Tensor;

/**
 * Adds fixed waves of time to the first half of a vector and fixed waves of the channel's number to the second: those of {@link SinusoidalEmbedding}, of any
 * number of times and channels.
 *
 * <p>Shapes: {@code x (batch, time, channels, d) -> the same}; d is divisible by 4.
 */
public record SinusoidalTimeChannelEmbedding(int dim) implements Module {
    public SinusoidalTimeChannelEmbedding {
        if (dim < 4 || dim % 4 != 0) throw new IllegalArgumentException("SinusoidalTimeChannelEmbedding: dim is " + dim + ", expected a multiple of 4");
    }

    public static SinusoidalTimeChannelEmbedding of(int dim) {
        return new SinusoidalTimeChannelEmbedding(dim);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 4 || x.dim(3) != dim) throw new IllegalArgumentException("SinusoidalTimeChannelEmbedding: x is " + x.shape() + ", expected (batch, time, channels, " + dim + ")");
        int time = x.dim(1);
        int channels = x.dim(2);
        SinusoidalEmbedding half = SinusoidalEmbedding.of(dim / 2);
        Tensor ofTime = half.table(0, time).unsqueeze(1).expand(time, channels, dim / 2);
        Tensor ofChannel = half.table(0, channels).unsqueeze(0).expand(time, channels, dim / 2);
        return x.add(Tensor.concat(List.of(ofTime, ofChannel), 2).to(x.dtype()).to(x.backend()));
    }
}
