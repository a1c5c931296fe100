package lemma.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The label-distributionally robust losses against their definition as a maximum over the simplex, and against their limits. */
class AdaptiveLdrKlLossTest {
    private static final Tensor LOGITS = Random.seed(1).normal(Shape.of(7, 4), DType.FLOAT64).mul(2);
    private static final Tensor LABELS = Random.seed(2).integers(0, 4, 7);

    /** {@code sum p d - lambda KL(p, 1/K)}. */
    private static double objective(double[] p, double[] d, double lambda) {
        double value = 0;
        for (int k = 0; k < d.length; k++) value += p[k] * d[k] - (p[k] > 0 ? lambda * p[k] * Math.log(p[k] * d.length) : 0);
        return value;
    }

    /** Mirror ascent on the simplex, which needs no closed form. */
    private static double maximum(double[] d, double lambda) {
        double[] p = new double[d.length];
        java.util.Arrays.fill(p, 1.0 / d.length);
        double rate = 0.1 / Math.max(1, lambda);
        for (int step = 0; step < 20_000; step++) {
            double total = 0;
            for (int k = 0; k < d.length; k++) total += p[k] *= Math.exp(rate * (d[k] - lambda * Math.log(p[k] * d.length)));
            for (int k = 0; k < d.length; k++) p[k] = Math.max(p[k] / total, 1e-300);
        }
        return objective(p, d, lambda);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1, 4})
    void theClosedFormIsTheMaximumOverTheSimplex(double lambda) {
        double[] loss = LdrKlLoss.of(lambda).withMargin(0.5).each(LOGITS, LABELS).toDoubles();
        for (int i = 0; i < loss.length; i++) {
            double[] d = LOGITS.get(i).toDoubles();
            int y = LABELS.toInts()[i];
            double own = d[y];
            for (int k = 0; k < d.length; k++) d[k] += (k == y ? 0 : 0.5) - own;
            assertThat(loss[i]).isCloseTo(maximum(d, lambda), within(1e-6));
        }
    }

    @Test
    void withoutMarginAtOneItIsCrossEntropyLessTheLogarithmOfTheClasses() {
        Tensor ce = CompSumLoss.of(1).each(LOGITS, LABELS);
        assertThat(LdrKlLoss.of(1).each(LOGITS, LABELS).toDoubles()).containsExactly(ce.sub(Math.log(4)).toDoubles(), within(1e-12));
    }

    @Test
    void theLimitsAreCrammerSingerAndTheMeanDifference() {
        double lambda = 1e-4;
        Tensor hinge = CrammerSingerLoss.of().each(LOGITS, LABELS);
        Tensor near = LdrKlLoss.of(lambda).withMargin(1).each(LOGITS, LABELS);
        assertThat(near.sub(hinge).abs().max().item()).isLessThanOrEqualTo(lambda * Math.log(4) + 1e-12);
        Tensor own = LOGITS.gather(1, LABELS.unsqueeze(1));
        assertThat(LdrKlLoss.of(1e7).each(LOGITS, LABELS).toDoubles()).containsExactly(LOGITS.sub(own).mean(1).toDoubles(), within(1e-5));
    }

    @Test
    void theAlternationEndsWhereNeitherPartCanImprove() {
        AdaptiveLdrKlLoss loss = AdaptiveLdrKlLoss.of(1.5, 2);
        Tensor lambdas = LABELS.onesLike().to(DType.FLOAT64).mul(1.5);
        for (int i = 0; i < 200; i++) lambdas = loss.lambdas(LOGITS, lambdas);
        double[] best = loss.each(LOGITS, LABELS, lambdas).toDoubles();
        for (double move : new double[] {-1e-3, 1e-3}) {
            double[] moved = loss.each(LOGITS, LABELS, lambdas.add(move)).toDoubles();
            for (int i = 0; i < best.length; i++) assertThat(moved[i]).isLessThan(best[i] + 1e-12);
        }
        assertThat(lambdas.min().item()).isGreaterThan(0.5 * 1.5);
        assertThat(lambdas.max().item()).isLessThanOrEqualTo(1.5);
    }

    @Test
    void hugeLogitsHaveTemperaturesInTheirRangeAndFiniteGradients() {
        AdaptiveLdrKlLoss loss = AdaptiveLdrKlLoss.of(1.5, 2);
        Tensor huge = Tensor.of(new double[][] {{1e4, -1e4, 0}, {-1e4, 1e4, 0}, {1e4, 1e4, -1e4}});
        Tensor y = Tensor.of(new long[] {0, 0, 1});
        Tensor lambdas = loss.lambdas(huge, Tensor.of(new double[] {1.5, 1.5, 1.5}));
        assertThat(lambdas.toDoubles()).containsExactly(new double[] {0.75, 0.75, 1.5 - 0.75 * Math.log(1.5) / Math.log(3)}, within(1e-12));
        var vg = Autodiff.valueAndGrad((Tensor h) -> loss.each(h, y, lambdas).sum(), huge);
        assertThat(vg.value().item()).isCloseTo(2e4, within(10.0)); // the second example is wrong by 2e4
        assertThat(vg.grad().toDoubles()).containsExactly(new double[] {0, 0, 0, -1, 1, 0, 0.5, -0.5, 0}, within(1e-12));
    }

    @Test
    void badSettingsAreRefused() {
        assertThatThrownBy(() -> AdaptiveLdrKlLoss.of(1, 1)).hasMessageContaining("alpha is 1.0");
        assertThatThrownBy(() -> LdrKlLoss.of(0)).hasMessageContaining("lambda is 0.0");
        assertThatThrownBy(() -> AdaptiveLdrKlLoss.of(1, 2).each(LOGITS, LABELS, Tensor.ones(3))).hasMessageContaining("[3]").hasMessageContaining("[7, 4]");
    }
}
