package lemma.probe;

import lemma.stats.Spearman;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;
import org.hipparchus.stat.correlation.PearsonsCorrelation;

/**
 * Representational similarity analysis: two representations are alike when the same pairs of examples are far apart in both. The
 * dissimilarities of all n (n - 1) / 2 pairs are compared by a rank correlation, so the sides may differ in width and in scale.
 *
 * <p>In [-1, 1], without units. Time O(n^2 d + n^2 log n), memory n (n - 1) / 2 doubles a side. Pairs share examples, so the p-value of an
 * ordinary rank correlation does not hold for it.
 *
 * @see <a href="https://doi.org/10.3389/neuro.06.004.2008">Kriegeskorte, Mur, Bandettini (2008), Representational similarity analysis</a>
 */
public final class RepresentationalSimilarity {
    private RepresentationalSimilarity() {}

    /** How the dissimilarity of two rows is measured. */
    public enum Dissimilarity {
        /** {@code |a - b|}. */
        EUCLIDEAN(Pairs.Distance.EUCLIDEAN),
        /** {@code |a - b|^2}. */
        SQUARED_EUCLIDEAN(Pairs.Distance.SQUARED_EUCLIDEAN),
        /** {@code 1 - a.b / (|a| |b|)}. */
        COSINE(Pairs.Distance.COSINE),
        /** 1 less the correlation of the elements. */
        CORRELATION(Pairs.Distance.CORRELATION);

        private final Pairs.Distance distance;

        Dissimilarity(Pairs.Distance distance) {
            this.distance = distance;
        }
    }

    /** Dissimilarities of the pairs i &lt; j of rows of x (n, d), row by row: n (n - 1) / 2 numbers. */
    public static double[] dissimilarities(Tensor x, Dissimilarity kind) {
        return Scope.run(() -> Pairs.distances(Features.of("RepresentationalSimilarity", x), kind.distance));
    }

    /**
     * Spearman's correlation of the dissimilarities.
     *
     * @param x (n, d1), n at least 3
     * @param y (n, d2)
     * @throws IllegalArgumentException if the numbers of rows differ or are less than 3, a number is not finite, or all pairs are equally far apart
     */
    public static double spearman(Tensor x, Tensor y, Dissimilarity kind) {
        double[][] both = both(x, y, kind);
        return Spearman.of(both[0], both[1]);
    }

    /** Pearson's correlation of the dissimilarities. */
    public static double pearson(Tensor x, Tensor y, Dissimilarity kind) {
        double[][] both = both(x, y, kind);
        return new PearsonsCorrelation().correlation(both[0], both[1]);
    }

    private static double[][] both(Tensor x, Tensor y, Dissimilarity kind) {
        Features.sameRows("RepresentationalSimilarity", x, y);
        if (x.dim(0) < 3) throw new IllegalArgumentException("RepresentationalSimilarity: " + x.dim(0) + " rows, expected at least 3");
        return new double[][] {varying(dissimilarities(x, kind), "x"), varying(dissimilarities(y, kind), "y")};
    }

    private static double[] varying(double[] d, String side) {
        for (double v : d) if (v != d[0]) return d;
        throw new IllegalArgumentException("RepresentationalSimilarity: all pairs of " + side + " have dissimilarity " + d[0] + ", which correlates with nothing");
    }
}
