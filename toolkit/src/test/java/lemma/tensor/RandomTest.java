package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.hipparchus.distribution.RealDistribution;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.UniformRealDistribution;
import org.hipparchus.stat.inference.ChiSquareTest;
import org.hipparchus.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random numbers: bits, distributions, independence. Seeds are fixed; p-values must exceed 1e-4, moments lie within 4 standard errors. */
class RandomTest {
    private static final int N = 40_000;

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"FLOAT32", "FLOAT64"})
    void theBitsDoNotDependOnTheNumberOfThreads(DType type) {
        for (int n : new int[] {1, 1003, 300_007}) {
            double[] normal = Threads.with(1, () -> Random.seed(5).normal(Shape.of(n), type)).toDoubles();
            double[] uniform = Threads.with(1, () -> Random.seed(5).uniform(Shape.of(n), type)).toDoubles();
            for (int threads : new int[] {2, 4}) {
                assertThat(Threads.with(threads, () -> Random.seed(5).normal(Shape.of(n), type)).toDoubles()).as("%d on %d threads", n, threads).isEqualTo(normal);
                assertThat(Threads.with(threads, () -> Random.seed(5).uniform(Shape.of(n), type)).toDoubles()).as("%d on %d threads", n, threads).isEqualTo(uniform);
            }
        }
    }

    private static void follows(RealDistribution distribution, double[] sample) {
        assertThat(new KolmogorovSmirnovTest().kolmogorovSmirnovTest(distribution, sample)).isGreaterThan(1e-4);
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"FLOAT32", "FLOAT64"})
    void normalNumbersAreNormal(DType type) {
        double[] x = Random.seed(11).normal(Shape.of(N), type).toDoubles();
        follows(new NormalDistribution(0, 1), x);
        assertThat(moment(x, 1)).isCloseTo(0, within(4 / Math.sqrt(N)));
        assertThat(moment(x, 2)).isCloseTo(1, within(4 * Math.sqrt(2.0 / N)));
        assertThat(moment(x, 3)).isCloseTo(0, within(4 * Math.sqrt(15.0 / N)));
        assertThat(moment(x, 4)).isCloseTo(3, within(4 * Math.sqrt(96.0 / N)));
        assertThat(Arrays.stream(x).map(Math::abs).max().orElseThrow()).isBetween(3.5, 6.0);
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"FLOAT32", "FLOAT64"})
    void uniformNumbersAreUniform(DType type) {
        double[] x = Random.seed(12).uniform(Shape.of(N), type).toDoubles();
        follows(new UniformRealDistribution(0, 1), x);
        assertThat(Arrays.stream(x).allMatch(v -> v >= 0 && v < 1)).isTrue();
        assertThat(moment(x, 1)).isCloseTo(0.5, within(4 / Math.sqrt(12.0 * N)));
    }

    private static double moment(double[] x, int k) {
        return Arrays.stream(x).map(v -> Math.pow(v, k)).average().orElseThrow();
    }

    private static double correlation(double[] x, double[] y) {
        double s = 0;
        for (int i = 0; i < x.length; i++) s += x[i] * y[i];
        return s / x.length;
    }

    @Test
    void streamsOfSeedsAndForksAreIndependent() {
        Random r = Random.seed(13);
        double[] own = r.normal(Shape.of(N), DType.FLOAT64).toDoubles();
        double[][] others = {Random.seed(14).normal(Shape.of(N), DType.FLOAT64).toDoubles(), r.fork(0).normal(Shape.of(N), DType.FLOAT64).toDoubles(),
            r.fork(1).normal(Shape.of(N), DType.FLOAT64).toDoubles(), r.fork(0).fork(0).normal(Shape.of(N), DType.FLOAT64).toDoubles(),
            r.normal(Shape.of(N), DType.FLOAT64).toDoubles()};
        double bound = 4 / Math.sqrt(N);
        for (int i = 0; i < others.length; i++) {
            assertThat(correlation(own, others[i])).as("%d", i).isCloseTo(0, within(bound));
            for (int j = 0; j < i; j++) assertThat(correlation(others[j], others[i])).as("%d %d", i, j).isCloseTo(0, within(bound));
        }
    }

    @Test
    void neighboursInAStreamAreIndependent() {
        double[] x = Random.seed(15).normal(Shape.of(N), DType.FLOAT64).toDoubles();
        for (int lag = 1; lag <= 8; lag++) {
            assertThat(correlation(Arrays.copyOf(x, N - lag), Arrays.copyOfRange(x, lag, N))).as("lag %d", lag).isCloseTo(0, within(4 / Math.sqrt(N - lag)));
        }
    }

    @Test
    void forkingDoesNotMoveTheStream() {
        Random a = Random.seed(16);
        Random b = Random.seed(16);
        a.fork(3).normal(100);
        assertThat(a.normal(5).toDoubles()).containsExactly(b.normal(5).toDoubles());
        assertThat(a.fork(3).normal(5).toDoubles()).containsExactly(b.fork(3).normal(5).toDoubles());
    }

    @Test
    void aStreamContinuesFromItsState() {
        Random a = Random.seed(17);
        a.normal(7);
        a.uniform(5);
        Random b = Random.of(a.state());
        assertThat(b.normal(9).toDoubles()).containsExactly(a.normal(9).toDoubles());
        assertThat(b.state()).isEqualTo(a.state());
        assertThat(b.permutation(20).toLongs()).containsExactly(a.permutation(20).toLongs());
    }

    @Test
    void aCallIsTheSameNumbersAsSmallerCallsInTurn() {
        Random a = Random.seed(18);
        Random b = Random.seed(18);
        double[] whole = a.normal(16).toDoubles();
        assertThat(Tensor.concat(java.util.List.of(b.normal(8), b.normal(8)), 0).toDoubles()).containsExactly(whole);
    }

    @Test
    void oneNumberIsTheFirstOfATensor() {
        assertThat(Random.seed(4).nextDouble()).isEqualTo(Random.seed(4).uniform(Shape.of(3), DType.FLOAT64).get(0).item());
    }

    @Test
    void integersCoverTheirRangeEvenly() {
        long[] counts = new long[7];
        for (long v : Random.seed(19).integers(-3, 4, N).toLongs()) counts[(int) v + 3]++;
        double[] expected = new double[7];
        Arrays.fill(expected, N / 7.0);
        assertThat(new ChiSquareTest().chiSquareTest(expected, counts)).isGreaterThan(1e-4);
    }

    @Test
    void bernoulliHasItsProbability() {
        assertThat(Random.seed(20).bernoulli(0.3, N).to(DType.FLOAT64).mean().item()).isCloseTo(0.3, within(4 * Math.sqrt(0.21 / N)));
        assertThat(Random.seed(20).bernoulli(0, 100).any().item()).isZero();
        assertThat(Random.seed(20).bernoulli(1, 100).all().item()).isEqualTo(1);
    }

    @Test
    void permutationsHaveEveryNumberOnce() {
        long[] p = Random.seed(21).permutation(1000).toLongs();
        assertThat(p).isNotEqualTo(LongStream.range(0, 1000).toArray());
        assertThat(Arrays.stream(p).sorted().toArray()).containsExactly(LongStream.range(0, 1000).toArray());
    }

    @Test
    void badArgumentsAreNamed() {
        assertThatThrownBy(() -> Random.seed(1).integers(3, 3, 2)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3 to 3");
        assertThatThrownBy(() -> Random.seed(1).bernoulli(1.5, 2)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("1.5");
        assertThatThrownBy(() -> Random.seed(1).normal(Shape.of(2), DType.INT64)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("INT64");
    }
}
