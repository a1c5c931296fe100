package lemma.scaling;

import java.util.Arrays;

/** Numbers at which curves are drawn. */
final class LogGrid {
    private LogGrid() {}

    /** {@code n} numbers from the least of {@code values} divided by {@code margin} to the largest times {@code margin}. */
    static double[] around(double[] values, double margin, int n) {
        double low = Math.log(Arrays.stream(values).min().orElseThrow() / margin);
        double high = Math.log(Arrays.stream(values).max().orElseThrow() * margin);
        double[] grid = new double[n];
        for (int i = 0; i < n; i++) grid[i] = Math.exp(low + (high - low) * i / (n - 1));
        return grid;
    }

    /** {@code n} numbers of equal distance from the least of {@code values} to the largest. */
    static double[] even(double[] values, int n) {
        double low = Arrays.stream(values).min().orElseThrow();
        double high = Arrays.stream(values).max().orElseThrow();
        double[] grid = new double[n];
        for (int i = 0; i < n; i++) grid[i] = low + (high - low) * i / (n - 1);
        return grid;
    }
}
