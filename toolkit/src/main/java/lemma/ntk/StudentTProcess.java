package lemma.ntk;

import lemma.tensor.Scope;
import lemma.tensor.Tensor;
import org.hipparchus.special.Gamma;

/**
 * Regression with a Gaussian process of kernel {@code s^2 (K + noise)} whose scale {@code s^2} is {@link InverseGamma} of a and b, one for all points: a
 * Student t process with 2a degrees of freedom. With {@code C = K(X, X) + noise I} the posterior given n points has {@code 2a + n} degrees of freedom,
 * the mean of the Gaussian process and the scale matrix {@code (2b + y^T C^-1 y) / (2a + n)} times its covariance.
 *
 * @see <a href="https://arxiv.org/abs/2107.01408">Lee, Yun, Yang, Lee (2022), Scale mixtures of neural network Gaussian processes, theorem 3.2</a>
 */
public final class StudentTProcess {
    private final GpRegression gp;
    private final InverseGamma prior;
    private final int n;
    private final double noise;
    private final double quadratic;

    private StudentTProcess(GpRegression gp, InverseGamma prior, int n, double noise, double quadratic) {
        this.gp = gp;
        this.prior = prior;
        this.n = n;
        this.noise = noise;
        this.quadratic = quadratic;
    }

    /**
     * The posterior given y.
     *
     * @param kernel K on the training set (n, n)
     * @param y targets (n)
     * @param noise variance of the noise at {@code s^2 = 1}, at least 0
     */
    public static StudentTProcess of(Tensor kernel, Tensor y, double noise, InverseGamma prior) {
        if (y.rank() != 1) throw new IllegalArgumentException("StudentTProcess: y is " + y.shape() + ", expected (n)");
        GpRegression gp = GpRegression.of(kernel, y, noise);
        double quadratic = Scope.run(() -> y.mul(gp.weights()).sum().item());
        return new StudentTProcess(gp, prior, y.dim(0), noise, quadratic);
    }

    /** {@code (2b + y^T C^-1 y) / (2a + n)}: what the data say of the scale. */
    public double scale() {
        return (2 * prior.b() + quadratic) / (2 * prior.a() + n);
    }

    /** The posterior of the function at m points, from K between them and the training set (m, n) and among themselves (m, m). */
    public StudentT predict(Tensor cross, Tensor test) {
        return Scope.run(() -> {
            Gaussian g = gp.predict(cross, test);
            return new StudentT(2 * prior.a() + n, g.mean(), g.covariance().mul(scale()));
        });
    }

    /** The posterior of new observations there, with their noise. */
    public StudentT predictObservations(Tensor cross, Tensor test) {
        return Scope.run(() -> predict(cross, test.add(Tensor.eye(test.dim(0), test.dtype()).to(test.backend()).mul(noise))));
    }

    /** {@code log p(y)}, the density of a t distribution with 2a degrees of freedom and scale matrix {@code b/a C}. */
    public double logMarginalLikelihood() {
        double a = prior.a();
        double gaussian = gp.logMarginalLikelihood() + 0.5 * quadratic + 0.5 * n * Math.log(2 * Math.PI); // -log det C / 2
        return gaussian + a * Math.log(prior.b()) - (a + 0.5 * n) * Math.log(prior.b() + 0.5 * quadratic)
                + Gamma.logGamma(a + 0.5 * n) - Gamma.logGamma(a) - 0.5 * n * Math.log(2 * Math.PI);
    }
}
