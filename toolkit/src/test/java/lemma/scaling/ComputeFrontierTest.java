package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ComputeFrontierTest {
    private static final double[] VALUES = {400, 1800, 1.7, 0.34, 0.28};
    private static final double TRUE = 0.28 / 0.62;
    private static final double[] BUDGETS = IntStream.range(0, 13).mapToDouble(i -> 1e18 * Math.pow(10, i / 4.0)).toArray();

    @Test
    void theThreeApproachesFindThePlantedExponent() {
        Chinchilla law = new Chinchilla();
        List<ComputeFrontier.Curve> curves = IntStream.range(0, 41).mapToObj(k -> {
            double n = 1e7 * Math.pow(10, k / 8.0);
            double[] flops = IntStream.range(0, 200).mapToDouble(i -> 1e17 * Math.pow(10, i * 5 / 199.0)).toArray();
            return new ComputeFrontier.Curve(n, flops, Arrays.stream(flops).map(c -> law.predict(VALUES, n, c / (6 * n))).toArray());
        }).toList();
        ComputeFrontier envelope = ComputeFrontier.envelope(curves, BUDGETS);
        assertThat(envelope.exponent()).isCloseTo(TRUE, within(0.02));
        ComputeFrontier parabolas = ComputeFrontier.isoFlop(curves, BUDGETS);
        assertThat(parabolas.exponent()).isCloseTo(TRUE, within(0.01));
        List<?> lines = (List<?>) parabolas.isoFlops(curves).plotly().get("data");
        assertThat(lines).hasSize(parabolas.optima().size() + 1).last().asString().contains("optima");
        assertThat(lines.getFirst().toString()).contains("3.2e+18 FLOP");
        double[] n = new double[120];
        double[] d = new double[120];
        for (int i = 0; i < 120; i++) {
            n[i] = 1e7 * Math.pow(10, (i % 12) / 4.0);
            d[i] = 1e9 * Math.pow(10, (i / 12) / 3.0);
        }
        ScalingFit fit = Chinchilla.fit(n, d, IntStream.range(0, 120).mapToDouble(i -> law.predict(VALUES, n[i], d[i])).toArray());
        ComputeFrontier parametric = ComputeFrontier.parametric(fit, BUDGETS);
        assertThat(parametric.exponent()).isCloseTo(TRUE, within(1e-4));
        assertThat(parametric.toString()).contains("approach 3", "13 budgets");
        assertThat(ComputeFrontier.table(1e22, envelope, parametric).print()).contains("envelope (approach 1)", "N at 1.00e+22 FLOP");
        assertThat(ComputeFrontier.figure(envelope, parametric).plotly().get("data").toString()).contains("envelope (approach 1)");
    }

    @Test
    void parabolasOfFinishedRunsFindTheirVertex() {
        double[] params = new double[15];
        double[] flops = new double[15];
        double[] loss = new double[15];
        for (int i = 0; i < 15; i++) {
            flops[i] = Math.pow(10, 18 + i / 5);
            double best = 3e-3 * Math.sqrt(flops[i]);
            params[i] = best * Math.pow(1.7, i % 5 - 1.4);
            loss[i] = 2 + 0.1 * Math.pow(Math.log(params[i] / best), 2);
        }
        ComputeFrontier frontier = ComputeFrontier.isoFlop(params, flops, loss);
        assertThat(frontier.exponent()).isCloseTo(0.5, within(1e-9));
        assertThat(frontier.optima().getFirst().params()).isCloseTo(3e6, withinPercentage(1e-6));
        assertThat(frontier.optima().getFirst().loss()).isCloseTo(2, within(1e-9));
        assertThat(frontier.predict(1e22)).isCloseTo(3e8, withinPercentage(1e-4));
    }

    @Test
    void parabolasAreUnbiasedInTheExponentWhenCentredAndBiasedInTheSizeWhenNot() {
        ComputeFrontier.ParabolaBias centred = ComputeFrontier.parabolaBias(VALUES, BUDGETS, 1, 0, 9);
        ComputeFrontier.ParabolaBias wide = ComputeFrontier.parabolaBias(VALUES, BUDGETS, 3, 0.6, 9);
        assertThat(centred.exponentError()).isCloseTo(0, within(1e-3));
        assertThat(Math.abs(wide.extrapolated() - 1)).isGreaterThan(0.05);
        assertThat(Math.abs(wide.extrapolated() - 1)).isGreaterThan(5 * Math.abs(centred.extrapolated() - 1));
    }

    @Test
    void leavesOutBudgetsWhoseOptimumMayLieBeyondTheSizes() {
        double[] flops = {1e3, 1e4, 1e5};
        ComputeFrontier.Curve small = new ComputeFrontier.Curve(10, flops, new double[] {1, 0.9, 0.8});
        ComputeFrontier.Curve large = new ComputeFrontier.Curve(100, flops, new double[] {2, 1, 0.7});
        assertThatThrownBy(() -> ComputeFrontier.envelope(List.of(small, large), 1e3, 1e4, 1e5)).hasMessageContaining("inside the sizes tried at 0 budgets");
        assertThat(small.at(Math.sqrt(1e7))).isCloseTo(Math.sqrt(0.9), within(1e-12));
        assertThat(small.at(10)).isNaN();
        assertThatThrownBy(() -> new ComputeFrontier.Curve(10, new double[] {2, 1}, new double[] {1, 1})).hasMessageContaining("do not ascend at 1.0");
    }
}
