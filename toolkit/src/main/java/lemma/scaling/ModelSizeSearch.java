package lemma.scaling;

import java.util.Arrays;
import java.util.Locale;
import lemma.display.Bundle;
import lemma.display.Rich;

/**
 * How large must the model be for each data size? For every data size m the smallest model size s whose error is within
 * {@code tolerance} of the best, {@code error <= (1 + tolerance) min error}; through these the law {@code s(m) = sigma m^beta_p}.
 * Several seeds give several points at each m.
 *
 * @param m data sizes of the points
 * @param size the model size needed at each
 * @param atLargest points whose best error is that of the largest model tried: there the search did not go far enough
 * @param fit the law, with {@code alpha()} for sigma and {@code beta()} for beta_p
 * @see <a href="https://arxiv.org/abs/1712.00409">Hestness et al. (2017), section 3.3</a>
 */
public record ModelSizeSearch(double[] m, double[] size, int atLargest, PowerLawFit fit) implements Rich {
    /**
     * @param dataSizes data sizes m
     * @param modelSizes model sizes s (parameters), ascending
     * @param error validation errors, {@code [seed][data size][model size]}
     * @param tolerance relative tolerance, such as 0.01
     * @throws IllegalArgumentException if the shape of {@code error} does not fit, an error is not positive and finite, model sizes do
     *     not ascend, or {@code tolerance} is negative
     */
    public static ModelSizeSearch of(double[] dataSizes, double[] modelSizes, double[][][] error, double tolerance) {
        if (!(tolerance >= 0)) throw new IllegalArgumentException("ModelSizeSearch: tolerance is " + tolerance + ", expected at least 0");
        for (int j = 1; j < modelSizes.length; j++) {
            if (!(modelSizes[j] > modelSizes[j - 1])) throw new IllegalArgumentException("ModelSizeSearch: model sizes " + Arrays.toString(modelSizes) + " do not ascend");
        }
        int points = error.length * dataSizes.length;
        double[] m = new double[points];
        double[] size = new double[points];
        int atLargest = 0;
        for (int seed = 0, point = 0; seed < error.length; seed++) {
            if (error[seed].length != dataSizes.length) {
                throw new IllegalArgumentException("ModelSizeSearch: seed " + seed + " has errors for " + error[seed].length + " data sizes, expected " + dataSizes.length);
            }
            for (int i = 0; i < dataSizes.length; i++, point++) {
                double[] row = checked(error[seed][i], modelSizes.length, dataSizes[i], seed);
                int best = leastIndex(row);
                if (best == row.length - 1) atLargest++;
                m[point] = dataSizes[i];
                size[point] = modelSizes[firstWithin(row, (1 + tolerance) * row[best])];
            }
        }
        return new ModelSizeSearch(m, size, atLargest, PowerLawFit.of(m, size));
    }

    /** One seed: errors {@code [data size][model size]}. */
    public static ModelSizeSearch of(double[] dataSizes, double[] modelSizes, double[][] error, double tolerance) {
        return of(dataSizes, modelSizes, new double[][][] {error}, tolerance);
    }

    private static double[] checked(double[] row, int length, double m, int seed) {
        if (row.length != length) throw new IllegalArgumentException("ModelSizeSearch: " + row.length + " errors at m = " + m + " (seed " + seed + "), expected one for each of " + length + " model sizes");
        for (double e : row) {
            if (!(e > 0) || Double.isInfinite(e)) throw new IllegalArgumentException("ModelSizeSearch: error " + e + " at m = " + m + " (seed " + seed + "), expected a positive finite number");
        }
        return row;
    }

    private static int leastIndex(double[] row) {
        int least = 0;
        for (int j = 1; j < row.length; j++) if (row[j] < row[least]) least = j;
        return least;
    }

    private static int firstWithin(double[] row, double limit) {
        int j = 0;
        while (row[j] > limit) j++;
        return j;
    }

    @Override
    public Bundle bundle() {
        return Bundle.text(points() + "\n" + fit.scalingFit().summary());
    }

    @Override
    public String toString() {
        return points() + "\n" + fit;
    }

    private String points() {
        StringBuilder text = new StringBuilder(String.format("%10s %10s%n", "m", "size"));
        for (double data : Arrays.stream(m).distinct().toArray()) {
            text.append(String.format(Locale.ROOT, "%10.6g", data));
            for (int i = 0; i < m.length; i++) if (m[i] == data) text.append(String.format(Locale.ROOT, " %10.6g", size[i]));
            text.append('\n');
        }
        if (atLargest > 0) text.append("Warning: the largest model tried is the best at ").append(atLargest).append(" of ").append(m.length).append(" points: try larger ones\n");
        return text.toString().stripTrailing();
    }
}
