package lemma.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.loss.Reliability;
import org.junit.jupiter.api.Test;

class ReliabilityDiagramTest {
    private static final Reliability R = new Reliability(new double[] {0.1, Double.NaN, 0.8}, new double[] {0.2, Double.NaN, 0.5}, new long[] {10, 0, 30});

    @Test
    void intervalsAreWilsons() {
        // statsmodels proportion_confint(5, 10, method="wilson") and (0, 20)
        assertThat(ReliabilityDiagram.wilson(0.5, 10, -1)).isCloseTo(0.236593090512564, within(1e-12));
        assertThat(ReliabilityDiagram.wilson(0.5, 10, 1)).isCloseTo(0.763406909487436, within(1e-12));
        assertThat(ReliabilityDiagram.wilson(0, 20, -1)).isCloseTo(0, within(1e-15));
        assertThat(ReliabilityDiagram.wilson(0, 20, 1)).isCloseTo(0.1611251580528115, within(1e-12));
    }

    @Test
    void theFigureHasTheBinsWithCasesAndTheErrorInTheLegend() {
        String text = ReliabilityDiagram.of("Net").with("before", R).figure().toString();
        assertThat(text).contains("before, ECE 25.0 %", "2 points", "perfect");
        assertThatThrownBy(() -> ReliabilityDiagram.of("Net").with("before", R).with("before", R)).hasMessageContaining("\"before\"");
    }
}
