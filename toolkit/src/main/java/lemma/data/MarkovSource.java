package lemma.data;

import java.util.Arrays;
import java.util.Objects;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;

/**
 * A source of text whose entropy is known: a Markov chain of order k over an alphabet, {@code p(x_t | x_{t-k}, ..., x_{t-1})}. Its entropy
 * rate, with pi the stationary law of the contexts c,
 *
 * <pre>{@code H = - sum_c pi(c) sum_x p(x|c) ln p(x|c)}</pre>
 *
 * <p>is what the loss of the best possible language model reaches, in nats a character. Use it to see how far above the irreducible loss a
 * model stays.
 *
 * @see <a href="https://doi.org/10.1002/047174882X">Cover, Thomas (2006), Elements of Information Theory, theorem 4.2.4</a>
 */
public final class MarkovSource {
    private static final int ITERATIONS = 100_000;
    private static final double ACCURACY = 1e-14;

    private final String alphabet;
    private final int order;
    private final double[][] transitions;
    private final double[] stationary;

    private MarkovSource(String alphabet, int order, double[][] transitions) {
        this.alphabet = alphabet;
        this.order = order;
        this.transitions = transitions;
        this.stationary = stationaryLaw(transitions, alphabet.length());
    }

    /**
     * The source with the given probabilities.
     *
     * @param alphabet A different characters
     * @param order k, how many characters the next one depends on
     * @param transitions {@code (A^k, A)}: row c is the law of the next character after the context c, its characters read as digits base A
     *     with the oldest first
     * @throws IllegalArgumentException for a repeated character, a wrong shape, a row that does not sum to 1, or a probability that is not
     *     positive (a zero could make the stationary law ambiguous)
     */
    public static MarkovSource of(String alphabet, int order, double[][] transitions) {
        checkAlphabet(alphabet);
        int contexts = contexts(alphabet, order);
        if (transitions.length != contexts) {
            throw new IllegalArgumentException("MarkovSource: transitions has " + transitions.length + " rows, expected " + alphabet.length() + "^" + order + " = " + contexts);
        }
        double[][] copy = new double[contexts][];
        for (int c = 0; c < contexts; c++) copy[c] = checkedRow(transitions[c], c, alphabet.length());
        return new MarkovSource(alphabet, order, copy);
    }

    /**
     * A source drawn at random: row c is {@code softmax(sharpness * z)} with z standard normal.
     *
     * @param sharpness 0 makes all characters equally likely, {@code H = ln A}; the larger, the less entropy
     * @throws IllegalArgumentException when {@code sharpness} is negative, or so large that a probability comes out as 0 or the stationary law
     *     cannot be found
     */
    public static MarkovSource random(String alphabet, int order, double sharpness, Random random) {
        checkAlphabet(alphabet);
        if (!(sharpness >= 0)) throw new IllegalArgumentException("MarkovSource: sharpness is " + sharpness + ", expected at least 0");
        int letters = alphabet.length();
        int contexts = contexts(alphabet, order);
        double[] p = random.normal(Shape.of(contexts, letters), DType.FLOAT64).mul(sharpness).softmax(1).toDoubles();
        double[][] transitions = new double[contexts][];
        for (int c = 0; c < contexts; c++) transitions[c] = Arrays.copyOfRange(p, c * letters, (c + 1) * letters);
        return of(alphabet, order, transitions);
    }

    /**
     * A text of the source, from its stationary law on.
     *
     * @param length number of characters
     */
    public String sample(int length, Random random) {
        if (length < 0) throw new IllegalArgumentException("MarkovSource: length is " + length + ", expected at least 0");
        double[] u = random.uniform(Shape.of(length + 1), DType.FLOAT64).toDoubles();
        StringBuilder text = new StringBuilder(length);
        for (int i = 0, c = pick(stationary, u[length]); i < length; i++) {
            int x = pick(transitions[c], u[i]);
            text.append(alphabet.charAt(x));
            c = (c * alphabet.length() + x) % transitions.length;
        }
        return text.toString();
    }

