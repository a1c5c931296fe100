package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import lemma.tensor.Random;
import org.junit.jupiter.api.Test;

class AlignedTransducerTest {
    private static final AlignedTransducer SOURCE = AlignedTransducer.of(3, 4, 1, 0.5, 1, Random.seed(1));

    @Test
    void lawsAreLawsAndTheirMeanEntropyIsTheEntropy() {
        double[] p = SOURCE.probabilities();
        double[] laws = SOURCE.laws().toDoubles();
        assertThat(p).hasSize(36);
        assertThat(Arrays.stream(p).sum()).isCloseTo(1, within(1e-12));
        double joint = 0;
        double context = 0;
        for (int c = 0; c < 36; c++) {
            assertThat(Arrays.stream(laws, 4 * c, 4 * c + 4).sum()).isCloseTo(1, within(1e-12));
            context -= p[c] * Math.log(p[c]);
            for (int y = 0; y < 4; y++) if (laws[4 * c + y] > 0) joint -= p[c] * laws[4 * c + y] * Math.log(p[c] * laws[4 * c + y]);
        }
        // H(y | context) = H(context, y) - H(context)
        assertThat(SOURCE.entropy()).isCloseTo(joint - context, within(1e-12));
    }

    @Test
    void withoutSmoothnessTheTargetBeforeDoesNotMatter() {
        double[] laws = AlignedTransducer.of(3, 4, 1, 0.5, 0, Random.seed(1)).laws().toDoubles();
        for (int c = 0; c < 36; c++) for (int y = 0; y < 4; y++) assertThat(laws[4 * c + y]).isCloseTo(laws[16 * (c / 4) + y], within(1e-15));
    }

    @Test
    void samplesComeWithTheirProbabilities() {
        double[] p = SOURCE.probabilities();
        double[] counts = new double[36];
        for (long c : SOURCE.sample(100_000, Random.seed(2))) counts[(int) c]++;
        for (int c = 0; c < 36; c++) assertThat(counts[c] / 1e5).isCloseTo(p[c], within(5 * Math.sqrt(p[c] / 1e5)));
    }

    @Test
    void refusesWhatIsTooSmall() {
        assertThatThrownBy(() -> AlignedTransducer.of(3, 4, 1, 0.5, -1, Random.seed(1))).hasMessageContaining("smoothness -1.0");
    }
}
