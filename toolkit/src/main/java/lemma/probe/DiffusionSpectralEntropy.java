package lemma.probe;

import java.util.Arrays;
import lemma.linalg.Linalg;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Diffusion spectral entropy: the entropy in bits of the spectrum of a diffusion on the points. With {@code G = exp(-|x_i - x_j|^2 / (2 sigma^2))},
 * Q the diagonal of its row sums and the eigenvalues l of {@code Q^-1/2 G Q^-1/2} (those of the random walk {@code Q^-1 G}),
 * {@code DSE = -sum p log2 p}, {@code p = |l|^t / sum |l|^t}. Between 0 (one connected clump) and log2 n (isolated points); log2 k for k distant
 * clusters and large t. Powers t quieten noise.
 *
 * <p>All eigenvalues count, the first one too, as the paper defines it; the authors' code leaves the first one out. The width sigma must fit the
 * scale of the features: 10 is the paper's for wide layers, and a sigma of the order of the distances to neighbours for small ones.
 * Time O(n^2 d + n^3), memory n^2.
 *
 * @see <a href="https://arxiv.org/abs/2312.04823">Liao et al. (2023), Assessing Neural Network Representations During Training Using Noise-Resilient Diffusion Spectral Entropy, definition 3.1 and section 4</a>
 */
public final class DiffusionSpectralEntropy {
    private DiffusionSpectralEntropy() {}

    /** In bits, with one diffusion step. */
    public static double of(Tensor x, double sigma) {
        return of(x, sigma, 1);
    }

    /**
     * In bits.
     *
     * @param x (n, d)
     * @param sigma width of the Gaussian kernel, in units of x
     * @param t diffusion steps, above 0
     * @throws IllegalArgumentException if n is less than 2, a number is not finite, or sigma or t are not above 0
     */
    public static double of(Tensor x, double sigma, double t) {
        if (!(t > 0 && Double.isFinite(t))) throw new IllegalArgumentException("DiffusionSpectralEntropy: t is " + t + ", expected above 0");
        return Scope.run(() -> {
            double[] p = Arrays.stream(Linalg.eigvalsh(matrix(x, sigma)).toDoubles()).map(l -> Math.pow(Math.abs(l), t)).toArray();
            return Entropies.shannon(Entropies.normalised(p)) / Math.log(2);
        });
    }

    /** The symmetric form {@code Q^-1/2 G Q^-1/2} (n, n) of the diffusion, with the spectrum of the random walk. */
    public static Tensor matrix(Tensor x, double sigma) {
        Kernel kernel = Kernel.rbf(sigma);
        return Scope.run(() -> {
            Tensor z = Features.of("DiffusionSpectralEntropy", x);
            Tensor g = kernel.gram(z.sub(z.meanKeep(0)));
            g = g.add(g.t()).mul(0.5);
            Tensor root = g.sum(1).rsqrt();
            return g.mul(root).mul(root.unsqueeze(1));
        });
    }

    /**
     * Diffusion spectral mutual information with classes, in bits: {@code sum_y p(y) (DSE(Z*_y) - DSE(Z | Y = y))}, where Z*_y are as many rows drawn
     * from all of them, without replacement, as the class has; averaged over {@code draws}. Near 0 for labels that have nothing to do with z,
     * and slightly negative by chance.
     *
     * @param z (n, d)
     * @param y (n) INT64 classes 0.., each of at least 2 rows
     * @param draws random subsets a class; the authors take 5
     */
    public static double mutualInformation(Tensor z, Tensor y, double sigma, double t, int draws, Random random) {
        if (draws < 1) throw new IllegalArgumentException("DiffusionSpectralEntropy: " + draws + " draws, expected at least 1");
        int n = z.dim(0);
        int[][] members = ClassRows.of("DiffusionSpectralEntropy", y, n, 2);
        double information = 0;
        for (int[] rows : members) {
            double drawn = 0;
            for (int i = 0; i < draws; i++) drawn += of(z.indexSelect(0, random.choice(n, rows.length, false)), sigma, t);
            information += (double) rows.length / n * (drawn / draws - of(z.indexSelect(0, Tensor.of(rows)), sigma, t));
        }
        return information;
    }
}
