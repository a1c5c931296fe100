package lemma.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every metric on input on which it is not defined: an error that names the metric's trouble, or the limit that its documentation states. */
class DegenerateInputTest {
    private static final Tensor OTHER = Random.seed(2).normal(Shape.of(12, 3), DType.FLOAT64);
    private static final Tensor CLASSES = Tensor.of(new long[] {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1});
    private static final Map<String, ToDoubleFunction<Tensor>> METRICS = new TreeMap<>(Map.ofEntries(
            Map.entry("Cka.linear", x -> Cka.linear(x, other(x))), Map.entry("Cka.linearDebiased", x -> Cka.linearDebiased(x, other(x))), Map.entry("Cka.rbf", x -> Cka.rbf(x, other(x), 1)),
            Map.entry("Cka.minibatch", x -> Cka.minibatch().add(x, other(x)).value()), Map.entry("Cca.svcca", x -> Cca.svcca(x, other(x))), Map.entry("Cca.pwcca", x -> Cca.pwcca(x, other(x))),
            Map.entry("Procrustes", x -> Procrustes.distance(x, other(x))), Map.entry("MutualKnn", x -> MutualKnn.of(x, other(x), 3)),
            Map.entry("RepresentationalSimilarity", x -> RepresentationalSimilarity.spearman(x, other(x), RepresentationalSimilarity.Dissimilarity.EUCLIDEAN)),
            Map.entry("UnitMatching", x -> UnitMatching.of(x, other(x)).mean()),
            Map.entry("Spectrum.effectiveRank", Spectrum::effectiveRank), Map.entry("Spectrum.participationRatio", Spectrum::participationRatio), Map.entry("Spectrum.stableRank", Spectrum::stableRank),
            Map.entry("MatrixEntropy", MatrixEntropy::of), Map.entry("MatrixNuclearNorm", MatrixNuclearNorm::of), Map.entry("MatrixNuclearNorm.exact", MatrixNuclearNorm::exact),
            Map.entry("VendiScore", VendiScore::of), Map.entry("VendiScore.dual", x -> VendiScore.dual(x, 1)), Map.entry("VendiScore.rbf", x -> VendiScore.of(x, Kernel.rbf(1))),
            Map.entry("DiffusionSpectralEntropy", x -> DiffusionSpectralEntropy.of(x, 1)),
            Map.entry("IntrinsicDimension.twoNN", IntrinsicDimension::twoNN), Map.entry("IntrinsicDimension.mle", x -> IntrinsicDimension.mle(x, 5)), Map.entry("IntrinsicDimension.pca", x -> IntrinsicDimension.pca(x, 0.9)),
            Map.entry("NearestNeighbourInformation.entropy", x -> NearestNeighbourInformation.entropy(x, 3)), Map.entry("NearestNeighbourInformation.mutualInformation", x -> NearestNeighbourInformation.mutualInformation(x, other(x), 3)),
            Map.entry("BinnedInformation", x -> BinnedInformation.entropy(x, 4)),
            Map.entry("GaussianInformation", x -> GaussianInformation.entropyOf(x, 0)), Map.entry("VInformation", x -> VInformation.linear(x, other(x).narrow(1, 0, 1).reshape(-1), 1e-3).nats()),
            Map.entry("MedianHeuristic", MedianHeuristic::of), Map.entry("NeuralCollapse.nc1", x -> NeuralCollapse.of(x, classes(x)).nc1()), Map.entry("NeuralCollapse.cdnv", x -> NeuralCollapse.of(x, classes(x)).cdnv()),
            Map.entry("LogME", x -> Transferability.logMe(x, classes(x))), Map.entry("HScore", x -> Transferability.hScore(x, classes(x))), Map.entry("TMI", x -> Transferability.tmi(x, classes(x), 3)),
            Map.entry("TransRate", x -> Transferability.transRate(x, classes(x), 1e-2)), Map.entry("LinearProbe", x -> LinearProbe.fit(x, classes(x), 2, 1e-2).weight().sum().item()),
            Map.entry("VendiScore.rbf order 2", x -> VendiScore.of(x, Kernel.rbf(1), 2)), Map.entry("VendiScore.rbf order infinity", x -> VendiScore.of(x, Kernel.rbf(1), Double.POSITIVE_INFINITY)),
            Map.entry("TMI.gaussian", x -> Transferability.tmiGaussian(x, classes(x), 1e-3)), Map.entry("CompressedInformation", x -> CompressedInformation.principal(x, other(x), 2, 3)),
            Map.entry("ActivationCodes", x -> ActivationCodes.of(x).redundancy())));

