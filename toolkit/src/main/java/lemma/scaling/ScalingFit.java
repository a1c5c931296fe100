package lemma.scaling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lemma.display.Bundle;
import lemma.display.Rich;
import lemma.plot.Figure;
import lemma.stats.Bootstrap;
import lemma.stats.Interval;
import org.hipparchus.stat.descriptive.rank.Median;

/**
 * A fitted {@link Law}: parameters, intervals, predictions and a summary. {@link #interval} comes from a bootstrap that runs once, when the
 * first of them is asked for; each resample is fitted from the minimum of the data. {@link #profile} and {@link #delta} need none.
 */
public final class ScalingFit implements Rich {
    private static final double NEGLIGIBLE = 1e-6;

    private final LawFitter fitter;
    private final double[] target;
    private final double[][] inputs;
    private final double[][] features;
    private final double[] logTarget;
    private final LawFitter.Solution solution;
    private final int starts;
    private final double[] values;
    private Bootstrap bootstrap;
    private Inference inference;

    ScalingFit(LawFitter fitter, double[] target, double[][] inputs, double[][] features, double[] logTarget, LawFitter.Solution solution, int starts) {
        this.fitter = fitter;
        this.target = target;
        this.inputs = inputs;
        this.features = features;
        this.logTarget = logTarget;
        this.solution = solution;
        this.starts = starts;
        this.values = values(solution.coordinates());
    }

    public Law law() {
        return fitter.law();
    }

    /** The observed targets. */
    public double[] target() {
        return target.clone();
    }

    /** The observed values of input {@code k}. */
    public double[] input(int k) {
        return inputs[k].clone();
    }

    /** Number of observations. */
    public int observations() {
        return target.length;
    }

    /** The fitted value of a parameter. */
    public double parameter(String name) {
        return values[index(name)];
    }

    /** All parameters by name, in the order of the law. */
    public Map<String, Double> parameters() {
        Map<String, Double> byName = new LinkedHashMap<>();
        for (int j = 0; j < values.length; j++) byName.put(law().parameters().get(j).name(), values[j]);
        return byName;
    }

    /** The sum of losses at the minimum. */
    public double objective() {
        return solution.objective();
    }

    /** Number of starts from which L-BFGS reached the lowest minimum, to one part in a million. */
    public int startsAtMinimum() {
        return solution.best();
    }

    /** The law at {@code inputs}, one number for each input of the law. */
    public double predict(double... inputs) {
        return law().predict(values, inputs);
    }

    /** {@code log y_i - log f(x_i)}. */
    public double[] logResiduals() {
        double[] scratch = new double[values.length];
        double[] residuals = new double[logTarget.length];
        for (int i = 0; i < residuals.length; i++) residuals[i] = logTarget[i] - law().logPrediction(solution.coordinates(), features[i], scratch);
        return residuals;
    }

    /** Share of the (weighted) variance of {@code log y} that the law explains. */
    public double rSquared() {
        double weights = 0;
        double mean = 0;
        for (int i = 0; i < logTarget.length; i++) {
            weights += weight(i);
            mean += weight(i) * logTarget[i];
        }
        mean /= weights;
        double total = 0;
        for (int i = 0; i < logTarget.length; i++) total += weight(i) * (logTarget[i] - mean) * (logTarget[i] - mean);
        return 1 - squares() / total;
    }

    private double weight(int i) {
        return fitter.weights() == null ? 1 : fitter.weights()[i];
    }

    /** The weighted sum of squared log residuals. */
    private double squares() {
        double[] residuals = logResiduals();
        double sum = 0;
        for (int i = 0; i < residuals.length; i++) sum += weight(i) * residuals[i] * residuals[i];
        return sum;
    }

    private synchronized Inference inference() {
        if (inference != null) return inference;
        double[][] jacobian = new double[observations()][values.length];
        for (int i = 0; i < jacobian.length; i++) law().logPrediction(solution.coordinates(), features[i], jacobian[i]);
        LogResiduals problem = LogResiduals.of(law(), features, logTarget, fitter.weights(), fitter.delta());
        inference = new Inference(fitter, problem, solution, jacobian, logResiduals());
        return inference;
    }

    /**
     * Standard error of a parameter from the curvature at the minimum, by the delta method.
     *
     * @throws IllegalStateException if the data cannot tell parameters apart
     */
    public double standardError(String name) {
        int j = index(name);
        double error = Math.sqrt(inference().covariance(j, j));
        return law().parameters().get(j).logarithmic() ? values[j] * error : error;
    }

