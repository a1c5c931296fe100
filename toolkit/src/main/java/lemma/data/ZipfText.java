package lemma.data;

import java.util.Arrays;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Text whose word frequencies fall as those of language do, {@code p(rank r)} proportional to {@code r^-exponent}, and whose next word depends
 * on the present one: with probability {@code bound} it is one of the present word's own successors, which are drawn once by the same law,
 * else any word.
 *
 * @param vocabulary number of words, numbered by rank from 0
 * @param exponent 1 for natural language
 * @param bound how often the present word decides
 * @param successors how many successors a word has, equally likely
 * @param seed of the successors
 */
public record ZipfText(int vocabulary, double exponent, double bound, int successors, long seed) {
    public ZipfText {
        if (vocabulary < 2 || successors < 1) throw new IllegalArgumentException("ZipfText: " + vocabulary + " words, " + successors + " successors; expected at least 2 and 1");
        if (!(exponent >= 0) || !(bound >= 0 && bound <= 1)) throw new IllegalArgumentException("ZipfText: exponent " + exponent + ", bound " + bound + "; expected at least 0, and 0 to 1");
    }

    /** Zipf's exponent of 1; half of the words are one of four successors of the word before. */
    public static ZipfText of(int vocabulary) {
        return new ZipfText(vocabulary, 1, 0.5, 4, 0);
    }

    /** n words, INT64 (n). */
    public Tensor sample(int n, Random random) {
        double[] cumulative = cumulative();
        double[] own = Random.seed(seed).uniform(Shape.of(vocabulary * successors), DType.FLOAT64).toDoubles();
        double[] u = random.uniform(Shape.of(3 * n), DType.FLOAT64).toDoubles();
        long[] words = new long[n];
        int now = 0;
        for (int i = 0; i < n; i++) {
            double draw = u[3 * i] < bound ? own[now * successors + (int) (u[3 * i + 1] * successors)] : u[3 * i + 2];
            now = at(cumulative, draw);
            words[i] = now;
        }
        return Tensor.of(words);
    }

    private double[] cumulative() {
        double[] c = new double[vocabulary];
        double sum = 0;
        for (int r = 0; r < vocabulary; r++) c[r] = sum += Math.pow(r + 1, -exponent);
        for (int r = 0; r < vocabulary; r++) c[r] /= sum;
        return c;
    }

    private static int at(double[] cumulative, double u) {
        int i = Arrays.binarySearch(cumulative, u);
        return Math.min(cumulative.length - 1, i >= 0 ? i + 1 : -i - 1);
    }
}
