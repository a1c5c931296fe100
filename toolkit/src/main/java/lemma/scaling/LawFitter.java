package lemma.scaling;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lemma.optim.Lbfgs;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Fits a {@link Law} on a log scale: minimises {@code sum_i h(log y_i - log f(x_i))} by {@link Lbfgs} with the analytic gradient,
 * from every start of the law, in parallel; the lowest minimum wins. {@code h} is {@code r^2 / 2}, or the Huber loss
 * {@code r^2 / 2} up to delta and {@code delta (|r| - delta / 2)} beyond. A parameter whose minimum lies outside its bounds is held
 * at the bound, the others are fitted again, and the fit says so.
 *
 * @param law the law
 * @param delta Huber threshold on the log, infinite for least squares
 * @param resampling what the bootstrap draws
 * @param resamples number of bootstrap fits behind the intervals
 * @param seed of the bootstrap
 * @param weights how much each observation counts, or null for all alike
 */
public record LawFitter(Law law, double delta, Resampling resampling, int resamples, long seed, double[] weights) {
    private static final Lbfgs.Options TIGHT = Lbfgs.Options.DEFAULT.withHistory(12).withMaxIterations(2000).withGradientTolerance(1e-11);

    /** What a bootstrap resample is made of. */
    public enum Resampling {
        /** The observations themselves are drawn, inputs and all. For many observations. */
        CASES,
        /**
         * The inputs stay; log residuals, divided by {@code sqrt(1 - p / n)}, are drawn and added to the fit. For a designed
         * experiment of few sizes, where drawing cases could leave too few different ones.
         */
        RESIDUALS
    }

    public LawFitter {
        Objects.requireNonNull(law, "law");
        Objects.requireNonNull(resampling, "resampling");
        if (!(delta > 0)) throw new IllegalArgumentException("LawFitter: Huber delta is " + delta + ", expected a positive number");
        if (resamples < 100) throw new IllegalArgumentException("LawFitter: " + resamples + " bootstrap resamples, expected at least 100");
    }

    /** Least squares on the log, intervals from 4,000 resampled cases, seed 0. */
    public static LawFitter of(Law law) {
        return new LawFitter(law, Double.POSITIVE_INFINITY, Resampling.CASES, 4000, 0, null);
    }

    /** The same settings for another law. */
    public LawFitter withLaw(Law law) {
        return new LawFitter(law, delta, resampling, resamples, seed, weights);
    }

    /**
     * Observation i counts in proportion to {@code weights[i]}: its log residual has the variance {@code sigma^2 / weights[i]}. The number of
     * seeds behind a mean is such a weight. Only ratios matter: the weights are scaled to a mean of 1.
     */
    public LawFitter withWeights(double... weights) {
        double mean = Arrays.stream(weights).average().orElse(1);
        double[] scaled = mean > 0 && Double.isFinite(mean) ? Arrays.stream(weights).map(w -> w / mean).toArray() : weights.clone();
        return new LawFitter(law, delta, resampling, resamples, seed, scaled);
    }

    /** With the Huber loss beyond {@code delta}. */
    public LawFitter withHuber(double delta) {
        return new LawFitter(law, delta, resampling, resamples, seed, weights);
    }

    public LawFitter withResampling(Resampling resampling) {
        return new LawFitter(law, delta, resampling, resamples, seed, weights);
    }

    public LawFitter withResamples(int resamples) {
        return new LawFitter(law, delta, resampling, resamples, seed, weights);
    }

    public LawFitter withSeed(long seed) {
        return new LawFitter(law, delta, resampling, resamples, seed, weights);
    }

    /** Fits columns of a CSV file with a header, one run a row; see {@link #fit(double[], double[][])}. */
    public ScalingFit fit(Path csv, String target, String... inputs) {
        return fit(Table.read().csv(csv.toFile()), target, inputs);
    }

