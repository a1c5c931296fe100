package lemma.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Stream;
import lemma.linalg.Linalg;
import lemma.probe.RepresentationalSimilarity.Dissimilarity;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimilarityTest {
    private static final Fixtures F = Fixtures.read("fixtures.json");
    private static final Tensor X = F.matrix("x");
    private static final Tensor Y = F.matrix("y");
    private static final Tensor WIDE = F.matrix("wide");
    private static final Tensor FIRST = Y.narrow(0, 0, 20);

    private static void same(double measured, String fixture) {
        assertThat(measured).isCloseTo(F.number(fixture), within(1e-9));
    }

    private static Tensor normal(long seed, int... shape) {
        return Random.seed(seed).normal(Shape.of(shape), DType.FLOAT64);
    }

    @Test
    void ckaIsThatOfGramMatricesInNumPy() {
        same(Cka.linear(X, Y), "ckaLinear");
        same(Cka.linearDebiased(X, Y), "ckaLinearDebiased");
        same(Cka.rbf(X, Y, 0.5), "ckaRbf");
        same(Cka.rbfDebiased(X, Y, 0.5), "ckaRbfDebiased");
    }

    @Test
    void ckaOfMoreFeaturesThanExamplesIsTheSame() {
        same(Cka.linear(WIDE, FIRST), "ckaWide");
        same(Cka.linearDebiased(WIDE, FIRST), "ckaWideDebiased");
    }

    @Test
    void ckaOfLinearKernelsInBlocksIsThatOfFeatures() {
        Tensor x = normal(1, 1500, 7);
        Tensor y = x.matmul(normal(2, 7, 5)).add(normal(3, 1500, 5));
        assertThat(Cka.kernel(x, y, Kernel.linear(), Kernel.linear())).isCloseTo(Cka.linear(x, y), within(1e-12));
        assertThat(Cka.kernelDebiased(x, y, Kernel.linear(), Kernel.linear())).isCloseTo(Cka.linearDebiased(x, y), within(1e-12));
    }

    @Test
    void ckaOfMinibatchesIsTheRatioOfMeanUnbiasedHsic() {
        Cka.Minibatch batches = Cka.minibatch();
        for (int i = 0; i < 60; i += 15) batches.add(X.narrow(0, i, i + 15), Y.narrow(0, i, i + 15));
        same(batches.value(), "ckaMinibatch");
        assertThatThrownBy(() -> Cka.minibatch().value()).isInstanceOf(IllegalStateException.class).hasMessageContaining("no batch");
    }

    @Test
    void debiasedCkaOfIndependentFeaturesIsNearZeroWherePlainIsNot() {
        Tensor a = normal(4, 50, 200);
        Tensor b = normal(5, 50, 200);
        assertThat(Cka.linear(a, b)).isGreaterThan(0.7);
        assertThat(Cka.linearDebiased(a, b)).isBetween(-0.1, 0.1);
    }

    @Test
    void canonicalCorrelationsAreCosinesOfPrincipalAngles() {
        assertThat(Cca.of(X, Y).correlations()).containsExactly(F.numbers("cca"), within(1e-9));
        same(Cca.pwcca(X, Y), "pwcca");
        same(Cca.svcca(X, Y), "svcca");
    }

    @Test
    void canonicalCorrelationsIgnoreInvertibleMaps() {
        Tensor map = normal(6, 8, 8);
        assertThat(Cca.of(X.matmul(map), Y).correlations()).containsExactly(F.numbers("cca"), within(1e-9));
        assertThat(Cca.of(X, X.matmul(map)).meanSquare()).isCloseTo(1, within(1e-12));
    }

    @Test
    void canonicalCorrelationsLeaveOutDirectionsWithoutVariance() {
        Tensor twice = Tensor.concat(java.util.List.of(X, X), 1);
        assertThat(Cca.of(twice, Y).correlations()).containsExactly(F.numbers("cca"), within(1e-9));
    }

    @Test
    void procrustesIsSciPys() {
        same(Procrustes.disparity(X, Y), "disparity");
        same(Procrustes.distance(X, Y), "procrustes");
    }

    @Test
    void procrustesTakesOffRotationScaleAndShift() {
        Tensor q = Linalg.qr(normal(7, 8, 8)).q();
        Tensor turned = X.matmul(q).mul(3).add(5);
        assertThat(Procrustes.distance(X, turned)).isCloseTo(0, within(1e-12));
        assertThat(Procrustes.angularSimilarity(X, turned)).isCloseTo(1, within(1e-6));
        assertThat(Procrustes.rotation(X, turned).sub(q.t()).abs().max().item()).isLessThan(1e-10);
    }

    @ParameterizedTest
    @CsvSource({"EUCLIDEAN, euclidean", "SQUARED_EUCLIDEAN, sqeuclidean", "COSINE, cosine", "CORRELATION, correlation"})
    void dissimilaritiesAndTheirCorrelationsAreSciPys(Dissimilarity kind, String metric) {
        assertThat(Arrays.copyOf(RepresentationalSimilarity.dissimilarities(X, kind), 100)).containsExactly(F.numbers("pdist_" + metric), within(1e-10));
        double[] both = {RepresentationalSimilarity.spearman(X, Y, kind), RepresentationalSimilarity.pearson(X, Y, kind)};
        assertThat(both).containsExactly(F.numbers("rsa_" + metric), within(1e-9));
    }

    @Test
    void mutualNeighboursAreScikitLearns() {
        same(MutualKnn.of(X, Y, 7), "mutualKnn_euclidean");
        same(MutualKnn.cosine(X, Y, 7), "mutualKnn_cosine");
        assertThat(MutualKnn.of(X, X.mul(2), 7)).isEqualTo(1);
    }

    @Test
    void neighboursInManyBlocksAreThoseOfAllDistances() {
        Tensor x = normal(8, 1200, 3);
        Neighbours near = Neighbours.of("test", x, 4);
        double[] all = lemma.tensor.Functional.cdist(x, x, 2).toDoubles();
        for (int i = 0; i < 1200; i++) {
            double[] row = Arrays.copyOfRange(all, i * 1200, (i + 1) * 1200);
            Arrays.sort(row);
            assertThat(near.distance()[i]).containsExactly(Arrays.copyOfRange(row, 1, 5), within(1e-12));
        }
    }

    @Test
    void unitsAreMatchedAsSciPyDoes() {
        UnitMatching match = UnitMatching.of(X, Y);
        for (int i = 0; i < 8; i++) assertThat(match.correlation()[i]).containsExactly(F.rows("correlation")[i], within(1e-12));
        assertThat(match.oneToOne()).containsExactly(F.integers("matching"));
        assertThat(Arrays.stream(match.oneToOneValues()).sum()).isCloseTo(F.number("matched"), within(1e-12));
        assertThat(match.unmatched(-1)).isEqualTo(1);
        assertThat(match.toString()).contains("8 units");
    }

    @Test
    void semiMatchingIsTheLargestOfEachRow() {
        UnitMatching match = UnitMatching.of(new double[][] {{0.9, 0.1}, {0.8, 0.3}});
        assertThat(match.best()).containsExactly(0, 0);
        assertThat(match.oneToOne()).containsExactly(0, 1);
        assertThat(match.unmatched(0.4)).isEqualTo(0.5);
        assertThat(match.mean()).isCloseTo(0.6, within(1e-12));
    }

    @Test
    void deadUnitsAreNamed() {
        Tensor dead = Tensor.concat(java.util.List.of(X, Tensor.zeros(60, 1).to(DType.FLOAT64)), 1);
        assertThat(UnitMatching.alive(dead)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThatThrownBy(() -> UnitMatching.of(dead, Y)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("unit 8 is constant");
    }

    @Test
    void spectralClustersAreScikitLearns() {
        int[] ours = SpectralClustering.labels(F.matrix("affinity"), 3, Random.seed(1));
        int[] theirs = F.integers("clusters");
        for (int i = 0; i < ours.length; i++) for (int j = 0; j < i; j++) assertThat(ours[i] == ours[j]).isEqualTo(theirs[i] == theirs[j]);
    }

    @Test
    void jointGraphHoldsTheCorrelationsBetweenTheNetworks() {
        double[] graph = SpectralClustering.jointGraph(new double[][] {{0.5, -0.2}}).toDoubles();
        assertThat(graph).containsExactly(0, 0.5, 0.2, 0.5, 0, 0, 0.2, 0, 0);
    }

    @Test
    void degenerateFeaturesAreRefused() {
        Stream<ToDoubleBiFunction<Tensor, Tensor>> metrics = Stream.of(Cka::linear, Cka::linearDebiased, (a, b) -> Cka.rbf(a, b, 1), Cca::svcca, Cca::pwcca, Procrustes::distance,
                (a, b) -> UnitMatching.of(a, b).mean(), (a, b) -> RepresentationalSimilarity.spearman(a, b, Dissimilarity.EUCLIDEAN));
        Tensor constant = Tensor.full(Shape.of(60, 3), DType.FLOAT64, 0.1);
        Tensor nan = X.mul(1).indexPut(new Tensor[] {Tensor.of(new long[] {4}), Tensor.of(new long[] {2})}, Tensor.scalar(Double.NaN, DType.FLOAT64), false);
        metrics.forEach(metric -> {
            assertThatThrownBy(() -> metric.applyAsDouble(constant, Y)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> metric.applyAsDouble(nan, Y)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[4, 2] is NaN");
            assertThatThrownBy(() -> metric.applyAsDouble(X, FIRST)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[60, 8]");
            assertThatThrownBy(() -> metric.applyAsDouble(X.narrow(0, 0, 1), Y.narrow(0, 0, 1))).isInstanceOf(IllegalArgumentException.class);
        });
        assertThatThrownBy(() -> MutualKnn.of(X, Y, 60)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("expected 1..59");
        assertThatThrownBy(() -> Cka.linear(X.reshape(60, 2, 4), Y)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("flatten(1)");
    }
}
