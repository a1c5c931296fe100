package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.data.AlignedTransducer;
import lemma.data.SentenceTransducer;
import lemma.tensor.Random;
import org.junit.jupiter.api.Test;

class OriginTaskTest {
    private static final SentenceTransducer NATURAL = SentenceTransducer.of(AlignedTransducer.of(4, 4, 1, 0.5, 0, Random.seed(1)), 4, 5);
    private static final OriginTask TASK = new OriginTask(NATURAL, NATURAL.withSharpness(3), 400, 32, 1e-2, 300);

    @Test
    void trainingComesNearTheBestOnBothOriginsAndNeverBelow() {
        OriginTask.Run run = TASK.train(16, 0);
        OriginTask.Score natural = TASK.best(TASK.natural());
        OriginTask.Score simplified = TASK.best(TASK.simplified());
        // what is below the mean of the best losses is chance, and small
        assertThat((run.natural().loss() + run.simplified().loss()) / 2).isBetween((natural.loss() + simplified.loss()) / 2 - 0.01, (natural.loss() + simplified.loss()) / 2 + 0.15);
        assertThat(simplified.loss()).isLessThan(natural.loss());
        assertThat(simplified.bleu()).isGreaterThan(natural.bleu());
        assertThat(run.simplified().bleu()).isBetween(0.7 * simplified.bleu(), simplified.bleu() + 5);
        assertThat(run.params()).isEqualTo(5 * 16 + 5 * 16 + layers(16) + 17 * 5);
    }

    /** Encoder: attention 4 d (d + 1), two maps 8 d^2 + 5 d, two norms 4 d; decoder: one more attention and norm; a norm at the end of each. */
    private static double layers(int d) {
        double attention = 4 * d * (d + 1);
        double maps = 8 * d * d + 5 * d;
        return attention + maps + 4 * d + 2 * d + 2 * attention + maps + 6 * d + 2 * d;
    }

    @Test
    void theBestLossOfTwinsIsTheirEntropy() {
        OriginTask twins = new OriginTask(NATURAL, NATURAL.withSharpness(1), 10, 2, 1e-2, 2000);
        var test = twins.test(NATURAL);
        double entropy = test.sources().stream().mapToDouble(NATURAL::entropy).sum() / test.words();
        assertThat(twins.best(NATURAL).loss()).isCloseTo(entropy, within(0.03));
    }

    @Test
    void refusesAnOddBatch() {
        assertThatThrownBy(() -> new OriginTask(NATURAL, NATURAL, 10, 3, 1e-2, 5)).hasMessageContaining("batch 3");
    }
}
