package lemma.probe;

import java.util.Arrays;
import lemma.linalg.Linalg;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * The largest eigenvalue of a positive semidefinite matrix by Lanczos' iteration from a random vector, each new direction made orthogonal to all before:
 * the largest eigenvalue of the tridiagonal matrix that they give, once its residual is small. Time O(n^2 steps).
 *
 * @see <a href="https://doi.org/10.6028/jres.045.026">Lanczos (1950), An iteration method for the solution of the eigenvalue problem</a>
 */
final class LargestEigenvalue {
    /** Rows up to which all eigenvalues cost no more. */
    private static final int FEW = 256;
    private static final int STEPS = 120;
    private static final int BETWEEN_CHECKS = 8;
    /** Residual of the eigenvector; the value is off by about its square. */
    private static final double ENOUGH = 1e-9;

    private LargestEigenvalue() {}

    static double of(Tensor a) {
        int n = a.dim(0);
        if (n <= FEW) return last(Linalg.eigvalsh(a));
        double[][] basis = new double[STEPS + 1][];
        double[][] tridiagonal = new double[STEPS + 1][STEPS + 1];
        basis[0] = scaled(Random.seed(0).normal(n).toDoubles(), 1);
        basis[0] = scaled(basis[0], 1 / length(basis[0]));
        for (int step = 0; step < STEPS; step++) {
            double[] next = a.matmul(Tensor.of(basis[step])).toDoubles();
            tridiagonal[step][step] = dot(basis[step], next);
            for (int pass = 0; pass < 2; pass++) for (int i = 0; i <= step; i++) subtract(next, dot(basis[i], next), basis[i]);
            double beta = length(next);
            if ((step + 1) % BETWEEN_CHECKS == 0 || beta <= ENOUGH * tridiagonal[0][0]) {
                Linalg.Eigh pairs = Linalg.eigh(corner(tridiagonal, step + 1));
                double value = last(pairs.values());
                if (beta * Math.abs(pairs.vectors().get(step, step).item()) <= ENOUGH * value) return value;
            }
            basis[step + 1] = scaled(next, 1 / beta);
            tridiagonal[step][step + 1] = beta;
            tridiagonal[step + 1][step] = beta;
        }
        return last(Linalg.eigvalsh(a));
    }

    private static Tensor corner(double[][] matrix, int n) {
        return Tensor.of(Arrays.stream(matrix, 0, n).map(row -> Arrays.copyOf(row, n)).toArray(double[][]::new));
    }

    private static double last(Tensor values) {
        return values.get(values.dim(0) - 1).item();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static double length(double[] a) {
        return Math.sqrt(dot(a, a));
    }

    private static double[] scaled(double[] a, double factor) {
        return Arrays.stream(a).map(v -> v * factor).toArray();
    }

    private static void subtract(double[] a, double factor, double[] b) {
        for (int i = 0; i < a.length; i++) a[i] -= factor * b[i];
    }
}
