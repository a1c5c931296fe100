package lemma.probe;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Entropies and mutual information of finite distributions, in bits, exact for a known joint table and plug-in values for counts. The plug-in
 * entropy of N examples is too low by about (cells - 1) / (2 N log 2) bits, and the mutual information too high. Time O(cells); counts assume independent examples.
 */
public final class DiscreteInformation {
    private static final double LOG2 = Math.log(2);

    private DiscreteInformation() {}

    /** {@code -sum p log2 p} of numbers of any sum above 0, such as counts. */
    public static double entropy(double[] weights) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            if (!(weights[i] >= 0) || weights[i] == Double.POSITIVE_INFINITY) throw new IllegalArgumentException("DiscreteInformation: weight " + i + " is " + weights[i] + ", expected at least 0");
            sum += weights[i];
        }
        if (!(sum > 0)) throw new IllegalArgumentException("DiscreteInformation: the weights sum to " + sum + ", expected above 0");
        return Entropies.shannon(Entropies.normalised(weights)) / LOG2;
    }

    /** {@code I(X; Y) = H(X) + H(Y) - H(X, Y)} of a joint table (x, y) of any sum above 0. */
    public static double mutualInformation(double[][] joint) {
        return entropy(rowSums(joint)) + entropy(columnSums(joint)) - jointEntropy(joint);
    }

    /** {@code H(X, Y)}. */
    public static double jointEntropy(double[][] joint) {
        return entropy(Arrays.stream(joint).flatMapToDouble(Arrays::stream).toArray());
    }

    /** {@code sum p log2(p / q)}; infinite where q is 0 and p is not. */
    public static double divergence(double[] p, double[] q) {
        if (p.length != q.length) throw new IllegalArgumentException("DiscreteInformation: distributions of " + p.length + " and " + q.length + " outcomes");
        double[] a = Entropies.normalised(p);
        double[] b = Entropies.normalised(q);
        double sum = 0;
        for (int i = 0; i < a.length; i++) if (a[i] > 0) sum += a[i] * Math.log(a[i] / b[i]);
        return sum / LOG2;
    }

    /** The table of counts (a's values, b's values) of two columns of codes, each numbered in the order of first sight. */
    public static double[][] counts(int[] a, int[] b) {
        if (a.length != b.length || a.length == 0) throw new IllegalArgumentException("DiscreteInformation: " + a.length + " and " + b.length + " codes, expected equally many and at least one");
        int[] rows = numbered(a);
        int[] columns = numbered(b);
        double[][] table = new double[Arrays.stream(rows).max().orElseThrow() + 1][Arrays.stream(columns).max().orElseThrow() + 1];
        for (int i = 0; i < a.length; i++) table[rows[i]][columns[i]]++;
        return table;
    }

    private static int[] numbered(int[] codes) {
        Map<Integer, Integer> numbers = new HashMap<>();
        return Arrays.stream(codes).map(c -> numbers.computeIfAbsent(c, unseen -> numbers.size())).toArray();
    }

    static double[] rowSums(double[][] joint) {
        return Arrays.stream(joint).mapToDouble(r -> Arrays.stream(r).sum()).toArray();
    }

    static double[] columnSums(double[][] joint) {
        double[] sums = new double[joint[0].length];
        for (double[] row : joint) for (int j = 0; j < sums.length; j++) sums[j] += row[j];
        return sums;
    }
}
