package lemma.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.nn.Params;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientNoiseTest {
    private static final Params ZERO = Params.of("w", Tensor.zeros(200, 100)).with("v", Tensor.zeros(200, 100));

    private static GradientNoise noise(double eta) {
        return (GradientNoise) Sgd.of(1).withGradientNoise(eta, 0.55, Random.seed(3));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 10, 1000})
    void theVarianceIsThatOfTheFormula(long step) {
        double expected = 0.3 * Math.pow(1 + step, -0.55);
        Tensor drawn = noise(0.3).noisy(ZERO, step).get("w");
        assertThat(drawn.var(1).item()).isCloseTo(expected, within(4 * expected * Math.sqrt(2.0 / 20_000)));
        assertThat(drawn.mean().item()).isCloseTo(0, within(4 * Math.sqrt(expected / 20_000)));
    }

    @Test
    void stepsAndTensorsHaveNoiseOfTheirOwn() {
        GradientNoise noise = noise(1);
        Params first = noise.noisy(ZERO, 0);
        double correlated = 4 / Math.sqrt(20_000);
        assertThat(first.get("w").mul(first.get("v")).mean().item()).isCloseTo(0, within(correlated));
        assertThat(first.get("w").mul(noise.noisy(ZERO, 1).get("w")).mean().item()).isCloseTo(0, within(correlated));
        assertThat(noise.noisy(ZERO, 0).get("w").toDoubles()).containsExactly(first.get("w").toDoubles());
    }

    @Test
    void theInnerOptimiserStepsAlongTheNoisyGradient() {
        Optimiser sgd = Sgd.of(0.1);
        GradientNoise noise = (GradientNoise) sgd.withGradientNoise(0.3, 0.55, Random.seed(3));
        Params g = ZERO.map(t -> t.add(2));
        Optimiser.Update one = noise.step(ZERO, g, noise.init(ZERO));
        Optimiser.Update two = noise.step(one.params(), g, one.state());
        Params same = sgd.step(one.params(), noise.noisy(g, 1), sgd.init(ZERO)).params();
        assertThat(two.params().get("v").toDoubles()).containsExactly(same.get("v").toDoubles());
        assertThat(two.state().step()).isEqualTo(2);
    }

    @Test
    void clippingAroundItLeavesTheNoiseWhole() {
        Optimiser clipped = Sgd.of(1).withGradientNoise(0.5, 0, Random.seed(3)).withClipNorm(1e-3);
        Params moved = clipped.step(ZERO, ZERO.map(t -> t.add(7)), clipped.init(ZERO)).params();
        assertThat(moved.get("w").var(1).item()).isCloseTo(0.5, within(0.02));
        assertThat(moved.get("w").mean().item()).isCloseTo(0, within(0.02));
    }

    @Test
    void badSettingsAreNamed() {
        assertThatThrownBy(() -> noise(-1)).hasMessageContaining("eta is -1.0");
        assertThatThrownBy(() -> Sgd.of(1).withGradientNoise(1, Double.NaN, Random.seed(1))).hasMessageContaining("gamma is NaN");
    }
}
