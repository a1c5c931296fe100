package lemma.probe;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.stats.LinearAssignment;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Which units of one network are units of another: with the correlation {@code C_ij} of unit i of a and unit j of b over the examples, the
 * semi-matching gives each unit of a its best unit of b, which others may share, and the bipartite matching gives each its own so that the
 * sum is largest. Where the first is far above the second, a has a unit that b does not have again.
 *
 * @param correlation {@code C} (a's units, b's units)
 * @param oneToOne for each unit of a its own unit of b, -1 for those left over when b has fewer
 * @param best for each unit of a the unit of b with the largest correlation
 * @see <a href="https://arxiv.org/abs/1511.07543">Li, Yosinski, Clune, Lipson, Hopcroft (2016), Convergent Learning, sections 3 and 4</a>
 */
public record UnitMatching(double[][] correlation, int[] oneToOne, int[] best) {
    /**
     * By correlation. Time O(n d1 d2 + d^3).
     *
     * @param a (n, d1)
     * @param b (n, d2)
     * @throws IllegalArgumentException if the numbers of rows differ, a number is not finite, or a unit is constant (leave dead units out first)
     */
    public static UnitMatching of(Tensor a, Tensor b) {
        return of(correlation(a, b));
    }

    /** From a matrix of similarities, for example absolute correlations or mutual information. */
    public static UnitMatching of(double[][] similarity) {
        int[] best = Arrays.stream(similarity).mapToInt(row -> IntStream.range(0, row.length).reduce((i, j) -> row[j] > row[i] ? j : i).orElseThrow()).toArray();
        return new UnitMatching(similarity, LinearAssignment.maximise(similarity), best);
    }

    /** Correlations of the units of a (n, d1) with those of b (n, d2): d1 rows of d2. */
    public static double[][] correlation(Tensor a, Tensor b) {
        Features.sameRows("UnitMatching", a, b);
        return rows(Scope.run(() -> standardised(a).t().matmul(standardised(b))));
    }

    /** Units, by number, that vary: those of a dead ReLU do not. */
    public static int[] alive(Tensor a) {
        double[] spread = Scope.run(() -> Features.of("UnitMatching.alive", a).std(0, 0)).toDoubles();
        return IntStream.range(0, spread.length).filter(j -> spread[j] > 1e-12).toArray();
    }

    private static Tensor standardised(Tensor a) {
        Tensor z = Features.centred("UnitMatching", a);
        Tensor length = z.norm(0);
        if (length.min().item() <= 1e-12 * length.max().item()) throw new IllegalArgumentException("UnitMatching: unit " + (int) length.argmin().item() + " is constant and correlates with nothing; keep those of UnitMatching.alive");
        return z.div(length);
    }

    static double[][] rows(Tensor t) {
        double[] flat = t.toDoubles();
        int width = t.dim(1);
        return IntStream.range(0, t.dim(0)).mapToObj(i -> Arrays.copyOfRange(flat, i * width, (i + 1) * width)).toArray(double[][]::new);
    }

    /** Similarity of each unit of a with its own partner; without those left over. */
    public double[] oneToOneValues() {
        return IntStream.range(0, oneToOne.length).filter(i -> oneToOne[i] >= 0).mapToDouble(i -> correlation[i][oneToOne[i]]).toArray();
    }

    /** Similarity of each unit of a with the best unit of b. */
    public double[] bestValues() {
        return IntStream.range(0, best.length).mapToDouble(i -> correlation[i][best[i]]).toArray();
    }

    /** Part of the matched units of a whose best similarity is above their own partner's by more than {@code gap}: not found again in b. */
    public double unmatched(double gap) {
        int[] matched = IntStream.range(0, best.length).filter(i -> oneToOne[i] >= 0).toArray();
        return Arrays.stream(matched).filter(i -> correlation[i][best[i]] - correlation[i][oneToOne[i]] > gap).count() / (double) matched.length;
    }

    /** Mean similarity of the one-to-one matching. */
    public double mean() {
        return Arrays.stream(oneToOneValues()).average().orElseThrow();
    }

    @Override
    public String toString() {
        return "UnitMatching[" + best.length + " units, one-to-one " + mean() + ", best " + Arrays.stream(bestValues()).average().orElseThrow() + "]";
    }
}