    /** A number, whose value says nothing here: such a fit is defined, by its prior or its intercept. */
    private static final double ANY = Double.NaN;
    /** What rows that are all equal give, where that is no error. */
    private static final Map<String, Double> OF_EQUAL_ROWS = Map.ofEntries(Map.entry("Spectrum.effectiveRank", 1.0), Map.entry("Spectrum.stableRank", 1.0), Map.entry("VendiScore", 1.0), Map.entry("VendiScore.dual", 1.0), Map.entry("VendiScore.rbf", 1.0), Map.entry("VendiScore.rbf order 2", 1.0), Map.entry("VendiScore.rbf order infinity", 1.0),
            Map.entry("DiffusionSpectralEntropy", 0.0), Map.entry("BinnedInformation", 0.0), Map.entry("ActivationCodes", 11 / 12.0),
            Map.entry("VInformation", 0.0), Map.entry("NearestNeighbourInformation.mutualInformation", 0.0), Map.entry("LogME", ANY), Map.entry("LinearProbe", ANY));
    /** What one row gives, where that is no error. */
    private static final Map<String, Double> OF_ONE_ROW = Map.of("Spectrum.effectiveRank", 1.0, "Spectrum.stableRank", 1.0, "BinnedInformation", 0.0, "ActivationCodes", 0.0, "LinearProbe", ANY);

    private static Tensor other(Tensor x) {
        return OTHER.narrow(0, 0, x.dim(0));
    }

    private static Tensor classes(Tensor x) {
        return CLASSES.narrow(0, 0, x.dim(0));
    }

    private static Tensor features() {
        return Random.seed(1).normal(Shape.of(12, 4), DType.FLOAT64);
    }

    static Stream<String> metrics() {
        return METRICS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void ordinaryFeaturesGiveANumber(String metric) {
        assertThat(METRICS.get(metric).applyAsDouble(features())).isFinite();
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void aNumberThatIsNotFiniteIsNamed(String metric) {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            double[] flat = features().toDoubles();
            flat[4 * 7 + 2] = bad;
            assertThatThrownBy(() -> METRICS.get(metric).applyAsDouble(Tensor.of(flat, 12, 4))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[7, 2] is " + bad);
        }
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void equalRowsAreAnErrorOrTheStatedLimit(String metric) {
        Tensor equal = features().narrow(0, 0, 1).repeat(12, 1);
        check(metric, equal, OF_EQUAL_ROWS.get(metric));
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void oneRowIsAnErrorOrTheStatedLimit(String metric) {
        check(metric, features().narrow(0, 0, 1), OF_ONE_ROW.get(metric));
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void noRowsAreAnError(String metric) {
        check(metric, features().narrow(0, 0, 0), null);
    }

    private static void check(String metric, Tensor x, Double limit) {
        if (limit == null) assertThatThrownBy(() -> METRICS.get(metric).applyAsDouble(x)).isInstanceOf(IllegalArgumentException.class).message().isNotBlank();
        else if (Double.isNaN(limit)) assertThat(METRICS.get(metric).applyAsDouble(x)).isFinite();
        else assertThat(METRICS.get(metric).applyAsDouble(x)).isCloseTo(limit, within(1e-9));
    }
}
