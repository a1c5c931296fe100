package lemma.probe;

import java.util.Arrays;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Mutual nearest neighbours: the part of the k nearest neighbours of an example in one representation that are among its k nearest in the
 * other, averaged over the examples. In [0, 1], about k / (n - 1) for unrelated representations. Local, where CKA is dominated by
 * large distances. Time O(n^2 (d1 + d2)), memory O(n (d1 + d2 + k)).
 *
 * @see <a href="https://arxiv.org/abs/2405.07987">Huh, Cheung, Wang, Isola (2024), The Platonic Representation Hypothesis, appendix A</a>
 */
public final class MutualKnn {
    private MutualKnn() {}

    /**
     * By Euclidean distance.
     *
     * @param x (n, d1)
     * @param y (n, d2)
     * @param k below n; the paper takes 10
     * @throws IllegalArgumentException if the numbers of rows differ, k is not in 1..n-1, all rows of a side are equal, or a number is not finite
     */
    public static double of(Tensor x, Tensor y, int k) {
        Features.sameRows("MutualKnn", x, y);
        return Scope.run(() -> overlap(Neighbours.of("MutualKnn", Features.centred("MutualKnn", x), k), Neighbours.of("MutualKnn", Features.centred("MutualKnn", y), k), k));
    }

    /** By cosine similarity, as the paper has it. */
    public static double cosine(Tensor x, Tensor y, int k) {
        return Scope.run(() -> of(Features.unitRows("MutualKnn", x), Features.unitRows("MutualKnn", y), k));
    }

    private static double overlap(Neighbours a, Neighbours b, int k) {
        long shared = 0;
        for (int i = 0; i < a.index().length; i++) {
            int[] other = b.index()[i].clone();
            Arrays.sort(other);
            shared += Arrays.stream(a.index()[i]).filter(j -> Arrays.binarySearch(other, j) >= 0).count();
        }
        return shared / ((double) k * a.index().length);
    }
}
