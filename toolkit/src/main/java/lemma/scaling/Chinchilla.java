package lemma.scaling;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lemma.plot.Figure;
import lemma.stats.Interval;
import tech.tablesaw.api.Table;

/**
 * The parametric loss of compute-optimal training, {@code L(N, D) = E + A / N^alpha + B / D^beta}, for N parameters and D
 * training tokens. With {@code a = log A, b = log B, e = log E} it is fitted in the log-sum-exp form
 * {@code log L = LSE(a - alpha log N, b - beta log D, e)} by the sum of Huber losses with delta = 1e-3, from the grid of 4,500
 * starts of the paper: a, b in 0, 5, ..., 25; e in -1, -0.5, ..., 1; alpha, beta in 0, 0.5, ..., 2.
 *
 * <pre>{@code
 * ScalingFit fit = Chinchilla.fit(Table.read().csv("runs.csv"), "params", "tokens", "loss");
 * fit.interval("alpha", 0.95);
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/2203.15556">Hoffmann et al. (2022), Training Compute-Optimal Large Language Models, section 3.3</a>
 * @see <a href="https://arxiv.org/abs/2404.10102">Besiroglu et al. (2024), Chinchilla Scaling: A replication attempt</a>
 */
public final class Chinchilla implements LogSumExpLaw {
    /** Huber threshold of the paper, on the log of the loss. */
    public static final double HUBER_DELTA = 1e-3;

    private static final List<Parameter> PARAMETERS = List.of(
            Parameter.positive("A"), Parameter.positive("B"), Parameter.positive("E"),
            Parameter.between("alpha", 0, Double.POSITIVE_INFINITY), Parameter.between("beta", 0, Double.POSITIVE_INFINITY));
    private static final List<Term> TERMS = List.of(new Term(0, new int[] {3, -1}, -1), new Term(1, new int[] {-1, 4}, -1), Term.constant(2, 2));

    private final boolean gridded;

    /** The law with the paper's 4,500 starts. */
    public Chinchilla() {
        this(true);
    }

    private Chinchilla(boolean gridded) {
        this.gridded = gridded;
    }

    /**
     * Fits the law to runs, one a row.
     *
     * @param runs a table with at least three columns
     * @param params column of parameter counts N
     * @param tokens column of training tokens D
     * @param loss column of losses L in nats per token
     * @throws IllegalArgumentException if a column is missing, a value is missing, not finite or not positive, there are fewer than
     *     six rows, or fewer than three different N or D
     * @throws IllegalStateException if L-BFGS reaches a minimum from none of the starts
     */
    public static ScalingFit fit(Table runs, String params, String tokens, String loss) {
        return fitter().fit(runs, loss, params, tokens);
    }

    /** Fits the law to arrays of parameters N, tokens D and losses L, as {@link #fit(Table, String, String, String)} does. */
    public static ScalingFit fit(double[] params, double[] tokens, double[] loss) {
        return fitter().fit(loss, params, tokens);
    }

    /** The settings of {@link #fit}, to be changed: {@code Chinchilla.fitter().withSeed(2).fit(...)}. */
    public static LawFitter fitter() {
        return LawFitter.of(new Chinchilla()).withHuber(HUBER_DELTA);
    }

    /**
     * Least squares on the log, the likelihood of independent normal log residuals, from 25 pairs of exponents whose factors are projected out.
     * Takes a hundredth of the time of {@link #fitter}: for clean data, and for many fits.
     */
    public static LawFitter leastSquares() {
        return LawFitter.of(new Chinchilla(false));
    }

    /**
     * How to spend {@code flops} of training compute.
     *
     * @param flops C, with {@code C = 6 N D}
     * @param params N with the least predicted loss
     * @param tokens {@code C / (6 N)}
     * @param loss the law there
     */
    public record Allocation(double flops, double params, double tokens, double loss) {}

    /**
     * The allocation of least loss under {@code C = 6 N D}: {@code N = G (C / 6)^(beta / (alpha + beta))} with
     * {@code G = (alpha A / (beta B))^(1 / (alpha + beta))} (Hoffmann et al., eq. 4).
     *
     * @param fit a fit of this law
     * @param flops training compute C
     * @throws IllegalArgumentException if {@code fit} is of another law, an exponent is 0, or {@code flops} is not positive
     */
    public static Allocation optimal(ScalingFit fit, double flops) {
        if (!(fit.law() instanceof Chinchilla)) throw new IllegalArgumentException("Chinchilla: the fit is of the law " + fit.law().name() + ", expected Chinchilla");
        if (!(flops > 0) || Double.isInfinite(flops)) throw new IllegalArgumentException("Chinchilla: flops is " + flops + ", expected a positive finite number");
        double alpha = fit.parameter("alpha");
        double beta = fit.parameter("beta");
        if (!(alpha > 0 && beta > 0)) throw new IllegalArgumentException("Chinchilla: alpha is " + alpha + " and beta " + beta + ", no optimum unless both are positive");
        double g = Math.pow(alpha * fit.parameter("A") / (beta * fit.parameter("B")), 1 / (alpha + beta));
        double params = g * Math.pow(flops / 6, beta / (alpha + beta));
        double tokens = flops / 6 / params;
        return new Allocation(flops, params, tokens, fit.predict(params, tokens));
    }

