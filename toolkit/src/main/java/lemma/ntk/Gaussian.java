package lemma.ntk;

import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
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

    /** {@code log p(y_i)} of each number by itself, (m) or (m, k). */
    public Tensor logDensities(Tensor y) {
        return Scope.run(() -> {
            Tensor variance = mean.rank() == 1 ? covariance.diagonal(0) : covariance.diagonal(0).unsqueeze(1);
            return y.sub(mean).square().div(variance).add(variance.mul(2 * Math.PI).log()).mul(-0.5);
        });
    }

    /** Independent draws (draws, m) of one output; of a covariance that is singular to rounding, with the jitter of {@link GpRegression}. */
    public Tensor sample(Random random, int draws) {
        if (mean.rank() != 1 || draws < 1) throw new IllegalArgumentException("Gaussian: the mean is " + mean.shape() + ", " + draws + " draws; expected (m) and at least 1");
        return Scope.run(() -> {
            Tensor root = GpRegression.Factor.of(covariance, 0).cholesky();
            return random.normal(Shape.of(draws, mean.dim(0)), mean.dtype()).matmul(root.t()).add(mean);
        });
    }
}
