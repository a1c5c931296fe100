package lemma.probe;

import lemma.linalg.Linalg;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Principal component analysis: the directions of largest variance of x (n, d), and rows in their coordinates. Time O(n d min(n, d)).
 *
 * @param mean (d)
 * @param components (k, d), orthonormal rows, largest variance first; the sign of each is open
 * @param variance along them (k), divisor n - 1
 * @param total variance of all d columns together
 */
public record Pca(Tensor mean, Tensor components, double[] variance, double total) {
    /** @throws IllegalArgumentException if k is not in 1..min(n, d), or x has no variance */
    public static Pca fit(Tensor x, int k) {
        return Scope.run(() -> {
            Tensor c = Features.centred("Pca", x);
            int most = Math.min(x.dim(0), x.dim(1));
            if (k < 1 || k > most) throw new IllegalArgumentException("Pca: " + k + " components of features " + x.shape() + ", expected 1.." + most);
            Linalg.Svd svd = Linalg.svd(c);
            double[] variance = svd.s().narrow(0, 0, k).square().div(x.dim(0) - 1).toDoubles();
            double total = c.square().sum().item() / (x.dim(0) - 1);
            return new Pca(Features.of("Pca", x).mean(0), svd.vh().narrow(0, 0, k).contiguous(), variance, total);
        });
    }

    /** Rows (m, d) in the coordinates of the components (m, k), FLOAT64. */
    public Tensor transform(Tensor x) {
        return Features.of("Pca", x, 1).sub(mean).matmul(components.t());
    }

    /** The points (m, d) of the subspace that have these coordinates (m, k). */
    public Tensor inverse(Tensor z) {
        return Features.of("Pca", z, 1).matmul(components).add(mean);
    }

    /** Part of the variance that the components hold together. */
    public double explained() {
        return java.util.Arrays.stream(variance).sum() / total;
    }
}
