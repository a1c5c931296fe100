package lemma.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lemma.tensor.Tensor;
import lemma.train.Batch;
import lemma.train.TrainingData;

/**
 * Sentences and their translations, words numbered from 1. As training data of a {@link lemma.nn.Seq2SeqTransformer} a batch holds the sources,
 * filled up with 0, beside the targets with a 0 before them; and what comes next, with a 0 at the end and -1 where nothing counts.
 *
 * @param sources one array of words a sentence
 * @param targets their translations
 * @param sourceLength words to which sources are filled up
 * @param targetLength words to which targets are filled up, the 0 at their end included
 */
public record Bitext(List<int[]> sources, List<int[]> targets, int sourceLength, int targetLength) implements TrainingData {
    public Bitext {
        if (sources.size() != targets.size() || sources.isEmpty()) throw new IllegalArgumentException("Bitext: " + sources.size() + " sources and " + targets.size() + " targets, expected as many, at least 1");
        check("source", sources, sourceLength);
        check("target", targets, targetLength - 1);
    }

    private static void check(String side, List<int[]> sentences, int longest) {
        for (int[] sentence : sentences) {
            if (sentence.length > longest) throw new IllegalArgumentException("Bitext: a " + side + " has " + sentence.length + " words, expected at most " + longest);
            for (int word : sentence) if (word < 1) throw new IllegalArgumentException("Bitext: a " + side + " has the word " + word + ", expected words from 1 on");
        }
    }

    /** The sentences of both, these first. */
    public Bitext and(Bitext other) {
        return new Bitext(Stream.concat(sources.stream(), other.sources.stream()).toList(), Stream.concat(targets.stream(), other.targets.stream()).toList(),
                Math.max(sourceLength, other.sourceLength), Math.max(targetLength, other.targetLength));
    }

    @Override
    public int size() {
        return sources.size();
    }

    /** Target words and ends of sentence: what a loss a word is a mean over. */
    public long words() {
        return targets.stream().mapToLong(t -> t.length + 1L).sum();
    }

    /** All sources, INT64 (sentences, sourceLength). */
    public Tensor sourceTensor() {
        long[] all = new long[size() * sourceLength];
        for (int i = 0; i < size(); i++) write(sources.get(i), all, i * sourceLength);
        return Tensor.of(all).reshape(size(), sourceLength);
    }

    @Override
    public Batch batch(Tensor index) {
        int[] chosen = Arrays.stream(index.toLongs()).mapToInt(Math::toIntExact).toArray();
        int columns = sourceLength + targetLength;
        long[] x = new long[chosen.length * columns];
        long[] next = new long[chosen.length * targetLength];
        Arrays.fill(next, -1);
        for (int i = 0; i < chosen.length; i++) {
            int[] target = targets.get(chosen[i]);
            write(sources.get(chosen[i]), x, i * columns);
            write(target, x, i * columns + sourceLength + 1);
            write(target, next, i * targetLength);
            next[i * targetLength + target.length] = 0;
        }
        return new Batch(Tensor.of(x).reshape(chosen.length, columns), Tensor.of(next).reshape(chosen.length, targetLength));
    }

    private static void write(int[] sentence, long[] into, int from) {
        for (int i = 0; i < sentence.length && from + i < into.length; i++) into[from + i] = sentence[i];
    }

    /** The words of sentence {@code i} on both sides. */
    public String show(int i) {
        return words(sources.get(i)) + " -> " + words(targets.get(i));
    }

    private static String words(int[] sentence) {
        return String.join(" ", IntStream.of(sentence).mapToObj(Integer::toString).toList());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Bitext of " + size() + " sentences\n");
        for (int i = 0; i < Math.min(3, size()); i++) text.append(show(i)).append('\n');
        return text.toString().stripTrailing();
    }
}
