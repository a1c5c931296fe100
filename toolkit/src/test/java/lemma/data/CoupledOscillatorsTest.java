package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class CoupledOscillatorsTest {
    @Test
    void withoutCouplingOrNoiseEachChannelIsASine() {
        Tensor x = new CoupledOscillators(0.5, 0.5, 0, 0, 0).sample(3, 4, 20, Random.seed(1)).signals();
        Tensor residual = x.narrow(1, 2, 20).add(x.narrow(1, 0, 18)).sub(x.narrow(1, 1, 19).mul(2 * Math.cos(0.5)));
        assertThat(residual.abs().max().item()).isLessThan(1e-13);
    }

    /** Two oscillators: the difference d of their phases moves by {@code -2 K sin d} a step, so sin d shrinks by 1 - 2 K near 0. */
    @Test
    void twoEqualOscillatorsFallIntoStepFromTheOnsetOn() {
        CoupledOscillators.Sample sample = new CoupledOscillators(0.6, 0.6, 0, 0.25, 0).sample(400, 2, 40, Random.seed(2));
        Tensor apart = sample.signals().narrow(2, 0, 1).sub(sample.signals().narrow(2, 1, 2)).squeeze(2).abs();
        int episodes = 0;
        int inStep = 0;
        for (int s = 0; s < 400; s++) {
            int onset = (int) sample.onset().get(s).item();
            if (onset == 40) continue;
            assertThat(onset).isBetween(10, 29);
            double[] d = apart.get(s).toDoubles();
            episodes++;
            if (Math.max(d[38], d[39]) < 0.1) inStep++;
        }
        assertThat(inStep / (double) episodes).isGreaterThan(0.9); // the others began almost opposite
        Tensor none = sample.onset().eq(40);
        assertThat(none.to(DType.FLOAT64).mean().item()).isCloseTo(0.5, within(4 * 0.5 / 20));
        Tensor in = sample.inEpisode();
        assertThat(in.sum(1).sub(sample.onset().to(DType.FLOAT64).rsub(40)).abs().max().item()).isZero();
    }

    @Test
    void noiseHasItsSize() {
        CoupledOscillators quiet = new CoupledOscillators(0.5, 0.75, 0.1, 0.5, 0);
        Tensor noise = CoupledOscillators.standard().sample(200, 5, 16, Random.seed(3)).signals().sub(quiet.sample(200, 5, 16, Random.seed(3)).signals());
        assertThat(noise.square().mean().item()).isCloseTo(0.0025, within(4 * 0.0025 * Math.sqrt(2.0 / 16_000)));
        assertThatThrownBy(() -> new CoupledOscillators(1, 0.5, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("from 1.0 to 0.5");
        assertThatThrownBy(() -> quiet.sample(2, 3, 2, Random.seed(1))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("2 steps");
    }
}
