package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VariableProjectionTest {
    @Test
    void factorsThatWouldBeNegativeAreZeroAndTheOthersTheirLeastSquares() {
        // columns (1, 1), (1, -1) against (1, 1): the first alone, exactly
        assertThat(VariableProjection.nonNegative(new double[][] {{1, 1}, {1, -1}})).containsExactly(new double[] {1, 0}, within(1e-12));
        // unrestricted: 0.75 x1 - 0.25 x2; without x2 the mean of 1/x1 weighted by x1^2, sum(x1) / sum(x1^2)
        double[][] a = {{1, -1}, {2, 2}};
        assertThat(VariableProjection.nonNegative(a)).containsExactly(new double[] {0.6, 0}, within(1e-12));
    }

    @Test
    void noOtherFactorsAreBetter() {
        SplittableRandom random = new SplittableRandom(3);
        for (int trial = 0; trial < 20; trial++) {
            double[][] a = IntStream.range(0, 9).mapToObj(i -> random.doubles(3, -0.3, 1).toArray()).toArray(double[][]::new);
            double[] best = VariableProjection.nonNegative(a);
            assertThat(Arrays.stream(best).min().orElseThrow()).isNotNegative();
            for (int other = 0; other < 200; other++) {
                double[] near = Arrays.stream(best).map(c -> Math.max(0, c + 0.3 * random.nextGaussian())).toArray();
                assertThat(residual(a, near)).isGreaterThanOrEqualTo(residual(a, best) - 1e-12);
            }
        }
    }

    private static double residual(double[][] a, double[] c) {
        return Arrays.stream(a).mapToDouble(row -> 1 - IntStream.range(0, c.length).mapToDouble(k -> row[k] * c[k]).sum()).map(r -> r * r).sum();
    }

    @Test
    void theSearchOverExponentsAloneFindsAllFiveParameters() {
        Chinchilla law = new Chinchilla();
        double[] truth = {400, 1800, 1.7, 0.34, 0.28};
        double[][] features = IntStream.range(0, 36).mapToObj(i -> law.features(1e7 * Math.pow(4, i % 6), 1e9 * Math.pow(4, i / 6))).toArray(double[][]::new);
        double[] logs = IntStream.range(0, 36).mapToDouble(i -> Math.log(law.predict(truth, 1e7 * Math.pow(4, i % 6), 1e9 * Math.pow(4, i / 6)))).toArray();
        double[] start = VariableProjection.starts(law, features, logs).stream().min(Comparator.comparingDouble(x -> Math.abs(x[3] - 0.34) + Math.abs(x[4] - 0.28))).orElseThrow();
        assertThat(start[3]).isCloseTo(0.34, within(0.01));
        assertThat(start[4]).isCloseTo(0.28, within(0.01));
        assertThat(Math.exp(start[2])).isCloseTo(1.7, within(0.03));
    }
}
