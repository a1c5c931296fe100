package lemma.data;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Labels of which some were replaced on purpose.
 *
 * @param labels (n) INT64, with the replaced ones
 * @param flipped for each whether it was replaced
 * @see <a href="https://arxiv.org/abs/1609.03683">Patrini et al. (2017), Making deep neural networks robust to label noise, section 5</a>
 */
public record LabelNoise(Tensor labels, boolean[] flipped) {
    /** Each label becomes one of the other classes, all equally likely, with probability {@code rate}. */
    public static LabelNoise symmetric(Tensor labels, int classes, double rate, Random random) {
        check(labels, classes, rate);
        int n = labels.dim(0);
        long[] away = random.fork(1).integers(1, classes, n).toLongs();
        return flip(labels, rate, random, (y, i) -> (y + away[i]) % classes);
    }

    /** Each label y becomes {@code to[y]} with probability {@code rate}; {@code to[y] = y} leaves a class alone. */
    public static LabelNoise classDependent(Tensor labels, int[] to, double rate, Random random) {
        check(labels, to.length, rate);
        for (int k : to) if (k < 0 || k >= to.length) throw new IllegalArgumentException("LabelNoise: a class becomes " + k + ", expected 0 to " + (to.length - 1));
        return flip(labels, rate, random, (y, i) -> to[(int) y]);
    }

    private interface Replacement {
        long of(long label, int i);
    }

    private static LabelNoise flip(Tensor labels, double rate, Random random, Replacement replacement) {
        boolean[] chosen = random.fork(0).bernoulli(rate, labels.dim(0)).toBooleans();
        long[] y = labels.toLongs();
        boolean[] flipped = new boolean[y.length];
        for (int i = 0; i < y.length; i++) {
            long other = chosen[i] ? replacement.of(y[i], i) : y[i];
            flipped[i] = other != y[i];
            y[i] = other;
        }
        return new LabelNoise(Tensor.of(y), flipped);
    }

    private static void check(Tensor labels, int classes, double rate) {
        if (labels.rank() != 1 || !labels.dtype().isInteger()) throw new IllegalArgumentException("LabelNoise: labels are " + labels.dtype() + " " + labels.shape() + ", expected integers (n)");
        if (classes < 2) throw new IllegalArgumentException("LabelNoise: " + classes + " classes, expected at least 2");
        if (!(rate >= 0 && rate <= 1)) throw new IllegalArgumentException("LabelNoise: rate is " + rate + ", expected 0 to 1");
        for (long y : labels.toLongs()) if (y < 0 || y >= classes) throw new IllegalArgumentException("LabelNoise: a label is " + y + ", expected 0 to " + (classes - 1));
    }
}
