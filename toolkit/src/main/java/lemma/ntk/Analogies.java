package lemma.ntk;

import java.util.List;
import lemma.tensor.Tensor;

/**
 * Analogies {@code a : b = c : d} between vectors that are known by their inner products: the answer is the word, other than a, b and c, whose vector has
 * the largest cosine with {@code b - a + c}.
 *
 * @see <a href="https://arxiv.org/abs/1301.3781">Mikolov, Chen, Corrado, Dean (2013), Efficient estimation of word representations in vector space</a>
 */
public final class Analogies {
    private static final double TIE = 1e-9;

    private Analogies() {}

    /** {@code a : b = c : d}, as numbers of words. */
    public record Question(int a, int b, int c, int d) {}

    /**
     * The share of questions answered with d; of t words that tie, d among them, a question counts 1 / t.
     *
     * @param gram inner products of the words' vectors (words, words)
     */
    public static double accuracy(Tensor gram, List<Question> questions) {
        if (questions.isEmpty()) throw new IllegalArgumentException("Analogies: no questions, expected at least one");
        int n = gram.dim(0);
        double[] g = gram.toDoubles();
        return questions.stream().mapToDouble(q -> share(g, n, q)).average().orElseThrow();
    }

    private static double share(double[] g, int n, Question q) {
        double best = score(g, n, q, q.d);
        int ties = 0;
        for (int w = 0; w < n; w++) {
            if (w == q.a || w == q.b || w == q.c) continue;
            double other = score(g, n, q, w);
            if (other > best + TIE) return 0;
            if (other >= best - TIE) ties++;
        }
        return 1.0 / ties;
    }

    private static double score(double[] g, int n, Question q, int w) {
        return (g[w * n + q.b] - g[w * n + q.a] + g[w * n + q.c]) / Math.sqrt(g[w * n + w]);
    }
}
