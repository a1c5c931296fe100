package lemma.data;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The triangulation of points of the plane whose circles through three corners hold no other point. The points are joined from left to right, then
 * edges are flipped until all are locally right; all decisions are exact. Of points on one circle any triangulation may come out.
 *
 * @see <a href="https://doi.org/10.1016/B978-0-12-587260-7.50011-X">Lawson (1977), Software for C1 surface interpolation</a>
 */
public final class Delaunay {
    private final double[][] points;
    /** The corner opposite to each directed edge, whose triangle lies to the left. */
    private final Map<Long, Integer> opposite = new HashMap<>();
    private final Deque<Long> suspects = new ArrayDeque<>();

    private Delaunay(double[][] points) {
        this.points = points;
    }

    /**
     * The triangles, each counter-clockwise from its lowest number, in lexicographic order.
     *
     * @param points n rows (x, y), at least three
     * @throws IllegalArgumentException if a point stands twice or is not finite, or all lie on a line
     */
    public static int[][] triangles(double[][] points) {
        PlanarPredicates.check("Delaunay", points, 3);
        Delaunay d = new Delaunay(points);
        d.sweep();
        d.flip();
        return d.triangles();
    }

    private int side(int a, int b, int c) {
        return PlanarPredicates.orientation(points[a], points[b], points[c]);
    }

    private long edge(int a, int b) {
        return (long) a * points.length + b;
    }

    private void add(int a, int b, int c) {
        put(a, b, c);
        put(b, c, a);
        put(c, a, b);
    }

    private void put(int a, int b, int c) {
        opposite.put(edge(a, b), c);
        suspects.add(edge(a, b));
    }

    /** Joins each point to the edges of the hull so far that it sees. */
    private void sweep() {
        int[] order = IntStream.range(0, points.length).boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> points[i][0]).thenComparingDouble(i -> points[i][1])).mapToInt(i -> i).toArray();
        int off = 2;
        while (off < order.length && side(order[0], order[1], order[off]) == 0) off++;
        if (off == order.length) throw new IllegalArgumentException("Delaunay: all " + points.length + " points lie on a line");
        int apex = order[off];
        boolean left = side(order[0], order[1], apex) > 0;
        // next[i] is the corner of the hull after i, counter-clockwise
        int[] next = new int[points.length];
        for (int i = 0; i + 1 < off; i++) {
            int a = left ? order[i] : order[i + 1];
            int b = left ? order[i + 1] : order[i];
            add(a, b, apex);
            next[a] = b;
        }
        int first = left ? order[0] : order[off - 1];
        int last = left ? order[off - 1] : order[0];
        next[last] = apex;
        next[apex] = first;
        int rightmost = apex;
        for (int k = off + 1; k < order.length; k++) rightmost = join(order[k], rightmost, next);
    }

    private int join(int p, int from, int[] next) {
        int lower = from;
        int upper = next[from];
        while (side(lower, upper, p) >= 0) {
            lower = upper;
            upper = next[upper];
        }
        lower = firstSeen(p, lower, next);
        upper = next[lower];
        int at = lower;
        while (side(at, upper, p) < 0) {
            add(upper, at, p);
            at = upper;
            upper = next[upper];
        }
        next[lower] = p;
        next[p] = at;
        return p;
    }

    /** The first corner of the run of edges that p sees, given one of them. */
    private int firstSeen(int p, int corner, int[] next) {
        int at = corner;
        for (int before = before(at, next); side(before, at, p) < 0; before = before(at, next)) at = before;
        return at;
    }

    private static int before(int corner, int[] next) {
        int at = next[corner];
        while (next[at] != corner) at = next[at];
        return at;
    }

    private void flip() {
        while (!suspects.isEmpty()) {
            long e = suspects.poll();
            int a = (int) (e / points.length);
            int b = (int) (e % points.length);
            Integer c = opposite.get(e);
            Integer d = opposite.get(edge(b, a));
            if (c == null || d == null || PlanarPredicates.inCircle(points[a], points[b], points[c], points[d]) <= 0) continue;
            opposite.remove(e);
            opposite.remove(edge(b, a));
            add(a, d, c);
            add(d, b, c);
        }
    }

    private int[][] triangles() {
        return opposite.entrySet().stream().map(e -> new int[] {(int) (e.getKey() / points.length), (int) (e.getKey() % points.length), e.getValue()})
                .filter(t -> t[0] < t[1] && t[0] < t[2]).sorted(Arrays::compare).toArray(int[][]::new);
    }
}
