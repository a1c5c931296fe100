package lemma.ntk;

import java.util.function.UnaryOperator;
import lemma.linalg.Linalg;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Nodes and weights for expectations over a standard normal number, {@code E[g(z)] = sum_i w_i g(z_i)}, exact for polynomials up to degree
 * {@code 2 n - 1}: eigenvalues and first components of eigenvectors of the recurrence of the Hermite polynomials.
 *
 * @see <a href="https://doi.org/10.1090/S0025-5718-69-99647-1">Golub, Welsch (1969), Calculation of Gauss quadrature rules</a>
 */
record GaussHermite(double[] nodes, double[] weights) {
    private static final int MOST = 128;

    static GaussHermite of(int n) {
        if (n < 1 || n > MOST) throw new IllegalArgumentException("GaussHermite: " + n + " nodes, expected 1 to " + MOST);
        return Scope.run(() -> {
            double[][] recurrence = new double[n][n];
            for (int i = 1; i < n; i++) recurrence[i][i - 1] = recurrence[i - 1][i] = Math.sqrt(i);
            Linalg.Eigh e = Linalg.eigh(Tensor.of(recurrence));
            return new GaussHermite(e.values().toDoubles(), e.vectors().narrow(0, 0, 1).square().reshape(-1).toDoubles());
        });
    }

    /** {@code E[f(s1 z) f(s2 (c z + s w))]} over independent standard normal z and w. */
    Tensor pair(UnaryOperator<Tensor> f, Tensor s1, Tensor s2, Tensor c, Tensor s) {
        Tensor sum = null;
        for (int i = 0; i < nodes.length; i++) {
            int at = i;
            Tensor inner = Scope.run(() -> inner(f, s2.mul(c).mul(nodes[at]), s2.mul(s)));
            Tensor part = f.apply(s1.mul(nodes[i])).mul(weights[i]).mul(inner);
            sum = sum == null ? part : sum.add(part);
        }
        return sum;
    }

    /** {@code E[f(m + s w)]}. */
    private Tensor inner(UnaryOperator<Tensor> f, Tensor m, Tensor s) {
        Tensor sum = null;
        for (int j = 0; j < nodes.length; j++) {
            Tensor part = f.apply(m.add(s.mul(nodes[j]))).mul(weights[j]);
            sum = sum == null ? part : sum.add(part);
        }
        return sum;
    }
}
