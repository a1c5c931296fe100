package lemma.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import lemma.scaling.Fixtures;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private static double variance(double[] v) {
        double mean = Arrays.stream(v).average().orElseThrow();
        return Arrays.stream(v).map(e -> (e - mean) * (e - mean)).average().orElseThrow();
    }

    private static double mean(double[] v) {
        return Arrays.stream(v).average().orElseThrow();
    }

    @Test
    void percentileIntervalIsThatOfSciPyOnTheSameResamples() {
        JsonObject scipy = Fixtures.get("bootstrap");
        Interval interval = Bootstrap.percentile(Fixtures.numbers(scipy, "replicates"), 0.9);
        double[] expected = Fixtures.numbers(scipy, "percentile");
        assertThat(interval.low()).isCloseTo(expected[0], within(1e-12));
        assertThat(interval.high()).isCloseTo(expected[1], within(1e-12));
    }

    @Test
    void bcaIntervalIsThatOfSciPyOnTheSameResamples() {
        JsonObject scipy = Fixtures.get("bootstrap");
        double[] data = Fixtures.numbers(scipy, "data");
        double[] leftOut = IntStream.range(0, data.length)
                .mapToDouble(out -> variance(IntStream.range(0, data.length).filter(i -> i != out).mapToDouble(i -> data[i]).toArray())).toArray();
        Interval interval = Bootstrap.bca(Fixtures.numbers(scipy, "replicates"), variance(data), leftOut, 0.9);
        double[] expected = Fixtures.numbers(scipy, "BCa");
        assertThat(interval.low()).isCloseTo(expected[0], within(1e-9));
        assertThat(interval.high()).isCloseTo(expected[1], within(1e-9));
    }

    @Test
    void standardErrorOfAMeanIsThePopulationFormula() {
        double[] data = Fixtures.numbers(Fixtures.get("bootstrap"), "data");
        double exact = Math.sqrt(variance(data) / data.length);
        Bootstrap bootstrap = Bootstrap.of(data, BootstrapTest::mean, 20000, 1);
        assertThat(bootstrap.standardError(0)).isCloseTo(exact, within(4 * exact / Math.sqrt(2 * 20000)));
    }

    @Test
    void nominalIntervalsOfAMeanCoverTheTruth() {
        Random random = new Random(7);
        int trials = 400;
        int covered = 0;
        for (int t = 0; t < trials; t++) {
            double[] sample = random.doubles(40).toArray();
            if (Bootstrap.of(sample, BootstrapTest::mean, 500, t).bca(0, 0.9).contains(0.5)) covered++;
        }
        // 90 % less the known small-sample loss of one to two points, 4 standard errors of 400 trials around it
        assertThat(covered / (double) trials).isBetween(0.89 - 0.065, 0.89 + 0.065);
    }

    @Test
    void sameSeedGivesTheSameBitsForAnyNumberOfThreads() throws Exception {
        double[] data = Fixtures.numbers(Fixtures.get("bootstrap"), "data");
        double[] many = Bootstrap.of(data, BootstrapTest::mean, 500, 3).replicates(0);
        try (ForkJoinPool one = new ForkJoinPool(1)) {
            assertThat(one.submit(() -> Bootstrap.of(data, BootstrapTest::mean, 500, 3).replicates(0)).get()).isEqualTo(many);
        }
        assertThat(Bootstrap.of(data, BootstrapTest::mean, 500, 4).replicates(0)).isNotEqualTo(many);
    }

    @Test
    void countsResamplesOnWhichTheStatisticIsNotDefined() {
        double[] data = {1, 2, 3, 4};
        Bootstrap spread = Bootstrap.of(data, s -> variance(s) == 0 ? Double.NaN : variance(s), 4000, 0);
        assertThat(spread.failed()).isEqualTo(4000 - spread.resamples());
        assertThat(spread.failed() / 4000.0).isCloseTo(4 / 256.0, within(4 * Math.sqrt(4 / 256.0 / 4000)));
    }

    @Test
    void refusesIntervalsWhenManyResamplesFail() {
        Bootstrap two = Bootstrap.of(new double[] {1, 2}, s -> variance(s) == 0 ? Double.NaN : variance(s), 100, 0);
        assertThatThrownBy(() -> two.percentile(0, 0.9)).isInstanceOf(IllegalStateException.class).hasMessageContaining("of 100 resamples");
    }

    @Test
    void refusesBadArguments() {
        assertThatThrownBy(() -> Bootstrap.of(new double[] {1}, BootstrapTest::mean, 100, 0)).hasMessageContaining("1 observations");
        assertThatThrownBy(() -> Bootstrap.of(new double[] {1, Double.NaN}, BootstrapTest::mean, 100, 0)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> Bootstrap.percentile(new double[] {1, 2}, 95)).hasMessageContaining("level is 95.0");
        assertThatThrownBy(() -> Bootstrap.bca(new double[] {1, 2}, 3, new double[] {1, 2}, 0.9)).hasMessageContaining("one side of the estimate");
    }
}
