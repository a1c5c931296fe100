package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Sequences whose best forecast is known: laws by their closed forms, floors by forecasters that know them. */
class SequenceTasksTest {
    @Test
    void autoregressionHasItsAutocorrelationsAndResiduals() {
        AutoregressiveProcess process = AutoregressiveProcess.of(1.5, 0.6, -0.3);
        Tensor x = process.sample(4000, 20, Random.seed(1));
        double rho1 = 0.6 / 1.3; // Yule-Walker
        double variance = 2.25 / (1 - 0.6 * rho1 + 0.3 * (0.6 * rho1 - 0.3));
        Tensor now = x.narrow(1, 2, 20);
        assertThat(x.get(0, 0).item()).isNotZero();
        assertThat(x.narrow(1, 0, 1).square().mean().item()).isCloseTo(variance, within(4 * variance * Math.sqrt(2.0 / 4000)));
        assertThat(now.mul(x.narrow(1, 1, 19)).mean().item()).isCloseTo(rho1 * variance, within(0.1));
        Tensor residual = now.sub(x.narrow(1, 1, 19).mul(0.6)).add(x.narrow(1, 0, 18).mul(0.3));
        assertThat(residual.square().mean().item()).isCloseTo(process.floor(), within(4 * 2.25 * Math.sqrt(2.0 / 72_000)));
    }

    @Test
    void stationarityIsThatOfTheTriangleOfOrderTwo() {
        for (double a = -2.03; a < 2.1; a += 0.1) {
            for (double b = -1.06; b < 1.1; b += 0.1) {
                boolean stationary = Math.abs(b) < 1 && a + b < 1 && b - a < 1;
                double first = a;
                double second = b;
                if (stationary) assertThat(AutoregressiveProcess.of(1, a, b).floor()).isEqualTo(1);
                else assertThatThrownBy(() -> AutoregressiveProcess.of(1, first, second)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(Double.toString(second));
            }
        }
    }

    @Test
    void aSineWithoutNoiseObeysItsRecurrenceWithinARegime() {
        double[] x = RegimeSwitchingSine.of(0.9, 0, 0.3, 0.8).sample(1, 5000, Random.seed(2)).toDoubles();
        int switches = 0;
        for (int t = 2; t < x.length; t++) {
            double slow = Math.abs(x[t] + x[t - 2] - 2 * Math.cos(0.3) * x[t - 1]);
            double fast = Math.abs(x[t] + x[t - 2] - 2 * Math.cos(0.8) * x[t - 1]);
            if (Math.min(slow, fast) > 1e-9) switches++;
        }
        assertThat(switches).isBetween(400, 600); // a jump of frequency breaks it once: 500 +- 4 sqrt(450)
        double[] noisy = RegimeSwitchingSine.of(0.9, 0.2, 0.3, 0.8).sample(1, 5000, Random.seed(2)).toDoubles();
        double squares = 0;
        for (int t = 0; t < x.length; t++) squares += (noisy[t] - x[t]) * (noisy[t] - x[t]);
        assertThat(squares / x.length).isCloseTo(RegimeSwitchingSine.of(0.9, 0.2, 0.3, 0.8).floor(), within(0.04 * 4 * Math.sqrt(2.0 / 5000)));
    }

    @Test
    void excitedEventsHaveTheirRateAndPoissonEventsTheirLogGaps() {
        HawkesProcess process = new HawkesProcess(0.5, 0.8, 1.6);
        double[] gaps = process.gaps(2000, 50, Random.seed(3)).toDoubles();
        double mean = java.util.Arrays.stream(gaps).average().orElseThrow();
        assertThat(mean).isCloseTo(1 / process.rate(), within(0.03));
        HawkesProcess poisson = new HawkesProcess(2, 0, 1);
        assertThat(poisson.logGapVariance(0)).isCloseTo(Math.PI * Math.PI / 6, within(1e-3)); // of the logarithm of an exponential variable
        assertThat(poisson.gaps(1, 20_000, Random.seed(4)).mean().item()).isCloseTo(0.5, within(4 * 0.5 / Math.sqrt(20_000)));
    }

    @Test
    void gapsFollowTheirLawGivenTheExcess() {
        HawkesProcess process = new HawkesProcess(0.4, 1.2, 2);
        double[] g = process.gaps(20_000, 1, Random.seed(5)).toDoubles();
        double[] y = process.excess(20_000, 1, Random.seed(5)).toDoubles();
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < g.length; i++) {
            double compensator = 0.4 * g[i] + y[i] * -Math.expm1(-2 * g[i]) / 2; // standard exponential by the time change
            sum += compensator;
            squares += compensator * compensator;
        }
        assertThat(sum / g.length).isCloseTo(1, within(4 / Math.sqrt(g.length)));
        assertThat(squares / g.length).isCloseTo(2, within(4 * Math.sqrt(20.0 / g.length)));
        assertThat(process.floor(500, Random.seed(6))).isBetween(1.2, 3.0);
    }

