package lemma.data;

import java.util.Arrays;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Next-token prediction whose entropy is known: a context is a pair (a, b), each of {@code side} values. The pairs occur with the
 * probabilities {@code p_k ~ k^-s} of their rank in a random order, and each has its own law of the next token, drawn from
 * a Dirichlet distribution. There is no structure to generalise over, so a model of N parameters learns the frequent contexts and leaves the tail:
 * its loss falls as a power of N towards the entropy.
 *
 * <pre>{@code
 * H(t | a, b) = sum_k p_k H(law_k),     I(t; a | b) = H(t | b) - H(t | a, b)
 * }</pre>
 *
 * <p>Read as a caption a to an image-like context b, {@code I(t; a | b)} is what the caption tells about the token.
 */
public final class ZipfContexts {
    private final int side;
    private final int tokens;
    private final double exponent;
    private final double[] probabilities;
    private final double[] laws;
    private final double[] cumulative;

    private ZipfContexts(int side, int tokens, double exponent, double[] probabilities, double[] laws) {
        this.side = side;
        this.tokens = tokens;
        this.exponent = exponent;
        this.probabilities = probabilities;
        this.laws = laws;
        this.cumulative = probabilities.clone();
        Arrays.parallelPrefix(cumulative, Double::sum);
    }

    /**
     * @param side number of values of a and of b
     * @param tokens number of different tokens V
     * @param exponent s of Zipf's law, positive
     * @param concentration of the symmetric Dirichlet distribution of the next-token laws; the smaller, the less entropy
     * @param random draws the order of the pairs and the laws
     * @throws IllegalArgumentException if a number is too small
     */
    public static ZipfContexts of(int side, int tokens, double exponent, double concentration, Random random) {
        if (side < 2 || tokens < 2 || !(exponent > 0) || !(concentration > 0)) {
            throw new IllegalArgumentException("ZipfContexts: side " + side + ", tokens " + tokens + ", exponent " + exponent + ", concentration " + concentration + ", expected at least 2, at least 2, and positive numbers");
        }
        int contexts = side * side;
        double[] order = Scope.run(() -> random.fork(0).permutation(contexts).toDoubles());
        double[] p = new double[contexts];
        double total = 0;
        for (int k = 0; k < contexts; k++) total += p[(int) order[k]] = Math.pow(k + 1, -exponent);
        for (int k = 0; k < contexts; k++) p[k] /= total;
        double[] laws = Scope.run(() -> random.fork(1).dirichlet(Tensor.full(Shape.of(contexts, tokens), DType.FLOAT64, concentration)).toDoubles());
        return new ZipfContexts(side, tokens, exponent, p, laws);
    }

    public int side() {
        return side;
    }

    public int tokens() {
        return tokens;
    }

    /** Probability of each pair, {@code a * side + b}. */
    public double[] probabilities() {
        return probabilities.clone();
    }

    /** The next-token law of each pair, (side^2, V). */
    public Tensor laws() {
        return Tensor.of(laws).reshape(side * side, tokens);
    }

    /** {@code H(t | a, b)} in nats: what the loss of the best possible model reaches. */
    public double entropy() {
        double h = 0;
        for (int k = 0; k < probabilities.length; k++) h += probabilities[k] * entropy(laws, k * tokens);
        return h;
    }

    /** {@code H(t | b)}: the same for a model that does not see a. */
    public double entropyWithoutFirst() {
        double h = 0;
        for (int b = 0; b < side; b++) {
            double[] mixed = new double[tokens];
            double weight = 0;
            for (int k = b; k < probabilities.length; k += side) {
                weight += probabilities[k];
                for (int t = 0; t < tokens; t++) mixed[t] += probabilities[k] * laws[k * tokens + t];
            }
            for (int t = 0; t < tokens; t++) mixed[t] /= weight;
            h += weight * entropy(mixed, 0);
        }
        return h;
    }

    /** {@code I(t; a | b)} in nats. */
    public double mutualInformation() {
        return entropyWithoutFirst() - entropy();
    }

    private double entropy(double[] law, int from) {
        double h = 0;
        for (int t = from; t < from + tokens; t++) if (law[t] > 0) h -= law[t] * Math.log(law[t]);
        return h;
    }

    /** Pairs {@code a * side + b} drawn from their probabilities, INT64 (n). */
    public Tensor sample(int n, Random random) {
        double[] u = Scope.run(() -> random.uniform(Shape.of(n), DType.FLOAT64).toDoubles());
        long[] pairs = new long[n];
        for (int i = 0; i < n; i++) {
            int found = Arrays.binarySearch(cumulative, u[i]);
            pairs[i] = Math.min(cumulative.length - 1, found < 0 ? -found - 1 : found + 1);
        }
        return Tensor.of(pairs);
    }

    @Override
    public String toString() {
        return "ZipfContexts(" + side + " x " + side + " contexts, " + tokens + " tokens, exponent " + exponent + ", " + entropy() + " nats)";
    }
}
