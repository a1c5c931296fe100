package lemma.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class MlpEnsembleTest {
    /**
     * Of two linear weights, {@code z = c u v}, gradient flow keeps {@code u^2 - v^2}; so at z = y the kernel {@code c^2 (u^2 + v^2)} is
     * {@code sqrt((c^2 (u^2 - v^2))^2 + 4 c^2 y^2)}.
     */
    @Test
    void kernelOfTwoLinearWeightsMovesAsTheConservedQuantitySays() {
        double c = Math.sqrt(1.5 * 0.7);
        double y = 0.5;
        Random random = Random.seed(3);
        double[] u = random.normal(40, 1, 1).toDoubles();
        double[] v = random.normal(40, 1, 1).toDoubles();
        double[] change = new MlpEnsemble(z -> z, 0, 1.5, 1).kernelChange(Random.seed(3), 40, 2, 0.7, y, 0.01, 2_000).toDoubles();
        for (int i = 0; i < change.length; i++) {
            double before = c * c * (u[i] * u[i] + v[i] * v[i]);
            double kept = c * c * (u[i] * u[i] - v[i] * v[i]);
            double after = Math.sqrt(kept * kept + 4 * c * c * y * y);
            double moved = after / before;
            assertThat(change[i]).as("net " + i).isCloseTo(moved - 1, within(0.01 * Math.max(1, moved * moved))); // the flow in steps of a hundredth
        }
    }

    @Test
    void wideNetsKeepTheirKernel() {
        MlpEnsemble wide = new MlpEnsemble(Tensor::relu, 0.1, 1.8, 1024);
        assertThat(wide.kernelChange(Random.seed(0), 4, 2, 1, 1, 0.2, 30).abs().max().item()).isLessThan(0.1);
    }

    @Test
    void aNetWithoutAGradientStays() {
        MlpEnsemble off = new MlpEnsemble(z -> z.mul(0), 0, 1, 3);
        assertThat(off.kernelChange(Random.seed(0), 2, 3, 1, 1, 0.2, 2).toDoubles()).containsOnly(0);
    }

    @Test
    void saysWhatIsWrong() {
        MlpEnsemble e = new MlpEnsemble(Tensor::relu, 0, 2, 4);
        assertThatThrownBy(() -> e.kernelChange(Random.seed(0), 2, 1, 1, 1, 0.2, 2)).hasMessageContaining("depth is 1");
        assertThatThrownBy(() -> e.kernelChange(Random.seed(0), 2, 2, 1, 1, -1, 2)).hasMessageContaining("rate -1.0");
        assertThatThrownBy(() -> new MlpEnsemble(Tensor::relu, 0, -2, 4)).hasMessageContaining("C_W -2.0");
    }
}