    /** Fits columns of a table; see {@link #fit(double[], double[][])}. */
    public ScalingFit fit(Table table, String target, String... inputs) {
        double[][] columns = Arrays.stream(inputs).map(name -> column(table, name)).toArray(double[][]::new);
        return fit(column(table, target), columns);
    }

    /**
     * Fits observations.
     *
     * @param target the observed y, positive
     * @param inputs one array for each input of the law, each of the length of {@code target}
     * @throws IllegalArgumentException if lengths differ, a number or weight is NaN, infinite or not positive, the observations are not more
     *     than the parameters, or an input takes too few different values
     * @throws IllegalStateException if L-BFGS reaches a minimum from none of the starts
     */
    public ScalingFit fit(double[] target, double[]... inputs) {
        check(target, inputs);
        double[][] features = new double[target.length][];
        for (int i = 0; i < target.length; i++) {
            int row = i;
            features[i] = law.features(Arrays.stream(inputs).mapToDouble(input -> input[row]).toArray());
        }
        double[] logTarget = Arrays.stream(target).map(Math::log).toArray();
        List<double[]> starts = law.starts(features, logTarget);
        Solution solution = solve(LogResiduals.of(law, features, logTarget, weights, delta), starts);
        return new ScalingFit(this, target.clone(), Arrays.stream(inputs).map(double[]::clone).toArray(double[][]::new), features, logTarget, solution, starts.size());
    }

    /**
     * @param coordinates where the objective is least
     * @param objective its value there
     * @param minima starts from which L-BFGS reached some minimum
     * @param best starts from which it reached this one, to 1e-6 of the objective
     * @param held parameters that stand at a bound: index to bound
     */
    record Solution(double[] coordinates, double objective, int minima, int best, Map<Integer, Double> held) {}

    /** Minimises from every start; holds parameters that leave their bounds, the one farthest out first, until none does. */
    Solution solve(LogResiduals problem, List<double[]> starts) {
        return solve(problem, starts, new HashMap<>());
    }

    /** The minimum with coordinate {@code j} at {@code value}, from a start nearby. */
    Solution solveAt(LogResiduals problem, double[] start, int j, double value) {
        Map<Integer, Double> held = new HashMap<>();
        held.put(j, value);
        return solve(problem, List.of(start), held);
    }

    private Solution solve(LogResiduals problem, List<double[]> starts, Map<Integer, Double> held) {
        while (true) {
            Solution solution = minimise(problem.holding(held.keySet()), starts, held);
            int violated = farthestOutside(solution.coordinates(), held);
            if (violated < 0) return solution;
            held.put(violated, law.parameters().get(violated).nearest(solution.coordinates()[violated]));
        }
    }

    private Solution minimise(LogResiduals problem, List<double[]> starts, Map<Integer, Double> held) {
        List<Lbfgs.Result> ends = IntStream.range(0, starts.size()).parallel()
                .mapToObj(i -> Lbfgs.minimize(problem.copy(), within(starts.get(i), held), TIGHT)).toList();
        List<Lbfgs.Result> minima = ends.stream().filter(LawFitter::isMinimum).toList();
        if (minima.isEmpty()) throw new IllegalStateException(noMinimum(ends));
        Lbfgs.Result best = minima.getFirst();
        for (Lbfgs.Result end : minima) if (end.value() < best.value()) best = end;
        double close = best.value() + 1e-6 * Math.abs(best.value()) + 1e-20;
        int reached = (int) minima.stream().filter(end -> end.value() <= close).count();
        return new Solution(best.x(), best.value(), minima.size(), reached, Map.copyOf(held));
    }

    /** Rounding can leave the line search without a step at a minimum: the gradient then tells. */
    private static boolean isMinimum(Lbfgs.Result end) {
        return end.converged() || (end.status() == Lbfgs.Status.LINE_SEARCH_STUCK && end.gradientNorm() < 1e-6);
    }

