package lemma.probe;

import java.nio.file.Path;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * The usual numbers of a feature matrix x (n examples, d features) in one call each; the classes named have the variants.
 *
 * <pre>{@code
 * Tensor x = Probe.read(Path.of("features.npy"));           // or .npz, .safetensors, .csv
 * Probe.cka(x, y);                               // another representation of the same examples
 * Probe.effectiveRank(x);
 * Probe.vendiScore(x);
 * Probe.diffusionSpectralEntropy(x, 10.0);       // bits
 * Probe.intrinsicDimension(x);
 * }</pre>
 */
public final class Probe {
    private Probe() {}

    /**
     * The feature matrix in a file: {@code .npy}, {@code .csv} (numbers, with or without a line of names), or {@code .npz} and {@code .safetensors} that
     * hold one array.
     *
     * @throws IllegalArgumentException if the file is of another kind, holds several arrays or something else than numbers
     */
    public static Tensor read(Path file) {
        return FeatureFile.read(file);
    }

    /** The array {@code name} in a {@code .npz} or {@code .safetensors} file. */
    public static Tensor read(Path file, String name) {
        return FeatureFile.read(file, name);
    }

    /** Linear {@link Cka}. */
    public static double cka(Tensor x, Tensor y) {
        return Cka.linear(x, y);
    }

    /** {@link Cca#svcca}. */
    public static double svcca(Tensor x, Tensor y) {
        return Cca.svcca(x, y);
    }

    /** {@link Procrustes#distance}. */
    public static double procrustes(Tensor x, Tensor y) {
        return Procrustes.distance(x, y);
    }

    /** {@link MutualKnn} with the 10 nearest. */
    public static double mutualKnn(Tensor x, Tensor y) {
        return MutualKnn.of(x, y, 10);
    }

    /** {@link Spectrum#effectiveRank}. */
    public static double effectiveRank(Tensor x) {
        return Spectrum.effectiveRank(x);
    }

    /** {@link Spectrum#participationRatio}. */
    public static double participationRatio(Tensor x) {
        return Spectrum.participationRatio(x);
    }

    /** {@link MatrixEntropy} in nats. */
    public static double matrixEntropy(Tensor x) {
        return MatrixEntropy.of(x);
    }

    /** {@link MatrixNuclearNorm} a row. */
    public static double matrixNuclearNorm(Tensor x) {
        return MatrixNuclearNorm.of(x);
    }

    /** {@link VendiScore} by cosine similarity. */
    public static double vendiScore(Tensor x) {
        return VendiScore.of(x);
    }

    /** {@link DiffusionSpectralEntropy} in bits, one diffusion step. */
    public static double diffusionSpectralEntropy(Tensor x, double sigma) {
        return DiffusionSpectralEntropy.of(x, sigma);
    }

    /** {@link DiffusionSpectralEntropy#mutualInformation} with labels in bits, one diffusion step, 5 draws. */
    public static double diffusionSpectralMutualInformation(Tensor x, Tensor labels, double sigma, Random random) {
        return DiffusionSpectralEntropy.mutualInformation(x, labels, sigma, 1, 5, random);
    }

    /** {@link IntrinsicDimension#twoNN(Tensor)}. */
    public static double intrinsicDimension(Tensor x) {
        return IntrinsicDimension.twoNN(x);
    }
}
