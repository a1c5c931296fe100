package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.tensor.Random;
import lemma.tensor.Tensor;
import lemma.train.Batch;
import org.junit.jupiter.api.Test;

class AddingProblemTest {
    private static final Batch SAMPLE = new AddingProblem(7).sample(2000, Random.seed(1));

    @Test
    void theTargetIsTheSumOfTwoMarkedNumbersOneInEachHalf() {
        float[] x = SAMPLE.x().toFloats();
        float[] y = SAMPLE.y().toFloats();
        for (int i = 0; i < 2000; i++) {
            double sum = 0;
            int[] marks = new int[2];
            for (int t = 0; t < 7; t++) {
                float mark = x[(i * 7 + t) * 2 + 1];
                if (mark == 0) continue;
                sum += x[(i * 7 + t) * 2];
                marks[t < 3 ? 0 : 1]++;
            }
            assertThat(marks).containsExactly(1, 1);
            assertThat(y[i]).isCloseTo((float) sum, within(1e-6f));
        }
    }

    @Test
    void theConstantAnswerHasTheErrorOneSixth() {
        Tensor off = SAMPLE.y().sub(1).square();
        assertThat(off.mean().item()).isCloseTo(1 / 6.0, within(4 * off.std(1, 0, 1).item() / Math.sqrt(2000)));
        assertThat(SAMPLE.x().shape().dims()).containsExactly(2000, 7, 2);
    }

    @Test
    void tooShortIsRefused() {
        assertThatThrownBy(() -> new AddingProblem(1)).hasMessageContaining("length 1");
    }
}
