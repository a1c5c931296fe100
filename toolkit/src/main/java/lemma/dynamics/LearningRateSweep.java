package lemma.dynamics;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.plot.Figure;
import lemma.sweep.Runs;

/**
 * Losses over learning rates at several sizes of a network, and where the best rate of each lies. A rate transfers where the best one is the same
 * at all sizes.
 *
 * @param sizes widths or depths
 * @param rates ascending, usually by a constant factor
 * @param losses (sizes, rates), infinite where training diverged
 */
public record LearningRateSweep(double[] sizes, double[] rates, double[][] losses) {
    /** @throws IllegalArgumentException if shapes differ, rates do not ascend, or training diverged at all rates of a size */
    public LearningRateSweep {
        if (losses.length != sizes.length) throw new IllegalArgumentException("LearningRateSweep: losses of " + losses.length + " sizes, expected " + sizes.length);
        for (int i = 1; i < rates.length; i++) if (!(rates[i] > rates[i - 1])) throw new IllegalArgumentException("LearningRateSweep: rate " + rates[i] + " does not come after " + rates[i - 1]);
        for (int i = 0; i < sizes.length; i++) {
            if (losses[i].length != rates.length) throw new IllegalArgumentException("LearningRateSweep: " + losses[i].length + " losses at size " + sizes[i] + ", expected one for each of " + rates.length + " rates");
            if (Arrays.stream(losses[i]).noneMatch(Double::isFinite)) throw new IllegalArgumentException("LearningRateSweep: training diverged at every rate at size " + sizes[i] + "; sweep smaller rates");
        }
    }

    /** The mean of {@code loss} over the seeds of runs of a grid of {@code size} and {@code rate}. */
    public static LearningRateSweep of(Runs runs, String size, String rate, String loss) {
        double[] sizes = values(runs, size);
        double[] rates = values(runs, rate);
        double[][] losses = Arrays.stream(sizes).mapToObj(s -> Arrays.stream(rates).map(r -> runs.where(size, s).where(rate, r).mean(loss)).toArray()).toArray(double[][]::new);
        return new LearningRateSweep(sizes, rates, losses);
    }

    private static double[] values(Runs runs, String column) {
        return Arrays.stream(runs.table().numberColumn(column).asDoubleArray()).distinct().sorted().toArray();
    }

    private int argmin(int size) {
        return IntStream.range(0, rates.length).filter(r -> Double.isFinite(losses[size][r])).boxed().min((a, b) -> Double.compare(losses[size][a], losses[size][b])).orElseThrow();
    }

    /** The rate of the least loss at every size. */
    public double[] best() {
        return IntStream.range(0, sizes.length).mapToDouble(i -> rates[argmin(i)]).toArray();
    }

    /** How many steps of the grid lie between the smallest and the largest of the best rates. */
    public int shift() {
        var places = IntStream.range(0, sizes.length).map(this::argmin).summaryStatistics();
        return places.getMax() - places.getMin();
    }

    /** Loss against rate, a line for each size. */
    public Figure figure(String title, String size) {
        Figure figure = Figure.of(title).xLog("learning rate").yLog("loss");
        for (int i = 0; i < sizes.length; i++) {
            double[] row = losses[i];
            int[] finite = IntStream.range(0, rates.length).filter(r -> Double.isFinite(row[r])).toArray();
            figure = figure.line(size + " " + (int) sizes[i], Arrays.stream(finite).mapToDouble(r -> rates[r]).toArray(), Arrays.stream(finite).mapToDouble(r -> row[r]).toArray()).markers();
        }
        return figure;
    }
}
