package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.data.CharTokenizer;
import lemma.data.MarkovSource;
import lemma.data.Windows;
import lemma.loss.Losses;
import lemma.nn.Embedding;
import lemma.nn.Flatten;
import lemma.nn.Sequential;
import lemma.tensor.Random;
import lemma.train.Batch;
import lemma.train.TrainingData;
import org.junit.jupiter.api.Test;

class TrainedTaskTest {
    private static final int[] SIZES = {100, 400, 6400};
    private static final MarkovSource SOURCE = MarkovSource.random("abcd", 1, 1, Random.seed(1));

    private static TrainingData sample(int length, long seed) {
        Batch pairs = Windows.forecast(CharTokenizer.of("abcd").encode(SOURCE.sample(length, Random.seed(seed))), 1, 1, 1);
        return TrainingData.of(pairs.x(), pairs.y());
    }

    /** A table of logits for each character: the model class holds the source itself. */
    private static TrainedTask bigram() {
        return TrainedTask.of(sample(8000, 2), sample(20_000, 3), Losses::crossEntropy, Sequential.of(Embedding.of(4, 4), new Flatten()))
                .with(TrainedTask.Options.DEFAULT.withRate(0.1).withLength(40, 400));
    }

    @Test
    void theLossComesDownToTheEntropyRateOfTheSource() {
        double[] loss = bigram().errors(SIZES, 1);
        assertThat(loss[2]).isCloseTo(SOURCE.entropyRate(), within(0.01 * SOURCE.entropyRate()));
        assertThat(loss[0]).isGreaterThan(loss[1]);
        assertThat(loss[1]).isGreaterThan(loss[2]);
    }

    @Test
    void aSeedHasTheSameLossesAloneAndBesideOthers() {
        TrainedTask task = bigram().with(TrainedTask.Options.DEFAULT.withRate(0.1).withLength(5, 20).withDraws(2));
        double[][][] together = task.grid(SIZES, 3, 1);
        for (int seed = 1; seed <= 3; seed++) assertThat(task.grid(SIZES, 1, seed)[0]).isDeepEqualTo(together[seed - 1]);
        assertThat(together[0]).isNotEqualTo(together[1]);
    }

    @Test
    void modelSizesCountParameters() {
        assertThat(bigram().modelSizes()).containsExactly(16);
    }

    @Test
    void aSizeBeyondTheDataIsNamed() {
        assertThatThrownBy(() -> bigram().errors(new int[] {9000}, 1)).hasMessageContaining("9000").hasMessageContaining("7999");
    }
}
