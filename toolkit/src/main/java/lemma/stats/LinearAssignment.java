package lemma.stats;

import java.util.Arrays;

/**
 * The one-to-one assignment of rows to columns of smallest total cost (Hungarian method, by shortest augmenting paths). Time O(n^2 m) for n
 * rows and m &gt;= n columns.
 *
 * @see <a href="https://doi.org/10.1007/BF02278710">Jonker, Volgenant (1987), A shortest augmenting path algorithm for dense and sparse linear assignment problems</a>
 */
public final class LinearAssignment {
    private LinearAssignment() {}

    /**
     * For each row its column; with more rows than columns the rows that get none have -1.
     *
     * @throws IllegalArgumentException if rows differ in length, there are none, or a cost is NaN or infinite
     */
    public static int[] minimise(double[][] cost) {
        check(cost);
        if (cost.length <= cost[0].length) return wide(cost);
        double[][] turned = new double[cost[0].length][cost.length];
        for (int i = 0; i < cost.length; i++) for (int j = 0; j < turned.length; j++) turned[j][i] = cost[i][j];
        int[] rowOf = wide(turned);
        int[] columnOf = new int[cost.length];
        Arrays.fill(columnOf, -1);
        for (int j = 0; j < rowOf.length; j++) columnOf[rowOf[j]] = j;
        return columnOf;
    }

    /** The assignment of largest total profit. */
    public static int[] maximise(double[][] profit) {
        return minimise(Arrays.stream(profit).map(row -> Arrays.stream(row).map(v -> -v).toArray()).toArray(double[][]::new));
    }

    /** Sum of the elements that {@code columnOf} chooses. */
    public static double total(double[][] values, int[] columnOf) {
        double sum = 0;
        for (int i = 0; i < columnOf.length; i++) if (columnOf[i] >= 0) sum += values[i][columnOf[i]];
        return sum;
    }

    private static void check(double[][] cost) {
        if (cost.length == 0 || cost[0].length == 0) throw new IllegalArgumentException("LinearAssignment: the cost matrix is empty");
        for (int i = 0; i < cost.length; i++) {
            if (cost[i].length != cost[0].length) throw new IllegalArgumentException("LinearAssignment: row " + i + " has " + cost[i].length + " elements, row 0 has " + cost[0].length);
            for (int j = 0; j < cost[i].length; j++) if (!Double.isFinite(cost[i][j])) throw new IllegalArgumentException("LinearAssignment: cost [" + i + ", " + j + "] is " + cost[i][j] + ", expected finite numbers");
        }
    }

    /** Row by row: the shortest path in reduced costs from the new row to a free column, then potentials that keep all reduced costs at least 0. */
    private static int[] wide(double[][] cost) {
        int n = cost.length;
        int m = cost[0].length;
        double[] u = new double[n];
        double[] v = new double[m];
        int[] rowOf = new int[m];
        Arrays.fill(rowOf, -1);
        for (int row = 0; row < n; row++) augment(cost, row, u, v, rowOf);
        int[] columnOf = new int[n];
        for (int j = 0; j < m; j++) if (rowOf[j] >= 0) columnOf[rowOf[j]] = j;
        return columnOf;
    }

    private static void augment(double[][] cost, int start, double[] u, double[] v, int[] rowOf) {
        int m = v.length;
        double[] length = new double[m];
        int[] before = new int[m];
        boolean[] done = new boolean[m];
        Arrays.fill(length, Double.POSITIVE_INFINITY);
        Arrays.fill(before, -1);
        int row = start;
        int last = -1;
        double reached = 0;
        while (true) {
            int next = -1;
            for (int j = 0; j < m; j++) {
                if (done[j]) continue;
                double through = reached + cost[row][j] - u[row] - v[j];
                if (through < length[j]) {
                    length[j] = through;
                    before[j] = last;
                }
                if (next < 0 || length[j] < length[next]) next = j;
            }
            reached = length[next];
            done[next] = true;
            last = next;
            if (rowOf[next] < 0) break;
            row = rowOf[next];
        }
        u[start] += reached;
        for (int j = 0; j < m; j++) {
            if (!done[j] || j == last) continue;
            u[rowOf[j]] += reached - length[j];
            v[j] -= reached - length[j];
        }
        for (int j = last; j >= 0; j = before[j]) rowOf[j] = before[j] < 0 ? start : rowOf[before[j]];
    }
}
