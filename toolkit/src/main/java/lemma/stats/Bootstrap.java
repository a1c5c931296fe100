package lemma.stats;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.train.Progress;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.stat.descriptive.rank.Percentile;

/**
 * The non-parametric bootstrap of a statistic with one or more components: {@code n} observations are drawn with replacement,
 * the statistic is computed again, and the spread over the resamples stands for its sampling error.
 *
 * <p>Resample {@code b} depends on the seed and on {@code b} alone, so the result has the same bits for any number of threads;
 * the statistic runs on all cores and must not keep state. A resample on which the statistic is NaN (a fit that failed) is left
 * out and counted by {@link #failed()}; intervals are refused when more than one in twenty failed.
 *
 * @see <a href="https://doi.org/10.1201/9780429246593">Efron, Tibshirani (1993), An Introduction to the Bootstrap, chapters 13 and 14</a>
 */
public final class Bootstrap {
    private static final double FAILURES_ALLOWED = 0.05;
    private static final NormalDistribution NORMAL = new NormalDistribution();

    private final int observations;
    private final Function<int[], double[]> statistic;
    private final double[] estimate;
    private final double[][] replicates;
    private final int drawn;
    private double[][] jackknife;

    private Bootstrap(int observations, Function<int[], double[]> statistic, double[] estimate, double[][] drawn) {
        this.observations = observations;
        this.statistic = statistic;
        this.estimate = estimate;
        this.drawn = drawn.length;
        this.replicates = Arrays.stream(drawn).filter(r -> Arrays.stream(r).noneMatch(Double::isNaN)).toArray(double[][]::new);
    }

    /**
     * @param observations number of observations n
     * @param statistic from the indices of the observations drawn, each in 0..n-1, to the components of the statistic
     * @param resamples how many resamples; 1000 or more for intervals
     * @param seed of the random numbers
     * @throws IllegalArgumentException if there are fewer than two observations or resamples, or the statistic of the data is NaN
     */
    public static Bootstrap of(int observations, Function<int[], double[]> statistic, int resamples, long seed) {
        if (observations < 2) throw new IllegalArgumentException("Bootstrap: " + observations + " observations, expected at least 2");
        if (resamples < 2) throw new IllegalArgumentException("Bootstrap: " + resamples + " resamples, expected at least 2, and 1000 for intervals");
        double[] estimate = statistic.apply(IntStream.range(0, observations).toArray());
        for (double e : estimate) {
            if (Double.isNaN(e)) throw new IllegalArgumentException("Bootstrap: the statistic of the data themselves is NaN: " + Arrays.toString(estimate));
        }
        AtomicInteger done = new AtomicInteger();
        try (Progress bar = Progress.ofLongWork("bootstrap", resamples)) {
            double[][] drawn = IntStream.range(0, resamples).parallel().mapToObj(b -> {
                double[] replicate = statistic.apply(indices(observations, seed, b));
                bar.at(done.incrementAndGet(), "");
                return replicate;
            }).toArray(double[][]::new);
            return new Bootstrap(observations, statistic, estimate, drawn);
        }
    }

    /** The bootstrap of one number computed from a sample, such as its mean. */
    public static Bootstrap of(double[] sample, ToDoubleFunction<double[]> statistic, int resamples, long seed) {
        double[] data = sample.clone();
        return of(data.length, drawn -> new double[] {statistic.applyAsDouble(Arrays.stream(drawn).mapToDouble(i -> data[i]).toArray())},
                resamples, seed);
    }

    private static int[] indices(int n, long seed, int resample) {
        double[] uniform = Scope.run(() -> Random.seed(seed).fork(resample).uniform(Shape.of(n), DType.FLOAT64).toDoubles());
        return Arrays.stream(uniform).mapToInt(u -> (int) (u * n)).toArray();
    }

    /** The statistic of the data. */
    public double[] estimate() {
        return estimate.clone();
    }

    /** Component {@code j} of the statistic over the resamples, in the order of the draws. */
    public double[] replicates(int j) {
        return Arrays.stream(replicates).mapToDouble(r -> r[j]).toArray();
    }

    /** Number of resamples on which the statistic was defined. */
    public int resamples() {
        return replicates.length;
    }

    /** Number of resamples on which the statistic was NaN. */
    public int failed() {
        return drawn - replicates.length;
    }

