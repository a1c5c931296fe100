package lemma.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Closed tours through points of the plane: the shortest, and the one that always goes to the nearest point. */
public final class TravellingSalesman {
    private static final int MOST = 16;

    private TravellingSalesman() {}

    /**
     * The shortest tour by dynamic programming over subsets, in time O(n^2 2^n), from point 0 in the direction in which the second point has a lower
     * number than the last.
     *
     * @param points n rows (x, y), 1 to 16
     * @throws IllegalArgumentException if there are more, a point stands twice or is not finite
     * @see <a href="https://doi.org/10.1137/0110015">Held, Karp (1962), A dynamic programming approach to sequencing problems</a>
     */
    public static int[] optimal(double[][] points) {
        PlanarPredicates.check("TravellingSalesman", points, 1);
        int n = points.length;
        if (n > MOST) throw new IllegalArgumentException("TravellingSalesman: " + n + " points, expected at most " + MOST);
        if (n < 3) return n == 1 ? new int[] {0} : new int[] {0, 1};
        int last = n - 1;
        double[][] cost = new double[1 << last][last];
        int[][] from = new int[1 << last][last];
        for (int set = 1; set < 1 << last; set++) fill(points, set, cost, from);
        int full = (1 << last) - 1;
        int end = 0;
        for (int j = 1; j < last; j++) if (cost[full][j] + distance(points[j + 1], points[0]) < cost[full][end] + distance(points[end + 1], points[0])) end = j;
        return directed(trace(from, full, end, n));
    }

    /** Point j + 1 is the end of the cheapest way from 0 through the set. */
    private static void fill(double[][] points, int set, double[][] cost, int[][] from) {
        for (int j = 0; j < cost[set].length; j++) {
            int rest = set & ~(1 << j);
            cost[set][j] = Double.POSITIVE_INFINITY;
            if (rest == set) continue;
            if (rest == 0) cost[set][j] = distance(points[0], points[j + 1]);
            for (int i = 0; i < cost[set].length; i++) {
                if ((rest >> i & 1) == 0) continue;
                double c = cost[rest][i] + distance(points[i + 1], points[j + 1]);
                if (c < cost[set][j]) {
                    cost[set][j] = c;
                    from[set][j] = i;
                }
            }
        }
    }

    private static int[] trace(int[][] from, int full, int end, int n) {
        int[] tour = new int[n];
        int set = full;
        int at = end;
        for (int place = n - 1; place > 0; place--) {
            tour[place] = at + 1;
            int before = from[set][at];
            set &= ~(1 << at);
            at = before;
        }
        return tour;
    }

    private static int[] directed(int[] tour) {
        int n = tour.length;
        if (tour[1] < tour[n - 1]) return tour;
        int[] turned = new int[n];
        for (int i = 1; i < n; i++) turned[i] = tour[n - i];
        return turned;
    }

    /** From point 0 always to the nearest point not yet visited. */
    public static int[] nearestNeighbour(double[][] points) {
        PlanarPredicates.check("TravellingSalesman", points, 1);
        boolean[] visited = new boolean[points.length];
        int[] tour = new int[points.length];
        visited[0] = true;
        for (int i = 1; i < tour.length; i++) {
            int best = -1;
            for (int j = 0; j < points.length; j++) {
                if (!visited[j] && (best < 0 || distance(points[tour[i - 1]], points[j]) < distance(points[tour[i - 1]], points[best]))) best = j;
            }
            visited[best] = true;
            tour[i] = best;
        }
        return tour;
    }

    /** Length of the closed tour. */
    public static double length(double[][] points, int[] tour) {
        double sum = 0;
        for (int i = 0; i < tour.length; i++) sum += distance(points[tour[i]], points[tour[(i + 1) % tour.length]]);
        return sum;
    }

    /** True if the tour visits each of n points once. */
    public static boolean visitsAll(int n, int[] tour) {
        return tour.length == n && Arrays.equals(Arrays.stream(tour).sorted().toArray(), IntStream.range(0, n).toArray());
    }

    private static double distance(double[] a, double[] b) {
        return Math.hypot(a[0] - b[0], a[1] - b[1]);
    }
}
