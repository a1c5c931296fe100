package lemma.ntk;

import lemma.linalg.Linalg;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;
import org.hipparchus.special.Gamma;

/**
 * A multivariate t distribution: a normal one of covariance S times a random scale {@code df / chi^2_df}. Its covariance is {@code S df / (df - 2)}.
 *
 * @param df degrees of freedom, above 0
 * @param mean (m)
 * @param scale S (m, m)
 */
public record StudentT(double df, Tensor mean, Tensor scale) {
    public StudentT {
        if (!(df > 0)) throw new IllegalArgumentException("StudentT: " + df + " degrees of freedom, expected above 0");
        if (mean.rank() != 1 || scale.rank() != 2 || scale.dim(0) != mean.dim(0) || scale.dim(1) != mean.dim(0)) throw new IllegalArgumentException("StudentT: mean is " + mean.shape() + ", scale " + scale.shape() + "; expected (m) and (m, m)");
    }

    /** {@code log p(y)} of all m numbers together, {@code y (m)}. */
    public double logDensity(Tensor y) {
        return Scope.run(() -> {
            Tensor l = Linalg.cholesky(scale);
            Tensor w = Linalg.solveTriangular(l, y.sub(mean).unsqueeze(1), false);
            return normaliser(y.dim(0)) - l.diagonal(0).log().sum().item() - (df + y.dim(0)) / 2 * Math.log1p(w.square().sum().item() / df);
        });
    }

    /** {@code log p(y_i)} of each number by itself (m). */
    public Tensor logDensities(Tensor y) {
        return Scope.run(() -> {
            Tensor variance = scale.diagonal(0);
            Tensor z = y.sub(mean).square().div(variance.mul(df));
            return z.log1p().mul(-(df + 1) / 2).sub(variance.log().mul(0.5)).add(normaliser(1));
        });
    }

    private double normaliser(int m) {
        return Gamma.logGamma((df + m) / 2) - Gamma.logGamma(df / 2) - m / 2.0 * Math.log(df * Math.PI);
    }
}
