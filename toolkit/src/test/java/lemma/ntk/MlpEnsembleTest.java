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

    /** Means over wide nets against the analytic kernel, whose examples of variances 1 and 2.25 and covariance 0.6 are those of a linear first layer. */
    @Test
    void covariancesOfTwoInputsFollowTheAnalyticKernel() {
        Tensor x = Tensor.of(new double[] {Math.sqrt(2), 0, 0.6 * Math.sqrt(2), Math.sqrt(4.5 - 0.72)}, 2, 2);
        Network net = Stax.serial(Stax.dense(1), Stax.relu(), Stax.dense(1, 1.3, 0.4), Stax.relu(), Stax.dense(1, 1.3, 0.4));
        Tensor expected = net.kernel(x).nngp();
        Tensor g = new MlpEnsemble(Tensor::relu, 0.16, 1.69, 2_000).covariances(Random.seed(5), 1_000, 1, 0.6, 2.25, 3).get(2).mean(1);
        assertThat(g.toDoubles()).containsExactly(new double[] {expected.get(0).get(0).item(), expected.get(0).get(1).item(), expected.get(1).get(1).item()}, within(0.02));
    }

    /** {@code E G(x,x')^2} and {@code E G(x,x) G(x',x')} of linear nets, from the fourth moments of normal numbers; equal inputs have one G. */
    @Test
    void covariancesOfLinearNetsHaveTheirExactMoments() {
        int n = 20;
        int draws = 40_000;
        Tensor g = new MlpEnsemble(z -> z, 0, 1, n).covariances(Random.seed(6), draws, 1, 0.5, 1, 6);
        double crossed = 0.25;
        double product = 1;
        for (int l = 1; l < 6; l++) {
            double next = crossed * (1 + 1.0 / n) + product / n;
            product += 2 * crossed / n;
            crossed = next;
            Tensor at = g.get(l);
            near(at.get(1).square(), crossed, draws);
            near(at.get(0).mul(at.get(2)), product, draws);
        }
        Tensor same = new MlpEnsemble(Tensor::relu, 0, 2, n).covariances(Random.seed(6), 50, 1, 1, 1, 4).get(3);
        assertThat(same.get(1).sub(same.get(0)).abs().max().item()).isLessThan(2e-3); // the root of a rounded difference
        assertThat(same.get(0).std(0).item()).isGreaterThan(0.3);
    }

    private static void near(Tensor values, double mean, int draws) {
        assertThat(values.mean().item()).isCloseTo(mean, within(4 * values.std(1).item() / Math.sqrt(draws)));
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
        assertThatThrownBy(() -> e.covariances(Random.seed(0), 2, 1, 2, 1, 3)).hasMessageContaining("1.0 and 1.0 with 2.0 between");
        assertThatThrownBy(() -> new MlpEnsemble(Tensor::relu, 0, -2, 4)).hasMessageContaining("C_W -2.0");
    }
}
