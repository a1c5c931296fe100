package lemma.probe;

import java.util.Arrays;
import lemma.linalg.Linalg;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * How many directions a representation fills, read off its spectrum. Each number lies between 1 (one direction) and the smaller of n and d
 * (all alike), without units.
 */
public final class Spectrum {
    private Spectrum() {}

    /** Eigenvalues of the covariance (divisor n) of x (n, d), the min(n, d) largest, descending. Time O(n d min(n, d)). */
    public static double[] covariance(Tensor x) {
        return Scope.run(() -> descending(scatter(Features.centred("Spectrum.covariance", x)).div(x.dim(0))));
    }

    /**
     * {@code exp(-sum p log p)} with singular values divided by their sum, {@code p_i = s_i / sum s}. The rows are not centred, as in the
     * paper and in RankMe. Time O(n d min(n, d)) by the singular values, which keep small ones exact.
     *
     * @param x (n, d)
     * @throws IllegalArgumentException if x is zero or a number is not finite
     * @see <a href="https://doi.org/10.5281/zenodo.40490">Roy, Vetterli (2007), The effective rank: a measure of effective dimensionality</a>
     */
    public static double effectiveRank(Tensor x) {
        return Scope.run(() -> Math.exp(Entropies.shannon(Entropies.normalised(nonzero("Spectrum.effectiveRank", Linalg.svdvals(Features.of("Spectrum.effectiveRank", x, 1)).toDoubles())))));
    }

    /**
     * {@code (sum l)^2 / sum l^2} of the eigenvalues of the covariance: {@code tr(C)^2 / |C|_F^2}, so no eigenvalue is computed. Time
     * O(n d min(n, d)).
     *
     * @see <a href="https://doi.org/10.1016/j.conb.2017.08.003">Gao, Ganguli (2015, 2017), dimensionality of neural data</a>
     */
    public static double participationRatio(Tensor x) {
        return Scope.run(() -> {
            Tensor c = scatter(Features.centred("Spectrum.participationRatio", x));
            double trace = c.trace().item();
            return trace * trace / c.square().sum().item();
        });
    }

    /** {@code |X|_F^2 / |X|_2^2}, rows not centred. Time O(n d min(n, d)). */
    public static double stableRank(Tensor x) {
        return Scope.run(() -> {
            double[] s = nonzero("Spectrum.stableRank", Linalg.svdvals(Features.of("Spectrum.stableRank", x, 1)).toDoubles());
            return Arrays.stream(s).map(v -> v * v).sum() / (s[0] * s[0]);
        });
    }

    /** {@code X^T X} or {@code X X^T}, the smaller one: their eigenvalues but for zeros are the same. */
    static Tensor scatter(Tensor x) {
        return x.dim(0) < x.dim(1) ? x.matmul(x.t()) : x.t().matmul(x);
    }

    /** Eigenvalues of a positive semidefinite matrix, descending, none below zero. */
    static double[] descending(Tensor psd) {
        double[] ascending = Linalg.eigvalsh(psd).toDoubles();
        double[] out = new double[ascending.length];
        for (int i = 0; i < out.length; i++) out[i] = Math.max(0, ascending[out.length - 1 - i]);
        return out;
    }

    private static double[] nonzero(String metric, double[] s) {
        if (s[0] == 0) throw new IllegalArgumentException(metric + ": all features are zero");
        return s;
    }
}
