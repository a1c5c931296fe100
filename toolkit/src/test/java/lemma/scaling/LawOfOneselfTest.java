package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LawOfOneselfTest {
    @Test
    void recoversPlantedParametersFromSobolStarts() {
        double[] x = IntStream.range(0, 20).mapToDouble(i -> -1 + 0.5 * i).toArray();
        double[] y = IntStream.range(0, 20).mapToDouble(i -> 3 - 0.8 * Math.exp(-0.4 * x[i])).toArray();
        ScalingFit fit = LawFitter.of(LawGradientsTest.own()).fit(y, x);
        assertThat(fit.parameter("c")).isCloseTo(3, withinPercentage(1e-3));
        assertThat(fit.parameter("a")).isCloseTo(0.8, withinPercentage(1e-3));
        assertThat(fit.parameter("b")).isCloseTo(0.4, withinPercentage(1e-3));
        assertThat(fit.toString()).contains("saturating: y = c - a exp(-b x)", "256 starts");
    }

    @Test
    void drawsCurvesOverInputsOfAnySignAndLawsOfSeveralInputsAsMeasuredOverFitted() {
        double[] x = {-1, 0, 1, 2, 3, 4};
        double[] y = {1.9, 2.2, 2.5, 2.6, 2.78, 2.83};
        assertThat(LawFitter.of(LawGradientsTest.own()).withResamples(100).withResampling(LawFitter.Resampling.RESIDUALS).fit(y, x).figure().plotly().get("data").toString()).contains("95% bootstrap", "measured");
        double[] d = {1, 5, 2, 8, 3, 9};
        double[] n = {1, 2, 4, 3, 9, 5};
        assertThat(LawFitter.of(ProductPowerLaw.of("L", "N", "D")).fit(y, n, d).figure().plotly().get("data").toString()).contains("equal", "observations");
    }

    @Test
    void takesInputsOfAnySignButNoInfinity() {
        double[] x = {-1, 0, 1, Double.POSITIVE_INFINITY, 2};
        assertThatThrownBy(() -> LawFitter.of(LawGradientsTest.own()).fit(new double[] {1, 2, 3, 4, 5}, x)).hasMessageContaining("x is Infinity in observation 3, expected a finite number");
    }

    @Test
    void checksWhereParametersStart() {
        assertThatThrownBy(() -> Parameter.positive("a").startingIn(0, 1)).hasMessageContaining("a starts in [0.0, 1.0]").hasMessageContaining("above 0");
        assertThatThrownBy(() -> Parameter.between("b", 0, 1).startingIn(0.5, 2)).hasMessageContaining("[0.5, 2.0], expected an interval within its bounds [0.0, 1.0]");
        assertThatThrownBy(() -> Law.of("none", "y = 1", List.of("x"), List.of(), (p, x) -> null)).hasMessageContaining("at least one of each");
    }
}
