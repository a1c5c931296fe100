package lemma.dynamics;

import lemma.autodiff.Autodiff;
import lemma.tensor.Tensor;
import lemma.tensor.Tree;

/**
 * How noisy the gradients of single examples are: their variance over all coordinates, {@code tr Sigma}, beside the square of the mean gradient
 * {@code |G|^2}. The ratio is about the batch size beyond which larger batches no longer save steps.
 *
 * @param trace unbiased estimate of {@code tr Sigma}
 * @param gradient unbiased estimate of {@code |G|^2}; it can be negative where the noise hides the gradient
 * @param examples how many gradients it is made of
 * @see <a href="https://arxiv.org/abs/1812.06162">McCandlish et al. (2018), An empirical model of large-batch training, section 2.2 and appendix A</a>
 */
public record GradientNoiseScale(double trace, double gradient, int examples) {
    /**
     * From the gradient of each example's loss; see {@link Autodiff#perExampleGrads}.
     *
     * @param x inputs (n, ...) with n at least 2
     * @param y targets (n, ...)
     */
    public static <P extends Tree<P>> GradientNoiseScale of(Autodiff.ExampleLoss<P> loss, P p, Tensor x, Tensor y) {
        int n = x.dim(0);
        if (n < 2) throw new IllegalArgumentException("GradientNoiseScale: " + n + " example, expected at least 2");
        P rows = Autodiff.perExampleGrads(loss, p, x, y);
        double ofMean = 0;
        double meanOfSquares = 0;
        for (Tensor g : rows.tensors()) {
            ofMean += g.mean(0).square().sum().item();
            meanOfSquares += g.square().sum().item() / n;
        }
        double trace = (meanOfSquares - ofMean) * n / (n - 1);
        return new GradientNoiseScale(trace, ofMean - trace / n, n);
    }

    /** {@code tr Sigma / |G|^2}, in examples: the simple noise scale. */
    public double batchSize() {
        return trace / gradient;
    }

    /** The variance of the gradient of a batch, summed over coordinates: {@code tr Sigma / size}. */
    public double variance(int size) {
        return trace / size;
    }
}
