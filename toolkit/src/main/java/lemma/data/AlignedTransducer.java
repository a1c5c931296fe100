package lemma.data;

import java.util.Arrays;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Translation word by word with known alignment and exact conditional entropy: a target word y depends on its source word x, on the source word
 * before it x', which resolves the ambiguity of x, and on the target word before it y':
 *
 * <pre>{@code
 * p(y | x, x', y') ~ lexicon_{x, x'}(y) bigram_{y'}(y)^smoothness
 * }</pre>
 *
 * <p>Pairs (x, x') have Zipf probabilities of their rank in a random order, y' is uniform; rows of the lexicon and of the bigram are drawn from
 * Dirichlet distributions. The encoder's side of the problem is the lexicon, the decoder's the bigram.
 */
public final class AlignedTransducer {
    private final int words;
    private final int targets;
    private final double[] pairs;
    private final double[] cumulative;
    private final double[] laws;

    private AlignedTransducer(int words, int targets, double[] pairs, double[] laws) {
        this.words = words;
        this.targets = targets;
        this.pairs = pairs;
        this.laws = laws;
        this.cumulative = pairs.clone();
        Arrays.parallelPrefix(cumulative, Double::sum);
    }

    /**
     * @param words number of source words
     * @param targets number of target words
     * @param exponent of Zipf's law of the pairs, positive
     * @param concentration of the Dirichlet distributions, positive
     * @param smoothness weight of the bigram, at least 0; 0 makes the target words independent
     * @param random draws all of it
     * @throws IllegalArgumentException if a number is too small
     */
    public static AlignedTransducer of(int words, int targets, double exponent, double concentration, double smoothness, Random random) {
        if (words < 2 || targets < 2 || !(exponent > 0) || !(concentration > 0) || !(smoothness >= 0)) {
            throw new IllegalArgumentException("AlignedTransducer: " + words + " words, " + targets + " targets, exponent " + exponent + ", concentration " + concentration + ", smoothness " + smoothness
                    + ", expected at least 2, at least 2, two positive numbers and one of at least 0");
        }
        ZipfContexts lexicon = ZipfContexts.of(words, targets, exponent, concentration, random.fork(0));
        double[] lexical = lexicon.laws().toDoubles();
        double[] bigram = Scope.run(() -> random.fork(1).dirichlet(Tensor.full(Shape.of(targets, targets), DType.FLOAT64, 1)).toDoubles());
        double[] laws = new double[words * words * targets * targets];
        for (int context = 0; context < laws.length / targets; context++) {
            int pair = context / targets;
            int before = context % targets;
            double sum = 0;
            for (int y = 0; y < targets; y++) sum += laws[context * targets + y] = lexical[pair * targets + y] * Math.pow(bigram[before * targets + y], smoothness);
            for (int y = 0; y < targets; y++) laws[context * targets + y] /= sum;
        }
        return new AlignedTransducer(words, targets, lexicon.probabilities(), laws);
    }

    public int words() {
        return words;
    }

    public int targets() {
        return targets;
    }

    /** Number of contexts, {@code ((x * words) + x') * targets + y'}. */
    public int contexts() {
        return pairs.length * targets;
    }

    /** Probability of each context. */
    public double[] probabilities() {
        double[] p = new double[contexts()];
        for (int c = 0; c < p.length; c++) p[c] = pairs[c / targets] / targets;
        return p;
    }

    /** The law of the target word in each context, (contexts, targets). */
    public Tensor laws() {
        return Tensor.of(laws).reshape(contexts(), targets);
    }

    /** {@code H(y | x, x', y')} in nats: what the loss of the best possible model reaches. */
    public double entropy() {
        double h = 0;
        for (int c = 0; c < contexts(); c++) {
            double row = 0;
            for (int y = 0; y < targets; y++) {
                double q = laws[c * targets + y];
                if (q > 0) row -= q * Math.log(q);
            }
            h += pairs[c / targets] / targets * row;
        }
        return h;
    }

    /** Contexts drawn from their probabilities. */
    public long[] sample(int n, Random random) {
        double[] u = Scope.run(() -> random.uniform(Shape.of(2 * n), DType.FLOAT64).toDoubles());
        long[] drawn = new long[n];
        for (int i = 0; i < n; i++) {
            int found = Arrays.binarySearch(cumulative, u[2 * i]);
            long pair = Math.min(pairs.length - 1, found < 0 ? -found - 1 : found + 1);
            drawn[i] = pair * targets + (long) (u[2 * i + 1] * targets);
        }
        return drawn;
    }

    @Override
    public String toString() {
        return "AlignedTransducer(" + words + " source words, " + targets + " target words, " + entropy() + " nats)";
    }
}
