package lemma.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import lemma.scaling.Fixtures;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.junit.jupiter.api.Test;

class LbfgsTest {
    /** {@code sum 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2}, least at (1, ..., 1). */
    private static double rosenbrock(double[] x, double[] g) {
        Arrays.fill(g, 0);
        double f = 0;
        for (int i = 0; i + 1 < x.length; i++) {
            double t = x[i + 1] - x[i] * x[i];
            f += 100 * t * t + (1 - x[i]) * (1 - x[i]);
            g[i] += -400 * x[i] * t - 2 * (1 - x[i]);
            g[i + 1] += 200 * t;
        }
        return f;
    }

    @Test
    void findsTheMinimumOfRosenbrocksValley() {
        Lbfgs.Result end = Lbfgs.minimize(LbfgsTest::rosenbrock, new double[] {-1.2, 1});
        assertThat(end.converged()).isTrue();
        assertThat(end.x()).containsExactly(new double[] {1, 1}, within(1e-9));
        assertThat(end.evaluations()).isLessThan(80);
    }

    @Test
    void findsTheMinimumOfRosenbrocksValleyInOneHundredDimensions() {
        double[] start = new double[100];
        for (int i = 0; i < start.length; i++) start[i] = i % 2 == 0 ? -1.2 : 1;
        Lbfgs.Result end = Lbfgs.minimize(LbfgsTest::rosenbrock, start);
        assertThat(end.status()).isEqualTo(Lbfgs.Status.GRADIENT_SMALL);
        double[] atEnd = new double[100];
        assertThat(rosenbrock(end.x(), atEnd)).isEqualTo(end.value());
        assertThat(Arrays.stream(atEnd).map(Math::abs).max().orElseThrow()).isEqualTo(end.gradientNorm()).isLessThan(1e-10);
    }

    @Test
    void agreesWithSciPyOnLogCoshRegression() {
        JsonObject scipy = Fixtures.get("logCosh");
        JsonArray rows = scipy.getAsJsonArray("A");
        double[] y = Fixtures.numbers(scipy, "y");
        Lbfgs.Objective loss = (x, g) -> {
            double f = 0;
            for (int j = 0; j < x.length; j++) {
                f += 0.05 * x[j] * x[j];
                g[j] = 0.1 * x[j];
            }
            for (int i = 0; i < y.length; i++) {
                double[] a = Fixtures.numbers(rows.get(i).getAsJsonArray());
                double r = -y[i];
                for (int j = 0; j < a.length; j++) r += a[j] * x[j];
                f += Math.log(Math.cosh(r));
                for (int j = 0; j < a.length; j++) g[j] += Math.tanh(r) * a[j];
            }
            return f;
        };
        Lbfgs.Result end = Lbfgs.minimize(loss, new double[6]);
        assertThat(end.value()).isCloseTo(scipy.get("value").getAsDouble(), within(1e-12));
        assertThat(end.x()).containsExactly(Fixtures.numbers(scipy, "x"), within(1e-8));
    }

    @Property(tries = 50)
    void solvesPositiveDefiniteSystems(@ForAll @IntRange(min = 1, max = 12) int n, @ForAll @DoubleRange(min = 0, max = 4) double decades, @ForAll long seed) {
        Random random = new Random(seed);
        double[][] root = new double[n][n];
        double[] b = new double[n];
        for (int i = 0; i < n; i++) {
            b[i] = random.nextGaussian();
            for (int j = 0; j < n; j++) root[i][j] = random.nextGaussian();
        }
        RealMatrix half = new Array2DRowRealMatrix(root);
        RealMatrix h = half.multiplyTransposed(half);
        for (int i = 0; i < n; i++) h.addToEntry(i, i, Math.pow(10, -decades) * n);
        double[] solution = new CholeskyDecomposition(h).getSolver().solve(new ArrayRealVector(b)).toArray();
        Lbfgs.Objective quadratic = (x, g) -> {
            double[] hx = h.operate(x);
            double f = 0;
            for (int i = 0; i < n; i++) {
                g[i] = hx[i] - b[i];
                f += 0.5 * x[i] * hx[i] - b[i] * x[i];
            }
            return f;
        };
        Lbfgs.Result end = Lbfgs.minimize(quadratic, new double[n], Lbfgs.Options.DEFAULT.withMaxIterations(20000));
        assertThat(end.x()).containsExactly(solution, within(1e-4 * (1 + Arrays.stream(solution).map(Math::abs).max().orElseThrow())));
    }

    @Test
    void stepsBackFromWhereTheFunctionIsNotFinite() {
        Lbfgs.Objective barrier = (x, g) -> {
            g[0] = 1 - 1 / x[0];
            return x[0] > 0 ? x[0] - Math.log(x[0]) : Double.NaN;
        };
        Lbfgs.Result end = Lbfgs.minimize(barrier, new double[] {0.001});
        assertThat(end.converged()).isTrue();
        assertThat(end.x()[0]).isCloseTo(1, within(1e-8));
    }

    @Test
    void stopsAtTheIterationLimitAndSaysSo() {
        Lbfgs.Result end = Lbfgs.minimize(LbfgsTest::rosenbrock, new double[] {-1.2, 1}, Lbfgs.Options.DEFAULT.withMaxIterations(3));
        assertThat(end.status()).isEqualTo(Lbfgs.Status.ITERATION_LIMIT);
        assertThat(end.iterations()).isEqualTo(3);
        assertThat(end.converged()).isFalse();
    }

    @Test
    void leavesTheStartAlone() {
        double[] start = {-1.2, 1};
        Lbfgs.minimize(LbfgsTest::rosenbrock, start);
        assertThat(start).containsExactly(-1.2, 1);
    }

    @Test
    void allocatesTheSameForFewAndForManyIterations() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long few = bytesFor(threads, 5);
        long many = bytesFor(threads, 300);
        assertThat(many - few).isLessThan(2000);
    }

    private static long bytesFor(ThreadMXBean threads, int iterations) {
        Lbfgs.Options options = Lbfgs.Options.DEFAULT.withMaxIterations(iterations);
        double[] start = new double[100];
        Arrays.fill(start, -1.2);
        Lbfgs.minimize(LbfgsTest::rosenbrock, start, options); // loads the classes
        long before = threads.getCurrentThreadAllocatedBytes();
        Lbfgs.Result end = Lbfgs.minimize(LbfgsTest::rosenbrock, start, options);
        long after = threads.getCurrentThreadAllocatedBytes();
        assertThat(end.iterations()).isEqualTo(iterations);
        return after - before;
    }

    @Test
    void saysThatTheStartIsOutsideTheDomain() {
        Lbfgs.Result end = Lbfgs.minimize((x, g) -> Double.NaN, new double[] {1});
        assertThat(end.status()).isEqualTo(Lbfgs.Status.NOT_FINITE_AT_START);
    }

    @Test
    void refusesBadArguments() {
        assertThatThrownBy(() -> Lbfgs.minimize(LbfgsTest::rosenbrock, new double[] {1, Double.NaN}))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("start[1] is NaN");
        assertThatThrownBy(() -> Lbfgs.minimize(LbfgsTest::rosenbrock, new double[0])).hasMessageContaining("start is empty");
        assertThatThrownBy(() -> Lbfgs.Options.DEFAULT.withHistory(0)).hasMessageContaining("history is 0");
        assertThatThrownBy(() -> Lbfgs.Options.DEFAULT.withGradientTolerance(-1)).hasMessageContaining("gradientTolerance is -1.0");
    }
}
