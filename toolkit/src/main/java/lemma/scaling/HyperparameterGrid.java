package lemma.scaling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.List;
import java.util.stream.IntStream;
import lemma.plot.Figure;
import lemma.stats.QuadraticResponseSurface;
import tech.tablesaw.api.Table;

/**
 * Losses measured on a grid of learning rates and batch sizes at one scale, the mean over seeds: where is the best of both, is the
 * loss convex around it, and how much does another choice cost? Axes are logarithmic. The optimum comes from a
 * {@link QuadraticResponseSurface} through the five rates and three batch sizes around the best measured point.
 *
 * @see <a href="https://arxiv.org/abs/2503.04715">Li et al. (2025), Predictable Scale: Part I, Optimal Hyperparameter Scaling Law</a>
 */
public final class HyperparameterGrid {
    private static final int RATES = 5;
    private static final int BATCHES = 3;

    private final double[] rates;
    private final double[] batches;
    private final double[][] loss;
    private final int bestRate;
    private final int bestBatch;
    private final QuadraticResponseSurface surface;

    private HyperparameterGrid(double[] rates, double[] batches, double[][] loss) {
        this.rates = rates;
        this.batches = batches;
        this.loss = loss;
        int best = IntStream.range(0, rates.length * batches.length).reduce(0, (a, b) -> at(b) < at(a) ? b : a);
        this.bestRate = best / batches.length;
        this.bestBatch = best % batches.length;
        this.surface = surface();
    }

    private double at(int cell) {
        return loss[cell / batches.length][cell % batches.length];
    }

    /**
     * The runs of one scale.
     *
     * @param runs a row a run
     * @param rate column of the learning rates
     * @param batch column of the batch sizes, in tokens
     * @param loss column of the losses; a run that diverged may hold NaN or infinity, as long as some other is finite
     * @throws IllegalArgumentException if a combination of rate and batch size was not run, or they take fewer than three values each
     */
    public static HyperparameterGrid of(Table runs, String rate, String batch, String loss) {
        double[] r = runs.numberColumn(rate).asDoubleArray();
        double[] b = runs.numberColumn(batch).asDoubleArray();
        double[] l = runs.numberColumn(loss).asDoubleArray();
        double[] rates = Arrays.stream(r).distinct().sorted().toArray();
        double[] batches = Arrays.stream(b).distinct().sorted().toArray();
        if (rates.length < 3 || batches.length < 3 || !(rates[0] > 0 && batches[0] > 0)) {
            throw new IllegalArgumentException("HyperparameterGrid: rates " + Arrays.toString(rates) + " and batch sizes " + Arrays.toString(batches) + ", expected three or more of each, positive");
        }
        double[][] mean = new double[rates.length][batches.length];
        for (int i = 0; i < rates.length; i++) {
            for (int j = 0; j < batches.length; j++) {
                double x = rates[i];
                double y = batches[j];
                mean[i][j] = IntStream.range(0, r.length).filter(k -> r[k] == x && b[k] == y).mapToDouble(k -> Double.isFinite(l[k]) ? l[k] : Double.POSITIVE_INFINITY).average()
                        .orElseThrow(() -> new IllegalArgumentException("HyperparameterGrid: no run with " + rate + " " + x + " and " + batch + " " + y));
            }
        }
        return new HyperparameterGrid(rates, batches, mean);
    }

    private QuadraticResponseSurface surface() {
        int r = Math.clamp(bestRate - RATES / 2, 0, Math.max(0, rates.length - RATES));
        int b = Math.clamp(bestBatch - BATCHES / 2, 0, batches.length - BATCHES);
        List<double[]> points = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        for (int i = r; i < Math.min(r + RATES, rates.length); i++) {
            for (int j = b; j < b + BATCHES; j++) {
                if (loss[i][j] == Double.POSITIVE_INFINITY) continue;
                points.add(new double[] {Math.log(rates[i]), Math.log(batches[j])});
                losses.add(loss[i][j]);
            }
        }
        return QuadraticResponseSurface.of(points.toArray(double[][]::new), losses.stream().mapToDouble(v -> v).toArray());
    }

    /** The best measured choice. */
    public StepLaw.Hyperparameters best() {
        return new StepLaw.Hyperparameters(rates[bestRate], batches[bestBatch]);
    }

    /** The least measured loss. */
    public double bestLoss() {
        return loss[bestRate][bestBatch];
    }

    /** Whether the best measured choice lies on the edge of the grid, so that a better one may lie beyond. */
    public boolean isAtEdge() {
        return bestRate == 0 || bestRate == rates.length - 1 || bestBatch == 0 || bestBatch == batches.length - 1;
    }

    /** Whether the surface around the best measured choice is convex. */
    public boolean isConvex() {
        return surface.isConvex();
    }

    /** The surface, over the natural logarithms of rate and batch size. */
    public QuadraticResponseSurface responseSurface() {
        return surface;
    }

    /** Where the surface is least within the grid; the best measured choice where it is not convex. */
    public StepLaw.Hyperparameters optimum() {
        if (!surface.isConvex()) return best();
        double[] low = {Math.log(rates[0]), Math.log(batches[0])};
        double[] high = {Math.log(rates[rates.length - 1]), Math.log(batches[batches.length - 1])};
        double[] x = surface.minimiser(low, high);
        return new StepLaw.Hyperparameters(Math.exp(x[0]), Math.exp(x[1]));
    }

    /** What a choice costs: loss measured at the grid point nearest to it on log axes, relative to the best, minus 1. */
    public double regret(StepLaw.Hyperparameters choice) {
        return loss[nearest(rates, choice.learningRate())][nearest(batches, choice.batchTokens())] / bestLoss() - 1;
    }

    private static int nearest(double[] values, double to) {
        return IntStream.range(0, values.length).boxed().min((a, b) -> Double.compare(Math.abs(Math.log(values[a] / to)), Math.abs(Math.log(values[b] / to)))).orElseThrow();
    }

    /** Share of the measured choices whose loss is within {@code fraction} of the best, such as 0.0025. */
    public double plateau(double fraction) {
        return Arrays.stream(loss).flatMapToDouble(Arrays::stream).filter(l -> l <= (1 + fraction) * bestLoss()).count() / (double) (rates.length * batches.length);
    }

    /** Loss over the rate, a line a batch size. */
    public Figure figure(String title) {
        Figure figure = Figure.of(title).xLog("peak learning rate").y("loss (nats a token)");
        for (int j = 0; j < batches.length; j++) {
            int column = j;
            int[] finite = IntStream.range(0, rates.length).filter(i -> loss[i][column] < Double.POSITIVE_INFINITY).toArray();
            figure = figure.line("batch " + (long) batches[j], Arrays.stream(finite).mapToDouble(i -> rates[i]).toArray(), Arrays.stream(finite).mapToDouble(i -> loss[i][column]).toArray());
        }
        return figure;
    }

    @Override
    public String toString() {
        StepLaw.Hyperparameters optimum = optimum();
        return String.format(Locale.ROOT, "%d rates, %d batch sizes: loss %.5f at rate %.4g, batch %.4g; optimum of the surface at %.4g, %.4g%s", rates.length, batches.length, bestLoss(),
                rates[bestRate], batches[bestBatch], optimum.learningRate(), optimum.batchTokens(), isConvex() ? "" : "; not convex there");
    }
}
