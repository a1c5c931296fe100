package lemma.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.nn.FixtureFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.api.Test;

class EquivalenceTestTest {
    private static final FixtureFile STATSMODELS = FixtureFile.of("prefix-attention.safetensors");

    @ParameterizedTest
    @CsvSource({"near, true", "far, false"})
    void agreesWithStatsmodels(String name, boolean equivalent) {
        double[] d = STATSMODELS.get("tost_" + name + "/difference").toDoubles();
        double margin = STATSMODELS.get("tost_" + name + "/margin").item();
        EquivalenceTest test = EquivalenceTest.of(d, new double[d.length], margin);
        assertThat(test.p()).isCloseTo(STATSMODELS.get("tost_" + name + "/p").item(), within(1e-12));
        assertThat(test.p() < 0.05).isEqualTo(equivalent);
        Interval interval = test.interval(0.05);
        assertThat(interval.level()).isCloseTo(0.9, within(1e-15));
        assertThat(interval.low() > -margin && interval.high() < margin).isEqualTo(equivalent);
    }

    @Test
    void refusesMarginsThatAreNone() {
        double[] d = {1, 2};
        for (double margin : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> EquivalenceTest.of(d, new double[2], margin)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("margin is " + margin);
        }
    }
}
