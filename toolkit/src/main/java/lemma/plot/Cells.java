package lemma.plot;

import java.util.Arrays;

/**
 * Values on a rectangular grid.
 *
 * @param xs positions of the columns, ascending
 * @param ys positions of the rows, ascending
 * @param z one array a row
 */
record Cells(double[] xs, double[] ys, double[][] z) {
    static Cells of(String call, double[] xs, double[] ys, double[][] z) {
        if (z.length != ys.length) throw new IllegalArgumentException("Figure.%s: z has %d rows and there are %d values of y, expected one row for each y".formatted(call, z.length, ys.length));
        for (int i = 0; i < z.length; i++) {
            if (z[i].length != xs.length) throw new IllegalArgumentException("Figure.%s: row %d of z has %d values and there are %d of x, expected as many".formatted(call, i, z[i].length, xs.length));
        }
        ascending(call, "x", xs);
        ascending(call, "y", ys);
        return new Cells(xs.clone(), ys.clone(), Arrays.stream(z).map(Cells::withHoles).toArray(double[][]::new));
    }

    /** A copy with NaN for what is not finite. */
    private static double[] withHoles(double[] row) {
        return Arrays.stream(row).map(v -> Double.isFinite(v) ? v : Double.NaN).toArray();
    }

    private static void ascending(String call, String what, double[] values) {
        if (values.length == 0) throw new IllegalArgumentException("Figure.%s: %s is empty".formatted(call, what));
        for (int i = 0; i < values.length; i++) {
            boolean good = Double.isFinite(values[i]) && (i == 0 || values[i] > values[i - 1]);
            if (!good) throw new IllegalArgumentException("Figure.%s: %s is %s at index %d, expected finite values, each larger than the one before".formatted(call, what, values[i], i));
        }
    }

    boolean hasHoles() {
        return Arrays.stream(z).flatMapToDouble(Arrays::stream).anyMatch(Double::isNaN);
    }

    Extent range() {
        return Arrays.stream(z).map(Extent::of).reduce(Extent.NONE, Extent::and);
    }

    double[] xEdges(boolean log) {
        return edges(xs, log);
    }

    double[] yEdges(boolean log) {
        return edges(ys, log);
    }

    /** Half way between the positions, on a log axis in the logarithm; the outer cells are as wide as their inner halves say. */
    private static double[] edges(double[] at, boolean log) {
        double[] t = log ? Arrays.stream(at).map(Math::log).toArray() : at;
        int n = t.length;
        double[] edges = new double[n + 1];
        for (int i = 1; i < n; i++) edges[i] = (t[i - 1] + t[i]) / 2;
        edges[0] = n == 1 ? t[0] - 0.5 : t[0] - (t[1] - t[0]) / 2;
        edges[n] = n == 1 ? t[0] + 0.5 : t[n - 1] + (t[n - 1] - t[n - 2]) / 2;
        return log ? Arrays.stream(edges).map(Math::exp).toArray() : edges;
    }
}
