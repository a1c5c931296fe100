package lemma.probe;

import lemma.tensor.Tensor;
import org.hipparchus.stat.descriptive.rank.Median;

/**
 * The median of the distances {@code |x_i - x_j|, i < j}: the customary width of a Gaussian kernel, often times a factor.
 *
 * <p>Time O(n^2 d), memory n (n - 1) / 2 doubles; give it a few thousand rows.
 */
public final class MedianHeuristic {
    private MedianHeuristic() {}

    /**
     * @param x (n, d)
     * @throws IllegalArgumentException if n is less than 2, a number is not finite, or more than half of the pairs coincide
     */
    public static double of(Tensor x) {
        double median = new Median().evaluate(Pairs.distances(Features.of("MedianHeuristic", x), Pairs.Distance.EUCLIDEAN));
        if (!(median > 0)) throw new IllegalArgumentException("MedianHeuristic: the median distance of the " + x.dim(0) + " rows is " + median + ", which is no width; most rows are equal");
        return median;
    }
}
