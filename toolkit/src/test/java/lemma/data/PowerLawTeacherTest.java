package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import lemma.tensor.Random;
import lemma.train.Batch;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PowerLawTeacherTest {
    @Property(tries = 50)
    void aFlatSpectrumLosesTheShareOfDirectionsNotSeen(@ForAll @IntRange(min = 1, max = 99) int n, @ForAll @DoubleRange(min = 0, max = 3) double b) {
        PowerLawTeacher teacher = PowerLawTeacher.of(0, b, 100);
        double variance = Arrays.stream(teacher.power()).sum();
        assertThat(teacher.kappa(n)).isCloseTo((100.0 - n) / n, within(1e-10));
        assertThat(teacher.testError(n)).isCloseTo(variance * (1 - n / 100.0), within(1e-10 * variance));
    }

    @Property(tries = 50)
    void kappaSolvesItsEquation(@ForAll @IntRange(min = 1, max = 299) int n, @ForAll @DoubleRange(min = 0.1, max = 3) double a) {
        PowerLawTeacher teacher = PowerLawTeacher.of(a, 2, 300);
        double kappa = teacher.kappa(n);
        double degrees = Arrays.stream(teacher.spectrum()).map(l -> l / (l + kappa)).sum();
        assertThat(degrees).isCloseTo(n, within(1e-9));
    }

    /** sum_{i>=1} 1/(1 + k i^2) = pi/(2 sqrt k) coth(pi/sqrt k) - 1/2, so kappa = (pi / (2n+1))^2 for a = 2 and endless features. */
    @Test
    void kappaOfAnInverseSquareSpectrumHasItsClosedForm() {
        double limit = Math.pow(Math.PI / 21, 2);
        assertThat(PowerLawTeacher.of(2, 2, 1_000_000).kappa(10)).isCloseTo(limit, within(2e-5 * limit)); // the cut tail takes 1/(k M) = 4e-5 of 10.5
    }

    @ParameterizedTest
    @CsvSource({"1.5, 1.5, 20000", "1.5, 2, 5000", "1.5, 2.5, 5000"})
    void theErrorFallsWithThePowerBMinusOne(double a, double b, int features) {
        PowerLawTeacher teacher = PowerLawTeacher.of(a, b, features);
        double slope = Math.log(teacher.testError(256) / teacher.testError(16)) / Math.log(16);
        assertThat(slope).isCloseTo(-(b - 1), within(0.05));
    }

    /** For a flat spectrum the mean over draws is exact at every n; else to leading order in n. Minimum-norm interpolation by a Cholesky factor. */
    @ParameterizedTest
    @CsvSource({"0, 1, 60, 20, 400", "1.2, 1.8, 400, 64, 200"})
    void ridgelessRegressionOnSamplesMeetsTheDeterministicEquivalent(double a, double b, int features, int n, int draws) {
        PowerLawTeacher teacher = PowerLawTeacher.of(a, b, features);
        double[] errors = new double[draws];
        for (int d = 0; d < draws; d++) errors[d] = teacher.testError(fit(teacher.sample(n, Random.seed(d))));
        double mean = Arrays.stream(errors).average().orElseThrow();
        double error = Math.sqrt(Arrays.stream(errors).map(e -> (e - mean) * (e - mean)).sum() / (draws - 1) / draws);
        assertThat(mean).isCloseTo(teacher.testError(n), within(4 * error));
        assertThat(error / mean).isLessThan(0.03);
    }

    private static double[] fit(Batch sample) {
        RealMatrix x = MatrixUtils.createRealMatrix(sample.x().dim(0), sample.x().dim(1));
        double[] values = sample.x().toDoubles();
        for (int i = 0; i < values.length; i++) x.setEntry(i / x.getColumnDimension(), i % x.getColumnDimension(), values[i]);
        RealVector dual = new CholeskyDecomposition(x.multiplyTransposed(x)).getSolver().solve(MatrixUtils.createRealVector(sample.y().toDoubles()));
        return x.preMultiply(dual).toArray();
    }

    @Test
    void theErrorOfAModelIsThatOfItsWeights() {
        PowerLawTeacher teacher = PowerLawTeacher.of(1, 2, 3);
        assertThat(teacher.testError(teacher.weights())).isCloseTo(0, within(1e-30));
        assertThat(teacher.testError(new double[3])).isCloseTo(1 + 1 / 4.0 + 1 / 9.0, within(1e-14));
        assertThat(teacher.testError(new double[] {0, teacher.weights()[1], teacher.weights()[2]})).isCloseTo(1, within(1e-14));
    }

    @Test
    void badInputIsQuoted() {
        assertThatThrownBy(() -> PowerLawTeacher.of(Double.NaN, 1, 3)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("a is NaN");
        assertThatThrownBy(() -> PowerLawTeacher.of(1, -1, 3)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("b is -1.0");
        assertThatThrownBy(() -> PowerLawTeacher.of(1, 1, 0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("features is 0");
        assertThatThrownBy(() -> PowerLawTeacher.of(1, 1, 10).testError(10)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("n is 10, expected 1 to 9");
        assertThatThrownBy(() -> PowerLawTeacher.of(1, 1, 10).testError(new double[9])).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("9 weights, expected 10");
    }
}
