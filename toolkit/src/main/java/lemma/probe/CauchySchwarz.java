package lemma.probe;

import lemma.linalg.Linalg;
import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * The Cauchy-Schwarz divergence {@code -log (int p q)^2 / (int p^2 int q^2)} in nats, at least 0 and 0 only for equal densities, as sums over Gaussian
 * kernels: no bound and no Gaussian assumption. The kernel estimate is that of densities widened by {@code sigma^2 / 2} in every direction.
 *
 * <p>All estimates are differentiable and return scalar tensors; time and memory O(n^2). Like any loss they hand NaN on.
 *
 * @see <a href="https://arxiv.org/abs/2404.17951">Yu, Yu, Loekse, Jenssen, Principe (2024), Cauchy-Schwarz Divergence Information Bottleneck for Regression, eq. 6, 8 and 11</a>
 */
public final class CauchySchwarz {
    private CauchySchwarz() {}

    /** Between samples x (n, d) and y (m, d): {@code log mean K_xx + log mean K_yy - 2 log mean K_xy}. At least 0. */
    public static Tensor divergence(Tensor x, Tensor y, double sigma) {
        Kernel k = Kernel.rbf(sigma);
        return k.gram(x).mean().log().add(k.gram(y).mean().log()).sub(k.between(x, y).mean().log().mul(2));
    }

    /** The same without the pairs of an example with itself, whose ones bias the plain sums; may be negative. */
    public static Tensor divergenceWithoutDiagonal(Tensor x, Tensor y, double sigma) {
        Kernel k = Kernel.rbf(sigma);
        return offDiagonal(k.gram(x)).log().add(offDiagonal(k.gram(y)).log()).sub(k.between(x, y).mean().log().mul(2));
    }

    private static Tensor offDiagonal(Tensor gram) {
        int n = gram.dim(0);
        if (n < 2) throw new IllegalArgumentException("CauchySchwarz: " + n + " examples, expected at least 2");
        return gram.sum().sub(n).div((double) n * (n - 1));
    }

    /**
     * Between the conditional densities p(y | x) and q(yhat | x) of the same examples, from Gram matrices (n, n):
     * {@code log sum_j (sum_i K_ji L1_ji) / (sum_i K_ji)^2 + log sum_j (sum_i K_ji L2_ji) / (sum_i K_ji)^2 - 2 log sum_j (sum_i K_ji L21_ji) / (sum_i K_ji)^2}.
     *
     * @param k of x
     * @param l1 of y
     * @param l2 of yhat
     * @param l21 between yhat (rows) and y (columns)
     */
    public static Tensor conditional(Tensor k, Tensor l1, Tensor l2, Tensor l21) {
        Tensor weight = k.sum(1).square().reciprocal();
        return overlap(k, l1, weight).add(overlap(k, l2, weight)).sub(overlap(k, l21, weight).mul(2));
    }

    private static Tensor overlap(Tensor k, Tensor l, Tensor weight) {
        return k.mul(l).sum(1).mul(weight).sum().log();
    }

    /** {@link #conditional(Tensor, Tensor, Tensor, Tensor)} with Gaussian kernels on x (n, d) and on y and its prediction (n, c). */
    public static Tensor conditional(Tensor x, Tensor y, Tensor prediction, double sigmaX, double sigmaY) {
        Kernel l = Kernel.rbf(sigmaY);
        return conditional(Kernel.rbf(sigmaX).gram(x), l.gram(y), l.gram(prediction), l.between(prediction, y));
    }

    /** Quadratic mutual information from Gram matrices k of x and q of t: {@code log mean K Q + log (mean K mean Q) - 2 log mean_i (mean_j K_ij)(mean_j Q_ij)}. At least 0. */
    public static Tensor mutualInformation(Tensor k, Tensor q) {
        Tensor both = k.mul(q).mean().log();
        return both.add(k.mean().log()).add(q.mean().log()).sub(k.mean(1).mul(q.mean(1)).mean().log().mul(2));
    }

    /** {@link #mutualInformation(Tensor, Tensor)} with Gaussian kernels on x (n, d1) and t (n, d2). */
    public static Tensor mutualInformation(Tensor x, Tensor t, double sigmaX, double sigmaT) {
        return mutualInformation(Kernel.rbf(sigmaX).gram(x), Kernel.rbf(sigmaT).gram(t));
    }

    /** Exact between Gaussians of means m1, m2 (d) and covariances s1, s2 (d, d), from {@code int N(m1, S1) N(m2, S2) = N(m1 - m2; 0, S1 + S2)}. */
    public static double gaussian(Tensor m1, Tensor s1, Tensor m2, Tensor s2) {
        return Scope.run(() -> logProduct(m1, s1, m1, s1) + logProduct(m2, s2, m2, s2) - 2 * logProduct(m1, s1, m2, s2));
    }

    private static double logProduct(Tensor m1, Tensor s1, Tensor m2, Tensor s2) {
        Tensor s = s1.add(s2).to(DType.FLOAT64);
        Tensor gap = m1.sub(m2).to(DType.FLOAT64);
        double square = gap.matmul(Linalg.solve(s, gap)).item();
        return -0.5 * (square + Linalg.slogdet(s).logabsdet().item() + s.dim(0) * Math.log(2 * Math.PI));
    }
}