    @Test
    void laplacesRuleCountsAndItsLossIsTheExpectedEntropy() {
        BernoulliBandit.Sample one = new BernoulliBandit(1).sample(50_000, 2, Random.seed(7));
        assertThat(one.bayes().narrow(1, 0, 1).toDoubles()).containsOnly(0.5);
        assertThat(one.bayes().narrow(1, 1, 2).sub(one.rewards().narrow(1, 0, 1).add(1).div(3)).abs().max().item()).isLessThan(1e-15);
        double second = Math.log(3) - 2 * Math.log(2) / 3; // entropy of (1/3, 2/3)
        assertThat(one.floor()).isCloseTo((Math.log(2) + second) / 2, within(0.005));
        BernoulliBandit.Sample three = new BernoulliBandit(3).sample(5, 7, Random.seed(8));
        assertThat(three.inputs().narrow(2, 0, 3).sum(2).toDoubles()).containsOnly(1);
        assertThat(three.inputs().narrow(1, 1, 7).narrow(2, 3, 6).sub(three.inputs().narrow(1, 0, 6).narrow(2, 0, 3)).abs().max().item()).isZero();
        assertThat(three.inputs().narrow(1, 1, 7).narrow(2, 6, 7).squeeze(2).sub(three.rewards().narrow(1, 0, 6).mul(2).sub(1)).abs().max().item()).isZero();
    }

    @Test
    void labelsAreTheOrderOfTheMarkersButForTheFlips() {
        MarkerOrder task = new MarkerOrder(4, 0.1);
        int n = 20_000;
        MarkerOrder.Sample sample = task.sample(n, 9, Random.seed(9));
        assertThat(sample.tokens().eq(0).to(DType.FLOAT64).sum(1).toDoubles()).containsOnly(1);
        assertThat(sample.tokens().eq(1).to(DType.FLOAT64).sum(1).toDoubles()).containsOnly(1);
        assertThat(sample.tokens().max().item()).isEqualTo(5);
        Tensor order = sample.tokens().eq(1).to(DType.FLOAT64).argmax(1).gt(sample.tokens().eq(0).to(DType.FLOAT64).argmax(1)).to(DType.INT64);
        assertThat(order.to(DType.FLOAT64).mean().item()).isCloseTo(0.5, within(4 * 0.5 / Math.sqrt(n)));
        assertThat(order.ne(sample.labels()).to(DType.FLOAT64).mean().item()).isCloseTo(0.1, within(4 * 0.3 / Math.sqrt(n)));
        assertThat(task.floor()).isCloseTo(Math.log(10) - 0.9 * Math.log(9), within(1e-15));
        assertThat(new MarkerOrder(4, 0).floor()).isZero();
    }

    @Test
    void badInputIsQuoted() {
        assertThatThrownBy(() -> new HawkesProcess(1, 2, 2)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("alpha is 2.0");
        assertThatThrownBy(() -> AutoregressiveProcess.of(0, 0.5)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("sigma is 0.0");
        assertThatThrownBy(() -> RegimeSwitchingSine.of(1.5, 0, 1, 2)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("stay is 1.5");
        assertThatThrownBy(() -> new MarkerOrder(3, 0.6)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("flip is 0.6");
        assertThatThrownBy(() -> new BernoulliBandit(0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("arms is 0");
    }
}
