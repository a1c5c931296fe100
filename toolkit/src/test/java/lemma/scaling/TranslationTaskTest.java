package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lemma.data.AlignedTransducer;
import lemma.tensor.Random;
import org.junit.jupiter.api.Test;

class TranslationTaskTest {
    private static final AlignedTransducer SOURCE = AlignedTransducer.of(4, 3, 1, 0.5, 1, Random.seed(1));
    private static final TranslationTask TASK = new TranslationTask(SOURCE, 8, 400, 128, 2e-2);

    @Test
    void aLargeModelReachesTheConditionalEntropyFromAbove() {
        TranslationTask.Run run = TASK.train(32, 32, 0);
        assertThat(run.loss()).isBetween(SOURCE.entropy(), SOURCE.entropy() + 0.02);
        assertThat(run.encoderParams()).isEqualTo(8 * 32 + 32 * 33 + 33 * 8);
        assertThat(run.decoderParams()).isEqualTo(9 * 32 + 3 * 32 + 32 * 33 + 33 * 3);
    }

    @Test
    void aTinyPartOnEitherSideCosts() {
        double best = TASK.train(32, 32, 0).loss();
        assertThat(TASK.train(1, 32, 0).loss()).isGreaterThan(best + 0.02);
        assertThat(TASK.train(32, 1, 0).loss()).isGreaterThan(best + 0.02);
    }

    @Test
    void refusesNoCode() {
        assertThatThrownBy(() -> new TranslationTask(SOURCE, 0, 10, 10, 0.1)).hasMessageContaining("code 0");
    }
}
