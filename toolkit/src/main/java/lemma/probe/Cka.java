package lemma.probe;

import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Centred kernel alignment of two representations of the same n examples, {@code HSIC(K, L) / sqrt(HSIC(K, K) HSIC(L, L))} with Gram matrices K
 * of x and L of y, and {@code HSIC(K, L) = tr(K H L H) / (n - 1)^2}, {@code H = I - 1 1^T / n}. Without units, 1 for representations that are
 * equal up to rotation and scale (linear kernel); the debiased one may be slightly below 0.
 *
 * <p>The plain estimate rises towards 1 when n is small beside the number of features, for independent ones too. The debiased one puts
 * {@code HSIC_1 = (tr(K' L') + (1^T K' 1)(1^T L' 1) / ((n - 1)(n - 2)) - 2 / (n - 2) 1^T K' L' 1) / (n (n - 3))} in its place, with K', L'
 * without their diagonals.
 *
 * <p>Linear: time O(n d1 d2) and memory O(d1 d2), or, for more features than examples, time O(n^2 (d1 + d2)). Kernels: time
 * O(n^2 (d1 + d2)). Gram matrices are made in blocks of rows, so memory grows as n.
 *
 * @see <a href="https://arxiv.org/abs/1905.00414">Kornblith, Norouzi, Lee, Hinton (2019), Similarity of Neural Network Representations Revisited, eq. 3 to 6</a>
 * @see <a href="https://arxiv.org/abs/2010.15327">Nguyen, Raghu, Kornblith (2021), Do Wide and Deep Networks Learn the Same Things?, eq. 2 and 3</a>
 */
public final class Cka {
    private static final int LEAST_FOR_DEBIASED = 4;

    private Cka() {}

    /**
     * With linear kernels: {@code |Y^T X|_F^2 / (|X^T X|_F |Y^T Y|_F)} of centred x, y.
     *
     * @param x (n, d1)
     * @param y (n, d2)
     * @throws IllegalArgumentException if the numbers of rows differ or are less than 2, all rows are equal, or a number is not finite
     */
    public static double linear(Tensor x, Tensor y) {
        Features.sameRows("Cka", x, y);
        return Scope.run(() -> GramSums.ofFeatures(x, y));
    }

    /** The debiased estimate with linear kernels; needs 4 examples. */
    public static double linearDebiased(Tensor x, Tensor y) {
        return of(x, y, LEAST_FOR_DEBIASED, GramSums::linear).debiased();
    }

    /** With Gaussian kernels whose widths are {@code fraction} of the median distance in x and in y. */
    public static double rbf(Tensor x, Tensor y, double fraction) {
        return kernel(x, y, Kernel.rbf(fraction * MedianHeuristic.of(x)), Kernel.rbf(fraction * MedianHeuristic.of(y)));
    }

    /** The debiased estimate with the kernels of {@link #rbf}. */
    public static double rbfDebiased(Tensor x, Tensor y, double fraction) {
        return kernelDebiased(x, y, Kernel.rbf(fraction * MedianHeuristic.of(x)), Kernel.rbf(fraction * MedianHeuristic.of(y)));
    }

    /** With a kernel k of x and a kernel l of y. */
    public static double kernel(Tensor x, Tensor y, Kernel k, Kernel l) {
        return of(x, y, 2, (a, b) -> GramSums.kernels(a, b, k, l)).plain();
    }

    /** The debiased estimate with a kernel k of x and a kernel l of y. */
    public static double kernelDebiased(Tensor x, Tensor y, Kernel k, Kernel l) {
        return of(x, y, LEAST_FOR_DEBIASED, (a, b) -> GramSums.kernels(a, b, k, l)).debiased();
    }

    /** Linear, in minibatches. */
    public static Minibatch minibatch() {
        return new Minibatch();
    }

    private interface Sums {
        GramSums of(Tensor x, Tensor y);
    }

    private static GramSums of(Tensor x, Tensor y, int leastRows, Sums sums) {
        Features.sameRows("Cka", x, y);
        return Scope.run(() -> sums.of(Features.centred("Cka", x, leastRows), Features.centred("Cka", y, leastRows)));
    }

    /**
     * Linear CKA of more examples than memory holds: the mean of {@code HSIC_1} over batches takes the place of the three HSIC. Each batch's
     * is unbiased, so the result does not depend on the batch size but for noise. Each batch needs 4 examples.
     */
    public static final class Minibatch {
        private double xy;
        private double xx;
        private double yy;
        private int batches;

        private Minibatch() {}

        /** Takes in the features x (b, d1), y (b, d2) of the next examples. */
        public Minibatch add(Tensor x, Tensor y) {
            GramSums s = of(x, y, LEAST_FOR_DEBIASED, GramSums::linear);
            xy += s.xy().unbiased();
            xx += s.xx().unbiased();
            yy += s.yy().unbiased();
            batches++;
            return this;
        }

        /** @throws IllegalStateException before the first batch */
        public double value() {
            if (batches == 0) throw new IllegalStateException("Cka.minibatch: no batch was added");
            return GramSums.ratio(xy, xx, yy);
        }
    }
}
