package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.data.MarkovSource;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class StreamTaskTest {
    private static final StreamTask TASK = StreamTask.of(8, 16, 1.5, Random.seed(2));

    @Test
    void aModelThatKnowsNothingHasTheLossOfAllLettersAlike() {
        Model silent = TASK.model(4).init(Random.seed(0));
        Params zero = silent.params().map(p -> p.mul(0));
        assertThat(TASK.expected(silent.with(zero))).isCloseTo(Math.log(8), within(1e-6));
    }

    @Test
    void theExpectedLossIsTheMeanLossOfALongStream() {
        Model model = TASK.model(8).init(Random.seed(1));
        String text = TASK.source().sample(200_002, Random.seed(5));
        int[] ids = text.chars().map(TASK.source().alphabet()::indexOf).toArray();
        double[][] logQ = new double[64][];
        for (int c = 0; c < 64; c++) logQ[c] = model.apply(Tensor.of(new long[] {c / 8, 8 + c % 8}).reshape(1, 2)).logSoftmax(1).toDoubles();
        double sum = 0;
        double squares = 0;
        for (int i = 2; i < ids.length; i++) {
            double nats = -logQ[8 * ids[i - 2] + ids[i - 1]][ids[i]];
            sum += nats;
            squares += nats * nats;
        }
        double mean = sum / 200_000;
        assertThat(mean).isCloseTo(TASK.expected(model), within(5 * Math.sqrt((squares / 200_000 - mean * mean) / 200_000)));
    }

    @Test
    void trainingComesNearTheEntropyAndNeverBelow() {
        double loss = TASK.loss(32, 20_000, 64, 1e-2, 3);
        assertThat(loss).isBetween(TASK.source().entropyRate(), TASK.source().entropyRate() + 0.1);
        assertThat(TASK.loss(32, 2_000, 64, 1e-2, 3)).isGreaterThan(loss + 0.05);
        assertThat(TASK.loss(32, 20_000, 64, 1e-2, 3)).isEqualTo(loss);
    }

    @Test
    void countsTheParametersWithoutEmbeddings() {
        int width = 4;
        double layers = (2 * width + 1) * width + 2 * width + (width + 1) * 2 * width + (2 * width + 1) * width + (width + 1) * 8;
        assertThat(TASK.params(width)).isEqualTo(layers);
    }

    @Test
    void wantsASourceOfOrderTwo() {
        assertThatThrownBy(() -> new StreamTask(MarkovSource.random("ab", 1, 1, Random.seed(0)))).hasMessageContaining("order 1, expected 2");
    }
}
