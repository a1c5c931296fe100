package lemma.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lemma.nn.BeamSearch;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Translations of whole sentences with known probabilities. Source words form a chain in which {@code x'} is followed by {@code x} as often as the
 * {@link AlignedTransducer} has the pair; the first quarter of the vocabulary are words that change places with the next one in translation; and
 * each target word is drawn from the law of its source word x, the word x' before that in the source, and the target word y' before it,
 *
 * <pre>{@code p(y | x, x', y') ~ law(y | x, x', y')^sharpness}</pre>
 *
 * <p>A sharpness of 1 is the natural translator. A larger one is a translator of the same language who nearly always takes the likeliest word:
 * translationese, of lower entropy. Words are numbered from 1; before the first word of a sentence stands word 1.
 *
 * @see <a href="https://arxiv.org/abs/2109.07740">Ghorbani et al. (2021), Scaling Laws for Neural Machine Translation, section 5, on the origin of text</a>
 */
public final class SentenceTransducer {
    private final AlignedTransducer aligned;
    private final double sharpness;
    private final int shortest;
    private final int longest;
    private final double[][] followers;
    private final double[] laws;

    private SentenceTransducer(AlignedTransducer aligned, double sharpness, int shortest, int longest) {
        this.aligned = aligned;
        this.sharpness = sharpness;
        this.shortest = shortest;
        this.longest = longest;
        this.followers = followers(aligned);
        this.laws = sharpened(aligned.laws().toDoubles(), aligned.targets(), sharpness);
    }

    /**
     * The natural translator of sentences of {@code shortest} to {@code longest} words, all lengths alike.
     *
     * @throws IllegalArgumentException if {@code shortest < 1} or {@code longest < shortest}
     */
    public static SentenceTransducer of(AlignedTransducer aligned, int shortest, int longest) {
        if (shortest < 1 || longest < shortest) throw new IllegalArgumentException("SentenceTransducer: sentences of " + shortest + " to " + longest + " words, expected at least 1 and no fewer than that");
        return new SentenceTransducer(aligned, 1, shortest, longest);
    }

    /** The translator of the same language whose laws are raised to {@code sharpness}. */
    public SentenceTransducer withSharpness(double sharpness) {
        if (!(sharpness > 0) || Double.isInfinite(sharpness)) throw new IllegalArgumentException("SentenceTransducer: sharpness is " + sharpness + ", expected a positive finite number");
        return new SentenceTransducer(aligned, sharpness, shortest, longest);
    }

    private static double[][] followers(AlignedTransducer aligned) {
        double[] contexts = aligned.probabilities();
        int words = aligned.words();
        double[][] rows = new double[words][words];
        for (int x = 0; x < words; x++) for (int before = 0; before < words; before++) rows[before][x] = contexts[(x * words + before) * aligned.targets()];
        for (double[] row : rows) normalise(row, 0, words);
        return rows;
    }

    private static double[] sharpened(double[] laws, int targets, double sharpness) {
        double[] sharp = Arrays.stream(laws).map(p -> Math.pow(p, sharpness)).toArray();
        for (int from = 0; from < sharp.length; from += targets) normalise(sharp, from, targets);
        return sharp;
    }

    private static void normalise(double[] p, int from, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) sum += p[from + i];
        for (int i = 0; i < n; i++) p[from + i] /= sum;
    }

    /** Source words, the 0 that fills up included. */
    public int sourceWords() {
        return aligned.words() + 1;
    }

    /** Target words, the 0 at the end included. */
    public int targetWords() {
        return aligned.targets() + 1;
    }

    /** The longest sentence has as many words. */
    public int longest() {
        return longest;
    }

    /** Sentences and their translations, drawn. */
    public Bitext sample(int sentences, Random random) {
        double[] u = Scope.run(() -> random.uniform(Shape.of(sentences, 2 * longest + 1), DType.FLOAT64)).toDoubles();
        List<int[]> sources = new ArrayList<>();
        List<int[]> targets = new ArrayList<>();
        for (int i = 0; i < sentences; i++) {
            int from = i * (2 * longest + 1);
            int[] source = source(u, from);
            sources.add(source);
            targets.add(translated(source, u, from + 1 + longest));
        }
        return new Bitext(sources, targets, longest, longest + 1);
    }

    private int[] source(double[] u, int from) {
        int[] words = new int[shortest + (int) (u[from] * (longest - shortest + 1))];
        int before = 0;
        for (int t = 0; t < words.length; t++) {
            before = drawn(followers[before], 0, aligned.words(), u[from + 1 + t]);
            words[t] = before + 1;
        }
        return words;
    }

    private int[] translated(int[] source, double[] u, int from) {
        int[] order = order(source);
        int[] target = new int[source.length];
        int before = 1;
        for (int t = 0; t < target.length; t++) {
            before = 1 + drawn(laws, row(source, order[t], before), aligned.targets(), u[from + t]);
            target[t] = before;
        }
        return target;
    }

    private static int drawn(double[] p, int from, int n, double u) {
        double sum = 0;
        for (int i = 0; i < n - 1; i++) {
            sum += p[from + i];
            if (u < sum) return i;
        }
        return n - 1;
    }

    /** Which source word stands at each place of the translation. */
    int[] order(int[] source) {
        int[] order = new int[source.length];
        for (int t = 0; t < source.length; t++) {
            order[t] = t;
            if (t + 1 == source.length || !moves(source[t]) || moves(source[t + 1])) continue;
            order[t] = t + 1;
            order[t + 1] = t;
            t++;
        }
        return order;
    }

    private boolean moves(int word) {
        return word <= aligned.words() / 4;
    }

    /** Where the law of the target word of source word {@code t} after {@code before} begins. */
    private int row(int[] source, int t, int before) {
        int previous = t == 0 ? 0 : source[t - 1] - 1;
        return (((source[t] - 1) * aligned.words() + previous) * aligned.targets() + before - 1) * aligned.targets();
    }

    /** {@code log p(target | source)} in nats; minus infinity where the lengths differ. */
    public double logProbability(int[] source, int[] target) {
        if (source.length != target.length) return Double.NEGATIVE_INFINITY;
        int[] order = order(source);
        double sum = 0;
        int before = 1;
        for (int t = 0; t < target.length; t++) {
            sum += Math.log(laws[row(source, order[t], before) + target[t] - 1]);
            before = target[t];
        }
        return sum;
    }

    /** {@code H(target | source)} of one sentence in nats, exactly: the entropies of its words under the law of the word before each. */
    public double entropy(int[] source) {
        int[] order = order(source);
        int n = aligned.targets();
        double[] before = new double[n];
        before[0] = 1;
        double h = 0;
        for (int position : order) {
            double[] after = new double[n];
            for (int y = 0; y < n; y++) {
                int from = row(source, position, y + 1);
                for (int z = 0; z < n; z++) {
                    double p = laws[from + z];
                    after[z] += before[y] * p;
                    if (p > 0) h -= before[y] * p * Math.log(p);
                }
            }
            before = after;
        }
        return h;
    }

    /** What someone who knows the translator would write: the translations that {@code beam} finds under the true probabilities. */
    public List<int[]> translate(List<int[]> sources, BeamSearch beam) {
        List<int[]> orders = sources.stream().map(this::order).toList();
        return beam.search(sources.size(), (beginnings, sequence) -> {
            int t = beginnings.dim(1) - 1;
            long[] words = beginnings.narrow(1, t, t + 1).toLongs();
            double[] logs = new double[sequence.length * targetWords()];
            Arrays.fill(logs, Double.NEGATIVE_INFINITY);
            for (int i = 0; i < sequence.length; i++) {
                int[] source = sources.get(sequence[i]);
                int at = i * targetWords();
                if (t == source.length) logs[at] = 0;
                else for (int y = 0; y < aligned.targets(); y++) logs[at + 1 + y] = Math.log(laws[row(source, orders.get(sequence[i])[t], t == 0 ? 1 : (int) words[i]) + y]);
            }
            return Tensor.of(logs).reshape(sequence.length, targetWords());
        });
    }

    @Override
    public String toString() {
        return "SentenceTransducer(" + aligned.words() + " source words, " + aligned.targets() + " target words, " + shortest + " to " + longest + " words a sentence, sharpness " + sharpness + ")";
    }
}
