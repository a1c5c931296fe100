package lemma.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class QuadraticResponseSurfaceTest {
    private static final double[] LOW = {-10, -10};
    private static final double[] HIGH = {10, 10};

    /** 2 + 3 (x - 1)^2 + (x - 1)(y + 2) + (y + 2)^2, Hessian ((6, 1), (1, 2)). */
    private static double bowl(double x, double y) {
        return 2 + 3 * (x - 1) * (x - 1) + (x - 1) * (y + 2) + (y + 2) * (y + 2);
    }

    private static double[][] grid() {
        double[][] points = new double[12][];
        for (int i = 0; i < 12; i++) points[i] = new double[] {5 + i / 3, 100 + i % 3};
        return points;
    }

    private static QuadraticResponseSurface fitted(double noise) {
        SplittableRandom random = new SplittableRandom(4);
        double[][] points = grid();
        return QuadraticResponseSurface.of(points, Arrays.stream(points).mapToDouble(p -> bowl(p[0], p[1]) + noise * random.nextGaussian()).toArray());
    }

    @Test
    void findsAPlantedMinimumFarFromTheMeasuredPoints() {
        QuadraticResponseSurface surface = fitted(0);
        assertThat(surface.minimiser(new double[] {-1e3, -1e3}, new double[] {1e3, 1e3})).containsExactly(new double[] {1, -2}, within(1e-6));
        assertThat(surface.predict(1, -2)).isCloseTo(2, within(1e-7));
        assertThat(surface.hessian()[0]).containsExactly(new double[] {6, 1}, within(1e-9));
        assertThat(surface.hessian()[1]).containsExactly(new double[] {1, 2}, within(1e-9));
        assertThat(surface.eigenvalues()).containsExactly(new double[] {4 - Math.sqrt(5), 4 + Math.sqrt(5)}, within(1e-9));
        assertThat(surface.rSquared()).isCloseTo(1, within(1e-12));
        assertThat(fitted(0.01).hessian()[0][0]).isCloseTo(6, within(0.05));
    }

    @Test
    void findsTheMinimumOnTheEdgeOfABox() {
        double[] x = fitted(0).minimiser(new double[] {2, -5}, HIGH); // at x = 2 the slope in y is 1 + 2 (y + 2)
        assertThat(x).containsExactly(new double[] {2, -2.5}, within(1e-7));
    }

    @Test
    void tellsAValleyFromASaddle() {
        double[][] points = grid();
        QuadraticResponseSurface saddle = QuadraticResponseSurface.of(points, Arrays.stream(points).mapToDouble(p -> p[0] * p[0] - p[1] * p[1]).toArray());
        assertThat(saddle.isConvex()).isFalse();
        assertThat(fitted(0).isConvex()).isTrue();
        assertThatThrownBy(() -> saddle.minimiser(LOW, HIGH)).isInstanceOf(IllegalStateException.class).hasMessageContaining("no minimum");
    }

    @Test
    void refusesPointsThatDoNotDetermineIt() {
        double[][] points = grid();
        double[] z = new double[12];
        assertThatThrownBy(() -> QuadraticResponseSurface.of(Arrays.copyOf(points, 5), new double[5])).hasMessageContaining("5 points of dimension 2").hasMessageContaining("at least 6");
        assertThatThrownBy(() -> QuadraticResponseSurface.of(Arrays.stream(points).map(p -> new double[] {p[0], p[1] % 2}).toArray(double[][]::new), z)).hasMessageContaining("three different values");
        assertThatThrownBy(() -> QuadraticResponseSurface.of(points, Arrays.stream(z).map(v -> Double.NaN).toArray())).hasMessageContaining("point 0").hasMessageContaining("NaN");
    }
}
