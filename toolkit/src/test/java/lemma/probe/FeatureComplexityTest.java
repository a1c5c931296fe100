package lemma.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class FeatureComplexityTest {
    private static final Fixtures F = Fixtures.read("complexity.json");

    // ---- complexity ----

    @Test
    void decodabilityIsThatOfScikitLearnsRidge() {
        List<Tensor> layers = F.each("layers").stream().map(l -> l.matrix("a")).toList();
        Tensor z = Tensor.of(F.numbers("z"));
        double[] expected = F.numbers("decoded");
        for (int l = 0; l < 3; l++) assertThat(FeatureComplexity.decoded(layers.get(l), z, 60, 2).rSquared()).isCloseTo(expected[l], within(1e-10));
        FeatureComplexity k = FeatureComplexity.of(layers, z, 60, 2);
        assertThat(k.value()).isCloseTo(1 - Arrays.stream(expected).map(v -> Math.max(0, v)).average().getAsDouble(), within(1e-10));
        assertThat(expected[0]).isNegative();
        assertThat(k.decodability()[0]).isZero();
    }

    @Test
    void unitsThatAreConstantTellNothing() {
        Tensor x = Random.seed(1).normal(Shape.of(50, 3), DType.FLOAT64);
        Tensor z = x.narrow(1, 0, 1).squeeze(1);
        Tensor padded = Tensor.concat(List.of(x, Tensor.ones(50, 2).to(DType.FLOAT64).mul(7)), 1);
        assertThat(FeatureComplexity.decoded(padded, z, 30, 0.1).rSquared()).isCloseTo(FeatureComplexity.decoded(x, z, 30, 0.1).rSquared(), within(1e-12));
        assertThat(FeatureComplexity.of(List.of(x, x.mul(100)), z, 30, 1e-9).value()).isCloseTo(0, within(1e-12));
        assertThatThrownBy(() -> FeatureComplexity.of(List.of(), z, 30, 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no layers");
        assertThatThrownBy(() -> FeatureComplexity.of(List.of(x), z, 49, 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("49 of 50");
    }

    // ---- factors ----

    @Test
    void factorsAreThoseOfScikitLearnsMultiplicativeUpdates() {
        NonNegativeMatrixFactorization fit = NonNegativeMatrixFactorization.fit(F.matrix("x"), F.matrix("w"), F.matrix("h"), 60);
        assertThat(fit.codes().toDoubles()).containsExactly(F.matrix("codes").toDoubles(), within(1e-9));
        assertThat(fit.dictionary().toDoubles()).containsExactly(F.matrix("dictionary").toDoubles(), within(1e-9));
    }

    @Test
    void theErrorNeverRises() {
        Tensor x = F.matrix("x");
        NonNegativeMatrixFactorization at = NonNegativeMatrixFactorization.fit(x, 3, 1, Random.seed(4));
        for (int i = 0; i < 50; i++) {
            NonNegativeMatrixFactorization next = NonNegativeMatrixFactorization.fit(x, at.codes(), at.dictionary(), 1);
            assertThat(next.error(x)).isLessThanOrEqualTo(at.error(x) * (1 + 1e-12));
            at = next;
        }
        assertThat(NonNegativeMatrixFactorization.fit(x, 3, 2000, Random.seed(4)).error(x)).isLessThan(0.1);
    }

    @Test
    void whatHasNoNonnegativeFactorsIsRefused() {
        Tensor x = F.matrix("x");
        assertThat(NonNegativeMatrixFactorization.fit(Tensor.zeros(4, 3), 2, 3, Random.seed(1)).error(Tensor.zeros(4, 3))).isZero();
        assertThatThrownBy(() -> NonNegativeMatrixFactorization.fit(x.neg(), 2, 5, Random.seed(1))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("none below zero");
        assertThatThrownBy(() -> NonNegativeMatrixFactorization.fit(x, F.matrix("w"), F.matrix("h").t(), 5)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[7, 4]");
        assertThatThrownBy(() -> NonNegativeMatrixFactorization.fit(x, 0, 5, Random.seed(1))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("k is 0");
    }

    // ---- importance ----

    @Test
    void gradientTimesInputIsPyTorchs() {
        Tensor w1 = F.matrix("w1");
        Tensor b1 = Tensor.of(F.numbers("b1"));
        Tensor w2 = Tensor.of(F.numbers("w2"));
        Tensor importance = FeatureImportance.gradientInput(F.matrix("point"), h -> Functional.linear(h, w1, b1).tanh().matmul(w2));
        assertThat(importance.toDoubles()).containsExactly(F.numbers("importance"), within(1e-12));
    }

    @Test
    void alongTheUnitsTheDirectionsAreTheUnits() {
        Tensor h = F.matrix("point");
        Tensor w = Tensor.of(new double[] {1, -2, 0, 4, 0.5});
        double[] linear = h.mul(w).abs().mean(0).toDoubles();
        assertThat(FeatureImportance.gradientInput(h, x -> x.matmul(w)).toDoubles()).containsExactly(linear, within(1e-12));
        assertThat(FeatureImportance.gradientInput(h, Tensor.eye(5, DType.FLOAT64), x -> x.matmul(w)).toDoubles()).containsExactly(linear, within(1e-12));
        assertThatThrownBy(() -> FeatureImportance.gradientInput(h, x -> x)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("expected (8)");
        assertThatThrownBy(() -> FeatureImportance.gradientInput(h, Tensor.eye(4, DType.FLOAT64), x -> x.matmul(w))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[4, 4]");
    }

    // ---- probes ----

    private static final Tensor BITS = Random.seed(7).bernoulli(0.5, 1200, 4).to(DType.FLOAT64).mul(2).sub(1);
    private static final Tensor SEEN = BITS.add(Random.seed(8).normal(Shape.of(1200, 4), DType.FLOAT64).mul(0.1)).mul(5).add(3);
    private static final Tensor XOR = BITS.narrow(1, 0, 1).mul(BITS.narrow(1, 1, 2)).squeeze(1).gt(0).to(DType.INT64);

    @Test
    void aHiddenLayerReadsWhatALinearProbeCannot() {
        Tensor x = SEEN.narrow(0, 0, 800);
        Tensor rest = SEEN.narrow(0, 800, 1200);
        Tensor truth = XOR.narrow(0, 800, 1200);
        MlpProbe probe = MlpProbe.fit(x, XOR.narrow(0, 0, 800), 2, MlpProbe.Options.DEFAULT, 1);
        assertThat(probe.accuracy(rest, truth)).isGreaterThan(0.98);
        assertThat(LinearProbe.fit(x, XOR.narrow(0, 0, 800), 2, 0.01).accuracy(rest, truth)).isBetween(0.4, 0.6);
        Tensor logits = probe.logits(rest);
        double[] nll = logits.logsumexp(1).sub(logits.gather(1, truth.unsqueeze(1)).squeeze(1)).toDoubles();
        assertThat(probe.loss(rest, truth)).isCloseTo(Arrays.stream(nll).average().getAsDouble(), within(1e-6));
    }

    @Test
    void fewerBitsSendWhatTheProbeReads() {
        int[] ends = {50, 100, 200, 400, 800, 1200};
        double mlp = MlpProbe.family(MlpProbe.Options.DEFAULT.withSteps(400), 1).descriptionLength(SEEN, XOR, 2, ends);
        double linear = LinearProbe.family(0.01).descriptionLength(SEEN, XOR, 2, ends);
        assertThat(mlp).isLessThan(500);
        assertThat(linear).isBetween(1150.0, 1400.0); // a coin each, and what is lost by fitting chance
    }

    @Test
    void aLargeProbeLearnsTheControlTaskOfFewTypesByHeart() {
        Tensor types = BITS.add(1).div(2).matmul(Tensor.of(new double[] {1, 2, 4, 8})).to(DType.INT64);
        Tensor control = LinearProbe.controlTask(types, XOR, Random.seed(3));
        double selectivity = MlpProbe.family(MlpProbe.Options.DEFAULT, 1).selectivity(SEEN, XOR, control, 800, 2);
        assertThat(selectivity).isCloseTo(0, within(0.05)); // 16 types: both are learnt
        Tensor noise = LinearProbe.controlTask(Tensor.arange(1200).to(DType.INT64), XOR, Random.seed(4));
        assertThat(MlpProbe.family(MlpProbe.Options.DEFAULT, 1).selectivity(SEEN, XOR, noise, 800, 2)).isGreaterThan(0.35);
        assertThatThrownBy(() -> MlpProbe.fit(SEEN, XOR, 1, MlpProbe.Options.DEFAULT, 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("a label is 1");
        assertThatThrownBy(() -> MlpProbe.Options.DEFAULT.withHidden(0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("hidden 0");
    }
}
