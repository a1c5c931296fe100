package lemma.nn;

import lemma.tensor.Tensor;

/**
 * In training, zeroes each whole channel of {@code x (n, c, l)} with probability p and divides the rest by {@code 1 - p}; in evaluation
 * the identity. For maps whose neighbours are alike, where dropping single elements hides little.
 *
 * @see <a href="https://arxiv.org/abs/1411.4280">Tompson et al. (2015), Efficient object localization using convolutional networks</a>
 */
public record Dropout1d(double p) implements Module {
    public Dropout1d {
        if (!(p >= 0 && p < 1)) throw new IllegalArgumentException("Dropout1d: p is " + p + ", expected 0 to less than 1");
    }

    public static Dropout1d of(double p) {
        return new Dropout1d(p);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 3) throw new IllegalArgumentException("Dropout1d: x is " + x.shape() + ", expected (n, c, l)");
        return Dropout.ofChannels(x, p, at);
    }
}
