package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import lemma.nn.FixtureFile;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hulls and triangulations beside SciPy's, shortest tours beside all tours, and hard cases where rounding decides wrongly. */
class PlaneTest {
    private static final FixtureFile SCIPY = FixtureFile.of("pointer.safetensors");

    private static double[][] points(String name) {
        double[] all = SCIPY.get(name).toDoubles();
        return IntStream.range(0, all.length / 2).mapToObj(i -> new double[] {all[2 * i], all[2 * i + 1]}).toArray(double[][]::new);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void hullsAreScipys(int set) {
        double[][] points = points("plane" + set + "/points");
        int[] hull = ConvexHull.of(points);
        assertThat(hull).containsExactly(SCIPY.get("plane" + set + "/hull").toInts());
        assertThat(ConvexHull.area(points, hull)).isCloseTo(SCIPY.get("plane" + set + "/area").item(), within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void triangulationsAreScipys(int set) {
        int[] flat = Arrays.stream(Delaunay.triangles(points("plane" + set + "/points"))).flatMapToInt(Arrays::stream).toArray();
        assertThat(flat).containsExactly(SCIPY.get("plane" + set + "/triangles").toInts());
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 8})
    void toursAreTheShortestOfAll(int n) {
        double[][] points = points("tour" + n + "/points");
        int[] tour = TravellingSalesman.optimal(points);
        assertThat(tour).containsExactly(SCIPY.get("tour" + n + "/best").toInts());
        assertThat(TravellingSalesman.length(points, tour)).isCloseTo(SCIPY.get("tour" + n + "/length").item(), within(1e-12));
        assertThat(TravellingSalesman.visitsAll(n, tour)).isTrue();
        int[] nearest = TravellingSalesman.nearestNeighbour(points);
        assertThat(TravellingSalesman.visitsAll(n, nearest)).isTrue();
        assertThat(TravellingSalesman.length(points, nearest)).isGreaterThanOrEqualTo(TravellingSalesman.length(points, tour) - 1e-12);
    }

    @Test
    void theNearestNeighbourIsTaken() {
        double[][] line = {{0, 0}, {5, 0}, {1, 0}, {-1.5, 0}};
        assertThat(TravellingSalesman.nearestNeighbour(line)).containsExactly(0, 2, 3, 1);
        assertThat(TravellingSalesman.optimal(new double[][] {{0, 0}})).containsExactly(0);
        assertThat(TravellingSalesman.optimal(new double[][] {{0, 0}, {1, 0}})).containsExactly(0, 1);
    }

    @Test
    void signsAreRightWhereDoubleArithmeticIsNot() {
        double tiny = 0x1p-53;
        double[] a = {0.5, 0.5};
        double[] b = {12, 12};
        double[] c = {24, 24};
        int wrong = 0;
        for (int i = 0; i < 32; i++) {
            for (int j = 0; j < 32; j++) {
                double[] p = {a[0] + i * tiny, a[1] + j * tiny};
                assertThat(PlanarPredicates.orientation(p, b, c)).isEqualTo(Integer.compare(j, i));
                double rounded = (b[0] - p[0]) * (c[1] - p[1]) - (b[1] - p[1]) * (c[0] - p[0]);
                if (Math.signum(rounded) != Integer.compare(j, i)) wrong++;
            }
        }
        assertThat(wrong).as("cases that show the difference").isPositive();
        double[] d = {0, 1};
        assertThat(PlanarPredicates.inCircle(new double[] {1, 0}, d, new double[] {-1, 0}, new double[] {0, -1})).isZero();
        assertThat(PlanarPredicates.inCircle(new double[] {1, 0}, d, new double[] {-1, 0}, new double[] {0, Math.nextUp(-1.0)})).isEqualTo(1);
        assertThat(PlanarPredicates.inCircle(new double[] {1, 0}, d, new double[] {-1, 0}, new double[] {0, Math.nextDown(-1.0)})).isEqualTo(-1);
    }

    @Test
    void pointsOnAnEdgeAreNoCorners() {
        double[][] square = {{0, 0}, {1, 0}, {0.5, 0}, {1, 1}, {0, 1}, {0.5, 0.5}, {0, 0.25}};
        assertThat(ConvexHull.of(square)).containsExactly(0, 1, 3, 4);
        assertThat(ConvexHull.of(new double[][] {{3, 3}, {1, 1}, {2, 2}})).containsExactly(0, 1);
        assertThat(ConvexHull.area(square, 0, 1)).isZero();
    }

    @Test
    void aGridIsTriangulatedWholly() {
        double[][] grid = IntStream.range(0, 49).mapToObj(i -> new double[] {i % 7 * 0.1, i / 7 * 0.1}).toArray(double[][]::new);
        int[][] triangles = Delaunay.triangles(grid);
        assertThat(Arrays.stream(triangles).mapToDouble(t -> ConvexHull.area(grid, t)).sum()).isCloseTo(0.36, within(1e-12));
        for (int[] t : triangles) assertThat(PlanarPredicates.orientation(grid[t[0]], grid[t[1]], grid[t[2]])).isEqualTo(1);
        noPointInsideACircle(grid, triangles);
    }

    @Test
    void circlesHoldNoPointForManyDraws() {
        SplittableRandom random = new SplittableRandom(3);
        for (int draw = 0; draw < 40; draw++) {
            int n = random.nextInt(3, 30);
            Set<Integer> cells = new HashSet<>();
            while (cells.size() < n) cells.add(random.nextInt(100));
            double[][] points = cells.stream().map(c -> new double[] {c % 10, c / 10}).toArray(double[][]::new);
            if (ConvexHull.of(points).length < 3) continue;
            int[][] triangles = Delaunay.triangles(points);
            assertThat(Arrays.stream(triangles).mapToDouble(t -> ConvexHull.area(points, t)).sum()).isCloseTo(ConvexHull.area(points, ConvexHull.of(points)), within(1e-9));
            noPointInsideACircle(points, triangles);
        }
    }

    private static void noPointInsideACircle(double[][] p, int[][] triangles) {
        for (int[] t : triangles) for (double[] q : p) assertThat(PlanarPredicates.inCircle(p[t[0]], p[t[1]], p[t[2]], q)).isNotPositive();
    }

    @Test
    void samplesHoldPlacesThenTheEnd() {
        for (PointTask task : PointTask.values()) {
            PointTask.Sample sample = task.sample(6, 20, Random.seed(1));
            double[][][] each = sample.each();
            for (int i = 0; i < 20; i++) {
                int[] answer = task.answer(each[i]);
                assertThat(sample.answers()[i]).containsExactly(answer);
                long[] row = sample.targets().get(i).toLongs();
                assertThat(row).hasSize(7);
                assertThat(row[answer.length]).isZero();
                for (int t = answer.length + 1; t < 7; t++) assertThat(row[t]).isEqualTo(-1);
            }
            assertThat(sample.rows(Tensor.of(new long[] {4})).answers()[0]).containsExactly(sample.answers()[4]);
        }
        assertThat(PointTask.SORT.answer(new double[][] {{0.3}, {0.1}, {0.2}})).containsExactly(1, 2, 0);
    }

    @Test
    void badInputIsRefused() {
        assertThatThrownBy(() -> ConvexHull.of(new double[][] {{0, 0}, {1, Double.NaN}})).hasMessageContaining("point 1 is (1.0, NaN)");
        assertThatThrownBy(() -> ConvexHull.of(new double[][] {{0, 0}, {-0.0, 0}})).hasMessageContaining("stands twice");
        assertThatThrownBy(() -> Delaunay.triangles(new double[][] {{0, 0}, {1, 1}, {2, 2}})).hasMessageContaining("lie on a line");
        assertThatThrownBy(() -> Delaunay.triangles(new double[][] {{0, 0}, {1, 1}})).hasMessageContaining("2 points, expected at least 3");
        double[][] many = IntStream.range(0, 17).mapToObj(i -> new double[] {i, i * i}).toArray(double[][]::new);
        assertThatThrownBy(() -> TravellingSalesman.optimal(many)).hasMessageContaining("17 points, expected at most 16");
        assertThatThrownBy(() -> PointTask.HULL.solved(Tensor.ones(2, 3))).hasMessageContaining("[2, 3]");
    }
}
