package lemma.probe;

import lemma.tensor.Tensor;

/**
 * The Hilbert-Schmidt independence criterion, {@code HSIC(K, L) = tr(K H L H) / (n - 1)^2} with {@code H = I - 1 1^T / n}: at least 0, and with Gaussian
 * kernels 0 in the limit only for independent variables. Without units, on the scale of the kernels. It assumes that the pairs are independent draws. Differentiable, for use as a penalty; for a similarity of representations see {@link Cka}.
 *
 * @see <a href="https://link.springer.com/chapter/10.1007/11564089_7">Gretton, Bousquet, Smola, Schoelkopf (2005), Measuring Statistical Dependence with Hilbert-Schmidt Norms, definition 2</a>
 */
public final class Hsic {
    private Hsic() {}

    /**
     * From Gram matrices (n, n). Time O(n^2).
     *
     * @throws IllegalArgumentException if they are not square of one size of at least 2
     */
    public static Tensor of(Tensor k, Tensor l) {
        int n = k.rank() == 2 ? k.dim(0) : 0;
        if (n < 2 || k.dim(1) != n || !l.shape().equals(k.shape())) throw new IllegalArgumentException("Hsic: Gram matrices are " + k.shape() + " and " + l.shape() + ", expected (n, n) both, n at least 2");
        return centred(k).mul(centred(l)).sum().div((n - 1.0) * (n - 1));
    }

    /** With Gaussian kernels on x (n, d1) and y (n, d2). */
    public static Tensor of(Tensor x, Tensor y, double sigmaX, double sigmaY) {
        return of(Kernel.rbf(sigmaX).gram(x), Kernel.rbf(sigmaY).gram(y));
    }

    private static Tensor centred(Tensor k) {
        return k.sub(k.meanKeep(0)).sub(k.meanKeep(1)).add(k.mean());
    }
}
