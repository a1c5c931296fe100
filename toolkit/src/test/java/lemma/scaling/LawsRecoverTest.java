package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each law finds the parameters that its data were made with. */
class LawsRecoverTest {
    private static final double[] SIZES = IntStream.range(0, 24).mapToDouble(i -> 30 * Math.pow(1.6, i)).toArray();

    @Test
    void shiftedPowerLaw() {
        recovers(new ShiftedPowerLaw(), 0.1, new double[] {4, -0.6, 300, 0.05}, SIZES);
    }

    @Test
    void brokenPowerLawWithOneBreak() {
        recovers(BrokenPowerLaw.of(1), 0.5, new double[] {0.02, 3, 0.1, 0.5, 2000, 0.3}, SIZES);
    }

    @Test
    void brokenPowerLawWithTwoBreaksFollowsACurveThatRisesInBetween() {
        Law law = BrokenPowerLaw.of(2);
        double[] planted = {0.02, 3, 0.5, -0.8, 800, 0.2, 0.9, 40000, 0.2};
        ScalingFit fit = LawFitter.of(law).fit(Arrays.stream(SIZES).map(m -> law.predict(planted, m)).toArray(), SIZES);
        assertThat(fit.objective()).isLessThan(1e-8);
        assertThat(fit.predict(1e4)).isCloseTo(law.predict(planted, 1e4), withinPercentage(0.1));
    }

    @Test
    void kaplan() {
        double[][] grid = grid(1e6, 1e8);
        recovers(new KaplanLaw(), 0.01, new double[] {8.8e13, 5.4e13, 0.076, 0.095}, grid);
    }

    @Test
    void encoderDecoder() {
        double[][] grid = grid(1e5, 2e5);
        recovers(EncoderDecoderLaw.of(1e6, 1e6), 0.01, new double[] {1.2, 0.25, 0.35, 1.5}, grid);
    }

    @Test
    void dataConstrained() {
        double[][] grid = grid(1e8, 1e10);
        double[] unique = Arrays.stream(grid[1]).map(d -> d / 7).toArray();
        DataConstrainedLaw law = new DataConstrainedLaw(1.8, 480, 2100, 0.35, 0.37);
        recovers(law, 0.1, new double[] {15.4, 5.3}, grid[0], grid[1], unique);
        assertThat(law.predict(new double[] {15.4, 5.3}, 1e6, 1e9, 1e9)).isCloseTo(1.8 + 480 / Math.pow(1e6, 0.35) + 2100 / Math.pow(1e9, 0.37), withinPercentage(1e-9));
    }

    @Test
    void theMatchedModelIsTheComputeOptimalOne() {
        DataConstrainedLaw law = new DataConstrainedLaw(1.8, 480, 2100, 0.35, 0.37);
        double tokens = 1e11;
        double params = law.matchedParams(tokens);
        double c = params * tokens;
        double at = 480 * Math.pow(params, -0.35) + 2100 * Math.pow(tokens, -0.37);
        for (double factor : new double[] {0.97, 1.03}) {
            assertThat(480 * Math.pow(factor * params, -0.35) + 2100 * Math.pow(c / (factor * params), -0.37)).isGreaterThan(at);
        }
    }

    @Test
    void theSplitOfABudgetIsTheClosedForm() {
        double[][] grid = grid(1e5, 2e5);
        EncoderDecoderLaw law = EncoderDecoderLaw.of(1e6, 1e6);
        double[] planted = {1.2, 0.25, 0.35, 1.5};
        ScalingFit fit = LawFitter.of(law).fit(IntStream.range(0, 48).mapToDouble(i -> law.predict(planted, grid[0][i], grid[1][i])).toArray(), grid);
        EncoderDecoderLaw.Split split = EncoderDecoderLaw.optimal(fit, 5e6);
        assertThat(split.encoderShare()).isCloseTo(0.25 / 0.6, within(1e-5));
        assertThat(split.encoder() + split.decoder()).isCloseTo(5e6, withinPercentage(1e-9));
        assertThat(fit.predict(split.encoder() * 1.05, split.decoder() - 0.05 * split.encoder())).isGreaterThan(split.loss());
        assertThatThrownBy(() -> EncoderDecoderLaw.optimal(fit, 0)).hasMessageContaining("budget is 0.0");
    }

    private static void recovers(Law law, double percent, double[] planted, double[]... inputs) {
        double[] y = IntStream.range(0, inputs[0].length).mapToDouble(i -> law.predict(planted, Arrays.stream(inputs).mapToDouble(x -> x[i]).toArray())).toArray();
        ScalingFit fit = LawFitter.of(law).fit(y, inputs);
        for (int j = 0; j < planted.length; j++) {
            String name = law.parameters().get(j).name();
            assertThat(fit.parameter(name)).as(name).isCloseTo(planted[j], withinPercentage(percent));
        }
    }

    private static double[][] grid(double n0, double d0) {
        SplittableRandom random = new SplittableRandom(1);
        double[][] grid = new double[2][48];
        for (int i = 0; i < 48; i++) {
            grid[0][i] = n0 * Math.pow(10, (i / 6) * 3 / 7.0) * (1 + 0.1 * random.nextDouble());
            grid[1][i] = d0 * Math.pow(10, (i % 6) * 2.5 / 5);
        }
        return grid;
    }
}
