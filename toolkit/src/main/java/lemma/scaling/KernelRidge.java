package lemma.scaling;

import lemma.tensor.Scope;
import lemma.tensor.Tensor;
import org.hipparchus.exception.MathIllegalArgumentException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;

/**
 * Kernel ridge regression: {@code c = (K + ridge I)^-1 y}, prediction {@code f(x) = sum_i c_i k(x, x_i)}; with {@code ridge = 0} the
 * interpolant of least norm. For the linear kernel {@code K = X X^T} the weights are {@code X^T c}.
 */
public final class KernelRidge {
    /** Solves {@code A x = y} for a symmetric positive definite A, which it may overwrite. */
    @FunctionalInterface
    public interface Solver {
        double[] solve(double[][] a, double[] y);
    }

    /** Cholesky by Hipparchus: good to a few hundred rows. Refuses pivots below 1e-12 of the largest diagonal entry. */
    public static final Solver CHOLESKY = KernelRidge::cholesky;

    private static final double SINGULAR = 1e-12;

    private KernelRidge() {}

    /**
     * The dual coefficients c (n).
     *
     * @param kernel K (n, n), symmetric
     * @param y targets (n)
     * @param ridge at least 0
     * @param solver of the system
     * @throws IllegalArgumentException if shapes differ, {@code ridge < 0}, or {@code K + ridge I} is not positive definite
     */
    public static double[] fit(double[][] kernel, double[] y, double ridge, Solver solver) {
        if (!(ridge >= 0)) throw new IllegalArgumentException("KernelRidge: ridge is " + ridge + ", expected at least 0");
        double[][] a = new double[y.length][];
        for (int i = 0; i < y.length; i++) {
            if (kernel.length != y.length || kernel[i].length != y.length) {
                throw new IllegalArgumentException("KernelRidge: kernel is [" + kernel.length + ", " + kernel[0].length + "], expected [" + y.length + ", " + y.length + "] for " + y.length + " targets");
            }
            a[i] = kernel[i].clone();
            a[i][i] += ridge;
        }
        try {
            return solver.solve(a, y);
        } catch (MathIllegalArgumentException notDefinite) {
            throw new IllegalArgumentException("KernelRidge: K + ridge I with ridge " + ridge + " is not positive definite for " + y.length + " samples; use a larger ridge or drop repeated samples", notDefinite);
        }
    }

    /** The linear kernel {@code X X^T} (n, n) of the rows of X (n, d). */
    public static double[][] gram(Tensor x) {
        if (x.rank() != 2) throw new IllegalArgumentException("KernelRidge: x is " + x.shape() + ", expected (n, d)");
        int n = x.dim(0);
        double[] flat = Scope.run(() -> x.matmul(x.t()).toDoubles());
        double[][] gram = new double[n][n];
        for (int i = 0; i < n; i++) for (int j = 0; j <= i; j++) gram[i][j] = gram[j][i] = flat[i * n + j]; // symmetric to the last bit
        return gram;
    }

    /** The weights {@code X^T c} (d) of a linear kernel on the rows of X (n, d). */
    public static Tensor weights(Tensor x, double[] dual) {
        if (x.rank() != 2 || x.dim(0) != dual.length) throw new IllegalArgumentException("KernelRidge: x is " + x.shape() + ", expected (" + dual.length + ", d) for " + dual.length + " coefficients");
        return x.t().matmul(Tensor.of(dual).to(x.dtype()));
    }

    private static double[] cholesky(double[][] a, double[] y) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) largest = Math.max(largest, a[i][i]);
        return new CholeskyDecomposition(new Array2DRowRealMatrix(a, false), 1e-10, SINGULAR * largest)
                .getSolver().solve(new ArrayRealVector(y, false)).toArray();
    }
}
