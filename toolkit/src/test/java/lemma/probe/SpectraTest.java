package lemma.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lemma.linalg.Linalg;
import lemma.tensor.DType;
import lemma.tensor.PeakMemory;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpectraTest {
    private static final Fixtures F = Fixtures.read("fixtures.json");
    private static final Tensor X = F.matrix("x");

    private static void same(double measured, String fixture) {
        assertThat(measured).isCloseTo(F.number(fixture), within(1e-9));
    }

    private static Tensor normal(long seed, int... shape) {
        return Random.seed(seed).normal(Shape.of(shape), DType.FLOAT64);
    }

    @Test
    void ranksAreThoseOfNumPy() {
        same(Spectrum.effectiveRank(X), "effectiveRank");
        same(Spectrum.stableRank(X), "stableRank");
        same(Spectrum.participationRatio(X), "participationRatio");
        assertThat(Spectrum.covariance(X)).containsExactly(F.numbers("covariance"), within(1e-10));
    }

    @Test
    void ranksOfAnIsotropicBasisCountItsDirections() {
        Tensor q = Linalg.qr(normal(1, 40, 6)).q();
        assertThat(Spectrum.effectiveRank(q)).isCloseTo(6, within(1e-10));
        assertThat(Spectrum.stableRank(q)).isCloseTo(6, within(1e-10));
        assertThat(Spectrum.participationRatio(Tensor.concat(List.of(q, q.neg()), 0))).isCloseTo(6, within(1e-10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "wide"})
    void matrixEntropyAndNuclearNormAreThoseOfNumPy(String name) {
        same(MatrixEntropy.of(F.matrix(name)), "matrixEntropy_" + name);
        same(MatrixNuclearNorm.of(F.matrix(name)), "matrixNuclearNorm_" + name);
        same(MatrixNuclearNorm.exact(F.matrix(name)), "nuclearNorm_" + name);
    }

    @Test
    void columnNormsBoundTheNuclearNormAndMeetItForOrthogonalColumns() {
        for (int seed = 0; seed < 50; seed++) {
            Tensor x = normal(seed, 30, 5);
            assertThat(MatrixNuclearNorm.exact(x)).isLessThanOrEqualTo(MatrixNuclearNorm.of(x));
        }
        Tensor plusMinus = Tensor.of(new double[][] {{1, 1}, {1, -1}, {-1, 1}, {-1, -1}});
        assertThat(MatrixNuclearNorm.of(plusMinus)).isCloseTo(MatrixNuclearNorm.exact(plusMinus), within(1e-12));
    }

    @Test
    void vendiScoreIsTheAuthors() {
        Tensor k = Kernel.rbf(2.5).gram(X);
        double[] orders = {0.5, 1, 2, Double.POSITIVE_INFINITY};
        for (int i = 0; i < 4; i++) assertThat(VendiScore.similarity(k, orders[i])).isCloseTo(F.numbers("vendi_rbf")[i], within(1e-8));
        assertThat(VendiScore.of(X, Kernel.rbf(2.5))).isCloseTo(F.numbers("vendi_rbf")[1], within(1e-8));
        same(VendiScore.similarity(k, F.numbers("p"), 1), "vendi_weighted");
        same(VendiScore.internalDiversity(k), "internalDiversity");
        assertThat(VendiScore.of(X)).isCloseTo(F.numbers("vendi_cosine")[0], within(1e-8));
        assertThat(VendiScore.of(X, 2)).isCloseTo(F.numbers("vendi_cosine")[1], within(1e-8));
    }

    @Test
    void vendiScoreOfKnownSamples() {
        assertThat(VendiScore.similarity(Tensor.ones(9, 9), 1)).isCloseTo(1, within(1e-10));
        assertThat(VendiScore.similarity(Tensor.eye(9), 1)).isCloseTo(9, within(1e-10));
        assertThat(VendiScore.similarity(Tensor.eye(4).kron(Tensor.ones(3, 3)), 1)).isCloseTo(4, within(1e-10));
        Tensor classes = Tensor.of(new int[] {0, 0, 0, 1, 1, 2}).oneHot(3).to(DType.FLOAT64);
        double entropy = -(0.5 * Math.log(0.5) + Math.log(1 / 3.0) / 3 + Math.log(1 / 6.0) / 6);
        assertThat(VendiScore.of(classes)).isCloseTo(Math.exp(entropy), within(1e-10));
        Tensor twice = Tensor.concat(List.of(X, X), 0);
        assertThat(VendiScore.of(twice, Kernel.rbf(2.5))).isCloseTo(VendiScore.of(X, Kernel.rbf(2.5)), within(1e-10));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 3, Double.POSITIVE_INFINITY})
    void dualAndPrimalAgree(double q) {
        Tensor k = Kernel.cosine().gram(X);
        assertThat(VendiScore.dual(X, q)).isCloseTo(VendiScore.similarity(k, q), within(q < 1 ? 1e-6 : 1e-10)); // order 1/2 sees the rounding of the 52 zeros
        assertThat(VendiScore.dual(X.narrow(0, 0, 5), q)).isCloseTo(VendiScore.of(X.narrow(0, 0, 5), q), within(q < 1 ? 1e-6 : 1e-10));
    }

    /** Orders 2 and infinity take no, or one, eigenvalue; here they are held against all. */
    @Test
    void vendiScoresThatNeedNotAllEigenvaluesAreThoseOfAll() {
        Tensor x = normal(5, 400, 3);
        Tensor k = Kernel.rbf(1).gram(x);
        Tensor l = Linalg.eigvalsh(k.div(400));
        for (double q : new double[] {2, Double.POSITIVE_INFINITY}) {
            double all = q == 2 ? 1 / l.square().sum().item() : 1 / l.max().item();
            assertThat(VendiScore.similarity(k, q)).isCloseTo(all, within(1e-10 * all));
            assertThat(VendiScore.of(x, Kernel.rbf(1), q)).isCloseTo(all, within(1e-10 * all));
        }
        assertThat(VendiScore.of(x, Kernel.rbf(1), 0.5)).isCloseTo(VendiScore.similarity(k, 0.5), within(1e-3));
        assertThat(VendiScore.similarity(Tensor.eye(300), Double.POSITIVE_INFINITY)).isCloseTo(300, within(1e-9));
        assertThat(VendiScore.similarity(Tensor.ones(300, 300), Double.POSITIVE_INFINITY)).isCloseTo(1, within(1e-9));
        assertThat(VendiScore.similarity(Tensor.eye(3).kron(Tensor.ones(100, 100)), Double.POSITIVE_INFINITY)).isCloseTo(3, within(1e-9));
    }

    @Test
    void memoryOfAVendiScoreByAKernel() {
        int n = 2500;
        Tensor x = normal(6, n, 2);
        long whole = 8L * n * n;
        assertThat(PeakMemory.of(() -> VendiScore.of(x, Kernel.rbf(1), 2)).bytes()).isLessThan(whole + whole / 4);
        assertThat(PeakMemory.of(() -> VendiScore.of(x, Kernel.rbf(1))).bytes()).isLessThan(4 * whole);
    }

    @Test
    void vendiScoreRefusesWhatIsNoSimilarity() {
        Tensor indefinite = Tensor.of(new double[][] {{1, 3}, {3, 1}});
        for (double q : new double[] {0.5, 1, 2, Double.POSITIVE_INFINITY}) assertThatThrownBy(() -> VendiScore.similarity(indefinite, q)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("positive semidefinite");
        assertThatThrownBy(() -> VendiScore.of(X, Kernel.linear(), 2)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("diagonal");
        assertThatThrownBy(() -> VendiScore.of(X, Kernel.rbf(1), Double.NaN)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("order q is NaN");
        assertThatThrownBy(() -> VendiScore.similarity(Tensor.of(new double[][] {{1, 0.5}, {0.4, 1}}), 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not symmetric");
        assertThatThrownBy(() -> VendiScore.similarity(Tensor.of(new double[][] {{2, 0.5}, {0.5, 1}}), 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("diagonal");
        assertThatThrownBy(() -> VendiScore.similarity(Tensor.of(new double[][] {{1, 3}, {3, 1}}), 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("positive semidefinite");
        assertThatThrownBy(() -> VendiScore.of(X, -1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("order q is -1.0");
        assertThatThrownBy(() -> VendiScore.similarity(Tensor.eye(2), new double[] {0.5, 0.4}, 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("sum to 0.9");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "2, 3", "10, 1"})
    void diffusionEntropyIsThatOfTheRandomWalk(int sigma, int t) {
        same(DiffusionSpectralEntropy.of(X, sigma, t), "dse_" + sigma + "_" + t);
    }

    @Test
    void diffusionEntropyHasItsLimits() {
        assertThat(Probe.diffusionSpectralEntropy(X, 1e-3)).isCloseTo(Math.log(60) / Math.log(2), within(1e-9));
        assertThat(Probe.diffusionSpectralEntropy(X, 1e5)).isLessThan(1e-3);
        Tensor clusters = Tensor.eye(4).mul(1000).repeatInterleave(15, 0).to(DType.FLOAT64).add(normal(3, 60, 4).mul(0.1));
        assertThat(DiffusionSpectralEntropy.of(clusters, 1, 50)).isCloseTo(2, within(1e-2));
    }

    @Test
    void diffusionInformationIsTheMeanFallOfEntropyInAClass() {
        Tensor z = F.matrix("clustered");
        Tensor y = Tensor.of(F.integers("labels"));
        double[] within = F.numbers("dse_classes");
        Random random = Random.seed(5);
        double expected = 0;
        for (double inside : within) {
            double drawn = 0;
            for (int i = 0; i < 4; i++) drawn += DiffusionSpectralEntropy.of(z.indexSelect(0, random.choice(60, 20, false)), 2);
            expected += (drawn / 4 - inside) / 3;
        }
        assertThat(DiffusionSpectralEntropy.mutualInformation(z, y, 2, 1, 4, Random.seed(5))).isCloseTo(expected, within(1e-9)).isGreaterThan(0.2);
        assertThatThrownBy(() -> DiffusionSpectralEntropy.mutualInformation(z, Tensor.of(IntStream.range(0, 60).map(i -> i == 0 ? 3 : 0).toArray()), 2, 1, 4, Random.seed(5)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("class 1 has 0 examples");
    }

    @Test
    void intrinsicDimensionIsThatOfScikitLearnsNeighbours() {
        Tensor torus = F.matrix("torus");
        same(IntrinsicDimension.twoNN(torus), "twoNN");
        same(IntrinsicDimension.mle(torus, 12), "mle");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void intrinsicDimensionOfAFlatCubeIsFound(int d) {
        Tensor cube = Random.seed(d).uniform(Shape.of(3000, d), DType.FLOAT64).matmul(normal(9, d, 12));
        assertThat(IntrinsicDimension.twoNN(cube)).isCloseTo(d, within(0.1 * d + 0.05));
        assertThat(IntrinsicDimension.mle(cube, 15)).isCloseTo(d, within(0.12 * d));
        assertThat(IntrinsicDimension.pca(cube, 1)).isEqualTo(d);
        assertThat(Probe.intrinsicDimension(cube)).isEqualTo(IntrinsicDimension.twoNN(cube));
    }

    @Test
    void repeatedRowsHaveNoDimension() {
        Tensor twice = Tensor.concat(List.of(X, X.narrow(0, 3, 4)), 0);
        assertThatThrownBy(() -> IntrinsicDimension.twoNN(twice)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("rows 3 and 60 are equal");
    }

    @Test
    void theMedianOfDistancesIsExact() {
        assertThat(MedianHeuristic.of(Tensor.of(new double[][] {{0}, {1}, {3}}))).isEqualTo(2);
        assertThatThrownBy(() -> MedianHeuristic.of(Tensor.ones(4, 2))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("most rows are equal");
    }

    @Test
    void degenerateFeaturesAreRefused() {
        Tensor zero = Tensor.zeros(6, 3);
        Stream<ToDoubleFunction<Tensor>> metrics = Stream.of(Probe::effectiveRank, Spectrum::stableRank, Probe::participationRatio, Probe::matrixEntropy, Probe::matrixNuclearNorm, MatrixNuclearNorm::exact,
                Probe::vendiScore, x -> IntrinsicDimension.pca(x, 0.9), Probe::intrinsicDimension, x -> IntrinsicDimension.mle(x, 3));
        metrics.forEach(metric -> {
            assertThatThrownBy(() -> metric.applyAsDouble(zero)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> metric.applyAsDouble(X.div(0))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("finite");
        });
        assertThatThrownBy(() -> Probe.diffusionSpectralEntropy(X, 0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("sigma is 0.0");
        assertThatThrownBy(() -> Probe.diffusionSpectralEntropy(X.narrow(0, 0, 1), 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("at least 2 rows");
    }

    /** Values of scikit-learn's CountVectorizer and normalize. */
    @Test
    void textsAreAlikeByTheirNGrams() {
        List<String> texts = List.of("Call me Ishmael. Some years ago, never mind how long", "some years ago I was a whale; never mind how long it was", "The whale, the whale, the WHALE! a whale was long");
        assertThat(VendiScore.nGrams(texts, 1).toDoubles()).containsExactly(new double[] {1, 0.6139406135149206, 0.060858061945018464, 0.6139406135149206, 1, 0.3736323588785367, 0.060858061945018464, 0.3736323588785367, 1}, within(1e-12));
        assertThat(VendiScore.nGrams(texts, 2).toDoubles()).containsExactly(new double[] {1, 0.5270462766947299, 0, 0.5270462766947299, 1, 0, 0, 0, 1}, within(1e-12));
        assertThat(VendiScore.similarity(VendiScore.nGrams(List.of(texts.get(0), texts.get(0), texts.get(2)), 3), 1)).isCloseTo(Math.exp(Math.log(3) - Math.log(2) * 2 / 3), within(1e-12));
        assertThatThrownBy(() -> VendiScore.nGrams(List.of("one two", "one"), 2)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("text 1 has fewer than 2 words");
    }
}
