package lemma.probe;

import java.util.Arrays;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Estimates of the number of dimensions of the manifold on which points lie. All assume that the density is about constant over the distance to
 * the neighbours used; with few points in many dimensions they come out too low. Without units.
 */
public final class IntrinsicDimension {
    private IntrinsicDimension() {}

    /** {@link #twoNN(Tensor, double)} without the largest tenth of the ratios, as the paper has it. */
    public static double twoNN(Tensor x) {
        return twoNN(x, 0.1);
    }

    /**
     * TwoNN: the ratio {@code mu = r_2 / r_1} of the distances to the second and the first neighbour follows {@code F(mu) = 1 - mu^-D}, so D is
     * the slope through the origin of {@code -log(1 - F)} over {@code log mu}, with the empirical {@code F(mu_(i)) = i / n}. Time O(n^2 d).
     *
     * @param x (n, d), n at least 3, without equal rows
     * @param discard part of the largest ratios left out, in [0, 1)
     * @see <a href="https://doi.org/10.1038/s41598-017-11873-y">Facco, d'Errico, Rodriguez, Laio (2017), Estimating the intrinsic dimension of datasets by a minimal neighborhood information</a>
     */
    public static double twoNN(Tensor x, double discard) {
        if (!(discard >= 0 && discard < 1)) throw new IllegalArgumentException("IntrinsicDimension.twoNN: discard is " + discard + ", expected in [0, 1)");
        double[] mu = logRatios(neighbours("twoNN", x, 2));
        Arrays.sort(mu);
        int n = mu.length;
        int keep = (int) Math.min(n - 1, (long) (n * (1 - discard))); // the last has F = 1
        double xy = 0;
        double xx = 0;
        for (int i = 0; i < keep; i++) {
            xy += mu[i] * -Math.log1p(-(i + 1.0) / n);
            xx += mu[i] * mu[i];
        }
        if (!(xx > 0)) throw new IllegalArgumentException("IntrinsicDimension.twoNN: first and second neighbours are equally far in all of the " + keep + " rows used; points of a lattice have no such dimension");
        return xy / xx;
    }

    private static double[] logRatios(Neighbours near) {
        return Arrays.stream(near.distance()).mapToDouble(r -> Math.log(r[1] / r[0])).toArray();
    }

    /**
     * Maximum likelihood with k neighbours: {@code 1 / D = mean_i 1 / (k - 1) sum_{j<k} log(r_k(i) / r_j(i))}, the inverses averaged, which
     * weighs all points alike. Time O(n^2 d).
     *
     * @param x (n, d) without equal rows
     * @param k neighbours, 3 to n - 1; 10 to 20 in practice
     * @see <a href="https://papers.nips.cc/paper/2577-maximum-likelihood-estimation-of-intrinsic-dimension">Levina, Bickel (2004), Maximum Likelihood Estimation of Intrinsic Dimension</a>
     * @see <a href="http://www.inference.org.uk/mackay/dimension/">MacKay, Ghahramani (2005), Comments on it</a>
     */
    public static double mle(Tensor x, int k) {
        if (k < 3) throw new IllegalArgumentException("IntrinsicDimension.mle: k is " + k + ", expected at least 3");
        double sum = 0;
        Neighbours near = neighbours("mle", x, k);
        for (double[] r : near.distance()) {
            for (int j = 0; j < k - 1; j++) sum += Math.log(r[k - 1] / r[j]) / (k - 1);
        }
        return near.distance().length / sum;
    }

    /** The number of principal components that hold {@code variance} of the variance, in (0, 1]; 0.95 is customary. Time O(n d min(n, d)). */
    public static int pca(Tensor x, double variance) {
        if (!(variance > 0 && variance <= 1)) throw new IllegalArgumentException("IntrinsicDimension.pca: variance is " + variance + ", expected in (0, 1]");
        double[] l = Spectrum.covariance(x);
        double wanted = variance * Arrays.stream(l).sum() * (1 - 1e-12);
        int count = 0;
        for (double held = 0; count < l.length && held < wanted; count++) held += l[count];
        return count;
    }

    private static Neighbours neighbours(String method, Tensor x, int k) {
        String metric = "IntrinsicDimension." + method;
        Neighbours near = Scope.run(() -> Neighbours.of(metric, Features.of(metric, x, k + 1), k));
        for (int i = 0; i < near.distance().length; i++) {
            if (near.distance()[i][0] == 0) throw new IllegalArgumentException(metric + ": rows " + i + " and " + near.index()[i][0] + " are equal; leave repeated rows out");
        }
        return near;
    }
}
