package lemma.nn;

import lemma.tensor.Tensor;

/**
 * Gaussian bumps {@code exp(-((x - c_i) / h)^2)} at even centres, as wide as their distance h.
 *
 * @param count bumps, from low to high
 * @see <a href="https://arxiv.org/abs/2405.06721">Li (2024), Kolmogorov-Arnold networks are radial basis function networks</a>
 */
public record RbfBasis(int count, double low, double high) implements KanBasis {
    public RbfBasis {
        if (count < 2) throw new IllegalArgumentException("RbfBasis: count is " + count + ", expected at least 2");
        if (!(low < high)) throw new IllegalArgumentException("RbfBasis: from " + low + " to " + high + ", expected an interval");
    }

    /** On [-1, 1]. */
    public static RbfBasis of(int count) {
        return new RbfBasis(count, -1, 1);
    }

    public RbfBasis withRange(double low, double high) {
        return new RbfBasis(count, low, high);
    }

    @Override
    public int size() {
        return count;
    }

    @Override
    public Tensor expand(Tensor x) {
        double perWidth = (count - 1) / (high - low);
        Tensor row = x.unsqueeze(-2).mul(perWidth);
        double[] centres = KanBasis.even(low * perWidth, high * perWidth, count);
        return row.sub(KanBasis.column(x, centres)).square().neg().exp();
    }
}
