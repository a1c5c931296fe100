package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class SamplingTest {
    /** Probabilities 0.1, 0.4, 0.05, 0.3, 0.15. */
    private static final Tensor LOGITS = Tensor.of(new double[] {0.1, 0.4, 0.05, 0.3, 0.15}, 1, 5).log();

    private static double[] p(Sampling sampling) {
        return sampling.probabilities(LOGITS).toDoubles();
    }

    @Test
    void theTemperatureDividesTheLogits() {
        assertThat(p(Sampling.of(1))).containsExactly(new double[] {0.1, 0.4, 0.05, 0.3, 0.15}, within(1e-12));
        double z = 0.01 + 0.16 + 0.0025 + 0.09 + 0.0225;
        assertThat(p(Sampling.of(0.5))).containsExactly(new double[] {0.01 / z, 0.16 / z, 0.0025 / z, 0.09 / z, 0.0225 / z}, within(1e-12));
        assertThat(p(Sampling.greedy())).containsExactly(0, 1, 0, 0, 0);
    }

    @Test
    void theLikeliestKStay() {
        assertThat(p(Sampling.of(1).withTopK(2))).containsExactly(new double[] {0, 0.4 / 0.7, 0, 0.3 / 0.7, 0}, within(1e-12));
        assertThat(p(Sampling.of(1).withTopK(9))).containsExactly(p(Sampling.of(1)), within(1e-12));
    }

    @Test
    void theFewestThatReachPStay() {
        assertThat(p(Sampling.of(1).withTopP(0.65))).containsExactly(new double[] {0, 0.4 / 0.7, 0, 0.3 / 0.7, 0}, within(1e-12));
        assertThat(p(Sampling.of(1).withTopP(0.75))).containsExactly(new double[] {0, 0.4 / 0.85, 0, 0.3 / 0.85, 0.15 / 0.85}, within(1e-12));
        assertThat(p(Sampling.of(1).withTopP(1e-9))).containsExactly(0, 1, 0, 0, 0);
        // after top-k: 0.4 / 0.7 alone reaches 0.5
        assertThat(p(Sampling.of(1).withTopK(2).withTopP(0.5))).containsExactly(0, 1, 0, 0, 0);
    }

    @Test
    void exactlyKStayWhereTokensAreEquallyLikely() {
        assertThat(Sampling.of(1).withTopK(2).probabilities(Tensor.zeros(1, 6)).toDoubles()).containsExactly(0.5, 0.5, 0, 0, 0, 0);
    }

    @Test
    void tokensAreDrawnWithTheseProbabilities() {
        int n = 40_000;
        Sampling sampling = Sampling.of(0.8).withTopK(4).withTopP(0.95);
        double[] share = sampling.next(LOGITS.expand(n, 5), Random.seed(1)).oneHot(5).mean(0).toDoubles();
        double[] p = p(sampling);
        for (int i = 0; i < 5; i++) assertThat(share[i]).isCloseTo(p[i], within(4 * Math.sqrt(p[i] * (1 - p[i]) / n)));
        assertThat(Sampling.greedy().next(LOGITS.expand(3, 5), Random.seed(1)).toLongs()).containsExactly(1, 1, 1);
    }

    @Test
    void logitsOfADivergedModelAreRefused() {
        for (Sampling sampling : new Sampling[] {Sampling.greedy(), Sampling.of(1).withTopP(0.5)}) {
            for (double wrong : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
                Tensor logits = Tensor.of(new double[] {1, 2, wrong, 0}, 2, 2);
                assertThatThrownBy(() -> sampling.next(logits, Random.seed(1))).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll("row 1", Double.toString(wrong), "[2, 2]");
            }
            Tensor none = Tensor.of(new double[] {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY}, 1, 2);
            assertThatThrownBy(() -> sampling.next(none, Random.seed(1))).hasMessageContaining("-Infinity");
            assertThatThrownBy(() -> sampling.next(Tensor.zeros(1, 0), Random.seed(1))).hasMessageContaining("[1, 0]");
            Tensor one = Tensor.of(new double[] {Double.NEGATIVE_INFINITY, -1e300}, 1, 2);
            assertThat(sampling.next(one, Random.seed(1)).toLongs()).containsExactly(1);
            assertThat(sampling.next(Tensor.zeros(0, 3), Random.seed(1)).size()).isZero();
        }
    }

    @Test
    void wrongSettingsAreQuoted() {
        assertThatThrownBy(() -> Sampling.of(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> Sampling.of(1).withTopK(0)).hasMessageContaining("topK is 0");
        assertThatThrownBy(() -> Sampling.of(1).withTopP(0)).hasMessageContaining("topP is 0");
        assertThatThrownBy(() -> Sampling.of(1).next(Tensor.full(LOGITS.shape(), LOGITS.dtype(), Double.NaN), Random.seed(1))).hasMessageContaining("NaN");
    }
}
