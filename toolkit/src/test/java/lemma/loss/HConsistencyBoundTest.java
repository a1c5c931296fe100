package lemma.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bound of Mao, Mohri and Zhong against conditional risks that the tensor losses compute. */
class HConsistencyBoundTest {
    private static double[] simplex(SplittableRandom random, int n, double sharpness) {
        double[] p = new double[n];
        double sum = 0;
        for (int k = 0; k < n; k++) sum += p[k] = Math.pow(-Math.log(1 - random.nextDouble()), sharpness);
        for (int k = 0; k < n; k++) p[k] /= sum;
        return p;
    }

    /** {@code sum_y p_y loss(h, y)} by the loss on tensors. */
    private static double risk(double tau, double[] p, double[] h) {
        int n = p.length;
        Tensor logits = Tensor.of(h).reshape(1, n).expand(n, n);
        return CompSumLoss.of(tau).each(logits, Tensor.arange(0, n, 1, DType.INT64)).mul(Tensor.of(p)).sum().item();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1, 1.5, 2})
    void risksAreThoseOfTheLossAndNoScoresDoBetterThanTheLeast(double tau) {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 200; i++) {
            double[] p = simplex(random, 4, 2);
            double[] h = new double[4];
            for (int k = 0; k < 4; k++) h[k] = random.nextGaussian() * 2;
            ConditionalRegret at = ConditionalRegret.of(CompSumLoss.of(tau), p);
            assertThat(at.risk(h)).isCloseTo(risk(tau, p, h), within(1e-10 * (1 + at.risk(h))));
            assertThat(at.surrogate(h)).isGreaterThan(-1e-12);
            if (tau == 2) continue;
            double[] best = new double[4];
            for (int k = 0; k < 4; k++) best[k] = Math.log(p[k]) / (2 - tau);
            assertThat(at.surrogate(best)).isCloseTo(0, within(1e-10));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1, 1.5, 2})
    void theClosestScoresWithAClassOnTopCannotBeImproved(double tau) {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 100; i++) {
            double[] p = simplex(random, 5, 1.5);
            int k = i % 5;
            ConditionalRegret at = ConditionalRegret.of(CompSumLoss.of(tau), p);
            double[] h = at.closest(k);
            double least = at.risk(h);
            for (int move = 0; move < 50; move++) {
                double[] other = h.clone();
                for (int j = 0; j < 5; j++) other[j] += 0.3 * random.nextGaussian();
                for (double v : other.clone()) other[k] = Math.max(other[k], v);
                assertThat(at.risk(other)).isGreaterThan(least - 1e-12);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3, 0.5, 1, 1.3, 1.5, 2})
    void noScoresViolateTheBoundAndTwoClassesReachIt(double tau) {
        SplittableRandom random = new SplittableRandom(3);
        for (int n : new int[] {2, 3, 10}) {
            HConsistencyBound bound = HConsistencyBound.of(CompSumLoss.of(tau), n);
            for (int i = 0; i < 1000; i++) {
                double[] p = simplex(random, n, 1 + 2 * random.nextDouble());
                ConditionalRegret at = ConditionalRegret.of(CompSumLoss.of(tau), p);
                double[] h = at.closest(i % n);
                assertThat(bound.holds(at.zeroOne(h), at.surrogate(h))).as("n %d, p %s", n, java.util.Arrays.toString(p)).isTrue();
            }
            if (tau > 1 && n > 2) continue;
            for (double b = 0.01; b < 1; b += 0.07) {
                double[] p = new double[n];
                p[0] = (1 + b) / 2;
                p[1] = (1 - b) / 2;
                ConditionalRegret at = ConditionalRegret.of(CompSumLoss.of(tau), p);
                assertThat(at.surrogate(at.closest(1))).isCloseTo(bound.psi(b), within(1e-12));
            }
        }
    }

    @Test
    void aBoundTenPercentHigherWouldBeViolated() {
        HConsistencyBound bound = new HConsistencyBound(1, 2);
        ConditionalRegret at = ConditionalRegret.of(CompSumLoss.of(1), 0.75, 0.25);
        assertThat(bound.holds(0.5, at.surrogate(at.closest(1)))).isTrue();
        assertThat(bound.holds(0.55, at.surrogate(at.closest(1)))).isFalse();
    }

    @Test
    void forCrossEntropyOfTwoClassesItIsLogTwoLessTheEntropy() {
        for (double b : new double[] {0, 0.2, 0.7, 1}) {
            double p = (1 + b) / 2;
            double entropy = p == 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p);
            assertThat(new HConsistencyBound(1, 2).psi(b)).isCloseTo(Math.log(2) - entropy, within(1e-14));
        }
    }

    @Test
    void psiIsContinuousInTauAtOneAndGammaIsItsInverse() {
        for (double tau : new double[] {0, 0.5, 1, 1.5, 2}) {
            HConsistencyBound bound = new HConsistencyBound(tau, 3);
            for (double b : new double[] {0.01, 0.3, 0.99}) assertThat(bound.gamma(bound.psi(b))).isCloseTo(b, within(1e-9));
            assertThat(bound.gamma(bound.psi(1) + 1)).isEqualTo(1);
        }
        double at = new HConsistencyBound(1, 2).psi(0.6);
        assertThat(new HConsistencyBound(1 - 1e-6, 2).psi(0.6)).isCloseTo(at, within(1e-5));
        assertThat(new HConsistencyBound(1 + 1e-6, 2).psi(0.6)).isCloseTo(at, within(1e-5));
    }

    @Test
    void gapsAreWhatTheBestOfAClassLosesToThePointwiseBest() {
        double[][] p = {{0.9, 0.1}, {0.1, 0.9}};
        double[][] constant = {{0, 0}, {0, 0}}; // the best scorer that does not see the input
        MinimizabilityGap gap = MinimizabilityGap.of(CompSumLoss.of(1), p, constant);
        double entropy = -0.9 * Math.log(0.9) - 0.1 * Math.log(0.1);
        assertThat(gap.pointwise()).isCloseTo(entropy, within(1e-14));
        assertThat(gap.bestInClass()).isCloseTo(Math.log(2), within(1e-14));
        assertThat(gap.value()).isCloseTo(Math.log(2) - entropy, within(1e-14));
    }

    @Test
    void badSettingsAreRefused() {
        assertThatThrownBy(() -> new HConsistencyBound(2.5, 3)).hasMessageContaining("2.5");
        assertThatThrownBy(() -> new HConsistencyBound(1, 2).psi(1.5)).hasMessageContaining("1.5");
        assertThatThrownBy(() -> ConditionalRegret.of(CompSumLoss.of(1), 0.5, 0.6)).hasMessageContaining("1.1");
        assertThatThrownBy(() -> ConditionalRegret.of(CompSumLoss.of(1), 0.5, 0.5).risk(new double[] {1, Double.NaN})).hasMessageContaining("NaN");
    }

    @Test
    void violationsAreCountedAndATooLargePsiWouldShow() {
        assertThat(new HConsistencyBound(1.5, 3).violations(500, Random.seed(1))).isZero();
        // ten classes break what the bound of two would ask for
        SplittableRandom random = new SplittableRandom(3);
        HConsistencyBound narrow = new HConsistencyBound(1.9, 2);
        long broken = IntStream.range(0, 200).filter(i -> {
            ConditionalRegret at = new ConditionalRegret(1.9, simplex(random, 10, 0.5));
            return !narrow.holds(at.zeroOne(at.closest(i % 10)), at.surrogate(at.closest(i % 10)));
        }).count();
        assertThat(broken).isPositive();
    }

    @Test
    void twoPointsReachTheBoundUpToTauOne() {
        for (double tau : new double[] {0, 0.5, 1}) {
            assertThat(new HConsistencyBound(tau, 5).twoPointRegret(0.4)).isCloseTo(new HConsistencyBound(tau, 5).psi(0.4), within(1e-12));
        }
        assertThat(new HConsistencyBound(1.5, 5).twoPointRegret(0.4)).isGreaterThan(new HConsistencyBound(1.5, 5).psi(0.4) + 0.01);
    }

    @Test
    void meansOfTensorsAreThoseOfRows() {
        double[][] p = {{0.2, 0.8}, {0.6, 0.4}};
        double[][] h = {{1, 0}, {0.5, 2}};
        assertThat(ConditionalRegret.mean(CompSumLoss.of(1), Tensor.of(p), Tensor.of(h))).isEqualTo(ConditionalRegret.mean(CompSumLoss.of(1), p, h));
        assertThatThrownBy(() -> ConditionalRegret.mean(CompSumLoss.of(1), Tensor.of(p), Tensor.zeros(2))).hasMessageContaining("[2]");
    }
}
