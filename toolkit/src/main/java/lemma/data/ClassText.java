package lemma.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * A language whose entropy is known and whose words outnumber their uses: each word belongs to a class, and the next word depends on the classes of
 * the last two. After a pair of classes a few words follow, with probabilities {@code ~ 1 / rank}, and with a small probability any word.
 * Followers are drawn by Zipf's law, so that frequent words follow in many places.
 *
 * <pre>{@code
 * p(x | c, d) = (1 - e) q_cd(x) + e / V,     H = sum_cd pi(c, d) H(p(. | c, d))
 * }</pre>
 *
 * <p>with the stationary law pi of pairs of classes: H is what the loss of the best model reaches, in nats a word.
 */
public final class ClassText {
    private static final int ROUNDS = 10_000;

    private final int words;
    private final int classes;
    private final double[][] laws;
    private final double[] stationary;

    private ClassText(int words, int classes, double[][] laws) {
        this.words = words;
        this.classes = classes;
        this.laws = laws;
        this.stationary = stationaryLaw();
    }

    /**
     * @param words V; word w belongs to class {@code w mod classes}
     * @param classes of words, at least 2
     * @param followers words that follow a pair of classes
     * @param uniform e, the probability of any word at all, above 0
     * @param random draws the followers
     */
    public static ClassText of(int words, int classes, int followers, double uniform, Random random) {
        if (classes < 2 || words < classes || followers < 1 || followers > words || !(uniform > 0 && uniform <= 1)) {
            throw new IllegalArgumentException("ClassText: " + words + " words, " + classes + " classes, " + followers + " followers, uniform " + uniform + "; expected at least 2 classes, words >= classes, followers in 1..words, uniform in (0, 1]");
        }
        double[] zipf = IntStream.rangeClosed(1, words).mapToDouble(r -> 1.0 / r).toArray();
        double[][] laws = new double[classes * classes][words];
        for (double[] law : laws) {
            Arrays.fill(law, uniform / words);
            int[] next = random.multinomial(Tensor.of(zipf), followers, false).toInts();
            double total = IntStream.rangeClosed(1, followers).mapToDouble(r -> 1.0 / r).sum();
            for (int r = 0; r < followers; r++) law[next[r]] += (1 - uniform) / (r + 1) / total;
        }
        return new ClassText(words, classes, laws);
    }

    /** The law (V) of the word after words of these classes, the older one first. */
    public double[] law(int older, int newer) {
        return laws[older * classes + newer].clone();
    }

    /** The entropy rate in nats a word. */
    public double entropyRate() {
        double h = 0;
        for (int c = 0; c < laws.length; c++) for (double p : laws[c]) h -= stationary[c] * p * Math.log(p);
        return h;
    }

    /** The words' frequencies (V) in a long text. */
    public double[] frequencies() {
        double[] f = new double[words];
        for (int c = 0; c < laws.length; c++) for (int w = 0; w < words; w++) f[w] += stationary[c] * laws[c][w];
        return f;
    }

    /** A text of {@code length} words (length) INT64, begun at the stationary law. */
    public Tensor sample(int length, Random random) {
        double[] u = random.uniform(Shape.of(length + 1), DType.FLOAT64).toDoubles();
        double[][] cumulative = Arrays.stream(laws).map(ClassText::cumulative).toArray(double[][]::new);
        long[] text = new long[length];
        int pair = pick(cumulative(stationary), u[length]);
        for (int i = 0; i < length; i++) {
            text[i] = pick(cumulative[pair], u[i]);
            pair = (int) (pair % classes * classes + text[i] % classes);
        }
        return Tensor.of(text);
    }

    private static double[] cumulative(double[] law) {
        double[] sums = law.clone();
        Arrays.parallelPrefix(sums, Double::sum);
        return sums;
    }

    private static int pick(double[] cumulative, double u) {
        int at = Arrays.binarySearch(cumulative, u * cumulative[cumulative.length - 1]);
        return Math.min(at < 0 ? -at - 1 : at + 1, cumulative.length - 1);
    }

    private double[] stationaryLaw() {
        double[] now = new double[classes * classes];
        Arrays.fill(now, 1.0 / now.length);
        for (int round = 0; round < ROUNDS; round++) {
            double[] next = new double[now.length];
            for (int c = 0; c < now.length; c++) for (int w = 0; w < words; w++) next[c % classes * classes + w % classes] += now[c] * laws[c][w];
            double moved = 0;
            for (int c = 0; c < now.length; c++) moved = Math.max(moved, Math.abs(next[c] - now[c]));
            now = next;
            if (moved < 1e-15) break;
        }
        return now;
    }

    @Override
    public String toString() {
        return "ClassText[" + words + " words in " + classes + " classes, " + entropyRate() + " nats a word]";
    }
}
