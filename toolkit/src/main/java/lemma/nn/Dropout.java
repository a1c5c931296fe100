package lemma.nn;

import lemma.tensor.Tensor;

/**
 * In training, zeroes each element with probability p and divides the rest by {@code 1 - p}; in evaluation the identity.
 *
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al. (2014), Dropout</a>
 */
public record Dropout(double p) implements Module {
    public Dropout {
        if (!(p >= 0 && p < 1)) throw new IllegalArgumentException("Dropout: p is " + p + ", expected 0 to less than 1");
    }

    public static Dropout of(double p) {
        return new Dropout(p);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return drop(x, p, at, x.shape().dims());
    }

    /** Whole channels of {@code x (n, c, ...)}. */
    static Tensor ofChannels(Tensor x, double p, Bound at) {
        int[] shape = x.shape().dims();
        for (int i = 2; i < shape.length; i++) shape[i] = 1;
        return drop(x, p, at, shape);
    }

    private static Tensor drop(Tensor x, double p, Bound at, int[] shape) {
        if (p == 0 || !at.pass().isTraining()) return x;
        Tensor keep = at.pass().random().uniform(shape).to(x.backend()).ge(p);
        return x.mul(keep.to(x.dtype()).mul(1 / (1 - p)));
    }
}
