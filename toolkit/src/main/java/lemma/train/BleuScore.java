package lemma.train;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * BLEU of a corpus of token sequences, 0 to 100: {@code 100 BP exp(mean_n ln p_n)} over n-grams up to four, where {@code p_n} is the share
 * of n-grams of all hypotheses that occur in their reference, each counted no more often than there, and
 * {@code BP = min(1, exp(1 - r / h))} for r reference and h hypothesis tokens. The k-th precision without a match counts as
 * {@code 1 / (2^k total)}, as sacreBLEU smooths by default.
 *
 * @param score 0 to 100
 * @param precisions p_1 to p_4, as fractions
 * @param brevityPenalty BP
 * @see <a href="https://doi.org/10.3115/1073083.1073135">Papineni et al. (2002), BLEU: a method for automatic evaluation of machine translation</a>
 * @see <a href="https://arxiv.org/abs/1804.08771">Post (2018), A call for clarity in reporting BLEU scores</a>
 */
public record BleuScore(double score, double[] precisions, double brevityPenalty) {
    private static final int ORDER = 4;

    /**
     * @param hypotheses one token sequence a sentence
     * @param references as many
     * @throws IllegalArgumentException if the numbers differ, there are none, or no hypothesis has a token
     */
    public static BleuScore of(List<int[]> hypotheses, List<int[]> references) {
        if (hypotheses.size() != references.size() || hypotheses.isEmpty()) {
            throw new IllegalArgumentException("BleuScore: " + hypotheses.size() + " hypotheses and " + references.size() + " references, expected as many, at least 1");
        }
        long written = hypotheses.stream().mapToLong(h -> h.length).sum();
        long expected = references.stream().mapToLong(r -> r.length).sum();
        if (written == 0) throw new IllegalArgumentException("BleuScore: all hypotheses are empty");
        double[] precisions = new double[ORDER];
        double smooth = 1;
        double logs = 0;
        int orders = 0;
        for (int n = 1; n <= ORDER; n++) {
            long total = 0;
            long matches = 0;
            for (int i = 0; i < hypotheses.size(); i++) {
                total += Math.max(0, hypotheses.get(i).length - n + 1);
                matches += matches(hypotheses.get(i), references.get(i), n);
            }
            if (total == 0) break;
            precisions[n - 1] = (double) matches / total;
            if (matches == 0) smooth *= 2;
            logs += Math.log(matches == 0 ? 1 / (smooth * total) : precisions[n - 1]);
            orders++;
        }
        double brevity = Math.min(1, Math.exp(1 - (double) expected / written));
        boolean nothing = precisions[0] == 0;
        return new BleuScore(nothing ? 0 : 100 * brevity * Math.exp(logs / orders), precisions, brevity);
    }

    private static long matches(int[] hypothesis, int[] reference, int n) {
        Map<List<Integer>, Integer> available = new HashMap<>();
        for (int i = 0; i + n <= reference.length; i++) available.merge(gram(reference, i, n), 1, Integer::sum);
        long matches = 0;
        for (int i = 0; i + n <= hypothesis.length; i++) {
            Integer left = available.computeIfPresent(gram(hypothesis, i, n), (g, count) -> count - 1);
            if (left != null && left >= 0) matches++;
        }
        return matches;
    }

    private static List<Integer> gram(int[] tokens, int from, int n) {
        return IntStream.range(from, from + n).mapToObj(i -> tokens[i]).toList();
    }

    @Override
    public String toString() {
        return "BLEU %.2f (precisions %s, brevity penalty %.3f)".formatted(score, Arrays.toString(Arrays.stream(precisions).map(p -> Math.round(1000 * p) / 10.0).toArray()), brevityPenalty);
    }
}
