package lemma.probe;

import java.util.List;
import lemma.linalg.Linalg;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Clusters of a weighted graph: k-means on the rows of {@code D^-1/2 V}, where V holds the k eigenvectors of the normalised Laplacian
 * {@code I - D^-1/2 W D^-1/2} with the smallest eigenvalues. Time O(n^3).
 *
 * @see <a href="https://doi.org/10.1007/s11222-007-9033-z">von Luxburg (2007), A Tutorial on Spectral Clustering</a>
 */
public final class SpectralClustering {
    private static final int STARTS = 10;

    private SpectralClustering() {}

    /**
     * The cluster 0..k-1 of each node.
     *
     * @param affinity (n, n) symmetric weights, at least 0
     * @throws IllegalArgumentException if the matrix is not symmetric, has a negative weight or a node without edges, or k is not in 1..n
     */
    public static int[] labels(Tensor affinity, int k, Random random) {
        int n = affinity.rank() == 2 ? affinity.dim(0) : 0;
        if (k < 1 || k > n) throw new IllegalArgumentException("SpectralClustering: k is " + k + " for an affinity " + affinity.shape() + ", expected 1.." + n);
        double[][] rows = UnitMatching.rows(Scope.run(() -> {
            Tensor w = Features.symmetric("SpectralClustering", affinity);
            if (w.min().item() < 0) throw new IllegalArgumentException("SpectralClustering: an affinity is " + w.min().item() + ", expected at least 0");
            Tensor degree = w.sum(1);
            if (degree.min().item() == 0) throw new IllegalArgumentException("SpectralClustering: node " + (int) degree.argmin().item() + " has no edges; leave it out");
            Tensor root = degree.rsqrt();
            Tensor vectors = Linalg.eigh(w.mul(root).mul(root.unsqueeze(1))).vectors().narrow(1, n - k, n);
            return vectors.mul(root.unsqueeze(1)).contiguous();
        }));
        return KMeans.fit(rows, k, STARTS, random).labels(rows);
    }

    /**
     * The bipartite graph of two networks' units, a's first and then b's, with weights {@code |C_ij|} between the networks and none within: its
     * clusters hold the groups of units of both sides that encode the same.
     */
    public static Tensor jointGraph(double[][] correlation) {
        Tensor c = Tensor.of(correlation).abs();
        int a = c.dim(0);
        int b = c.dim(1);
        Tensor top = Tensor.concat(List.of(Tensor.zeros(a, a).to(c.dtype()), c), 1);
        Tensor bottom = Tensor.concat(List.of(c.t(), Tensor.zeros(b, b).to(c.dtype())), 1);
        return Tensor.concat(List.of(top, bottom), 0);
    }
}
