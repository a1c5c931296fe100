package lemma.ntk;

import lemma.tensor.Tensor;

/**
 * A normal distribution of functions at m points, of one output or of k independent ones.
 *
 * @param mean (m) or (m, k)
 * @param covariance (m, m), the same for each output
 */
public record Gaussian(Tensor mean, Tensor covariance) {
    /** Standard deviations (m). */
    public Tensor std() {
        return covariance.diagonal(0).maximum(0).sqrt();
    }
}
