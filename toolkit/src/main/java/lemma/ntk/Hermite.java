package lemma.ntk;

import lemma.tensor.Tensor;

/**
 * Hermite polynomials normalised under the standard normal distribution, {@code E h_j(z) h_k(z) = [j = k]}:
 * {@code h_0 = 1, h_1 = x, h_(k+1) = (x h_k - sqrt(k) h_(k-1)) / sqrt(k + 1)} and {@code h_k' = sqrt(k) h_(k-1)}.
 */
final class Hermite {
    private Hermite() {}

    /** {@code sum_k a_k h_k(x)}. */
    static Tensor series(Tensor x, double[] a) {
        Tensor before = x.zerosLike();
        Tensor h = x.onesLike();
        Tensor sum = h.mul(a[0]);
        for (int k = 1; k < a.length; k++) {
            Tensor next = x.mul(h).sub(before.mul(Math.sqrt(k - 1.0))).mul(1 / Math.sqrt(k));
            before = h;
            h = next;
            sum = sum.add(h.mul(a[k]));
        }
        return sum;
    }

    /** Its derivative. */
    static Tensor slope(Tensor x, double[] a) {
        double[] below = new double[Math.max(1, a.length - 1)];
        for (int k = 1; k < a.length; k++) below[k - 1] = Math.sqrt(k) * a[k];
        return series(x, below);
    }
}
