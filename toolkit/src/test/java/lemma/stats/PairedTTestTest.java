package lemma.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import lemma.scaling.Fixtures;
import org.junit.jupiter.api.Test;

class PairedTTestTest {
    @Test
    void agreesWithSciPy() {
        JsonObject scipy = Fixtures.get("pairedT");
        PairedTTest test = PairedTTest.of(Fixtures.numbers(scipy, "a"), Fixtures.numbers(scipy, "b"));
        double[] interval = Fixtures.numbers(scipy, "interval");
        assertThat(test.t()).isCloseTo(scipy.get("t").getAsDouble(), within(1e-12));
        assertThat(test.p()).isCloseTo(scipy.get("p").getAsDouble(), within(1e-12));
        assertThat(test.df()).isEqualTo(scipy.get("df").getAsInt());
        assertThat(test.interval(0.95).low()).isCloseTo(interval[0], within(1e-9));
        assertThat(test.interval(0.95).high()).isCloseTo(interval[1], within(1e-9));
    }

    @Test
    void refusesDataThatCannotBeTested() {
        assertThatThrownBy(() -> PairedTTest.of(new double[] {1, 2}, new double[] {1})).hasMessageContaining("2 and 1 values");
        assertThatThrownBy(() -> PairedTTest.of(new double[] {1}, new double[] {1})).hasMessageContaining("1 pairs");
        assertThatThrownBy(() -> PairedTTest.of(new double[] {1, 2}, new double[] {0, 1})).hasMessageContaining("all differences are 1.0");
        assertThatThrownBy(() -> PairedTTest.of(new double[] {1, Double.NaN}, new double[] {0, 1})).hasMessageContaining("pair 1 is NaN");
    }
}
