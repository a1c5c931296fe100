package lemma.data;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * On which side points of the plane lie, decided without rounding: in double arithmetic where its error bound allows, else by exact decimals.
 *
 * @see <a href="https://doi.org/10.1007/PL00009321">Shewchuk (1997), Adaptive precision floating-point arithmetic and fast robust geometric predicates</a>
 */
final class PlanarPredicates {
    private static final double EPS = 0x1p-53;
    private static final double ORIENTATION_BOUND = (3 + 16 * EPS) * EPS;
    private static final double CIRCLE_BOUND = (10 + 96 * EPS) * EPS;

    private PlanarPredicates() {}

    /** 1 if a, b, c turn to the left, -1 if to the right, 0 if they lie on a line. */
    static int orientation(double[] a, double[] b, double[] c) {
        double left = (a[0] - c[0]) * (b[1] - c[1]);
        double right = (a[1] - c[1]) * (b[0] - c[0]);
        double det = left - right;
        if (Math.abs(det) > ORIENTATION_BOUND * (Math.abs(left) + Math.abs(right))) return det > 0 ? 1 : -1;
        BigDecimal exact = minus(a[0], c[0]).multiply(minus(b[1], c[1])).subtract(minus(a[1], c[1]).multiply(minus(b[0], c[0])));
        return exact.signum();
    }

    /** 1 if d lies inside the circle through a, b, c, which turn to the left; -1 outside, 0 on it. */
    static int inCircle(double[] a, double[] b, double[] c, double[] d) {
        double[][] p = {a, b, c};
        double det = 0;
        double size = 0;
        for (int i = 0; i < 3; i++) {
            double[] q = p[(i + 1) % 3];
            double[] r = p[(i + 2) % 3];
            double lift = square(p[i][0] - d[0]) + square(p[i][1] - d[1]);
            double plus = (q[0] - d[0]) * (r[1] - d[1]);
            double less = (r[0] - d[0]) * (q[1] - d[1]);
            det += lift * (plus - less);
            size += lift * (Math.abs(plus) + Math.abs(less));
        }
        if (Math.abs(det) > CIRCLE_BOUND * size) return det > 0 ? 1 : -1;
        return inCircleExactly(p, d);
    }

    private static int inCircleExactly(double[][] p, double[] d) {
        BigDecimal det = BigDecimal.ZERO;
        for (int i = 0; i < 3; i++) {
            double[] q = p[(i + 1) % 3];
            double[] r = p[(i + 2) % 3];
            BigDecimal x = minus(p[i][0], d[0]);
            BigDecimal y = minus(p[i][1], d[1]);
            BigDecimal area = minus(q[0], d[0]).multiply(minus(r[1], d[1])).subtract(minus(r[0], d[0]).multiply(minus(q[1], d[1])));
            det = det.add(x.multiply(x).add(y.multiply(y)).multiply(area));
        }
        return det.signum();
    }

    private static double square(double v) {
        return v * v;
    }

    private static BigDecimal minus(double a, double b) {
        return new BigDecimal(a).subtract(new BigDecimal(b));
    }

    /** Fails unless these are points of the plane, finite and different. */
    static void check(String name, double[][] points, int least) {
        if (points.length < least) throw new IllegalArgumentException(name + ": " + points.length + " points, expected at least " + least);
        Set<List<Double>> seen = new HashSet<>();
        for (int i = 0; i < points.length; i++) {
            double[] p = points[i];
            if (p.length != 2) throw new IllegalArgumentException(name + ": point " + i + " has " + p.length + " coordinates, expected 2");
            if (!Double.isFinite(p[0]) || !Double.isFinite(p[1])) throw new IllegalArgumentException(name + ": point " + i + " is (" + p[0] + ", " + p[1] + "), expected finite coordinates");
            if (!seen.add(List.of(p[0] + 0.0, p[1] + 0.0))) throw new IllegalArgumentException(name + ": point " + i + ", (" + p[0] + ", " + p[1] + "), stands twice");
        }
    }
}