    private String noMinimum(List<Lbfgs.Result> ends) {
        String reasons = ends.stream().collect(Collectors.groupingBy(Lbfgs.Result::status, Collectors.counting())).toString();
        double least = ends.stream().mapToDouble(Lbfgs.Result::value).min().orElse(Double.NaN);
        return law.name() + ": L-BFGS reached a minimum from none of " + ends.size() + " starts " + reasons + ", least objective " + least
                + "; look at the data for outliers and units, or fit a law with fewer parameters";
    }

    private static double[] within(double[] start, Map<Integer, Double> held) {
        double[] x = start.clone();
        held.forEach((j, bound) -> x[j] = bound);
        return x;
    }

    private int farthestOutside(double[] coordinates, Map<Integer, Double> held) {
        int farthest = -1;
        double distance = 0;
        for (int j = 0; j < coordinates.length; j++) {
            if (held.containsKey(j)) continue;
            double outside = Math.abs(coordinates[j] - law.parameters().get(j).nearest(coordinates[j]));
            if (outside > distance) {
                distance = outside;
                farthest = j;
            }
        }
        return farthest;
    }

    private void check(double[] target, double[][] inputs) {
        if (inputs.length != law.inputs().size()) {
            throw new IllegalArgumentException(law.name() + ": " + inputs.length + " inputs, expected one array for each of " + law.inputs());
        }
        checkPositive("the target", target);
        if (weights != null && weights.length != target.length) throw new IllegalArgumentException(law.name() + ": " + weights.length + " weights for " + target.length + " targets");
        if (weights != null) checkPositive("the weight", weights, "");
        int parameters = law.parameters().size();
        if (target.length <= parameters) {
            throw new IllegalArgumentException(law.name() + ": " + target.length + " observations for " + parameters + " parameters, expected at least " + (parameters + 1));
        }
        for (int k = 0; k < inputs.length; k++) {
            String name = law.inputs().get(k);
            if (inputs[k].length != target.length) {
                throw new IllegalArgumentException(law.name() + ": " + inputs[k].length + " values of " + name + " for " + target.length + " targets");
            }
            if (law.positive(k)) checkPositive(name, inputs[k]);
            else checkFinite(name, inputs[k]);
            long distinct = Arrays.stream(inputs[k]).distinct().count();
            if (distinct < law.distinctValuesNeeded()) {
                throw new IllegalArgumentException(law.name() + ": " + name + " takes " + distinct + " different value" + (distinct == 1 ? "" : "s") + " (" + name + " = "
                        + Arrays.stream(inputs[k]).distinct().mapToObj(Double::toString).collect(Collectors.joining(", "))
                        + "), expected at least " + law.distinctValuesNeeded() + " to identify " + law.formula());
            }
        }
    }

    private void checkPositive(String name, double[] values) {
        checkPositive(name, values, ": the fit takes its logarithm");
    }

    private void checkPositive(String name, double[] values, String why) {
        for (int i = 0; i < values.length; i++) {
            if (!(values[i] > 0) || Double.isInfinite(values[i])) {
                throw new IllegalArgumentException(law.name() + ": " + name + " is " + values[i] + " in observation " + i + ", expected a positive finite number" + why);
            }
        }
    }

    private void checkFinite(String name, double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) throw new IllegalArgumentException(law.name() + ": " + name + " is " + values[i] + " in observation " + i + ", expected a finite number");
        }
    }

    private double[] column(Table table, String name) {
        if (!table.containsColumn(name)) {
            throw new IllegalArgumentException(law.name() + ": no column \"" + name + "\" in table " + table.name() + ", which has " + table.columnNames());
        }
        Column<?> column = table.column(name);
        if (!(column instanceof NumericColumn<?> numbers)) {
            throw new IllegalArgumentException(law.name() + ": column \"" + name + "\" holds " + column.type() + ", expected numbers");
        }
        List<Integer> missing = new ArrayList<>();
        for (int row = 0; row < numbers.size(); row++) if (numbers.isMissing(row)) missing.add(row);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(law.name() + ": column \"" + name + "\" has no value in row" + (missing.size() == 1 ? " " : "s ") + missing + "; drop those rows first");
        }
        return numbers.asDoubleArray();
    }
}
