package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class FittingTargetTest {
    @Test
    void valuesAtPointsWhereTheyAreKnown() {
        assertThat(FittingTarget.PERIODIC.at(0.25, 0)).isCloseTo(1.5, within(1e-12));
        assertThat(FittingTarget.PIECEWISE_LINEAR.at(0.3, -0.3)).isCloseTo(0, within(1e-12));
        assertThat(FittingTarget.POLYNOMIAL.at(1, 2)).isEqualTo(1 - 8 + 4 - 0.5);
        assertThat(FittingTarget.CHIRP.at(-1, Math.PI / 2)).isCloseTo(1, within(1e-12));
        assertThat(FittingTarget.STEP.at(0.2, 0)).isEqualTo(1);
        assertThat(FittingTarget.STEP.at(0, 0.2)).isEqualTo(-1);
        assertThat(FittingTarget.PRODUCT.at(0.5, -1)).isEqualTo(-1);
        assertThat(FittingTarget.BUMPS.at(-0.5, 0.1)).isCloseTo(-1, within(0.1));
    }

    @Test
    void samplesAreTheFunctionAndNormalNoise() {
        var sample = FittingTarget.CHIRP.sample(20_000, 0.05, Random.seed(1));
        Tensor noise = sample.y().sub(FittingTarget.CHIRP.at(sample.x()));
        assertThat(noise.mean().item()).isCloseTo(0, within(4 * 0.05 / Math.sqrt(20_000)));
        assertThat(noise.std(1).item()).isCloseTo(0.05, within(4 * 0.05 / Math.sqrt(40_000)));
        assertThat(sample.x().abs().max().item()).isLessThanOrEqualTo(1);
        assertThat(FittingTarget.STEP.sample(5, 0, Random.seed(2)).y().abs().toFloats()).containsOnly(1f);
    }

    @Test
    void badInputIsRefused() {
        assertThatThrownBy(() -> FittingTarget.STEP.at(Tensor.ones(2, 3))).hasMessageContaining("[2, 3]");
        assertThatThrownBy(() -> FittingTarget.STEP.sample(0, 0, Random.seed(1))).hasMessageContaining("n is 0");
        assertThatThrownBy(() -> FittingTarget.STEP.sample(1, -1, Random.seed(1))).hasMessageContaining("noise is -1.0");
    }
}
