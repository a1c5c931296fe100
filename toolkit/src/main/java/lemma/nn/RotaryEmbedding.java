package lemma.nn;

import java.util.List;
import lemma.tensor.DType;
import lemma.tensor.Tensor;

/**
 * Rotary positions: at position m, each pair of neighbouring elements {@code (x_2i, x_2i+1)} is turned by the angle
 * {@code m base^(-2i/d)}, so that the product of a query and a key depends on the difference of their positions only.
 *
 * @param dim length d of the vectors, even
 * @param base 10000 in the paper
 * @see <a href="https://arxiv.org/abs/2104.09864">Su et al. (2021), RoFormer, eq. 15 and 34</a>
 */
public record RotaryEmbedding(int dim, double base) {
    public RotaryEmbedding {
        if (dim < 2 || dim % 2 != 0) throw new IllegalArgumentException("RotaryEmbedding: dim is " + dim + ", expected an even number");
        if (!(base > 0)) throw new IllegalArgumentException("RotaryEmbedding: base is " + base + ", expected above 0");
    }

    public static RotaryEmbedding of(int dim) {
        return new RotaryEmbedding(dim, 10_000);
    }

    /** {@code x (..., time, d)} turned, the first position being {@code start}. */
    public Tensor apply(Tensor x, int start) {
        if (x.rank() < 2 || x.dim(-1) != dim) throw new IllegalArgumentException("RotaryEmbedding: x is " + x.shape() + ", expected (..., time, " + dim + ")");
        int time = x.dim(-2);
        Tensor angles = angles(start, time);
        Tensor cos = angles.cos().to(x.dtype()).to(x.backend());
        Tensor sin = angles.sin().to(x.dtype()).to(x.backend());
        int[] pairs = new int[x.rank() + 1];
        System.arraycopy(x.shape().dims(), 0, pairs, 0, x.rank());
        pairs[x.rank() - 1] = dim / 2;
        pairs[x.rank()] = 2;
        Tensor p = x.reshape(pairs);
        Tensor even = p.narrow(-1, 0, 1).squeeze(-1);
        Tensor odd = p.narrow(-1, 1, 2).squeeze(-1);
        return Tensor.stack(List.of(even.mul(cos).sub(odd.mul(sin)), even.mul(sin).add(odd.mul(cos))), -1).reshape(x.shape());
    }

    /** FLOAT64 (time, d / 2). */
    private Tensor angles(int start, int time) {
        Tensor position = Tensor.arange(start, start + time, 1, DType.FLOAT64).reshape(time, 1);
        Tensor frequency = Tensor.arange(0, dim / 2, 1, DType.FLOAT64).mul(-2.0 / dim).rpow(base);
        return position.mul(frequency);
    }
}
