package lemma.stats;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Kendall's tau in which exchanges near the top weigh more: a pair of ranks r, s (0 is the largest value) counts {@code 1 / (r + 1) + 1 / (s + 1)}, the
 * mean of ranking by the first and by the second column, as SciPy's {@code weightedtau} has it. In [-1, 1]. Time O(n^2).
 *
 * @see <a href="https://doi.org/10.1145/2736277.2741088">Vigna (2015), A weighted correlation index for rankings with ties</a>
 */
public final class WeightedKendall {
    private WeightedKendall() {}

    /** @throws IllegalArgumentException if lengths differ, there are fewer than 2 pairs, a number is not finite, or one side is constant */
    public static double of(double[] a, double[] b) {
        if (a.length != b.length || a.length < 2) throw new IllegalArgumentException("WeightedKendall: " + a.length + " and " + b.length + " values; expected at least 2 pairs");
        for (int i = 0; i < a.length; i++) if (!Double.isFinite(a[i]) || !Double.isFinite(b[i])) throw new IllegalArgumentException("WeightedKendall: pair " + i + " is " + a[i] + ", " + b[i] + ", expected finite numbers");
        return (by(a, b, ranks(a, b)) + by(a, b, ranks(b, a))) / 2;
    }

    private static int[] ranks(double[] first, double[] second) {
        int[] order = IntStream.range(0, first.length).boxed().sorted(Comparator.<Integer>comparingDouble(i -> -first[i]).thenComparingDouble(i -> -second[i])).mapToInt(i -> i).toArray();
        int[] ranks = new int[order.length];
        for (int r = 0; r < order.length; r++) ranks[order[r]] = r;
        return ranks;
    }

    private static double by(double[] a, double[] b, int[] ranks) {
        double both = 0;
        double ofA = 0;
        double ofB = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < i; j++) {
                double weight = 1.0 / (ranks[i] + 1) + 1.0 / (ranks[j] + 1);
                double x = Math.signum(a[i] - a[j]);
                double y = Math.signum(b[i] - b[j]);
                both += weight * x * y;
                ofA += weight * x * x;
                ofB += weight * y * y;
            }
        }
        if (ofA == 0 || ofB == 0) throw new IllegalArgumentException("WeightedKendall: all values of one side are equal, there is no ranking");
        return both / Math.sqrt(ofA * ofB);
    }
}