    /**
     * Percentile bootstrap interval of the best model size for {@code flops}.
     *
     * @throws IllegalArgumentException as {@link #optimal}
     */
    public static Interval optimalParams(ScalingFit fit, double flops, double level) {
        optimal(fit, flops);
        return fit.interval((double[] p) -> bestParams(p, flops), level);
    }

    /** Percentile bootstrap interval of the best number of tokens for {@code flops}; errors as in {@link #optimal}. */
    public static Interval optimalTokens(ScalingFit fit, double flops, double level) {
        optimal(fit, flops);
        return fit.interval((double[] p) -> flops / 6 / bestParams(p, flops), level);
    }

    /** From A, B, E, alpha, beta. */
    private static double bestParams(double[] p, double flops) {
        return Math.pow(p[3] * p[0] / (p[4] * p[1]), 1 / (p[3] + p[4])) * Math.pow(flops / 6, p[4] / (p[3] + p[4]));
    }

    @Override
    public String name() {
        return "Chinchilla";
    }

    @Override
    public String formula() {
        return "L = E + A / N^alpha + B / D^beta";
    }

    @Override
    public List<String> inputs() {
        return List.of("N", "D");
    }

    @Override
    public List<Parameter> parameters() {
        return PARAMETERS;
    }

    @Override
    public int distinctValuesNeeded() {
        return 3;
    }

    @Override
    public List<Term> terms() {
        return TERMS;
    }

    @Override
    public List<double[]> shapes(double[][] features, double[] logTargets) {
        List<double[]> shapes = new ArrayList<>();
        for (double alpha : new double[] {0.1, 0.25, 0.4, 0.6, 1}) for (double beta : new double[] {0.1, 0.25, 0.4, 0.6, 1}) shapes.add(new double[] {0, 0, 0, alpha, beta});
        return shapes;
    }

    /**
     * Contours of equal loss over training compute {@code C = 6 N D} and parameters N, the runs, and the efficient frontier: the N of
     * least loss at each C.
     */
    @Override
    public Figure figure(ScalingFit fit) {
        double[] params = fit.input(0);
        double[] tokens = fit.input(1);
        double[] flops = IntStream.range(0, params.length).mapToDouble(i -> 6 * params[i] * tokens[i]).toArray();
        double[] x = LogGrid.around(flops, 2, 80);
        double[] y = LogGrid.around(params, 2, 80);
        double[][] loss = Arrays.stream(y).mapToObj(n -> Arrays.stream(x).map(c -> fit.predict(n, c / (6 * n))).toArray()).toArray(double[][]::new);
        Figure figure = Figure.of("Loss " + formula()).xLog("training FLOP C = 6 N D").yLog("parameters N")
                .contour("fitted loss", x, y, loss, levels(fit))
                .scatter("runs", flops, params);
        if (!(fit.parameter("alpha") > 0 && fit.parameter("beta") > 0)) return figure;
        double[] best = Arrays.stream(x).map(c -> optimal(fit, c).params()).toArray();
        int[] shown = IntStream.range(0, x.length).filter(i -> y[0] <= best[i] && best[i] <= y[y.length - 1]).toArray();
        return figure.line("efficient frontier", Arrays.stream(shown).mapToDouble(i -> x[i]).toArray(), Arrays.stream(shown).mapToDouble(i -> best[i]).toArray());
    }

    /** Losses of equal ratio above E within the range of the runs, to three digits. */
    private static double[] levels(ScalingFit fit) {
        double constant = fit.parameter("E");
        double[] excess = Arrays.stream(fit.target()).map(l -> l - constant).filter(l -> l > 0.02 * constant).toArray();
        if (excess.length == 0) return new double[0];
        return Arrays.stream(LogGrid.around(excess, 1, 12)).map(l -> new BigDecimal(constant + l).round(new MathContext(3)).doubleValue()).distinct().toArray();
    }

    @Override
    public List<double[]> starts(double[][] features, double[] logTargets) {
        return gridded ? grid() : LogSumExpLaw.super.starts(features, logTargets);
    }

    private static List<double[]> grid() {
        List<double[]> grid = new ArrayList<>(4500);
        for (int a = 0; a <= 25; a += 5) {
            for (int b = 0; b <= 25; b += 5) {
                for (double e = -1; e <= 1; e += 0.5) {
                    for (double alpha = 0; alpha <= 2; alpha += 0.5) {
                        for (double beta = 0; beta <= 2; beta += 0.5) grid.add(new double[] {a, b, e, alpha, beta});
                    }
                }
            }
        }
        return grid;
    }
}
