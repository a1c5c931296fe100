package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class BeamSearchTest {
    private static final int WORDS = 4;
    private static final int LONGEST = 4;

    /** Log-probabilities that depend on the whole beginning and on the sequence. */
    private static double[] logs(int[] words, int sequence) {
        long seed = 17 + sequence;
        for (int word : words) seed = 31 * seed + word + 1;
        SplittableRandom random = new SplittableRandom(seed);
        double[] p = random.doubles(WORDS).map(u -> -Math.log(u)).toArray();
        double sum = 0;
        for (double v : p) sum += v;
        for (int i = 0; i < WORDS; i++) p[i] = Math.log(p[i] / sum);
        return p;
    }

    private static final BeamSearch.Next NEXT = (beginnings, sequence) -> {
        int time = beginnings.dim(1) - 1;
        long[] words = beginnings.toLongs();
        double[] all = new double[sequence.length * WORDS];
        for (int row = 0; row < sequence.length; row++) {
            assertThat(words[row * (time + 1)]).isZero();
            int[] written = new int[time];
            for (int t = 0; t < time; t++) written[t] = (int) words[row * (time + 1) + 1 + t];
            System.arraycopy(logs(written, sequence[row]), 0, all, row * WORDS, WORDS);
        }
        return Tensor.of(all).reshape(sequence.length, WORDS);
    };

    private record Written(int[] words, double score) {}

    /** All that ends, and all that is cut off. */
    private static void write(int[] words, double score, int sequence, List<Written> into) {
        if (words.length == LONGEST) {
            into.add(new Written(words, score));
            return;
        }
        double[] logs = logs(words, sequence);
        into.add(new Written(words, score + logs[0]));
        for (int word = 1; word < WORDS; word++) {
            int[] more = Arrays.copyOf(words, words.length + 1);
            more[words.length] = word;
            write(more, score + logs[word], sequence, into);
        }
    }

    @Test
    void asWideAsThereAreSequencesItFindsTheBestOfAll() {
        List<int[]> found = new BeamSearch(400, LONGEST, 0).search(5, NEXT);
        for (int s = 0; s < 5; s++) {
            List<Written> all = new ArrayList<>();
            write(new int[0], 0, s, all);
            assertThat(found.get(s)).as("sequence " + s).isEqualTo(all.stream().max(Comparator.comparingDouble(Written::score)).orElseThrow().words());
        }
    }

    @Test
    void greedyTakesTheLikeliestWordEachTime() {
        List<int[]> found = BeamSearch.greedy(LONGEST, 0).search(5, NEXT);
        for (int s = 0; s < 5; s++) {
            List<Integer> words = new ArrayList<>();
            while (words.size() < LONGEST) {
                double[] logs = logs(words.stream().mapToInt(i -> i).toArray(), s);
                int best = 0;
                for (int word = 1; word < WORDS; word++) if (logs[word] > logs[best]) best = word;
                if (best == 0) break;
                words.add(best);
            }
            assertThat(found.get(s)).as("sequence " + s).containsExactly(words.stream().mapToInt(i -> i).toArray());
        }
    }

    @Test
    void aWiderBeamFindsWhatGreedMisses() {
        // word 1 is likelier, but nothing likely follows it; 2 is followed by the end for certain
        BeamSearch.Next trap = (beginnings, sequence) -> {
            long[] words = beginnings.toLongs();
            int time = beginnings.dim(1);
            double[] logs = new double[sequence.length * 3];
            for (int row = 0; row < sequence.length; row++) {
                double[] p = time == 1 ? new double[] {0, 0.6, 0.4} : words[row * time + 1] == 1 ? new double[] {0.4, 0.3, 0.3} : new double[] {1, 0, 0};
                for (int i = 0; i < 3; i++) logs[row * 3 + i] = Math.log(p[i]);
            }
            return Tensor.of(logs).reshape(sequence.length, 3);
        };
        assertThat(BeamSearch.greedy(5, 0).search(1, trap).getFirst()).containsExactly(1);
        assertThat(new BeamSearch(2, 5, 0).search(1, trap).getFirst()).containsExactly(2);
    }

    @Test
    void saysWhatIsNoProbability() {
        assertThatThrownBy(() -> BeamSearch.greedy(3, 0).search(1, (b, s) -> Tensor.of(new double[] {0, Double.NaN}).reshape(1, 2)))
                .isInstanceOf(ArithmeticException.class).hasMessageContaining("word 1 after [] is NaN");
        assertThatThrownBy(() -> new BeamSearch(0, 3, 0)).hasMessageContaining("width 0");
    }
}
