package lemma.probe;

import lemma.data.StandardScaler;
import lemma.tensor.Tensor;

/**
 * Mutual information in nats of rows of many dimensions, after lossy compression to few: {@code I(C(X); C'(Y)) <= I(X; Y)}, with near equality when the
 * compression loses little of what the two share. Codes have columns of variance one; nearest neighbours count what is left, in time O(n^2 columns), and assume what {@link NearestNeighbourInformation} assumes. For a noiseless layer of a
 * continuous input the information is infinite: add noise ({@link lemma.nn.GaussianNoise}).
 *
 * @see <a href="https://arxiv.org/abs/2305.08013">Butakov et al. (2024), Information Bottleneck Analysis of Deep Neural Networks via Lossy Compression</a>
 */
public final class CompressedInformation {
    private CompressedInformation() {}

    /** Between x (n, d1) and y (n, d2), each compressed by an {@link Autoencoder} trained on itself; k-th neighbours (3 is customary). */
    public static double autoencoded(Tensor x, Tensor y, Autoencoder.Options options, int k, long seed) {
        return ofCodes(Autoencoder.fit(x, options, seed).encode(x), Autoencoder.fit(y, options, seed + 1).encode(y), k);
    }

    /** Between x (n, d1) and y (n, d2), each compressed to its first principal components. */
    public static double principal(Tensor x, Tensor y, int components, int k) {
        return ofCodes(Pca.fit(x, components).transform(x), Pca.fit(y, components).transform(y), k);
    }

    /** Between codes of few columns, scaled to variance one; Kraskov, Stoegbauer and Grassberger's estimate. */
    public static double ofCodes(Tensor a, Tensor b, int k) {
        return NearestNeighbourInformation.mutualInformation(scaled(a), scaled(b), k);
    }

    /** {@code I(L; Y) = h(L) - sum_y p_y h(L | y)} of codes (n, d) and classes y (n), each class of more than k rows; between 0 and H(Y), which an estimate may miss by a little. */
    public static double withLabels(Tensor codes, Tensor y, int k) {
        Tensor z = scaled(codes);
        return NearestNeighbourInformation.entropy(z, k) - NearestNeighbourInformation.conditionalEntropy(z, y, k);
    }

    private static Tensor scaled(Tensor x) {
        Tensor z = Features.of("CompressedInformation", x);
        return StandardScaler.fit(z).transform(z);
    }
}
