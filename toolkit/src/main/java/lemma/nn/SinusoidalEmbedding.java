package lemma.nn;

import java.util.List;
import lemma.tensor.DType;
import lemma.tensor.Tensor;

/**
 * Adds fixed waves of position: {@code PE(m, 2i) = sin(m / 10000^(2i/d))}, {@code PE(m, 2i+1) = cos(m / 10000^(2i/d))}, to
 * {@code x (batch, time, d)} of any length.
 *
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. (2017), Attention is all you need, section 3.5</a>
 */
public record SinusoidalEmbedding(int dim) implements Module {
    public SinusoidalEmbedding {
        if (dim < 2 || dim % 2 != 0) throw new IllegalArgumentException("SinusoidalEmbedding: dim is " + dim + ", expected an even number");
    }

    public static SinusoidalEmbedding of(int dim) {
        return new SinusoidalEmbedding(dim);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 3 || x.dim(2) != dim) throw new IllegalArgumentException("SinusoidalEmbedding: x is " + x.shape() + ", expected (batch, time, " + dim + ")");
        return x.add(table(at.positionsBefore(x.dim(1)), x.dim(1)).to(x.dtype()).to(x.backend()));
    }

    /** The waves at {@code time} positions from {@code start}, FLOAT64 (time, d). */
    public Tensor table(int start, int time) {
        Tensor position = Tensor.arange(start, start + time, 1, DType.FLOAT64).reshape(time, 1);
        Tensor angles = position.mul(Tensor.arange(0, dim / 2, 1, DType.FLOAT64).mul(-2.0 / dim).rpow(10_000));
        return Tensor.stack(List.of(angles.sin(), angles.cos()), -1).reshape(time, dim);
    }
}