    /** The characters, in the order of their indices. */
    public String alphabet() {
        return alphabet;
    }

    /** How many characters the next one depends on. */
    public int order() {
        return order;
    }

    /** The probability of character {@code x} (its index in the alphabet) after context {@code c}. */
    public double probability(int c, int x) {
        return transitions[c][x];
    }

    /** The stationary probability of each context, (A^k). */
    public double[] stationary() {
        return stationary.clone();
    }

    /** The entropy rate in nats a character; divide by ln 2 for bits. */
    public double entropyRate() {
        double h = 0;
        for (int c = 0; c < transitions.length; c++) h += stationary[c] * entropy(transitions[c]);
        return h;
    }

    @Override
    public String toString() {
        return "MarkovSource(order " + order + " over " + alphabet.length() + " characters, " + entropyRate() + " nats a character)";
    }

    private static int pick(double[] law, double u) {
        double rest = u;
        for (int i = 0; i < law.length - 1; i++) {
            rest -= law[i];
            if (rest < 0) return i;
        }
        return law.length - 1;
    }

    private static double entropy(double[] p) {
        double h = 0;
        for (double q : p) h -= q * Math.log(q);
        return h;
    }

    private static double[] stationaryLaw(double[][] transitions, int letters) {
        int contexts = transitions.length;
        double[] now = new double[contexts];
        Arrays.fill(now, 1.0 / contexts);
        for (int i = 0; i < ITERATIONS; i++) {
            double[] next = step(now, transitions, letters);
            double change = 0;
            for (int c = 0; c < contexts; c++) change += Math.abs(next[c] - now[c]);
            now = next;
            if (change < ACCURACY) return now;
        }
        throw new IllegalArgumentException("MarkovSource: the stationary law has not settled after " + ITERATIONS
                + " steps, because some transitions are almost certain; make the rows less peaked");
    }

    private static double[] step(double[] law, double[][] transitions, int letters) {
        double[] next = new double[law.length];
        double total = 0;
        for (int c = 0; c < law.length; c++) {
            for (int x = 0; x < letters; x++) {
                double p = law[c] * transitions[c][x];
                next[(c * letters + x) % law.length] += p;
                total += p;
            }
        }
        for (int c = 0; c < next.length; c++) next[c] /= total;
        return next;
    }

    private static void checkAlphabet(String alphabet) {
        Objects.requireNonNull(alphabet, "alphabet");
        if (alphabet.length() < 2) throw new IllegalArgumentException("MarkovSource: alphabet is '" + alphabet + "', expected at least 2 characters");
        if (alphabet.chars().distinct().count() < alphabet.length()) throw new IllegalArgumentException("MarkovSource: alphabet '" + alphabet + "' repeats a character");
    }

    private static int contexts(String alphabet, int order) {
        if (order < 0) throw new IllegalArgumentException("MarkovSource: order is " + order + ", expected at least 0");
        double contexts = Math.pow(alphabet.length(), order);
        if (contexts > 1 << 20) throw new IllegalArgumentException("MarkovSource: " + alphabet.length() + "^" + order + " contexts are more than " + (1 << 20) + "; take a lower order or a smaller alphabet");
        return (int) contexts;
    }

    private static double[] checkedRow(double[] row, int context, int letters) {
        if (row.length != letters) throw new IllegalArgumentException("MarkovSource: row " + context + " has " + row.length + " probabilities, expected " + letters);
        double sum = 0;
        for (double p : row) {
            if (!(p > 0)) throw new IllegalArgumentException("MarkovSource: row " + context + " has the probability " + p + ", expected every one above 0");
            sum += p;
        }
        if (Math.abs(sum - 1) > 1e-9) throw new IllegalArgumentException("MarkovSource: row " + context + " sums to " + sum + ", expected 1");
        return row.clone();
    }
}
