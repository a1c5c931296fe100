package lemma.probe;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.tensor.Tensor;

/**
 * How many different features a layer has: again and again the two nearest are merged into their size-weighted mean, until none are nearer than a
 * threshold. What is left over what there was is the complexity of the layer. By the weights of the units ({@link #of(HiddenUnits)}) this needs no data; by
 * their activations, one row a unit, it is a variant.
 *
 * <p>It is agglomerative clustering with centroid linkage, so a later pair may be nearer than an earlier one; merging stops at the first that is not
 * below the threshold.
 *
 * @param units number of features before
 * @param pairs for each merge the clusters that met, by their least members, the lesser first
 * @param distances Euclidean distance of the two centroids of each merge
 */
public record IterativeFeatureMerging(int units, int[][] pairs, double[] distances) {
    /** By incoming weights and bias. Take {@link HiddenUnits#unitRows} where a positive factor makes no difference (ReLU). */
    public static IterativeFeatureMerging of(HiddenUnits layer) {
        return of(layer.rows());
    }

    /**
     * By any vectors. Time O(d^3 + d^2 m), memory O(d^2).
     *
     * @param vectors (d, m), one row a feature
     */
    public static IterativeFeatureMerging of(Tensor vectors) {
        double[][] centroid = UnitMatching.rows(Features.of("IterativeFeatureMerging", vectors, 1));
        int n = centroid.length;
        double[][] square = new double[n][n];
        for (int i = 0; i < n; i++) for (int j = 0; j < i; j++) square[i][j] = square(centroid[i], centroid[j]);
        int[] size = new int[n];
        Arrays.fill(size, 1);
        int[] alive = IntStream.range(0, n).toArray();
        int[][] pairs = new int[n - 1][];
        double[] distances = new double[n - 1];
        for (int step = 0; step < n - 1; step++) {
            int[] pair = nearest(square, alive);
            int kept = pair[0];
            int gone = pair[1];
            pairs[step] = pair;
            distances[step] = Math.sqrt(square[gone][kept]);
            for (int f = 0; f < centroid[kept].length; f++) centroid[kept][f] = (size[kept] * centroid[kept][f] + size[gone] * centroid[gone][f]) / (size[kept] + size[gone]);
            size[kept] += size[gone];
            alive = Arrays.stream(alive).filter(i -> i != gone).toArray();
            for (int i : alive) if (i != kept) square[Math.max(i, kept)][Math.min(i, kept)] = square(centroid[i], centroid[kept]);
        }
        return new IterativeFeatureMerging(n, pairs, distances);
    }

    private static int[] nearest(double[][] square, int[] alive) {
        int[] best = {alive[0], alive[1]};
        double least = Double.POSITIVE_INFINITY;
        for (int a = 1; a < alive.length; a++) {
            double[] row = square[alive[a]];
            for (int b = 0; b < a; b++) {
                if (row[alive[b]] >= least) continue;
                least = row[alive[b]];
                best = new int[] {alive[b], alive[a]};
            }
        }
        return best;
    }

    private static double square(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    /** How many features are left when none are nearer than {@code beta}. */
    public int remaining(double beta) {
        if (!(beta >= 0)) throw new IllegalArgumentException("IterativeFeatureMerging: beta is " + beta + ", expected at least 0");
        return units - (int) IntStream.range(0, distances.length).takeWhile(i -> distances[i] < beta).count();
    }

    /** {@link #remaining} over the number of features, in (0, 1]. */
    public double complexity(double beta) {
        return remaining(beta) / (double) units;
    }

    /** The cluster of each feature, 0..k-1 in the order of their first members, when k are left. */
    public int[] clusters(int k) {
        if (k < 1 || k > units) throw new IllegalArgumentException("IterativeFeatureMerging: " + k + " clusters of " + units + " features");
        int[] leader = IntStream.range(0, units).toArray();
        for (int step = 0; step < units - k; step++) leader[pairs[step][1]] = pairs[step][0];
        int[] label = new int[units];
        int next = 0;
        for (int i = 0; i < units; i++) label[i] = leader[i] == i ? next++ : label[leader[i]];
        return label;
    }

    @Override
    public String toString() {
        return "IterativeFeatureMerging[" + units + " features, distances of merges " + (distances.length == 0 ? "none" : distances[0] + " to " + distances[distances.length - 1]) + "]";
    }
}
