package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import lemma.tensor.Random;
import org.junit.jupiter.api.Test;

class TopicTextTest {
    private static double[] sortedFrequencies(int[] text, int words) {
        double[] count = new double[words];
        for (int w : text) count[w] += 1.0 / text.length;
        Arrays.sort(count);
        return count;
    }

    @Test
    void aTextOfOneTopicAloneHasZipfsFrequencies() {
        int n = 200_000;
        double[] found = sortedFrequencies(new TopicText(1, 20, 400, 1, 3).sample(n, Random.seed(1)).toInts(), 20);
        double harmonic = 0;
        for (int r = 1; r <= 20; r++) harmonic += 1.0 / r;
        for (int r = 1; r <= 10; r++) {
            double p = 1 / (r * harmonic);
            assertThat(found[20 - r]).as("rank " + r).isCloseTo(p, within(4 * Math.sqrt(p / n)));
        }
    }

    @Test
    void theShareOfTheTopicIsThatOfItsLaw() {
        int n = 200_000;
        int[] text = new TopicText(1, 50, 400, 0.8, 3).sample(n, Random.seed(1)).toInts();
        int[] topic = new TopicText(1, 50, 400, 1, 3).sample(n, Random.seed(2)).toInts();
        int[] common = new TopicText(1, 50, 400, 0, 3).sample(n, Random.seed(4)).toInts();
        for (int w = 0; w < 50; w++) {
            double expected = 0.8 * frequency(topic, w) + 0.2 * frequency(common, w);
            assertThat(frequency(text, w)).isCloseTo(expected, within(8 * Math.sqrt((expected + 1e-4) / n)));
        }
    }

    private static double frequency(int[] text, int word) {
        return Arrays.stream(text).filter(w -> w == word).count() / (double) text.length;
    }

    @Test
    void documentsDifferMoreThanHalvesOfOne() {
        int[] text = TopicText.of(20, 200).sample(8000, Random.seed(1)).toInts();
        double within = 0;
        double between = 0;
        for (int d = 0; d < 19; d++) {
            int[] one = Arrays.copyOfRange(text, 400 * d, 400 * d + 200);
            within += distance(one, Arrays.copyOfRange(text, 400 * d + 200, 400 * d + 400));
            between += distance(one, Arrays.copyOfRange(text, 400 * d + 400, 400 * d + 600));
        }
        assertThat(between).isGreaterThan(1.3 * within);
    }

    private static double distance(int[] a, int[] b) {
        double sum = 0;
        for (int w = 0; w < 200; w++) sum += Math.abs(frequency(a, w) - frequency(b, w));
        return sum;
    }

    @Test
    void badNumbersAreQuoted() {
        assertThatThrownBy(() -> TopicText.of(0, 5)).hasMessageContaining("0 topics");
        assertThatThrownBy(() -> new TopicText(1, 5, 4, 1.5, 0)).hasMessageContaining("share 1.5");
    }
}
