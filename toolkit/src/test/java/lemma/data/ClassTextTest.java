package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import lemma.tensor.Random;
import org.junit.jupiter.api.Test;

class ClassTextTest {
    private static final ClassText TEXT = ClassText.of(30, 4, 5, 0.05, Random.seed(1));

    @Test
    void lawsSumToOneAndKeepAUniformShare() {
        for (int c = 0; c < 4; c++) for (int d = 0; d < 4; d++) {
            assertThat(Arrays.stream(TEXT.law(c, d)).sum()).isCloseTo(1, within(1e-12));
            assertThat(Arrays.stream(TEXT.law(c, d)).min().getAsDouble()).isCloseTo(0.05 / 30, within(1e-12));
            assertThat(Arrays.stream(TEXT.law(c, d)).filter(p -> p > 0.05).count()).isEqualTo(5);
        }
    }

    @Test
    void aLongTextHasTheEntropyAndTheFrequenciesOfTheLaw() {
        int n = 200_000;
        int[] words = TEXT.sample(n, Random.seed(2)).toInts();
        double loss = 0;
        double[] counts = new double[30];
        for (int i = 2; i < n; i++) {
            loss -= Math.log(TEXT.law(words[i - 2] % 4, words[i - 1] % 4)[words[i]]) / (n - 2);
            counts[words[i]] += 1.0 / (n - 2);
        }
        assertThat(loss).isCloseTo(TEXT.entropyRate(), within(0.02)); // 4 standard errors of a word's surprise, about 1.3 nats
        assertThat(counts).containsExactly(TEXT.frequencies(), within(0.01));
    }

    @Test
    void aUniformTextHasTheEntropyOfItsVocabulary() {
        assertThat(ClassText.of(16, 2, 3, 1, Random.seed(3)).entropyRate()).isCloseTo(Math.log(16), within(1e-12));
    }

    @Test
    void badSizesAreNamed() {
        assertThatThrownBy(() -> ClassText.of(3, 4, 1, 0.1, Random.seed(1))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3 words, 4 classes");
        assertThatThrownBy(() -> ClassText.of(8, 4, 1, 0, Random.seed(1))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("uniform 0.0");
    }
}
