package lemma.loss;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import lemma.tensor.Tensor;

/**
 * What scores lose at one input whose class probabilities p are known, against the best scores there, under a {@link CompSumLoss} and
 * under the zero-one loss.
 *
 * <p>With {@code S = softmax(h)} the loss at class y is {@code (S_y^(tau - 1) - 1) / (1 - tau)}, so that its expectation is least at
 * {@code S_y} proportional to {@code p_y^(1 / (2 - tau))}, and is {@code ((sum_y p_y^q)^(1/q) - 1) / (1 - tau)} with
 * {@code q = 1 / (2 - tau)} there: the entropy at tau 1, one minus the largest probability at tau 2.
 *
 * @param tau of the loss, 0 to 2
 * @param p probabilities of the classes, which add up to 1
 * @see <a href="https://arxiv.org/abs/2304.07288">Mao, Mohri, Zhong (2023), Cross-Entropy Loss Functions, section 3</a>
 */
public record ConditionalRegret(double tau, double[] p) {
    public ConditionalRegret {
        if (!(tau >= 0 && tau <= 2)) throw new IllegalArgumentException("ConditionalRegret: tau is " + tau + ", expected 0 to 2");
        if (p.length < 2) throw new IllegalArgumentException("ConditionalRegret: " + p.length + " probabilities, expected at least 2");
        p = p.clone();
        for (double v : p) if (!(v >= 0)) throw new IllegalArgumentException("ConditionalRegret: a probability is " + v + ", expected at least 0");
        double sum = Arrays.stream(p).sum();
        if (!(Math.abs(sum - 1) < 1e-5)) throw new IllegalArgumentException("ConditionalRegret: the probabilities add up to " + sum + ", expected 1");
    }

    public static ConditionalRegret of(CompSumLoss loss, double... p) {
        return new ConditionalRegret(loss.tau(), p);
    }

    /** {@code sum_y p_y loss(h, y)}. */
    public double risk(double[] scores) {
        double[] log = logSoftmax(checked(scores));
        double sum = 0;
        for (int y = 0; y < p.length; y++) if (p[y] > 0) sum += p[y] * loss(-log[y]);
        return sum;
    }

    /** The loss at a class whose softmax is {@code exp(-c)}. */
    private double loss(double c) {
        return tau == 1 ? c : Math.expm1((1 - tau) * c) / (1 - tau);
    }

    /** The least risk of any scores. */
    public double leastRisk() {
        if (tau == 2) return 1 - largest();
        if (tau == 1) return -Arrays.stream(p).map(v -> v == 0 ? 0 : v * Math.log(v)).sum();
        double q = 1 / (2 - tau);
        double z = Arrays.stream(p).map(v -> Math.pow(v, q)).sum();
        return Math.expm1((2 - tau) * Math.log(z)) / (1 - tau);
    }

    /** Risk less the least risk; not below 0 but for rounding. */
    public double surrogate(double[] scores) {
        return risk(scores) - leastRisk();
    }

    /** The largest probability less that of the class with the highest score; of equal scores, the one with the smallest probability. */
    public double zeroOne(double[] scores) {
        checked(scores);
        double top = Arrays.stream(scores).max().getAsDouble();
        return largest() - IntStream.range(0, p.length).filter(y -> scores[y] == top).mapToDouble(y -> p[y]).min().getAsDouble();
    }

    /**
     * The scores of least risk among those in which no class is above class k: class k and the likeliest classes, as many as are likelier
     * than the mean of those taken so far, share one score. At tau 2 the others should be at minus infinity and are at -700.
     */
    public double[] closest(int k) {
        if (k < 0 || k >= p.length) throw new IllegalArgumentException("ConditionalRegret: class " + k + ", expected 0 to " + (p.length - 1));
        int[] likeliest = IntStream.range(0, p.length).filter(y -> y != k).boxed().sorted(Comparator.comparingDouble(y -> -p[y])).mapToInt(y -> y).toArray();
        double sum = p[k];
        int taken = 0;
        while (taken < likeliest.length && p[likeliest[taken]] > sum / (taken + 1)) sum += p[likeliest[taken++]];
        double shared = sum / (taken + 1);
        double[] scores = Arrays.stream(p).map(v -> tau == 2 ? -700 : Math.max(-700, Math.log(v) / (2 - tau))).toArray();
        double top = tau == 2 ? 0 : Math.log(shared) / (2 - tau);
        scores[k] = top;
        for (int i = 0; i < taken; i++) scores[likeliest[i]] = top;
        return scores;
    }

    private double largest() {
        return Arrays.stream(p).max().getAsDouble();
    }

    private double[] checked(double[] scores) {
        if (scores.length != p.length) throw new IllegalArgumentException("ConditionalRegret: " + scores.length + " scores for " + p.length + " classes");
        for (double h : scores) if (!Double.isFinite(h)) throw new IllegalArgumentException("ConditionalRegret: a score is " + h + ", expected finite numbers");
        return scores;
    }

    private static double[] logSoftmax(double[] h) {
        double top = Arrays.stream(h).max().getAsDouble();
        double log = top + Math.log(Arrays.stream(h).map(v -> Math.exp(v - top)).sum());
        return Arrays.stream(h).map(v -> v - log).toArray();
    }

    /**
     * Means over inputs that are equally likely.
     *
     * @param zeroOne of the zero-one regret, {@code R01 - R01* + M01}
     * @param surrogate of the surrogate regret, {@code R - R* + M}
     */
    public record Mean(double zeroOne, double surrogate) {}

    /** The mean regrets of scores (inputs, classes) at inputs with known probabilities (inputs, classes). */
    public static Mean mean(CompSumLoss loss, double[][] probabilities, double[][] scores) {
        if (probabilities.length != scores.length || scores.length == 0) {
            throw new IllegalArgumentException("ConditionalRegret: " + probabilities.length + " rows of probabilities and " + scores.length + " of scores; expected equally many, at least one");
        }
        double zeroOne = 0;
        double surrogate = 0;
        for (int i = 0; i < scores.length; i++) {
            ConditionalRegret at = of(loss, probabilities[i]);
            zeroOne += at.zeroOne(scores[i]) / scores.length;
            surrogate += at.surrogate(scores[i]) / scores.length;
        }
        return new Mean(zeroOne, Math.max(0, surrogate));
    }

    /** The same of tensors (inputs, classes). */
    public static Mean mean(CompSumLoss loss, Tensor probabilities, Tensor scores) {
        return mean(loss, rows(probabilities), rows(scores));
    }

    private static double[][] rows(Tensor t) {
        if (t.rank() != 2) throw new IllegalArgumentException("ConditionalRegret: a tensor of " + t.shape() + ", expected (inputs, classes)");
        double[] all = t.toDoubles();
        int classes = t.dim(1);
        return IntStream.range(0, t.dim(0)).mapToObj(i -> Arrays.copyOfRange(all, i * classes, (i + 1) * classes)).toArray(double[][]::new);
    }
}
