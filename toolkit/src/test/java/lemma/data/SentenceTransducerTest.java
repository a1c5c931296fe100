package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import lemma.nn.BeamSearch;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class SentenceTransducerTest {
    private static final AlignedTransducer ALIGNED = AlignedTransducer.of(8, 3, 1, 0.5, 1, Random.seed(1));
    private static final SentenceTransducer NATURAL = SentenceTransducer.of(ALIGNED, 2, 5);
    private static final SentenceTransducer SIMPLE = NATURAL.withSharpness(3);
    /** Words 1 and 2 of eight move. */
    private static final int[] SOURCE = {5, 1, 7, 2, 1, 8};

    private static List<int[]> allTranslations(int length) {
        List<int[]> all = new ArrayList<>(List.of(new int[0]));
        for (int t = 0; t < length; t++) {
            all = all.stream().flatMap(words -> IntStream.rangeClosed(1, 3).mapToObj(y -> {
                int[] more = Arrays.copyOf(words, words.length + 1);
                more[words.length] = y;
                return more;
            })).toList();
        }
        return all;
    }

    @Test
    void aWordThatMovesChangesPlacesWithTheNextUnlessThatMovesToo() {
        assertThat(NATURAL.order(SOURCE)).containsExactly(0, 2, 1, 3, 5, 4);
        assertThat(NATURAL.order(new int[] {1})).containsExactly(0);
    }

    @Test
    void probabilitiesOfAllTranslationsSumToOneAndGiveTheEntropy() {
        for (SentenceTransducer translator : List.of(NATURAL, SIMPLE)) {
            double sum = 0;
            double entropy = 0;
            for (int[] target : allTranslations(SOURCE.length)) {
                double log = translator.logProbability(SOURCE, target);
                sum += Math.exp(log);
                entropy -= Math.exp(log) * log;
            }
            assertThat(sum).isCloseTo(1, within(1e-12));
            assertThat(translator.entropy(SOURCE)).isCloseTo(entropy, within(1e-10));
        }
        assertThat(SIMPLE.entropy(SOURCE)).isLessThan(NATURAL.entropy(SOURCE) / 2);
        assertThat(NATURAL.logProbability(SOURCE, new int[] {1})).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void samplesHaveTheMeanLogProbabilityOfTheirEntropy() {
        Bitext drawn = SIMPLE.sample(4000, Random.seed(2));
        double[] surprise = new double[drawn.size()];
        for (int i = 0; i < surprise.length; i++) surprise[i] = -SIMPLE.logProbability(drawn.sources().get(i), drawn.targets().get(i)) - SIMPLE.entropy(drawn.sources().get(i));
        double mean = Arrays.stream(surprise).average().orElseThrow();
        double sd = Math.sqrt(Arrays.stream(surprise).map(s -> s * s).average().orElseThrow());
        assertThat(mean).isCloseTo(0, within(4 * sd / Math.sqrt(surprise.length)));
        assertThat(drawn.sources()).allMatch(s -> s.length >= 2 && s.length <= 5);
    }

    @Test
    void sourceWordsFollowEachOtherAsThePairsDo() {
        double[] contexts = ALIGNED.probabilities();
        double row = 0;
        for (int x = 0; x < 8; x++) row += contexts[(x * 8 + 2) * 3];
        double expected = contexts[(5 * 8 + 2) * 3] / row; // of x' = 2, x = 5 (from 0)
        int before = 0;
        int both = 0;
        for (int[] s : NATURAL.sample(40_000, Random.seed(3)).sources()) {
            for (int t = 1; t < s.length; t++) {
                if (s[t - 1] != 3) continue;
                before++;
                if (s[t] == 6) both++;
            }
        }
        assertThat(both / (double) before).isCloseTo(expected, within(4 * Math.sqrt(expected * (1 - expected) / before)));
    }

    @Test
    void aWideBeamFindsTheLikeliestTranslation() {
        int[] best = allTranslations(SOURCE.length).stream().max(Comparator.comparingDouble(t -> NATURAL.logProbability(SOURCE, t))).orElseThrow();
        assertThat(NATURAL.translate(List.of(SOURCE, SOURCE), new BeamSearch(800, 7, 0))).containsExactly(best, best);
    }

    @Test
    void aBatchHoldsSourceBeginningsAndWhatComesNext() {
        Bitext text = new Bitext(List.of(new int[] {4, 2}, new int[] {3}), List.of(new int[] {1, 2}, new int[] {3}), 3, 4);
        var batch = text.batch(Tensor.of(new long[] {1, 0}));
        assertThat(batch.x().toLongs()).containsExactly(3, 0, 0, 0, 3, 0, 0, 4, 2, 0, 0, 1, 2, 0);
        assertThat(batch.y().toLongs()).containsExactly(3, 0, -1, -1, 1, 2, 0, -1);
        assertThat(text.words()).isEqualTo(5);
        assertThat(text.and(text).size()).isEqualTo(4);
        assertThat(text.toString().lines()).containsExactly("Bitext of 2 sentences", "4 2 -> 1 2", "3 -> 3");
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> SentenceTransducer.of(ALIGNED, 4, 3)).hasMessageContaining("4 to 3 words");
        assertThatThrownBy(() -> NATURAL.withSharpness(0)).hasMessageContaining("sharpness is 0.0");
        assertThatThrownBy(() -> new Bitext(List.of(new int[] {0}), List.of(new int[] {1}), 3, 4)).hasMessageContaining("a source has the word 0");
        assertThatThrownBy(() -> new Bitext(List.of(new int[] {1}), List.of(new int[4]), 3, 4)).hasMessageContaining("a target has 4 words, expected at most 3");
    }
}
