package lemma.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TradeOffTest {
    @Test
    void pointsThatAnotherBeatsAreLeftOut() {
        TradeOff t = TradeOff.of(new double[] {0.5, 0.2, 0.1, 0.5, 0.5}, new double[] {0.7, 0.6, 0.9, 0.8, 0.8});
        assertThat(t.x()).containsExactly(0.1, 0.5);
        assertThat(t.y()).containsExactly(0.9, 0.8);
        assertThat(t.at(0.2)).isCloseTo(0.875, within(1e-12));
        assertThatThrownBy(() -> t.at(0.6)).hasMessageContaining("0.6");
    }

    @Test
    void settingsChosenElsewhereKeepTheirValuesHere() {
        // the third is beaten on validation, though best here; the first is beaten here, though not there
        TradeOff t = TradeOff.chosen(new double[] {1, 2, 1}, new double[] {2, 1, 1}, new double[] {0.6, 0.5, 0.9}, new double[] {0.6, 0.7, 0.9});
        assertThat(t.x()).containsExactly(0.5, 0.6);
        assertThat(t.y()).containsExactly(0.7, 0.6);
        assertThatThrownBy(() -> TradeOff.chosen(new double[2], new double[2], new double[3], new double[3])).hasMessageContaining("2, 2, 3 and 3");
    }

    @Test
    void theAdvantageIsTheMeanDistanceOverTheCommonPart() {
        TradeOff a = TradeOff.of(new double[] {0, 1}, new double[] {1, 0});
        TradeOff b = TradeOff.of(new double[] {0.5, 2}, new double[] {0.4, 0});
        // 1 - x less 0.4 (2 - x) / 1.5 from 0.5 to 1: straight, so its mean is that of its ends
        assertThat(a.meanAdvantage(b)).isCloseTo((0.1 - 0.4 / 1.5) / 2, within(1e-12));
        assertThat(b.meanAdvantage(a)).isCloseTo(-a.meanAdvantage(b), within(1e-12));
        assertThatThrownBy(() -> a.meanAdvantage(TradeOff.of(new double[] {3, 4}, new double[] {1, 0}))).hasMessageContaining("nothing in common");
    }
}
