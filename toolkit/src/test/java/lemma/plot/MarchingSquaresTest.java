package lemma.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.DoubleBinaryOperator;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MarchingSquaresTest {
    /** Linear interpolation along an edge errs by at most f'' h^2 / 8, here 2 h^2 / 8. */
    @Property(tries = 100)
    void tracesACircleWithinTheInterpolationError(@ForAll @DoubleRange(min = 0.2, max = 0.95) double radius, @ForAll @IntRange(min = 12, max = 80) int n) {
        double[] at = grid(-1, 1, n);
        double h = at[1] - at[0];
        List<double[][]> lines = MarchingSquares.lines(at, at, values(at, at, (x, y) -> x * x + y * y), radius * radius);
        assertThat(lines).hasSize(1);
        double[][] ring = lines.getFirst();
        for (int i = 0; i < ring[0].length; i++) {
            assertThat(ring[0][i] * ring[0][i] + ring[1][i] * ring[1][i]).isCloseTo(radius * radius, within(h * h / 4 + 1e-12));
        }
        assertThat(ring[0][0]).isEqualTo(ring[0][ring[0].length - 1]);
        assertThat(area(ring)).as("the larger values lie on the left, so a bowl is run around clockwise").isCloseTo(-Math.PI * radius * radius, within(2 * Math.PI * radius * h));
    }

    @Test
    void convergesToTheAreaOfTheDiscAtSecondOrder() {
        double coarse = discError(21);
        double fine = discError(81);
        assertThat(coarse / fine).isBetween(10.0, 26.0);
    }

    private static double discError(int n) {
        double[] at = grid(-1, 1, n);
        double[][] z = values(at, at, (x, y) -> -x * x - y * y);
        return Math.abs(Math.PI * 0.64 - MarchingSquares.region(at, at, z, -0.64).stream().mapToDouble(MarchingSquaresTest::area).sum());
    }

    @Test
    void runsARegionAlongTheBorderAndAroundItsHole() {
        double[] at = grid(-1, 1, 41);
        List<double[][]> rings = MarchingSquares.region(at, at, values(at, at, (x, y) -> x * x + y * y), 0.25);
        assertThat(rings).hasSize(2);
        assertThat(rings.stream().mapToDouble(MarchingSquaresTest::area).sum()).as("square minus disc").isCloseTo(4 - Math.PI / 4, within(0.01));
        assertThat(rings).extracting(r -> Math.signum(area(r))).containsExactlyInAnyOrder(1.0, -1.0);
    }

    @Test
    void endsOpenLinesAtTheBorder() {
        double[] x = grid(0, 1, 11);
        List<double[][]> lines = MarchingSquares.lines(x, x, values(x, x, (a, b) -> a + b), 0.73);
        assertThat(lines).hasSize(1);
        for (int i = 0; i < lines.getFirst()[0].length; i++) assertThat(lines.getFirst()[0][i] + lines.getFirst()[1][i]).isCloseTo(0.73, within(1e-12));
    }

    @Test
    void decidesASaddleByTheMeanOfItsCorners() {
        double[] at = {0, 1};
        double[][] high = {{1, 0}, {0.2, 1}};
        double[][] low = {{1, -3}, {0.2, 1}};
        assertThat(area(MarchingSquares.region(at, at, high, 0.5).getFirst())).as("joined: one ring").isGreaterThan(0.5);
        assertThat(MarchingSquares.region(at, at, high, 0.5)).hasSize(1);
        assertThat(MarchingSquares.region(at, at, low, 0.5)).as("apart: two corners").hasSize(2);
    }

    @Property(tries = 200)
    void everyRegionIsClosedAndNestedByLevel(@ForAll long seed, @ForAll @IntRange(min = 2, max = 9) int rows, @ForAll @IntRange(min = 2, max = 9) int columns) {
        java.util.Random random = new java.util.Random(seed);
        double[] x = grid(0, 3, columns);
        double[] y = grid(-1, 1, rows);
        double[][] z = values(x, y, (a, b) -> random.nextGaussian());
        double before = Double.POSITIVE_INFINITY;
        for (double level : new double[] {-Double.MAX_VALUE, -1, -0.3, 0, 0.5, 1.5}) {
            double area = 0;
            for (double[][] ring : MarchingSquares.region(x, y, z, level)) {
                assertThat(new double[] {ring[0][0], ring[1][0]}).containsExactly(ring[0][ring[0].length - 1], ring[1][ring[1].length - 1]);
                area += area(ring);
            }
            if (before == Double.POSITIVE_INFINITY) assertThat(area).as("all of the grid").isCloseTo(6, within(1e-9));
            assertThat(area).isBetween(-1e-12, before + 1e-9);
            before = area;
        }
    }

    @Test
    void leavesAHoleWhereAValueIsMissing() {
        double[] at = grid(0, 4, 5);
        double[][] z = values(at, at, (x, y) -> x == 2 && y == 2 ? Double.NaN : 1);
        assertThat(MarchingSquares.region(at, at, z, 0).stream().mapToDouble(MarchingSquaresTest::area).sum()).as("a diamond of area 2 is missing").isCloseTo(14, within(1e-12));
        double[][] slope = values(at, at, (x, y) -> x == 2 && y == 2 ? Double.NaN : x);
        assertThat(MarchingSquares.lines(at, at, slope, 1.5)).as("broken at the two cells beside the hole").hasSize(2);
    }

    /** Shoelace: positive when counter-clockwise. */
    private static double area(double[][] ring) {
        double twice = 0;
        for (int i = 1; i < ring[0].length; i++) twice += ring[0][i - 1] * ring[1][i] - ring[0][i] * ring[1][i - 1];
        return twice / 2;
    }

    private static double[] grid(double lo, double hi, int n) {
        double[] at = new double[n];
        for (int i = 0; i < n; i++) at[i] = lo + (hi - lo) * i / (n - 1);
        return at;
    }

    private static double[][] values(double[] xs, double[] ys, DoubleBinaryOperator f) {
        double[][] z = new double[ys.length][xs.length];
        for (int i = 0; i < ys.length; i++) {
            for (int j = 0; j < xs.length; j++) z[i][j] = f.applyAsDouble(xs[j], ys[i]);
        }
        return z;
    }
}
