package lemma.loss;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The non-decreasing function nearest to the targets in least squares, by pooling adjacent violators: a calibrator that assumes only that a
 * larger score means a larger probability.
 *
 * <p>Between two knots the function is linear, outside the first and last it is constant, as in scikit-learn with clipping.
 *
 * @param x the knots, increasing
 * @param y the values there, non-decreasing
 * @see <a href="https://doi.org/10.1214/aoms/1177728423">Ayer et al. (1955), An empirical distribution function for sampling with incomplete
 *     information</a>
 */
public record IsotonicRegression(double[] x, double[] y) {
    /** Fitted to scores and targets; equal scores are taken together. */
    public static IsotonicRegression fit(double[] scores, double[] targets) {
        if (scores.length != targets.length || scores.length == 0) {
            throw new IllegalArgumentException("IsotonicRegression: " + scores.length + " scores and " + targets.length + " targets; expected equally many, at least one");
        }
        for (int i = 0; i < scores.length; i++) {
            if (!Double.isFinite(scores[i]) || !Double.isFinite(targets[i])) {
                throw new IllegalArgumentException("IsotonicRegression: case " + i + " is (" + scores[i] + ", " + targets[i] + "), expected finite numbers");
            }
        }
        int[] order = IntStream.range(0, scores.length).boxed().sorted(Comparator.comparingDouble(i -> scores[i])).mapToInt(i -> i).toArray();
        int n = 0; // distinct scores
        double[] x = new double[order.length];
        double[] mean = new double[order.length];
        double[] weight = new double[order.length];
        for (int i : order) {
            if (n == 0 || x[n - 1] != scores[i]) x[n++] = scores[i];
            weight[n - 1]++;
            mean[n - 1] += (targets[i] - mean[n - 1]) / weight[n - 1];
        }
        return new IsotonicRegression(Arrays.copyOf(x, n), pool(mean, weight, n));
    }

    private static double[] pool(double[] mean, double[] weight, int n) {
        int[] length = new int[n];
        int blocks = 0;
        for (int i = 0; i < n; i++) {
            mean[blocks] = mean[i];
            weight[blocks] = weight[i];
            length[blocks++] = 1;
            while (blocks > 1 && mean[blocks - 2] >= mean[blocks - 1]) {
                double w = weight[blocks - 2] + weight[blocks - 1];
                mean[blocks - 2] = (weight[blocks - 2] * mean[blocks - 2] + weight[blocks - 1] * mean[blocks - 1]) / w;
                weight[blocks - 2] = w;
                length[blocks - 2] += length[blocks - 1];
                blocks--;
            }
        }
        double[] y = new double[n];
        int at = 0;
        for (int b = 0; b < blocks; b++) {
            Arrays.fill(y, at, at + length[b], mean[b]);
            at += length[b];
        }
        return y;
    }

    /** The value at a score. */
    public double apply(double score) {
        if (Double.isNaN(score)) throw new IllegalArgumentException("IsotonicRegression: the score is NaN");
        int i = Arrays.binarySearch(x, score);
        if (i >= 0) return y[i];
        int above = -i - 1;
        if (above == 0) return y[0];
        if (above == x.length) return y[x.length - 1];
        double t = (score - x[above - 1]) / (x[above] - x[above - 1]);
        return y[above - 1] + t * (y[above] - y[above - 1]);
    }

    /** The values at several scores. */
    public double[] apply(double[] scores) {
        return Arrays.stream(scores).map(this::apply).toArray();
    }
}
