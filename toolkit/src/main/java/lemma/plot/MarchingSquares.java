package lemma.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Level sets of values on a rectangular grid: where linear interpolation along the grid's edges meets the level. For a function with
 * second derivatives at most {@code M} the values at the points differ from the level by at most {@code M h^2 / 8} with {@code h}
 * the grid step. In a cell whose diagonals disagree the mean of the corners decides.
 *
 * <p>Lines run with the larger values on their left. A value that is not finite is a hole.
 *
 * @see <a href="https://doi.org/10.1145/37402.37422">Lorensen, Cline (1987), Marching cubes (here in the plane)</a>
 */
final class MarchingSquares {
    /** The four edges of a cell: bottom, right, top, left. */
    private static final int B = 0, R = 1, T = 2, L = 3;

    /** From which edge to which a line runs, for each set of corners inside (1 lower left, 2 lower right, 4 upper right, 8 upper left). */
    private static final int[][] RUNS = {
        {}, {B, L}, {R, B}, {R, L}, {T, R}, {B, L, T, R}, {T, B}, {T, L}, {L, T}, {B, T}, {R, B, L, T}, {R, T}, {L, R}, {B, R}, {L, B}, {}
    };
    private static final int[] SADDLE_5_JOINED = {B, R, T, L};
    private static final int[] SADDLE_10_JOINED = {L, B, R, T};

    private final double[] xs;
    private final double[] ys;
    private final double[][] z;
    private final double level;
    private final int[] next;
    private final boolean[] entered;

    private MarchingSquares(double[] xs, double[] ys, double[][] z, double level) {
        this.xs = xs;
        this.ys = ys;
        this.z = z;
        this.level = level;
        this.next = new int[2 * xs.length * ys.length];
        this.entered = new boolean[next.length];
        Arrays.fill(next, -1);
    }

    /** The lines {@code z = level}, each as its x and its y values; a closed one repeats its first point. */
    static List<double[][]> lines(double[] xs, double[] ys, double[][] z, double level) {
        return new MarchingSquares(xs, ys, z, level).trace();
    }

    /** The edges of the region {@code z >= level} within the grid: closed rings, outer ones counter-clockwise and holes clockwise. */
    static List<double[][]> region(double[] xs, double[] ys, double[][] z, double level) {
        return new MarchingSquares(framed(xs), framed(ys), framed(z), level).trace();
    }

    private static double[] framed(double[] values) {
        double[] framed = new double[values.length + 2];
        System.arraycopy(values, 0, framed, 1, values.length);
        framed[0] = values[0];
        framed[values.length + 1] = values[values.length - 1];
        return framed;
    }

    /** A frame of minus infinity on top of the outermost points closes every ring along the border. */
    private static double[][] framed(double[][] z) {
        double[][] framed = new double[z.length + 2][z[0].length + 2];
        for (double[] row : framed) Arrays.fill(row, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < z.length; i++) {
            for (int j = 0; j < z[i].length; j++) {
                if (Double.isFinite(z[i][j])) framed[i + 1][j + 1] = z[i][j];
            }
        }
        return framed;
    }

    private List<double[][]> trace() {
        for (int i = 0; i + 1 < ys.length; i++) {
            for (int j = 0; j + 1 < xs.length; j++) cell(i, j);
        }
        List<double[][]> lines = new ArrayList<>();
        for (int edge = 0; edge < next.length; edge++) {
            if (next[edge] >= 0 && !entered[edge]) lines.add(follow(edge));
        }
        for (int edge = 0; edge < next.length; edge++) {
            if (next[edge] >= 0) lines.add(follow(edge));
        }
        return lines;
    }

    private void cell(int i, int j) {
        double a = z[i][j], b = z[i][j + 1], c = z[i + 1][j + 1], d = z[i + 1][j];
        double mean = (a + b + c + d) / 4;
        if (Double.isNaN(mean) || mean == Double.POSITIVE_INFINITY) return;
        int inside = (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0);
        int[] runs = RUNS[inside];
        if (mean >= level && inside == 5) runs = SADDLE_5_JOINED;
        if (mean >= level && inside == 10) runs = SADDLE_10_JOINED;
        for (int k = 0; k < runs.length; k += 2) {
            next[edge(i, j, runs[k])] = edge(i, j, runs[k + 1]);
            entered[edge(i, j, runs[k + 1])] = true;
        }
    }

    /** The number of an edge in the whole grid: even ones run along x from a grid point, odd ones along y. */
    private int edge(int i, int j, int side) {
        return switch (side) {
            case B -> 2 * (i * xs.length + j);
            case T -> 2 * ((i + 1) * xs.length + j);
            case L -> 2 * (i * xs.length + j) + 1;
            default -> 2 * (i * xs.length + j + 1) + 1;
        };
    }

    private double[][] follow(int start) {
        List<double[]> points = new ArrayList<>();
        int edge = start;
        while (edge >= 0) {
            points.add(crossing(edge));
            int to = next[edge];
            next[edge] = -1;
            edge = to;
        }
        return new double[][] {points.stream().mapToDouble(p -> p[0]).toArray(), points.stream().mapToDouble(p -> p[1]).toArray()};
    }

    private double[] crossing(int edge) {
        int i = edge / 2 / xs.length;
        int j = edge / 2 % xs.length;
        int i2 = edge % 2 == 0 ? i : i + 1;
        int j2 = edge % 2 == 0 ? j + 1 : j;
        double t = between(z[i][j], z[i2][j2]);
        return new double[] {xs[j] + t * (xs[j2] - xs[j]), ys[i] + t * (ys[i2] - ys[i])};
    }

    private double between(double from, double to) {
        if (Double.isInfinite(from)) return 1;
        if (Double.isInfinite(to)) return 0;
        return (level - from) / (to - from);
    }
}
