package lemma.scaling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import lemma.display.Bundle;
import lemma.display.Rich;
import lemma.plot.Figure;
import lemma.stats.Bootstrap;
import lemma.stats.Interval;

/**
 * A fitted {@link Law}: parameters, intervals, predictions and a summary. Intervals come from a bootstrap that runs once, when the
 * first of them is asked for; each resample is fitted from the minimum of the data.
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

    /** Share of the variance of {@code log y} that the law explains. */
    public double rSquared() {
        double mean = Arrays.stream(logTarget).average().orElseThrow();
        double total = Arrays.stream(logTarget).map(l -> (l - mean) * (l - mean)).sum();
        return 1 - Arrays.stream(logResiduals()).map(r -> r * r).sum() / total;
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
            case RESIDUALS -> LogResiduals.of(law(), features, simulated(drawn), null, fitter.delta());
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
        for (int i : drawn) counts[i]++;
        return counts;
    }

    private double[] simulated(int[] drawn) {
        if (drawn.length != observations()) throw new UnsupportedOperationException("ScalingFit: no BCa interval from resampled residuals, use percentile or resample cases");
        double[] residuals = logResiduals();
        double inflate = 1 / Math.sqrt(1 - (double) values.length / observations());
        double[] y = new double[observations()];
        for (int i = 0; i < y.length; i++) y[i] = logTarget[i] - residuals[i] + inflate * residuals[drawn[i]];
        return y;
    }

    /** What a reader must know before trusting the numbers: parameters at a bound, terms that vanish. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        List<Parameter> parameters = law().parameters();
        for (int j : solution.held().keySet()) warnings.add(parameters.get(j).name() + " stands at its bound " + values[j] + ": the data ask for a value beyond it");
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
        return warnings;
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
