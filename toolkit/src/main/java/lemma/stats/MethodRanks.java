package lemma.stats;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Several methods on several problems, compared by ranks: on each problem the method of the least loss has rank 1, equal losses share the mean of
 * their ranks.
 *
 * @param methods their names
 * @param losses {@code losses[i][j]} of method j on problem i; infinite where it failed
 * @see <a href="https://jmlr.org/papers/v7/demsar06a.html">Demsar (2006), Statistical comparisons of classifiers over multiple data sets, section 3.2.2</a>
 */
public record MethodRanks(List<String> methods, double[][] losses) {
    public MethodRanks {
        methods = List.copyOf(methods);
        if (losses.length == 0) throw new IllegalArgumentException("MethodRanks: no problems");
        for (double[] row : losses) {
            if (row.length != methods.size()) throw new IllegalArgumentException("MethodRanks: " + row.length + " losses for the methods " + methods);
            if (Arrays.stream(row).anyMatch(Double::isNaN)) throw new IllegalArgumentException("MethodRanks: a loss is NaN in " + Arrays.toString(row));
        }
    }

    /** The mean rank of a method over the problems. */
    public double meanRank(String method) {
        return Arrays.stream(ranks(method)).average().orElseThrow();
    }

    /** The ranks of a method, problem by problem. */
    public double[] ranks(String method) {
        int j = index(method);
        return Arrays.stream(losses).mapToDouble(row -> rank(row, j)).toArray();
    }

    private static double rank(double[] row, int j) {
        long less = Arrays.stream(row).filter(l -> l < row[j]).count();
        long equal = Arrays.stream(row).filter(l -> l == row[j]).count();
        return less + (equal + 1) / 2.0;
    }

    /** The share of the problems on which a method's loss is at most {@code 1 + tolerance} times the least. */
    public double shareWithin(String method, double tolerance) {
        int j = index(method);
        return Arrays.stream(losses).filter(row -> row[j] <= (1 + tolerance) * Arrays.stream(row).min().orElseThrow()).count() / (double) losses.length;
    }

    /** The lowest mean rank of the methods other than {@code method}. */
    public double lowestOther(String method) {
        index(method);
        return methods.stream().filter(m -> !m.equals(method)).mapToDouble(this::meanRank).min().orElseThrow();
    }

    private int index(String method) {
        int j = methods.indexOf(method);
        if (j < 0) throw new IllegalArgumentException("MethodRanks: no method " + method + " among " + methods);
        return j;
    }

    /** A line a method: its mean rank and how often it is within 1 % of the best. */
    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        for (String m : methods) lines.append(String.format(Locale.ROOT, "%-10s mean rank %.2f, within 1 %% of the best %.2f%n", m, meanRank(m), shareWithin(m, 0.01)));
        return lines.toString().stripTrailing();
    }
}
