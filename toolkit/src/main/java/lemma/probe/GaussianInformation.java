package lemma.probe;

import java.util.Arrays;
import lemma.linalg.Linalg;
import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/** Information of Gaussian vectors in nats: exact for known covariances, and the value under that assumption for a sample. Time O(d^3), of a sample O(n d^2 + d^3). */
public final class GaussianInformation {
    private GaussianInformation() {}

    /** {@code 1/2 log det(2 pi e Sigma)} of a positive definite covariance (d, d). */
    public static double entropy(Tensor covariance) {
        return Scope.run(() -> 0.5 * (covariance.dim(0) * Math.log(2 * Math.PI * Math.E) + logDet(covariance)));
    }

    /** {@code 1/2 log (det Sigma_x det Sigma_y / det Sigma)} of a joint covariance (d, d) whose first dx coordinates are x. */
    public static double mutualInformation(Tensor covariance, int dx) {
        int d = covariance.dim(0);
        if (dx < 1 || dx >= d) throw new IllegalArgumentException("GaussianInformation: x has " + dx + " of " + d + " coordinates, expected 1.." + (d - 1));
        return Scope.run(() -> 0.5 * (logDet(covariance.narrow(0, 0, dx).narrow(1, 0, dx)) + logDet(covariance.narrow(0, dx, d).narrow(1, dx, d)) - logDet(covariance)));
    }

    /** {@code -1/2 sum log(1 - rho_i^2)} of canonical correlations in (-1, 1). */
    public static double mutualInformation(double... rho) {
        return Arrays.stream(rho).map(r -> {
            if (!(Math.abs(r) < 1)) throw new IllegalArgumentException("GaussianInformation: a correlation is " + r + ", expected in (-1, 1)");
            return -0.5 * Math.log1p(-r * r);
        }).sum();
    }

    /** The entropy of a Gaussian with the covariance (divisor n) of x (n, d), plus {@code ridge} on its diagonal, in nats; it needs one where columns depend on each other. */
    public static double entropyOf(Tensor x, double ridge) {
        return Scope.run(() -> {
            Tensor c = Features.centred("GaussianInformation", x);
            return entropy(c.t().matmul(c).div(x.dim(0)).add(Tensor.eye(x.dim(1), DType.FLOAT64).mul(ridge)));
        });
    }

    private static double logDet(Tensor covariance) {
        if (covariance.rank() != 2 || covariance.dim(0) != covariance.dim(1)) throw new IllegalArgumentException("GaussianInformation: the covariance is " + covariance.shape() + ", expected (d, d)");
        return 2 * Linalg.cholesky(covariance.to(DType.FLOAT64).contiguous()).diagonal(0).log().sum().item();
    }
}
