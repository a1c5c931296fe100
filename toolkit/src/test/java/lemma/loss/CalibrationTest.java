package lemma.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.StreamSupport;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calibration beside torchmetrics, SciPy and scikit-learn. */
class CalibrationTest {
    private static final JsonObject FILE = read();
    private static final Tensor LOGITS = Tensor.of(numbers("logits")).reshape(-1, 4);
    private static final Tensor LABELS = Tensor.of(Arrays.stream(numbers("labels")).mapToLong(v -> (long) v).toArray());
    private static final Tensor P = LOGITS.softmax(-1);

    private static JsonObject read() {
        try (var in = new InputStreamReader(CalibrationTest.class.getResourceAsStream("calibration.json"), StandardCharsets.UTF_8)) {
            return new Gson().fromJson(in, JsonObject.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double[] numbers(String name) {
        return StreamSupport.stream(FILE.getAsJsonArray(name).spliterator(), false).mapToDouble(e -> e.getAsDouble()).toArray();
    }

    private static double number(String name) {
        return FILE.get(name).getAsDouble();
    }

    private static double[] scores() {
        double[] h = numbers("logits");
        double[] s = new double[h.length / 4];
        Arrays.setAll(s, i -> h[4 * i]);
        return s;
    }

    private static boolean[] isFirst() {
        int[] y = LABELS.toInts();
        boolean[] e = new boolean[y.length];
        for (int i = 0; i < y.length; i++) e[i] = y[i] == 0;
        return e;
    }

    @Test
    void errorsInBinsOfEqualWidthAreThoseOfTorchmetrics() {
        Reliability r = Reliability.ofConfidence(P, LABELS, 15);
        assertThat(r.expectedError()).isCloseTo(number("l1"), within(1e-7)); // torchmetrics sums in float32
        assertThat(r.maximumError()).isCloseTo(number("max"), within(1e-6));
        assertThat(r.rootMeanSquareError()).isCloseTo(number("l2"), within(1e-7));
        assertThat(r.cases()).isEqualTo(600);
        assertThat(Reliability.classwiseError(P, LABELS, 10)).isCloseTo(number("classwise"), within(1e-7));
    }

    @Test
    void errorsWithoutEqualWidthsAreTheirDefinition() {
        assertThat(Reliability.ofConfidenceByMass(P, LABELS, 12).expectedError()).isCloseTo(number("equalMass"), within(1e-12));
        assertThat(Reliability.ksError(Reliability.confidence(P, LABELS), Reliability.hits(P, LABELS))).isCloseTo(number("ks"), within(1e-12));
    }

    @Test
    void brierScoresAreThoseOfScikitLearnAndTheirPartsAddUp() {
        BrierScore b = BrierScore.of(Reliability.confidence(P, LABELS), Reliability.hits(P, LABELS));
        assertThat(b.value()).isCloseTo(number("brier"), within(1e-12));
        assertThat(BrierScore.ofClasses(P, LABELS)).isCloseTo(number("brierClasses"), within(1e-12));
        double[] coarse = Arrays.stream(Reliability.confidence(P, LABELS)).map(f -> Math.round(f * 10) / 10.0).toArray();
        BrierScore c = BrierScore.of(coarse, Reliability.hits(P, LABELS));
        assertThat(c.reliability() - c.resolution() + c.uncertainty()).isCloseTo(c.value(), within(1e-12));
        assertThat(c.resolution()).isPositive();
    }

    @Test
    void brierScoresInBinsHaveStephensonsFiveParts() {
        BrierScore b = BrierScore.of(Reliability.confidence(P, LABELS), Reliability.hits(P, LABELS), Binning.EQUAL_WIDTH, 10);
        assertThat(new double[] {b.reliability(), b.resolution(), b.uncertainty(), b.withinVariance(), b.withinCovariance()}).containsExactly(numbers("brierParts"), within(1e-12));
        assertThat(b.reliability() - b.resolution() + b.uncertainty() + b.withinVariance() - b.withinCovariance()).isCloseTo(b.value(), within(1e-12));
        assertThat(b.toString()).contains("within bins");
        BrierScore distinct = BrierScore.of(Reliability.confidence(P, LABELS), Reliability.hits(P, LABELS));
        assertThat(distinct.withinVariance()).isCloseTo(0, within(1e-30));
        assertThat(BrierScore.of(new double[] {0.0, -0.0}, new boolean[] {true, false}).reliability()).isEqualTo(0.25);
    }

    @Test
    void equalMassByClassAndTheMonotoneSweepAreTheirDefinitions() {
        assertThat(Reliability.classwiseError(P, LABELS, Binning.EQUAL_MASS, 10)).isCloseTo(number("classwiseByMass"), within(1e-12));
        Reliability r = Reliability.monotone(Reliability.confidence(P, LABELS), Reliability.hits(P, LABELS));
        assertThat(r.count()).hasSize((int) number("monotoneBins"));
        assertThat(r.expectedError()).isCloseTo(number("monotone"), within(1e-12));
        assertThat(Reliability.monotone(new double[] {0.1, 0.2, 0.3}, new boolean[] {false, true, true}).count()).hasSize(3);
    }

    @Test
    void theFactorsAndOffsetsAreThoseThatScipyFinds() {
        VectorScaling v = VectorScaling.fit(LOGITS, LABELS);
        assertThat(v.a()).containsExactly(numbers("vectorA"), within(1e-6)); // BFGS stops at a gradient of 1e-9
        assertThat(v.b()).containsExactly(numbers("vectorB"), within(1e-6));
        assertThat(Losses.crossEntropy(v.apply(LOGITS), LABELS).item()).isCloseTo(number("vectorLoss"), within(1e-12));
        assertThat(v.apply(LOGITS.to(DType.FLOAT32)).dtype()).isEqualTo(DType.FLOAT32);
        VectorScaling huge = VectorScaling.fit(LOGITS.mul(1e4).add(3e4), LABELS);
        assertThat(huge.a()[0]).isCloseTo(numbers("vectorA")[0] / 1e4, within(1e-10));
        VectorScaling swapped = VectorScaling.fit(LOGITS.neg(), LABELS);
        assertThat(swapped.a()).containsExactly(Arrays.stream(numbers("vectorA")).map(x -> -x).toArray(), within(1e-6));
    }

    @Test
    void factorsThatDoNotExistAreErrorsThatSayWhy() {
        Tensor apart = Tensor.of(new double[][] {{2, 0}, {3, 1}, {0, 1}, {0.5, 2}});
        assertThatThrownBy(() -> VectorScaling.fit(apart, Tensor.of(new long[] {0, 0, 1, 1}))).isInstanceOf(ArithmeticException.class).hasMessageContaining("no finite factors");
        Tensor half = LOGITS.mul(Tensor.of(new double[] {1, 1, 1, 0})).add(LABELS.eq(3).to(DType.FLOAT64).unsqueeze(1).mul(Tensor.of(new double[] {0, 0, 0, 1})));
        assertThatThrownBy(() -> VectorScaling.fit(half, LABELS)).isInstanceOf(ArithmeticException.class).hasMessageContaining("some classes");
        assertThatThrownBy(() -> VectorScaling.fit(apart.div(0), Tensor.of(new long[] {0, 0, 1, 1}))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("finite");
        assertThatThrownBy(() -> VectorScaling.fit(LOGITS, LABELS).apply(Tensor.zeros(2, 3))).hasMessageContaining("[2, 3]").hasMessageContaining("4");
    }

    @Test
    void theTemperatureIsTheOneThatScipyFinds() {
        TemperatureScaling t = TemperatureScaling.fit(LOGITS, LABELS);
        assertThat(t.temperature()).isCloseTo(number("temperature"), within(1e-6));
        double at = Losses.crossEntropy(t.apply(LOGITS), LABELS).item();
        for (double other : new double[] {0.999, 1.001}) assertThat(Losses.crossEntropy(LOGITS.div(t.temperature() * other), LABELS).item()).isGreaterThan(at);
        for (double scale : new double[] {1e-6, 1e3, 1e6}) assertThat(TemperatureScaling.fit(LOGITS.mul(scale), LABELS).temperature() / scale).isCloseTo(t.temperature(), within(1e-9));
    }

    @Test
    void temperaturesThatDoNotExistAreErrorsThatSayWhy() {
        Tensor right = Tensor.of(new double[][] {{2, 0}, {0, 1}});
        assertThatThrownBy(() -> TemperatureScaling.fit(right, Tensor.of(new long[] {0, 1}))).isInstanceOf(ArithmeticException.class).hasMessageContaining("right");
        assertThatThrownBy(() -> TemperatureScaling.fit(right, Tensor.of(new long[] {1, 0}))).isInstanceOf(ArithmeticException.class).hasMessageContaining("infinite");
        assertThatThrownBy(() -> TemperatureScaling.fit(right.div(0), Tensor.of(new long[] {1, 0}))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("finite");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mixtureOfLabels", "mixtureOfDrawn"}) // the first is best without a mixture, the second with all three parts
    void theMixtureOfTemperaturesIsTheOneThatScipyFinds(String name) {
        Tensor y = name.equals("mixtureOfLabels") ? LABELS : Tensor.of(Arrays.stream(numbers("drawn")).mapToLong(v -> (long) v).toArray());
        EnsembleTemperatureScaling e = EnsembleTemperatureScaling.fit(LOGITS, y);
        assertThat(e.temperature()).isCloseTo(number(name + "Temperature"), within(1e-6));
        assertThat(new double[] {e.tempered(), e.plain(), e.uniform()}).containsExactly(numbers(name + "Weights"), within(1e-5));
        assertThat(Losses.crossEntropy(e.apply(LOGITS), y).item()).isCloseTo(number(name + "Loss"), within(1e-11));
        Tensor p = e.apply(LOGITS).exp();
        assertThat(p.sum(1).toDoubles()).containsOnly(new double[] {1}, within(1e-12));
        assertThat(p.argmax(1).toInts()).isEqualTo(LOGITS.argmax(1).toInts());
        assertThat(EnsembleTemperatureScaling.fit(LOGITS.to(DType.FLOAT32), y).apply(LOGITS.to(DType.FLOAT32)).dtype()).isEqualTo(DType.FLOAT32);
    }

    @Test
    void aPlantedMixtureOfTemperaturesIsFoundAndHugeLogitsStayFinite() {
        Tensor h = Random.seed(5).normal(Shape.of(40_000, 3), DType.FLOAT64).mul(4);
        Tensor truth = new EnsembleTemperatureScaling(1, 0, 0.7, 0.3).apply(h).exp(); // whatever T, it has no part
        Tensor above = Random.seed(6).uniform(Shape.of(40_000, 1), DType.FLOAT64).gt(truth.cumsum(1));
        EnsembleTemperatureScaling e = EnsembleTemperatureScaling.fit(h, above.to(DType.INT64).sum(1));
        Tensor found = e.apply(h).exp();
        assertThat(found.sub(truth).abs().max().item()).isLessThan(0.01); // four standard errors of a frequency of 40,000
        EnsembleTemperatureScaling huge = EnsembleTemperatureScaling.fit(LOGITS.mul(1e4), LABELS);
        assertThat(huge.apply(LOGITS.mul(1e4)).isFinite().all().toBooleans()).containsExactly(true);
        assertThat(huge.uniform()).isPositive();
        assertThatThrownBy(() -> new EnsembleTemperatureScaling(1, 0.5, 0.6, 0.3)).hasMessageContaining("0.6");
    }

    @Test
    void plattsCurveIsThatOfScikitLearn() {
        PlattScaling p = PlattScaling.fit(scores(), isFirst());
        assertThat(p.a()).isCloseTo(number("plattA"), within(1e-5)); // scikit-learn stops at its own tolerance
        assertThat(p.b()).isCloseTo(number("plattB"), within(1e-5));
        assertThat(p.apply(1e5)).isCloseTo(1, within(1e-12));
        assertThat(PlattScaling.fit(new double[] {-1, -2, 1, 2}, new boolean[] {false, false, true, true}).a()).isFinite().isNegative();
    }

    @Test
    void isotonicRegressionIsThatOfScikitLearn() {
        double[] coarse = Arrays.stream(scores()).map(s -> Math.rint(s * 10) / 10).toArray();
        boolean[] events = isFirst();
        double[] targets = new double[events.length];
        Arrays.setAll(targets, i -> events[i] ? 1 : 0);
        IsotonicRegression f = IsotonicRegression.fit(coarse, targets);
        assertThat(f.apply(numbers("grid"))).containsExactly(numbers("isotonic"), within(1e-9));
    }

    @Test
    void forecastsThatComeTrueAsOftenAsTheySayHaveSmallErrors() {
        SplittableRandom random = new SplittableRandom(1);
        int n = 200_000;
        double[] f = new double[n];
        boolean[] o = new boolean[n];
        for (int i = 0; i < n; i++) {
            f[i] = random.nextDouble();
            o[i] = random.nextDouble() < f[i];
        }
        double deviation = 0.5 / Math.sqrt(n);
        assertThat(Reliability.equalWidth(f, o, 10).expectedError()).isLessThan(4 * deviation * Math.sqrt(10));
        assertThat(Reliability.ksError(f, o)).isLessThan(4 * deviation);
        assertThat(BrierScore.of(f, o).value()).isCloseTo(1 / 6.0, within(4 * deviation)); // E f (1 - f)
    }

    @Test
    void badForecastsAreRefused() {
        assertThatThrownBy(() -> Reliability.ofConfidence(LOGITS, LABELS, 10)).hasMessageContaining("softmax");
        assertThatThrownBy(() -> Reliability.equalWidth(new double[] {0.5, Double.NaN}, new boolean[2], 10)).hasMessageContaining("forecast 1 is NaN");
        assertThatThrownBy(() -> BrierScore.of(new double[] {1.5}, new boolean[1])).hasMessageContaining("1.5");
        assertThatThrownBy(() -> IsotonicRegression.fit(new double[] {1, Double.NaN}, new double[2])).hasMessageContaining("case 1");
    }
}
