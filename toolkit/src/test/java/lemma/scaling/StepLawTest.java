package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.google.gson.JsonObject;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepLawTest {
    private static final double[] N = {1e6, 1e6, 1e6, 4e6, 4e6, 4e6, 16e6, 16e6, 16e6};
    private static final double[] D = {1e8, 4e8, 16e8, 1e8, 4e8, 16e8, 1e8, 4e8, 16e8};

    @Test
    void predictsWhatThePaperPrints() {
        StepLaw.Hyperparameters at = StepLaw.PUBLISHED.predict(1e9, 1e11);
        // 1.79 10^(9 x -0.713 + 11 x 0.307) and 0.58 10^(11 x 0.571)
        assertThat(at.learningRate()).isCloseTo(1.79 * Math.pow(10, -3.04), withinPercentage(1e-9));
        assertThat(at.batchTokens()).isCloseTo(0.58 * Math.pow(10, 6.281), withinPercentage(1e-9));
    }

    @Test
    void recoversAPlantedLaw() {
        StepLaw planted = new StepLaw(2, -0.6, 0.25, 0.4, 0.55);
        double[] eta = IntStream.range(0, 9).mapToDouble(i -> planted.predict(N[i], D[i]).learningRate()).toArray();
        double[] batch = IntStream.range(0, 9).mapToDouble(i -> planted.predict(N[i], D[i]).batchTokens()).toArray();
        StepLaw.Fit fit = StepLaw.fit(N, D, eta, batch);
        assertThat(fit.law().a()).isCloseTo(-0.6, within(1e-9));
        assertThat(fit.law().b()).isCloseTo(0.25, within(1e-9));
        assertThat(fit.law().g()).isCloseTo(0.55, within(1e-9));
        assertThat(fit.law().predict(1e9, 1e11).learningRate()).isCloseTo(planted.predict(1e9, 1e11).learningRate(), withinPercentage(1e-6));
        assertThat(fit.batchSizeWithParams().parameter("p_N")).isCloseTo(0, within(1e-9));
    }

    @Test
    void regressionAgreesWithStatsmodels() {
        JsonObject fixture = Fixtures.get("product");
        ScalingFit fit = LawFitter.of(ProductPowerLaw.of("eta", "N", "D")).fit(Fixtures.numbers(fixture, "y"), Fixtures.numbers(fixture, "N"), Fixtures.numbers(fixture, "D"));
        double[] expected = Fixtures.numbers(fixture, "coefficients");
        assertThat(Math.log(fit.parameter("c"))).isCloseTo(expected[0], within(1e-8));
        assertThat(fit.parameter("p_N")).isCloseTo(expected[1], within(1e-9));
        assertThat(fit.parameter("p_D")).isCloseTo(expected[2], within(1e-9));
        assertThat(fit.rSquared()).isCloseTo(fixture.get("r2").getAsDouble(), within(1e-10));
    }

    @Test
    void refusesScalesThatAreNone() {
        assertThatThrownBy(() -> StepLaw.PUBLISHED.predict(0, 1e9)).hasMessageContaining("0.0 parameters");
        assertThatThrownBy(() -> ProductPowerLaw.of("y", "N", "N")).hasMessageContaining("[N, N]");
    }
}
