package lemma.data;

import java.util.Arrays;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Documents, each on one topic: a word comes with probability {@code share} from the topic's law, else from a common one. All laws are Zipf's, {@code p(rank
 * r)} proportional to 1/r, over the same words in an order of their own. So stretches of the text differ in their statistics, and the words
 * before tell of the next one only what the topic is.
 *
 * @param topics number of topics, equally likely
 * @param words number of words
 * @param document words of a document
 * @param share how often the topic's law is used
 * @param seed of the orders
 */
public record TopicText(int topics, int words, int document, double share, long seed) {
    public TopicText {
        if (topics < 1 || words < 2 || document < 1) throw new IllegalArgumentException("TopicText: " + topics + " topics, " + words + " words, documents of " + document + "; expected at least 1, 2 and 1");
        if (!(share >= 0 && share <= 1)) throw new IllegalArgumentException("TopicText: share " + share + ", expected 0 to 1");
    }

    /** Documents of 400 words, of which four in five follow the topic. */
    public static TopicText of(int topics, int words) {
        return new TopicText(topics, words, 400, 0.8, 0);
    }

    /** n words, document after document, INT64 (n). */
    public Tensor sample(int n, Random random) {
        double[] topic = random.fork(0).uniform(Shape.of((n + document - 1) / document), DType.FLOAT64).toDoubles();
        double[] u = random.fork(1).uniform(Shape.of(2 * n), DType.FLOAT64).toDoubles();
        double[] cumulative = cumulative();
        int[][] orders = new int[topics + 1][];
        for (int t = 0; t <= topics; t++) orders[t] = Random.seed(seed).fork(t).permutation(words).toInts();
        long[] text = new long[n];
        for (int i = 0; i < n; i++) {
            int law = u[2 * i] < share ? (int) (topic[i / document] * topics) : topics;
            text[i] = orders[law][rank(cumulative, u[2 * i + 1])];
        }
        return Tensor.of(text);
    }

    private double[] cumulative() {
        double[] c = new double[words];
        double sum = 0;
        for (int r = 0; r < words; r++) c[r] = sum += 1.0 / (r + 1);
        for (int r = 0; r < words; r++) c[r] /= sum;
        return c;
    }

    private static int rank(double[] cumulative, double u) {
        int i = Arrays.binarySearch(cumulative, u);
        return Math.min(cumulative.length - 1, i >= 0 ? i + 1 : -i - 1);
    }
}
