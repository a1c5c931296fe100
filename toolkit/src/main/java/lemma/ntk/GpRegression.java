package lemma.ntk;

import lemma.linalg.Linalg;
import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Regression with a Gaussian process of kernel K and noise of variance s^2: with {@code C = K(X, X) + (s^2 + jitter) I} the posterior has mean
 * {@code K(x, X) C^-1 y} and covariance {@code K(x, x') - K(x, X) C^-1 K(X, x')}. Several outputs are independent processes.
 *
 * <p>The jitter is the smallest of 0 and {@code 10^-j} times the mean of the diagonal, j from 14 down to 4 (7 to 3 in FLOAT32), with which Cholesky's
 * decomposition succeeds; {@link #jitter} says which.
 *
 * @see <a href="https://gaussianprocess.org/gpml/chapters/RW2.pdf">Rasmussen, Williams (2006), Gaussian processes for machine learning, algorithm 2.1</a>
 */
public final class GpRegression {
    private final Tensor cholesky;
    private final Tensor y;
    private final double jitter;

    private GpRegression(Tensor cholesky, Tensor y, double jitter) {
        this.cholesky = cholesky;
        this.y = y;
        this.jitter = jitter;
    }

    /**
     * The posterior given y.
     *
     * @param kernel K on the training set (n, n)
     * @param y targets (n) or (n, k)
     * @param noise variance s^2, at least 0
     * @throws ArithmeticException if K is not positive definite even with the largest jitter
     */
    public static GpRegression of(Tensor kernel, Tensor y, double noise) {
        if (kernel.rank() != 2 || kernel.dim(0) != kernel.dim(1) || y.rank() < 1 || y.rank() > 2 || y.dim(0) != kernel.dim(0)) {
            throw new IllegalArgumentException("GpRegression: the kernel is " + kernel.shape() + ", y " + y.shape() + "; expected (n, n) and (n) or (n, k)");
        }
        if (!(noise >= 0)) throw new IllegalArgumentException("GpRegression: noise " + noise + ", expected a variance of at least 0");
        Factor f = Factor.of(kernel, noise);
        return new GpRegression(f.cholesky, y, f.jitter);
    }

    /** A Cholesky factor, with what had to be added to the diagonal beside the noise. */
    record Factor(Tensor cholesky, double jitter) {
        static Factor of(Tensor kernel, double noise) {
            double scale = kernel.diagonal(0).mean().item();
            boolean wide = kernel.dtype() == DType.FLOAT64;
            int last = wide ? 4 : 3;
            for (int j = wide ? 15 : 8; j >= last; j--) {
                double jitter = j == (wide ? 15 : 8) ? 0 : scale * Math.pow(10, -j);
                Tensor cholesky = decomposed(kernel, noise + jitter);
                if (cholesky != null) return new Factor(cholesky, jitter);
            }
            throw new ArithmeticException("GpRegression: the kernel " + kernel.shape() + " is not positive definite, not with a jitter of " + scale * Math.pow(10, -last) + " either; add noise or drop repeated examples");
        }
    }

    private static Tensor decomposed(Tensor kernel, double added) {
        try {
            return Scope.run(() -> Linalg.cholesky(kernel.add(Tensor.eye(kernel.dim(0), kernel.dtype()).to(kernel.backend()).mul(added))));
        } catch (ArithmeticException notDefinite) {
            return null;
        }
    }

    /** What was added to the diagonal beside the noise. */
    public double jitter() {
        return jitter;
    }

    /** {@code log p(y) = -y^T C^-1 y / 2 - log det C / 2 - n/2 log 2 pi}, summed over outputs. */
    public double logMarginalLikelihood() {
        return Scope.run(() -> {
            Tensor w = Linalg.solveTriangular(cholesky, y.reshape(y.dim(0), -1), false);
            double half = cholesky.diagonal(0).log().sum().item();
            return -0.5 * w.square().sum().item() - w.dim(1) * (half + 0.5 * y.dim(0) * Math.log(2 * Math.PI));
        });
    }

    /** {@code C^-1 y}, of the shape of y. */
    public Tensor weights() {
        return Scope.run(() -> {
            Tensor w = Linalg.solveTriangular(cholesky, y.reshape(y.dim(0), -1), false);
            return Linalg.solveTriangular(cholesky.t(), w, true).reshape(y.shape());
        });
    }

    /** The mean at m points, (m) or (m, k), from K between them and the training set (m, n). */
    public Tensor mean(Tensor cross) {
        return Scope.run(() -> cross.matmul(weights()));
    }

    /** Mean and covariance of the function at m points, without noise. */
    public Gaussian predict(Tensor cross, Tensor test) {
        return Scope.run(() -> {
            Tensor v = Linalg.solveTriangular(cholesky, cross.t(), false);
            return new Gaussian(mean(cross), test.sub(v.t().matmul(v)));
        });
    }
}
