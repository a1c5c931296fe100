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
     * By any vectors. Each remembers its nearest among those before it. Time O(d^2 m), O(d^3) at worst, memory O(d^2).
     *
     * @param vectors (d, m), one row a feature
     */
    public static IterativeFeatureMerging of(Tensor vectors) {
        double[][] centroid = UnitMatching.rows(Features.of("IterativeFeatureMerging", vectors, 1));
        int n = centroid.length;
        Nearest nearest = new Nearest(centroid);
        int[] size = new int[n];
        Arrays.fill(size, 1);
        int[][] pairs = new int[n - 1][];
        double[] distances = new double[n - 1];
        for (int step = 0; step < n - 1; step++) {
            int gone = nearest.laterOfNearestPair();
            int kept = nearest.before[gone];
            pairs[step] = new int[] {kept, gone};
            distances[step] = Math.sqrt(nearest.square[gone][kept]);
            for (int f = 0; f < centroid[kept].length; f++) centroid[kept][f] = (size[kept] * centroid[kept][f] + size[gone] * centroid[gone][f]) / (size[kept] + size[gone]);
            size[kept] += size[gone];
            nearest.merge(kept, gone);
        }
        return new IterativeFeatureMerging(n, pairs, distances);
    }

    /** Squared distances of what is left, and of each the nearest before it. */
    private static final class Nearest {
        final double[][] centroid;
        final double[][] square;
        final int[] before;
        int[] alive;

        Nearest(double[][] centroid) {
            int n = centroid.length;
            this.centroid = centroid;
            alive = IntStream.range(0, n).toArray();
            square = new double[n][n];
            before = new int[n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) square[i][j] = square(centroid[i], centroid[j]);
                look(i);
            }
        }

        int laterOfNearestPair() {
            int best = alive[1];
            for (int a = 2; a < alive.length; a++) if (square[alive[a]][before[alive[a]]] < square[best][before[best]]) best = alive[a];
            return best;
        }

        void merge(int kept, int gone) {
            alive = Arrays.stream(alive).filter(i -> i != gone).toArray();
            for (int i : alive) if (i != kept) square[Math.max(i, kept)][Math.min(i, kept)] = square(centroid[i], centroid[kept]);
            look(kept);
            for (int i : alive) {
                if (i <= kept) continue;
                if (before[i] == kept || before[i] == gone) look(i);
                else if (square[i][kept] < square[i][before[i]] || square[i][kept] == square[i][before[i]] && kept < before[i]) before[i] = kept;
            }
        }

        private void look(int i) {
            int best = alive[0];
            for (int j : alive) {
                if (j >= i) break;
                if (square[i][j] < square[i][best]) best = j;
            }
            before[i] = best;
        }
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
