package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.data.ZipfContexts;
import lemma.tensor.Random;
import lemma.tensor.Threads;
import org.junit.jupiter.api.Test;

class ContextTaskTest {
    private static final ZipfContexts SOURCE = ZipfContexts.of(6, 4, 1, 0.5, Random.seed(2));
    private static final ContextTask TASK = new ContextTask(SOURCE, true, 300, 128, 2e-2, 6);

    @Test
    void aWideModelReachesTheEntropyFromAbove() {
        ComputeFrontier.Curve curve = TASK.train(64, 1);
        assertThat(curve.loss()).hasSize(6);
        assertThat(curve.last()).isBetween(SOURCE.entropy(), SOURCE.entropy() + 0.02);
        // 12 rows of embeddings, a square layer, a layer of 4 outputs
        assertThat(curve.params()).isEqualTo(12 * 64 + 64 * 65 + 65 * 4);
        assertThat(curve.flops()[5]).isCloseTo(6 * curve.params() * 300 * 128, within(1.0));
    }

    @Test
    void aModelWithoutTheCaptionReachesItsOwnEntropy() {
        assertThat(TASK.withoutCaption().train(64, 1).last()).isBetween(SOURCE.entropyWithoutFirst(), SOURCE.entropyWithoutFirst() + 0.02);
    }

    @Test
    void aGridHasTheBitsOfItsRuns() {
        assertThat(TASK.grid(new int[] {3, 5}, 2, 4)[1][0].loss()).isEqualTo(Threads.with(1, () -> TASK.train(3, 5)).loss());
    }

    @Test
    void refusesMoreEvaluationsThanSteps() {
        assertThatThrownBy(() -> new ContextTask(SOURCE, true, 5, 8, 0.1, 6)).hasMessageContaining("evaluations 6");
    }
}