    /** Correlation of the estimates of two parameters, in the coordinates of the fit; errors as in {@link #standardError}. */
    public double correlation(String first, String second) {
        int i = index(first);
        int j = index(second);
        return inference().covariance(i, j) / Math.sqrt(inference().covariance(i, i) * inference().covariance(j, j));
    }

    /** Interval of a parameter from the curvature at the minimum: Student's t times the standard error, on the log for a logarithmic one. */
    public Interval delta(String name, double level) {
        return inference().wald(index(name), level);
    }

    /** Delta-method interval of a quantity computed from the parameter values, in the order of the law. */
    public Interval delta(ToDoubleFunction<double[]> quantity, double level) {
        return inference().wald(quantity, level);
    }

    /**
     * Profile-likelihood interval of a parameter: the values at which the objective, minimised over all other parameters, stays within
     * {@code F s^2 / 2} of its minimum. Unlike {@link #delta} it follows the curved valleys of these laws. An end that is never reached is
     * the bound of the parameter.
     *
     * @throws IllegalStateException if the parameter stands at a bound
     */
    public Interval profile(String name, double level) {
        return inference().profile(index(name), level);
    }

    /**
     * Logarithm of the likelihood of the log targets under independent normal residuals, {@code -n/2 (ln(2 pi RSS / n) + 1)}.
     *
     * @throws IllegalStateException for a Huber loss or weights, under which there is no such likelihood
     */
    public double logLikelihood() {
        if (!Double.isInfinite(fitter.delta()) || fitter.weights() != null) throw new IllegalStateException(law().name() + ": a likelihood needs plain least squares, fit again without Huber loss and weights to compare laws");
        int n = observations();
        return -0.5 * n * (Math.log(2 * Math.PI * squares() / n) + 1);
    }

    /** Number of parameters that are not held at a bound. */
    public int freeParameters() {
        return values.length - solution.held().size();
    }

    /** {@code -2 logLikelihood + 2 p}. */
    public double aic() {
        return -2 * logLikelihood() + 2 * freeParameters();
    }

    /** {@code -2 logLikelihood + p ln n}. */
    public double bic() {
        return -2 * logLikelihood() + Math.log(observations()) * freeParameters();
    }

    /**
     * An observation far from the fit.
     *
     * @param index of the observation
     * @param residual {@code log y - log f}
     * @param score residual by 1.4826 times the median absolute residual, which outliers hardly move
     */
    public record Outlier(int index, double residual, double score) {}

    /** Observations whose score is beyond 3.5, the farthest first. */
    public List<Outlier> outliers() {
        double[] residuals = logResiduals();
        double scale = 1.4826 * new Median().evaluate(Arrays.stream(residuals).map(Math::abs).toArray());
        if (!(scale > 0)) return List.of();
        return IntStream.range(0, residuals.length).mapToObj(i -> new Outlier(i, residuals[i], residuals[i] / scale))
                .filter(o -> Math.abs(o.score) > 3.5).sorted(Comparator.comparingDouble(o -> -Math.abs(o.score))).toList();
    }

    /**
     * What the law says about observations that it was not fitted to.
     *
     * @param fit without them
     * @param indices of the observations held out
     * @param measured their targets
     * @param predicted the fit there
     */
    public record HeldOut(ScalingFit fit, int[] indices, double[] measured, double[] predicted) {
        /** {@code predicted / measured - 1}. */
        public double[] relativeErrors() {
            return IntStream.range(0, measured.length).mapToDouble(i -> predicted[i] / measured[i] - 1).toArray();
        }

