package lemma.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.nn.Linear;
import lemma.nn.Model;
import lemma.stats.WeightedKendall;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransferabilityTest {
    private static final Fixtures F = Fixtures.read("transfer.json");
    private static final Tensor X = F.matrix("f");
    private static final Tensor Y = Tensor.of(F.integers("y"));
    private static final Tensor THETA = F.matrix("theta");

    @Test
    void scoresAreThoseOfTheAuthorsCode() {
        assertThat(Transferability.logMe(X, Y)).isCloseTo(F.number("logMe"), within(1e-6));
        assertThat(Transferability.leep(THETA, Y)).isCloseTo(F.number("leep"), within(1e-9));
        assertThat(Transferability.negativeConditionalEntropy(Tensor.of(F.integers("source")), Y)).isCloseTo(F.number("nce"), within(1e-9));
        assertThat(Transferability.hScore(X, Y)).isCloseTo(F.number("hScore"), within(1e-9));
    }

    @Test
    void logMeOfFewerExamplesThanFeaturesIsTheEvidenceOfAllWeights() {
        Tensor few = Tensor.of(new int[] {0, 1, 2, 0, 1, 2, 0, 1});
        assertThat(Transferability.logMe(X.narrow(0, 0, 8), few)).isCloseTo(F.number("logMeWide"), within(0.02)); // the authors' first version stops at 1 %, this one at 0.1 %
    }

    @Test
    void tmiIsTheEntropyOfScaledGaussianClasses() {
        int n = 4000;
        Tensor y = Tensor.of(IntStream.range(0, n).map(i -> i % 2).toArray());
        Tensor noise = Random.seed(3).normal(Shape.of(n, 2), DType.FLOAT64);
        Tensor z = noise.add(y.to(DType.FLOAT64).mul(6).sub(3).unsqueeze(1));
        double scale = z.sub(z.meanKeep(0)).square().mean().item();
        double exact = Math.log(2 * Math.PI * Math.E / scale);
        assertThat(Transferability.tmi(z, y, 3)).isCloseTo(exact, within(0.05));
        assertThat(Transferability.tmiGaussian(z, y, 0)).isCloseTo(exact, within(0.05));
        assertThat(Transferability.tmi(z.mul(100), y, 3)).isCloseTo(Transferability.tmi(z, y, 3), within(1e-9));
    }

    @Test
    void tmiWithALeastDistanceIsTheAuthorsCode() {
        assertThat(Transferability.tmi(X, Y, 3, 1)).isCloseTo(F.number("tmi"), within(1e-9));
        assertThat(Transferability.tmi(X, Y, 3, 2.5)).isCloseTo(F.number("tmiFar"), within(1e-9)).isGreaterThan(F.number("tmi"));
        Tensor pair = Tensor.of(new int[] {0, 0, 0, 0});
        double repeated = Transferability.tmi(Tensor.ones(4, 2), pair, 1, 1e-3); // psi(4) - psi(1) + 2 log(2 least)
        assertThat(repeated).isCloseTo(1 + 1 / 2.0 + 1 / 3.0 + 2 * Math.log(2e-3), within(1e-12));
        assertThatThrownBy(() -> Transferability.tmi(X, Y, 3, 0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("least distance 0.0");
    }

    @Test
    void transRateIsTheDifferenceOfNumPysCodingRates() {
        assertThat(Transferability.transRate(X, Y, 1e-4)).isCloseTo(F.number("transRate"), within(1e-9));
        assertThat(Transferability.transRate(X.add(5), Y, 1e-4)).isCloseTo(F.number("transRate"), within(1e-9));
        assertThatThrownBy(() -> Transferability.transRate(X, Y, 0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("eps is 0.0");
    }

    @Test
    void wrongInputIsNamed() {
        assertThatThrownBy(() -> Transferability.leep(X, Y)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no probabilities");
        assertThatThrownBy(() -> Transferability.logMe(X, Y.narrow(0, 0, 9))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("labels are [9]");
        assertThatThrownBy(() -> Transferability.tmi(Tensor.ones(6, 2), Tensor.zeros(6).to(DType.INT64), 3)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no variance");
    }

    @Test
    void weightedTauIsSciPys() {
        assertThat(WeightedKendall.of(F.numbers("a"), F.numbers("b"))).isCloseTo(F.number("weightedTau"), within(1e-12));
        double[] up = {1, 2, 3, 4};
        assertThat(WeightedKendall.of(up, up)).isCloseTo(1, within(1e-12));
        assertThatThrownBy(() -> WeightedKendall.of(up, new double[4])).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no ranking");
        assertThatThrownBy(() -> WeightedKendall.of(up, new double[] {1, 2, Double.NaN, 3})).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("pair 2");
    }

    // ---- probes ----

    @ParameterizedTest
    @ValueSource(strings = {"0.01", "0.1"})
    void theProbeIsScikitLearnsLogisticRegression(String lambda) {
        LinearProbe probe = LinearProbe.fit(X.narrow(0, 0, 100), Y.narrow(0, 0, 100), 3, Double.parseDouble(lambda));
        Tensor logits = probe.logits(X.narrow(0, 100, 150));
        assertThat(logits.sub(logits.meanKeep(1)).toDoubles()).containsExactly(F.matrix("probeLogits_" + lambda).toDoubles(), within(1e-5));
        assertThat(probe.accuracy(X.narrow(0, 100, 150), Y.narrow(0, 100, 150))).isCloseTo(F.number("probeAccuracy_" + lambda), within(1e-12));
    }

    @Test
    void aControlTaskGivesEachTypeOneClass() {
        Tensor types = Random.seed(1).integers(0, 20, 150);
        int[] control = LinearProbe.controlTask(types, Y, Random.seed(2)).toInts();
        int[] type = types.toInts();
        for (int i = 0; i < 150; i++) for (int j = 0; j < i; j++) if (type[i] == type[j]) assertThat(control[i]).isEqualTo(control[j]);
        assertThat(Arrays.stream(control).distinct().count()).isEqualTo(3);
        Tensor noise = LinearProbe.controlTask(Tensor.arange(150).to(DType.INT64), Y, Random.seed(3));
        assertThat(LinearProbe.selectivity(X, Y, noise, 100, 3, 0.01)).isGreaterThan(0.3);
    }

    @Test
    void labelsThatTheFeaturesTellAreSentInFewerBits() {
        int[] ends = {10, 20, 40, 80, 150};
        double told = LinearProbe.descriptionLength(X, Y, 3, 0.01, ends);
        double uniform = 150 * Math.log(3) / Math.log(2);
        assertThat(told).isLessThan(0.6 * uniform);
        assertThat(LinearProbe.descriptionLength(X, Y, 3, 0.01, 150)).isCloseTo(uniform, within(1e-9));
        assertThatThrownBy(() -> LinearProbe.descriptionLength(X, Y, 3, 0.01, 10, 10, 150)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[10, 10, 150]");
        assertThatThrownBy(() -> LinearProbe.fit(X, Y, 2, 0.1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("a label is 2");
    }

    // ---- codes ----

    @Test
    void regionsOfAReluLayerAreAtMostZaslavskys() {
        int units = 6;
        Model layer = Linear.of(2, units).init(Random.seed(4));
        Tensor axis = Tensor.linspace(-40, 40, 600);
        Tensor grid = Tensor.concat(java.util.List.of(axis.repeatInterleave(600, 0).unsqueeze(1), axis.repeat(600).unsqueeze(1)), 1);
        ActivationCodes codes = ActivationCodes.of(layer.apply(grid.to(DType.FLOAT32)));
        assertThat(ActivationCodes.zaslavsky(units, 2)).isEqualTo(1 + units + units * (units - 1) / 2.0);
        assertThat((double) codes.distinct()).isBetween(15.0, ActivationCodes.zaslavsky(units, 2));
        assertThat(codes.redundancy()).isCloseTo(1 - codes.distinct() / 360_000.0, within(1e-12));
    }

    @Test
    void hammingDistancesCountBits() {
        ActivationCodes a = ActivationCodes.of(Tensor.of(new double[][] {{1, -1, 2}, {-1, -1, -1}}));
        assertThat(a.hamming(a).toDoubles()).containsExactly(0, 2, 2, 0);
        assertThat(a.distinct()).isEqualTo(2);
        assertThat(ActivationCodes.zaslavsky(3, 5)).isEqualTo(8);
        assertThatThrownBy(() -> a.hamming(ActivationCodes.of(Tensor.ones(2, 2)))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3 and 2 bits");
        assertThat(IntStream.of(a.bits().toInts()).sum()).isEqualTo(2);
    }
}
