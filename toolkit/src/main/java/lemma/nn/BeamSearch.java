package lemma.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Finds sequences of high probability {@code sum_t log p(y_t | y_<t)} word by word: of the continuations of the {@code width} best beginnings the
 * {@code width} best go on. With a width of 1 it takes the likeliest word each time; with as many as there are sequences it finds the best of all.
 *
 * @param width beginnings kept for each sequence
 * @param longest words after which a sequence is cut off
 * @param end the word that begins and ends a sequence
 */
public record BeamSearch(int width, int longest, int end) {
    public BeamSearch {
        if (width < 1 || longest < 1 || end < 0) throw new IllegalArgumentException("BeamSearch: width " + width + ", longest " + longest + ", end " + end + ", expected at least 1, 1 and 0");
    }

    /** Always the likeliest next word. */
    public static BeamSearch greedy(int longest, int end) {
        return new BeamSearch(1, longest, end);
    }

    /** What comes next. */
    @FunctionalInterface
    public interface Next {
        /**
         * @param beginnings INT64 (rows, t), {@code end} first
         * @param sequence which of the sequences each row belongs to
         * @return log-probabilities (rows, words)
         */
        Tensor logProbabilities(Tensor beginnings, int[] sequence);
    }

    private record Beam(int[] words, double score, boolean done) {
        Beam then(int word, double logProbability, int end) {
            if (word == end) return new Beam(words, score + logProbability, true);
            int[] more = Arrays.copyOf(words, words.length + 1);
            more[words.length] = word;
            return new Beam(more, score + logProbability, false);
        }
    }

    /** The best sequence found for each of {@code sequences}, without the end. */
    public List<int[]> search(int sequences, Next next) {
        List<List<Beam>> beams = new ArrayList<>();
        for (int s = 0; s < sequences; s++) beams.add(List.of(new Beam(new int[0], 0, false)));
        for (int t = 0; t < longest && beams.stream().flatMap(List::stream).anyMatch(b -> !b.done); t++) extend(beams, t, next);
        return beams.stream().map(kept -> kept.getFirst().words).toList();
    }

    private void extend(List<List<Beam>> beams, int t, Next next) {
        int[] sequence = IntStream.range(0, beams.size()).flatMap(s -> beams.get(s).stream().filter(b -> !b.done).mapToInt(b -> s)).toArray();
        long[] beginnings = new long[sequence.length * (t + 1)];
        int row = 0;
        for (List<Beam> kept : beams) {
            for (Beam beam : kept) {
                if (beam.done) continue;
                int from = row++ * (t + 1);
                beginnings[from] = end;
                for (int i = 0; i < t; i++) beginnings[from + 1 + i] = beam.words[i];
            }
        }
        double[] logs = Scope.run(() -> next.logProbabilities(Tensor.of(beginnings).reshape(sequence.length, t + 1), sequence)).toDoubles();
        int vocabulary = logs.length / sequence.length;
        row = 0;
        for (int s = 0; s < beams.size(); s++) {
            List<Beam> candidates = new ArrayList<>();
            for (Beam beam : beams.get(s)) {
                if (beam.done) candidates.add(beam);
                else row = continuations(beam, logs, row, vocabulary, candidates);
            }
            candidates.sort(Comparator.comparingDouble(b -> -b.score));
            beams.set(s, List.copyOf(candidates.subList(0, Math.min(width, candidates.size()))));
        }
    }

    private int continuations(Beam beam, double[] logs, int row, int vocabulary, List<Beam> into) {
        for (int word = 0; word < vocabulary; word++) {
            double logProbability = logs[row * vocabulary + word];
            if (Double.isNaN(logProbability)) throw new ArithmeticException("BeamSearch: the log-probability of word " + word + " after " + Arrays.toString(beam.words) + " is NaN");
            if (logProbability > Double.NEGATIVE_INFINITY) into.add(beam.then(word, logProbability, end));
        }
        return row + 1;
    }
}
