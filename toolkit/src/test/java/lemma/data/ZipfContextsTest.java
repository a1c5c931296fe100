package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import lemma.tensor.Random;
import org.junit.jupiter.api.Test;

class ZipfContextsTest {
    private static final ZipfContexts SOURCE = ZipfContexts.of(8, 5, 1.3, 0.4, Random.seed(3));

    @Test
    void pairsFollowZipfsLaw() {
        double[] p = SOURCE.probabilities();
        assertThat(Arrays.stream(p).sum()).isCloseTo(1, within(1e-12));
        double[] sorted = Arrays.stream(p).sorted().toArray();
        for (int k = 0; k < 64; k++) assertThat(sorted[63 - k] / sorted[63]).isCloseTo(Math.pow(k + 1, -1.3), within(1e-12));
        assertThat(p).isNotEqualTo(sorted);
    }

    @Test
    void samplesComeWithTheirProbabilities() {
        double[] p = SOURCE.probabilities();
        int n = 200_000;
        double[] counts = new double[64];
        for (double k : SOURCE.sample(n, Random.seed(1)).toDoubles()) counts[(int) k]++;
        for (int k = 0; k < 64; k++) assertThat(counts[k] / n).isCloseTo(p[k], within(5 * Math.sqrt(p[k] / n)));
    }

    /** Every term of I(t; a | b) = sum p(a, b, t) ln (p(a, b, t) p(b) / (p(a, b) p(b, t))), summed directly. */
    @Test
    void informationIsThatOfTheJointLaw() {
        double[] p = SOURCE.probabilities();
        double[] laws = SOURCE.laws().toDoubles();
        double[] first = new double[8];
        double[][] withToken = new double[8][5];
        for (int k = 0; k < 64; k++) {
            first[k % 8] += p[k];
            for (int t = 0; t < 5; t++) withToken[k % 8][t] += p[k] * laws[5 * k + t];
        }
        double information = 0;
        for (int k = 0; k < 64; k++) {
            for (int t = 0; t < 5; t++) {
                double joint = p[k] * laws[5 * k + t];
                if (joint > 0) information += joint * Math.log(joint * first[k % 8] / (p[k] * withToken[k % 8][t]));
            }
        }
        assertThat(SOURCE.mutualInformation()).isCloseTo(information, within(1e-12)).isPositive();
        assertThat(SOURCE.entropy()).isBetween(0.0, Math.log(5));
    }

    @Test
    void equalTokensHaveTheLargestEntropy() {
        assertThat(ZipfContexts.of(4, 6, 1, 1e6, Random.seed(0)).entropy()).isCloseTo(Math.log(6), within(1e-5));
    }

    @Test
    void refusesWhatIsTooSmall() {
        assertThatThrownBy(() -> ZipfContexts.of(1, 5, 1, 1, Random.seed(0))).hasMessageContaining("side 1");
        assertThatThrownBy(() -> ZipfContexts.of(4, 5, 0, 1, Random.seed(0))).hasMessageContaining("exponent 0.0");
    }
}
