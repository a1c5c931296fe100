package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.tensor.Random;
import org.junit.jupiter.api.Test;

class ZipfTextTest {
    @Test
    void unboundWordsFollowZipfsLaw() {
        int n = 100_000;
        long[] words = new ZipfText(50, 1, 0, 1, 0).sample(n, Random.seed(1)).toLongs();
        int[] count = new int[50];
        for (long w : words) count[(int) w]++;
        double sum = 0;
        for (int r = 1; r <= 50; r++) sum += 1.0 / r;
        for (int r = 0; r < 50; r++) {
            double p = 1 / (sum * (r + 1));
            assertThat(count[r] / (double) n).isCloseTo(p, within(4.5 * Math.sqrt(p / n)));
        }
    }

    @Test
    void boundWordsAreSuccessorsOfTheWordBefore() {
        long[] words = new ZipfText(1000, 1, 1, 3, 7).sample(5000, Random.seed(2)).toLongs();
        java.util.Map<Long, java.util.Set<Long>> after = new java.util.HashMap<>();
        for (int i = 1; i < words.length; i++) after.computeIfAbsent(words[i - 1], w -> new java.util.HashSet<>()).add(words[i]);
        assertThat(after.values()).allSatisfy(s -> assertThat(s).hasSizeLessThanOrEqualTo(3));
        assertThatThrownBy(() -> new ZipfText(1, 1, 1, 3, 7)).hasMessageContaining("1 words");
    }
}
