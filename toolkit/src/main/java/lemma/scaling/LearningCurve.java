package lemma.scaling;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import lemma.display.Bundle;
import lemma.display.Rich;
import lemma.plot.Figure;
import lemma.stats.Bootstrap;
import lemma.stats.Interval;

/** Errors measured at several training-set sizes with several seeds: the material of a scaling law. */
public final class LearningCurve implements Rich {
    /** An experiment that trains at several sizes and measures the test error. */
    @FunctionalInterface
    public interface Task {
        /** The errors at {@code sizes}, ascending; the sizes may share data drawn from {@code seed}. Keeps no state: seeds run at once. */
        double[] errors(int[] sizes, long seed);
    }

    private final double[] sizes;
    private final double[][] errors;

    private LearningCurve(double[] sizes, double[][] errors) {
        this.sizes = sizes;
        this.errors = errors;
    }

    /**
     * A curve measured elsewhere.
     *
     * @param sizes training-set sizes, ascending
     * @param errors measured errors {@code [seed][size]}
     * @throws IllegalArgumentException if there is no seed, sizes do not ascend, a row has another length, or a number is not positive and
     *     finite
     */
    public static LearningCurve of(double[] sizes, double[][] errors) {
        if (errors.length == 0) throw new IllegalArgumentException("LearningCurve: no errors, expected one row for each seed");
        for (int i = 0; i < sizes.length; i++) {
            if (!(sizes[i] > (i == 0 ? 0 : sizes[i - 1]))) throw new IllegalArgumentException("LearningCurve: sizes " + Arrays.toString(sizes) + " do not ascend from above 0");
        }
        for (int seed = 0; seed < errors.length; seed++) {
            if (errors[seed].length != sizes.length) {
                throw new IllegalArgumentException("LearningCurve: " + errors[seed].length + " errors in row " + seed + ", expected one for each of " + sizes.length + " sizes");
            }
            for (int i = 0; i < sizes.length; i++) {
                double e = errors[seed][i];
                if (!(e > 0) || Double.isInfinite(e)) throw new IllegalArgumentException("LearningCurve: error " + e + " in row " + seed + " at size " + sizes[i] + ", expected a positive finite number");
            }
        }
        return new LearningCurve(sizes.clone(), Arrays.stream(errors).map(double[]::clone).toArray(double[][]::new));
    }

    /**
     * The best of several models at each size and seed.
     *
     * @param sizes training-set sizes, ascending
     * @param errors measured errors {@code [seed][size][model]}
     */
    public static LearningCurve best(int[] sizes, double[][][] errors) {
        double[][] least = Arrays.stream(errors).map(seed -> Arrays.stream(seed).mapToDouble(models -> Arrays.stream(models).min().orElseThrow()).toArray()).toArray(double[][]::new);
        return of(Arrays.stream(sizes).asDoubleStream().toArray(), least);
    }

    /** Runs {@code task} with the seeds {@code first, first + 1, ..., first + seeds - 1}, several at once. */
    public static LearningCurve measure(Task task, int[] sizes, int seeds, long first) {
        int[] asked = sizes.clone();
        double[][] errors = IntStream.range(0, seeds).parallel().mapToObj(k -> task.errors(asked.clone(), first + k)).toArray(double[][]::new);
        return of(Arrays.stream(asked).asDoubleStream().toArray(), errors);
    }

    public double[] sizes() {
        return sizes.clone();
    }

    /** The measured errors, {@code [seed][size]}. */
    public double[][] errors() {
        return Arrays.stream(errors).map(double[]::clone).toArray(double[][]::new);
    }

    /** All measured errors, seed after seed, and {@link #points} with the size of each. */
    double[] allErrors() {
        return Arrays.stream(errors).flatMapToDouble(Arrays::stream).toArray();
    }

    double[] points() {
        return IntStream.range(0, errors.length).boxed().flatMapToDouble(seed -> Arrays.stream(sizes)).toArray();
    }

    /** Number of seeds. */
    public int seeds() {
        return errors.length;
    }

    /** Mean error over the seeds at each size. */
    public double[] mean() {
        return mean(IntStream.range(0, errors.length).toArray());
    }

    private double[] mean(int[] rows) {
        double[] mean = new double[sizes.length];
        for (int row : rows) for (int i = 0; i < mean.length; i++) mean[i] += errors[row][i] / rows.length;
        return mean;
    }

    /**
     * Standard error of {@link #mean} at each size: standard deviation over seeds by the square root of their number.
     *
     * @throws IllegalStateException with a single seed
     */
    public double[] standardError() {
        if (errors.length < 2) throw new IllegalStateException("LearningCurve: one seed has no standard error, measure more");
        double[] mean = mean();
        double[] squares = new double[sizes.length];
        for (double[] row : errors) for (int i = 0; i < squares.length; i++) squares[i] += (row[i] - mean[i]) * (row[i] - mean[i]);
        return Arrays.stream(squares).map(s -> Math.sqrt(s / (errors.length - 1) / errors.length)).toArray();
    }

    /** {@code (mean - theory) / standard error} at each size. */
    public double[] deviations(DoubleUnaryOperator theory) {
        double[] mean = mean();
        double[] standardError = standardError();
        return IntStream.range(0, sizes.length).mapToDouble(i -> (mean[i] - theory.applyAsDouble(sizes[i])) / standardError[i]).toArray();
    }

    /** The power law through the mean errors. */
    public PowerLawFit fit() {
        return PowerLawFit.of(sizes, mean());
    }

    /** The power law of each seed. */
    public List<PowerLawFit> fits() {
        return Arrays.stream(errors).map(row -> PowerLawFit.of(sizes, row)).toList();
    }

    /** The exponent of {@link #fit}. */
    public double slope() {
        return fit().beta();
    }

    /** Interval of {@link #slope}: seeds are resampled whole, so sizes that share data may do so. */
    public Interval slopeInterval(double level) {
        return Bootstrap.of(errors.length, rows -> new double[] {PowerLawFit.of(sizes, mean(rows)).beta()}, 2000, 0).percentile(0, level);
    }

    /** Mean errors with their standard errors and the power law through them, on log axes; add theory with {@code line(...)}. */
    public Figure figure(String title) {
        PowerLawFit fit = fit();
        double[] x = LogGrid.around(sizes, 1.2, 60);
        Figure figure = Figure.of(title).xLog("training examples m").yLog("error")
                .line(String.format(Locale.ROOT, "fit, exponent %.3f", fit.beta()), x, Arrays.stream(x).map(fit::predict).toArray());
        return errors.length == 1 ? figure.scatter("measured", sizes, mean()) : figure.errorBars("mean of " + errors.length + " seeds", sizes, mean(), standardError());
    }

    @Override
    public Bundle bundle() {
        return Bundle.text(toString());
    }

    @Override
    public String toString() {
        double[] mean = mean();
        double[] standardError = errors.length > 1 ? standardError() : null;
        StringBuilder text = new StringBuilder(String.format("%10s %12s %12s  (%d seed%s)%n", "m", "error", "std. error", errors.length, errors.length == 1 ? "" : "s"));
        for (int i = 0; i < sizes.length; i++) {
            text.append(String.format(Locale.ROOT, "%10.6g %12.5g %12s%n", sizes[i], mean[i], standardError == null ? "" : String.format(Locale.ROOT, "%.2g", standardError[i])));
        }
        return text.toString().stripTrailing();
    }
}