    /** Standard deviation of component {@code j} over the resamples, with divisor {@code B - 1}. */
    public double standardError(int j) {
        refuseManyFailures();
        double[] values = replicates(j);
        double mean = Arrays.stream(values).average().orElseThrow();
        return Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1));
    }

    /** Percentile interval of component {@code j}: the {@code (1 -+ level) / 2} quantiles of the resamples. */
    public Interval percentile(int j, double level) {
        refuseManyFailures();
        return percentile(replicates(j), level);
    }

    /** Bias-corrected and accelerated interval of component {@code j}; the acceleration takes n more evaluations, made once. */
    public Interval bca(int j, double level) {
        refuseManyFailures();
        double[] leftOut = Arrays.stream(jackknife()).mapToDouble(r -> r[j]).toArray();
        return bca(replicates(j), estimate[j], leftOut, level);
    }

    /** The percentile interval from given resamples of a statistic. */
    public static Interval percentile(double[] replicates, double level) {
        double tail = (1 - Interval.checkedLevel(level)) / 2;
        return new Interval(quantile(replicates, tail), quantile(replicates, 1 - tail), level, "percentile bootstrap, " + replicates.length + " resamples");
    }

    /**
     * The BCa interval from given resamples: the quantiles at {@code Phi(z0 + (z0 + z) / (1 - a (z0 + z)))}, where {@code z0}
     * measures the share of resamples below the estimate and {@code a} the skewness of the leave-one-out values.
     *
     * @param replicates the statistic on the resamples
     * @param estimate the statistic on the data
     * @param leftOut the statistic with each observation left out in turn
     * @throws IllegalStateException if the leave-one-out values do not vary, or no resample lies on one side of the estimate
     */
    public static Interval bca(double[] replicates, double estimate, double[] leftOut, double level) {
        double tail = (1 - Interval.checkedLevel(level)) / 2;
        double below = Arrays.stream(replicates).filter(r -> r < estimate).count();
        double equal = Arrays.stream(replicates).filter(r -> r == estimate).count();
        double share = (below + equal / 2) / replicates.length;
        if (share == 0 || share == 1) {
            throw new IllegalStateException("Bootstrap: all resamples lie on one side of the estimate " + estimate + "; BCa is not defined, use percentile");
        }
        double bias = NORMAL.inverseCumulativeProbability(share);
        double mean = Arrays.stream(leftOut).average().orElseThrow();
        double squares = Arrays.stream(leftOut).map(v -> (mean - v) * (mean - v)).sum();
        double cubes = Arrays.stream(leftOut).map(v -> (mean - v) * (mean - v) * (mean - v)).sum();
        if (!(squares > 0)) {
            throw new IllegalStateException("Bootstrap: leaving observations out does not change the statistic (or makes it NaN); BCa is not defined, use percentile");
        }
        double acceleration = cubes / (6 * Math.pow(squares, 1.5));
        double low = quantile(replicates, adjusted(bias, acceleration, tail));
        double high = quantile(replicates, adjusted(bias, acceleration, 1 - tail));
        return new Interval(low, high, level, "BCa bootstrap, " + replicates.length + " resamples");
    }

    private static double adjusted(double bias, double acceleration, double probability) {
        double z = bias + NORMAL.inverseCumulativeProbability(probability);
        return NORMAL.cumulativeProbability(bias + z / (1 - acceleration * z));
    }

    private static double quantile(double[] values, double probability) {
        if (probability == 0) return Arrays.stream(values).min().orElseThrow();
        return new Percentile().withEstimationType(Percentile.EstimationType.R_7).evaluate(values, 100 * probability);
    }

    private synchronized double[][] jackknife() {
        if (jackknife == null) {
            jackknife = IntStream.range(0, observations).parallel()
                    .mapToObj(out -> statistic.apply(IntStream.range(0, observations).filter(i -> i != out).toArray())).toArray(double[][]::new);
        }
        return jackknife;
    }

    private void refuseManyFailures() {
        if (failed() > FAILURES_ALLOWED * drawn || replicates.length < 2) {
            throw new IllegalStateException("Bootstrap: the statistic is NaN on " + failed() + " of " + drawn + " resamples, too many for an error estimate");
        }
    }
}
