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

    /**
     * Mutual information in bits of the units of a (n, d1) with those of b (n, d2), each unit's values in {@code bins} equal cells from its least to its largest:
     * a similarity for {@link #of(double[][])} that sees relations which are not linear. It is too high by about (cells - 1)^2 / (2 n log 2), more for fewer
     * examples. Time O(n d1 d2).
     *
     * @throws IllegalArgumentException if the numbers of rows differ, a unit is constant, or a number is not finite
     */
    public static double[][] information(Tensor a, Tensor b, int bins) {
        Features.sameRows("UnitMatching", a, b);
        int[][] cellsA = cells(a, bins);
        int[][] cellsB = cells(b, bins);
        return Arrays.stream(cellsA).map(u -> Arrays.stream(cellsB).mapToDouble(v -> DiscreteInformation.mutualInformation(DiscreteInformation.counts(u, v))).toArray()).toArray(double[][]::new);
    }

    private static int[][] cells(Tensor a, int bins) {
        Tensor z = Features.of("UnitMatching", a);
        return IntStream.range(0, a.dim(1)).mapToObj(j -> {
            Tensor unit = z.narrow(1, j, j + 1);
            double low = unit.min().item();
            double high = unit.max().item();
            if (!(high > low)) throw new IllegalArgumentException("UnitMatching: unit " + j + " is constant and tells nothing; keep those of UnitMatching.alive");
            return BinnedInformation.codes(unit, bins, low, high);
        }).toArray(int[][]::new);
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