        /** Mean absolute relative error, as a fraction. */
        public double mape() {
            return Arrays.stream(relativeErrors()).map(Math::abs).average().orElseThrow();
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%d held out, mean absolute relative error %.3f %%, largest %.3f %%", indices.length, 100 * mape(),
                    100 * Arrays.stream(relativeErrors()).map(Math::abs).max().orElseThrow());
        }
    }

    /**
     * Fits again without the observations that {@code out} names and predicts them.
     *
     * @throws IllegalArgumentException if none or too many are named
     */
    public HeldOut holdingOut(IntPredicate out) {
        int[] held = IntStream.range(0, observations()).filter(out).toArray();
        int[] kept = IntStream.range(0, observations()).filter(out.negate()).toArray();
        if (held.length == 0) throw new IllegalArgumentException(law().name() + ": no observation is held out");
        LawFitter same = fitter.weights() == null ? fitter : fitter.withWeights(at(fitter.weights(), kept));
        ScalingFit fit = same.fit(at(target, kept), Arrays.stream(inputs).map(input -> at(input, kept)).toArray(double[][]::new));
        double[] predicted = Arrays.stream(held).mapToDouble(i -> fit.predict(Arrays.stream(inputs).mapToDouble(input -> input[i]).toArray())).toArray();
        return new HeldOut(fit, held, at(target, held), predicted);
    }

    /** Holds out the observations at the {@code largest} largest values of input {@code k}: the extrapolation that a law is for. */
    public HeldOut holdingOutLargest(int k, int largest) {
        double[] distinct = Arrays.stream(inputs[k]).distinct().sorted().toArray();
        if (largest < 1 || largest >= distinct.length) {
            throw new IllegalArgumentException(law().name() + ": cannot hold out " + largest + " of " + distinct.length + " values of " + law().inputs().get(k));
        }
        double limit = distinct[distinct.length - largest];
        return holdingOut(i -> inputs[k][i] >= limit);
    }

    private static double[] at(double[] values, int[] indices) {
        return Arrays.stream(indices).mapToDouble(i -> values[i]).toArray();
    }

    /** Percentile bootstrap interval of a parameter at {@code level}, such as 0.95. */
    public Interval interval(String name, double level) {
        return bootstrap().percentile(index(name), level);
    }

    /** Percentile bootstrap interval of a quantity computed from the parameter values, in the order of the law. */
    public Interval interval(ToDoubleFunction<double[]> quantity, double level) {
        Bootstrap fits = bootstrap();
        double[][] columns = new double[values.length][];
        for (int j = 0; j < values.length; j++) columns[j] = fits.replicates(j);
        double[] replicates = new double[fits.resamples()];
        double[] row = new double[values.length];
        for (int b = 0; b < replicates.length; b++) {
            for (int j = 0; j < row.length; j++) row[j] = columns[j][b];
            replicates[b] = quantity.applyAsDouble(row);
        }
        return Bootstrap.percentile(replicates, level);
    }

    /** Percentile bootstrap interval of the law at {@code inputs}: of the curve, not of a new observation. */
    public Interval interval(double[] inputs, double level) {
        double[] at = inputs.clone();
        return interval((double[] p) -> law().predict(p, at), level);
    }

    /** The bootstrap fits; component j is parameter j of the law. */
    public synchronized Bootstrap bootstrap() {
        if (bootstrap == null) bootstrap = Bootstrap.of(observations(), this::refit, fitter.resamples(), fitter.seed());
        return bootstrap;
    }

    private double[] refit(int[] drawn) {
        LogResiduals problem = switch (fitter.resampling()) {
            case CASES -> LogResiduals.of(law(), features, logTarget, counts(drawn), fitter.delta());
            case RESIDUALS -> LogResiduals.of(law(), features, simulated(drawn), fitter.weights(), fitter.delta());
        };
        try {
            return values(fitter.solve(problem, List.of(solution.coordinates())).coordinates());
        } catch (IllegalStateException noMinimum) {
            double[] failed = new double[values.length]; // the bootstrap counts such resamples and refuses when they are many
            Arrays.fill(failed, Double.NaN);
            return failed;
        }
    }

    private double[] counts(int[] drawn) {
        double[] counts = new double[observations()];
        for (int i : drawn) counts[i] += weight(i);
        return counts;
    }

    private double[] simulated(int[] drawn) {
        if (drawn.length != observations()) throw new UnsupportedOperationException("ScalingFit: no BCa interval from resampled residuals, use percentile or resample cases");
        double[] residuals = logResiduals();
        double inflate = 1 / Math.sqrt(1 - (double) values.length / observations());
        double[] y = new double[observations()];
        for (int i = 0; i < y.length; i++) y[i] = logTarget[i] - residuals[i] + inflate * residuals[drawn[i]] * Math.sqrt(weight(drawn[i]) / weight(i));
        return y;
    }

    /** What a reader must know before trusting the numbers: parameters at a bound or not told apart, terms that vanish, outliers. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        List<Parameter> parameters = law().parameters();
        for (int j : solution.held().keySet()) warnings.add(parameters.get(j).name() + " stands at its bound " + values[j] + ": the data ask for a value beyond it");
        String unidentified = inference().unidentified();
        if (unidentified != null) warnings.add(unidentified);
        double[] largest = new double[values.length];
        double[] gradient = new double[values.length];
        for (double[] row : features) {
            law().logPrediction(solution.coordinates(), row, gradient);
            for (int j = 0; j < largest.length; j++) largest[j] = Math.max(largest[j], Math.abs(gradient[j]));
        }
        for (int j = 0; j < largest.length; j++) {
            if (parameters.get(j).logarithmic() && largest[j] < NEGLIGIBLE) {
                warnings.add(parameters.get(j).name() + " stands at its bound 0: its term is below one millionth of every prediction, and its exponent means nothing");
            }
        }
        List<Outlier> outliers = outliers();
        if (!outliers.isEmpty()) warnings.add(listed(outliers));
        return warnings;
    }

    private static String listed(List<Outlier> outliers) {
        String farthest = outliers.stream().limit(3).map(o -> String.format(Locale.ROOT, "%d (%+.1f)", o.index, o.score)).collect(Collectors.joining(", "));
        return outliers.size() + " outliers, in robust standard deviations: observation " + farthest + (outliers.size() > 3 ? ", ..." : "");
    }

    /** The table of a statistics package: estimate, standard error and 95 % interval of every parameter. Runs the bootstrap. */
    public String summary() {
        Bootstrap fits = bootstrap();
        StringBuilder text = new StringBuilder(head());
        text.append(String.format(Locale.ROOT, "%-8s %14s %12s   %s%n", "", "estimate", "std. error", "95% interval"));
        for (int j = 0; j < values.length; j++) {
            Interval interval = fits.percentile(j, 0.95);
            text.append(String.format(Locale.ROOT, "%-8s %14.6g %12.3g   [%.5g, %.5g]%n",
                    law().parameters().get(j).name(), values[j], fits.standardError(j), interval.low(), interval.high()));
        }
        text.append(String.format(Locale.ROOT, "Intervals: percentile bootstrap, %d resampled %s, seed %d%n", fits.resamples(),
                fitter.resampling() == LawFitter.Resampling.CASES ? "sets of observations" : "sets of log residuals", fitter.seed()));
        if (fits.failed() > 0) text.append("Left out: ").append(fits.failed()).append(" resamples without a minimum\n");
        return text.append(tail()).toString().stripTrailing();
    }

    private String head() {
        String loss = Double.isInfinite(fitter.delta()) ? "least squares" : String.format(Locale.ROOT, "Huber loss (delta %s)", fitter.delta());
        return String.format(Locale.ROOT, "%s: %s%n%d observations, %s on log y, sum %.8g, R2 of log y %.5f%nL-BFGS from %d start%s: %d reached a minimum, %d the lowest%n",
                law().name(), law().formula(), observations(), loss, objective(), rSquared(), starts, starts == 1 ? "" : "s", solution.minima(), solution.best());
    }

    private String tail() {
        StringBuilder text = new StringBuilder();
        for (String warning : warnings()) text.append("Warning: ").append(warning).append('\n');
        return text.toString();
    }

    /** Log residuals over the fitted values, with the robust limits beyond which an observation is an outlier. */
    public Figure residuals() {
        double[] residuals = logResiduals();
        double limit = 3.5 * 1.4826 * new Median().evaluate(Arrays.stream(residuals).map(Math::abs).toArray());
        double[] fitted = fitted();
        return Figure.of("Residuals: " + law().formula()).x("fitted y").y("log y - log fit").scatter("residuals", fitted, residuals).horizontal("", 0).horizontal("outlier", limit).horizontal("outlier", -limit);
    }

    /** Measured over fitted values on log axes, beside the line on which they would be equal. */
    public Figure measuredOverFitted() {
        double[] fitted = fitted();
        double[] line = LogGrid.around(fitted, 1.05, 2);
        return Figure.of(law().formula()).xLog("fitted").yLog("measured").line("equal", line, line).dashed().scatter("observations", fitted, target);
    }

    private double[] fitted() {
        double[] residuals = logResiduals();
        return IntStream.range(0, target.length).mapToDouble(i -> target[i] * Math.exp(-residuals[i])).toArray();
    }

    /** The fitted law and the observations: a curve with its band, or for {@link Chinchilla} contours of equal loss. */
    public Figure figure() {
        return law().figure(this);
    }

    @Override
    public Bundle bundle() {
        return Bundle.text(summary());
    }

    /** The estimates without intervals; {@link #summary()} has both. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(head());
        for (int j = 0; j < values.length; j++) text.append(String.format(Locale.ROOT, "%-8s %14.6g%n", law().parameters().get(j).name(), values[j]));
        return text.append(tail()).toString().stripTrailing();
    }

    private double[] values(double[] coordinates) {
        double[] natural = new double[coordinates.length];
        for (int j = 0; j < natural.length; j++) natural[j] = law().parameters().get(j).value(coordinates[j]);
        return natural;
    }

    private int index(String name) {
        List<String> names = law().parameters().stream().map(Parameter::name).toList();
        int j = names.indexOf(name);
        if (j < 0) throw new IllegalArgumentException(law().name() + ": no parameter \"" + name + "\", it has " + names);
        return j;
    }
}
