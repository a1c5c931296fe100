package lemma.data;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The convex hull of points of the plane by the monotone chain, with exact decisions, in time O(n log n).
 *
 * @see <a href="https://doi.org/10.1016/0020-0190(79)90072-3">Andrew (1979), Another efficient algorithm for convex hulls in two dimensions</a>
 */
public final class ConvexHull {
    private ConvexHull() {}

    /**
     * The corners, counter-clockwise from the one of the lowest number; points on an edge are no corners. Of points on one line the two ends.
     *
     * @param points n rows (x, y), at least one
     * @throws IllegalArgumentException if a point stands twice or is not finite
     */
    public static int[] of(double[][] points) {
        PlanarPredicates.check("ConvexHull", points, 1);
        int[] order = IntStream.range(0, points.length).boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> points[i][0]).thenComparingDouble(i -> points[i][1])).mapToInt(i -> i).toArray();
        if (order.length < 3) return Arrays.stream(order).sorted().toArray();
        int[] corners = new int[2 * order.length];
        int size = chain(points, order, corners, 0);
        int[] back = IntStream.range(0, order.length).map(i -> order[order.length - 1 - i]).toArray();
        size = chain(points, back, corners, size - 1) - 1;
        return fromLowest(Arrays.copyOf(corners, size));
    }

    /** Writes one side from place {@code from} on; gives the new number of corners. */
    private static int chain(double[][] points, int[] order, int[] corners, int from) {
        int size = from;
        for (int i : order) {
            while (size >= from + 2 && PlanarPredicates.orientation(points[corners[size - 2]], points[corners[size - 1]], points[i]) <= 0) size--;
            corners[size++] = i;
        }
        return size;
    }

    private static int[] fromLowest(int[] corners) {
        int lowest = 0;
        for (int i = 1; i < corners.length; i++) if (corners[i] < corners[lowest]) lowest = i;
        int first = lowest;
        return IntStream.range(0, corners.length).map(i -> corners[(first + i) % corners.length]).toArray();
    }

    /** The area that a polygon through these points encloses, by the shoelace formula; 0 for fewer than three. */
    public static double area(double[][] points, int... corners) {
        double twice = 0;
        for (int i = 0; i < corners.length; i++) {
            double[] a = points[corners[i]];
            double[] b = points[corners[(i + 1) % corners.length]];
            twice += a[0] * b[1] - a[1] * b[0];
        }
        return Math.abs(twice) / 2;
    }
}
