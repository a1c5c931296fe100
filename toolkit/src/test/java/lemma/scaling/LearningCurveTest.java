package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.ForkJoinPool;
import lemma.data.PowerLawTeacher;
import org.junit.jupiter.api.Test;

class LearningCurveTest {
    private static final int[] SIZES = {16, 32, 64, 128, 256};

    @Test
    void kernelRegressionMeetsItsDeterministicEquivalent() {
        PowerLawTeacher teacher = PowerLawTeacher.of(1.5, 2, 5000);
        LearningCurve curve = LearningCurve.measure(KernelRegressionTask.of(teacher), SIZES, 10, 1);
        assertThat(curve.slope()).isCloseTo(-1, within(0.05)); // b - 1
        assertThat(curve.slopeInterval(0.99).contains(-1)).isTrue();
        for (double deviation : curve.deviations(n -> teacher.testError((int) n))) assertThat(Math.abs(deviation)).isLessThan(4);
    }

    @Test
    void leastSquaresMeetsItsExactExpectation() {
        LeastSquaresTask task = new LeastSquaresTask(8, 0.5);
        LearningCurve curve = LearningCurve.measure(task, new int[] {128, 256, 512, 1024, 2048}, 200, 1);
        assertThat(task.expectedError(109)).isEqualTo(0.25 * 8 / 100);
        for (double deviation : curve.deviations(task::expectedError)) assertThat(Math.abs(deviation)).isLessThan(4);
        assertThat(curve.slope()).isCloseTo(-1, within(0.05));
    }

    @Test
    void sameSeedsGiveTheSameBitsForAnyNumberOfThreads() throws Exception {
        LeastSquaresTask task = new LeastSquaresTask(4, 1);
        double[][] many = LearningCurve.measure(task, new int[] {16, 32}, 6, 9).errors();
        try (ForkJoinPool one = new ForkJoinPool(1)) {
            assertThat(one.submit(() -> LearningCurve.measure(task, new int[] {16, 32}, 6, 9).errors()).get()).isDeepEqualTo(many);
        }
        assertThat(LearningCurve.measure(task, new int[] {16, 32}, 6, 10).errors()[0]).isEqualTo(many[1]);
    }

    @Test
    void meanAndStandardErrorAreOverSeeds() {
        LearningCurve curve = LearningCurve.of(new double[] {1, 2, 4}, new double[][] {{8, 4, 2}, {8, 6, 4}, {8, 2, 3}});
        assertThat(curve.mean()).containsExactly(new double[] {8, 4, 3}, within(1e-12));
        assertThat(curve.standardError()).containsExactly(new double[] {0, 2 / Math.sqrt(3), 1 / Math.sqrt(3)}, within(1e-12));
        assertThat(curve.deviations(n -> 2)[1]).isCloseTo(Math.sqrt(3), within(1e-12));
        assertThat(curve.fits()).hasSize(3).first().satisfies(fit -> assertThat(fit.beta()).isCloseTo(-1, within(1e-12)));
    }

    @Test
    void drawsMeansWithTheirErrorsAndTheFit() {
        LearningCurve curve = LearningCurve.of(new double[] {1, 2, 4}, new double[][] {{8, 4, 2}, {8, 6, 4}, {8, 2, 3}});
        assertThat(curve.figure("three seeds").plotly().get("data").toString()).contains("mean of 3 seeds", "fit, exponent -0.");
    }

    @Test
    void refusesCurvesThatDoNotFit() {
        double[] sizes = {1, 2, 4};
        assertThatThrownBy(() -> LearningCurve.of(sizes, new double[][] {})).hasMessageContaining("no errors");
        assertThatThrownBy(() -> LearningCurve.of(new double[] {2, 1}, new double[][] {{1, 2}})).hasMessageContaining("[2.0, 1.0] do not ascend");
        assertThatThrownBy(() -> LearningCurve.of(sizes, new double[][] {{1, 2}})).hasMessageContaining("2 errors in row 0");
        assertThatThrownBy(() -> LearningCurve.of(sizes, new double[][] {{1, 2, Double.NaN}})).hasMessageContaining("error NaN in row 0 at size 4.0");
        assertThatThrownBy(() -> LearningCurve.of(sizes, new double[][] {{1, 2, 3}}).standardError()).hasMessageContaining("one seed");
        assertThatThrownBy(() -> new LeastSquaresTask(8, 1).errors(new int[] {9}, 0)).hasMessageContaining("size 9, expected at least 10");
        assertThatThrownBy(() -> new KernelRegressionTask(new double[2], new double[3], KernelRidge.CHOLESKY)).hasMessageContaining("2 eigenvalues and 3 powers");
    }

    @Test
    void theBestModelOfEachSizeAndSeedMakesTheCurve() {
        LearningCurve curve = LearningCurve.best(new int[] {10, 20}, new double[][][] {{{3, 2}, {1, 4}}, {{5, 6}, {0.5, 0.7}}});
        assertThat(curve.errors()).isDeepEqualTo(new double[][] {{2, 1}, {5, 0.5}});
    }

    @Test
    void sharedSlopesOfCurvesAreThoseOfTheirPoints() {
        LearningCurve first = LearningCurve.of(new double[] {1, 2, 4}, new double[][] {{8, 4.1, 2}, {8.2, 4, 1.9}});
        LearningCurve second = LearningCurve.of(new double[] {1, 2, 4}, new double[][] {{4, 2.1, 1}, {4.2, 2, 0.9}});
        SharedSlopeTest points = SharedSlopeTest.of(new double[] {1, 2, 4, 1, 2, 4}, new double[] {8, 4.1, 2, 8.2, 4, 1.9}, new double[] {1, 2, 4, 1, 2, 4}, new double[] {4, 2.1, 1, 4.2, 2, 0.9});
        assertThat(SharedSlopeTest.of(first, second).p()).isEqualTo(points.p());
    }
}
