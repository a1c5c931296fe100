package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class PowerLawFitTest {
    private static final double[] SIZES = {1000, 2000, 4000, 8000, 16000, 32000, 64000};

    @Test
    void agreesWithCurveFitOfSciPy() {
        JsonObject scipy = Fixtures.get("powerLaw");
        JsonObject expected = scipy.getAsJsonObject("pureFit");
        PowerLawFit fit = PowerLawFit.of(Fixtures.numbers(scipy, "m"), Fixtures.numbers(scipy, "pure"));
        assertThat(fit.alpha()).isCloseTo(expected.get("alpha").getAsDouble(), withinPercentage(1e-6));
        assertThat(fit.beta()).isCloseTo(expected.get("beta").getAsDouble(), within(1e-8));
        assertThat(fit.rSquared()).isCloseTo(expected.get("r2").getAsDouble(), within(1e-10));
        assertThat(fit.gamma()).isZero();
    }

    @Test
    void agreesWithCurveFitOfSciPyWithAnOffset() {
        JsonObject scipy = Fixtures.get("powerLaw");
        JsonObject expected = scipy.getAsJsonObject("offsetFit");
        PowerLawFit fit = PowerLawFit.of(Fixtures.numbers(scipy, "m"), Fixtures.numbers(scipy, "offset")).withOffset();
        assertThat(fit.alpha()).isCloseTo(expected.get("alpha").getAsDouble(), withinPercentage(1e-3));
        assertThat(fit.beta()).isCloseTo(expected.get("beta").getAsDouble(), within(1e-6));
        assertThat(fit.gamma()).isCloseTo(expected.get("gamma").getAsDouble(), within(1e-6));
        assertThat(fit.rSquared()).isCloseTo(expected.get("r2").getAsDouble(), within(1e-10));
    }

    @Property(tries = 40)
    void recoversPlantedExponentAndOffset(@ForAll @DoubleRange(min = 0.5, max = 50) double alpha, @ForAll @DoubleRange(min = 0.1, max = 1) double exponent,
            @ForAll @DoubleRange(min = 0.02, max = 0.9) double share) {
        double gamma = share * alpha * Math.pow(8000, -exponent);
        double[] error = Arrays.stream(SIZES).map(m -> alpha * Math.pow(m, -exponent) + gamma).toArray();
        PowerLawFit fit = PowerLawFit.of(SIZES, error).withOffset();
        assertThat(fit.beta()).isCloseTo(-exponent, within(1e-3));
        assertThat(fit.gamma()).isCloseTo(gamma, withinPercentage(1));
        assertThat(fit.rSquared()).isGreaterThan(1 - 1e-8);
    }

    @Test
    void unitsOfTheSizeChangeOnlyAlpha() {
        double[] error = {1, 0.81, 0.66, 0.55, 0.46, 0.385, 0.33};
        PowerLawFit fit = PowerLawFit.of(SIZES, error).withOffset();
        PowerLawFit inMillions = PowerLawFit.of(Arrays.stream(SIZES).map(m -> m / 1e6).toArray(), error).withOffset();
        assertThat(inMillions.beta()).isCloseTo(fit.beta(), within(1e-6));
        assertThat(inMillions.gamma()).isCloseTo(fit.gamma(), within(1e-6));
    }

    @Test
    void nominalIntervalsCoverThePlantedExponent() {
        SplittableRandom random = new SplittableRandom(21);
        int trials = 300;
        int covered = 0;
        for (int t = 0; t < trials; t++) {
            double[] error = Arrays.stream(SIZES).map(m -> 3 * Math.pow(m, -0.3) * Math.exp(0.02 * random.nextGaussian())).toArray();
            if (PowerLawFit.of(SIZES, error).withBootstrap(400, t).interval("beta", 0.9).contains(-0.3)) covered++;
        }
        // seven points: percentile intervals run a few points short of 90 %
        assertThat(covered / (double) trials).isBetween(0.78, 0.96);
    }

    @Test
    void standardErrorOfTheSlopeIsThatOfTheTextbook() {
        SplittableRandom random = new SplittableRandom(22);
        double[] error = Arrays.stream(SIZES).map(m -> 3 * Math.pow(m, -0.3) * Math.exp(0.02 * random.nextGaussian())).toArray();
        ScalingFit fit = PowerLawFit.of(SIZES, error).withBootstrap(20000, 1).scalingFit();
        double rss = Arrays.stream(fit.logResiduals()).map(r -> r * r).sum();
        double[] x = Arrays.stream(SIZES).map(Math::log).toArray();
        double mean = Arrays.stream(x).average().orElseThrow();
        double sxx = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
        assertThat(fit.bootstrap().standardError(1)).isCloseTo(Math.sqrt(rss / (SIZES.length - 2) / sxx), withinPercentage(4 * 100 / Math.sqrt(2 * 20000)));
    }

    @Test
    void extrapolatesToTheSizesHeldOut() {
        double[] error = Arrays.stream(SIZES).map(m -> 3 * Math.pow(m, -0.3)).toArray();
        error[6] *= 1.25;
        PowerLawFit.Extrapolation held = PowerLawFit.of(SIZES, error).extrapolation(2);
        assertThat(held.m()).containsExactly(32000, 64000);
        assertThat(held.reach()).isEqualTo(4);
        assertThat(held.relativeErrors()).containsExactly(new double[] {0, 1 / 1.25 - 1}, within(1e-8));
        assertThat(held.atLargest()).isCloseTo(-0.2, within(1e-8));
        assertThat(held.mape()).isCloseTo(0.1, within(1e-8));
    }

    @Test
    void averagesSeedsAtTheSizesHeldOut() {
        double[] m = {1, 1, 2, 2, 4, 4, 8, 8};
        double[] error = {8, 8, 4, 4, 2, 2, 0.9, 1.1};
        assertThat(PowerLawFit.of(m, error).extrapolation(1).measured()).containsExactly(1.0);
    }

    @Test
    void fitsTheMiddleRegimeAlone() {
        double[] error = Arrays.stream(SIZES).map(m -> m < 2000 ? 0.5 : 3 * Math.pow(m, -0.3)).toArray();
        assertThat(PowerLawFit.of(SIZES, error).between(2000, 64000).beta()).isCloseTo(-0.3, within(1e-9));
    }

    @Test
    void saysThatTheOffsetStandsAtZero() {
        double[] error = Arrays.stream(SIZES).map(m -> 3 * Math.pow(m, -0.3)).toArray();
        assertThat(PowerLawFit.of(SIZES, error).withOffset().warnings()).anyMatch(w -> w.startsWith("gamma stands at its bound 0"));
    }

    @Test
    void saysThatARisingCurveStandsAtItsBound() {
        double[] error = Arrays.stream(SIZES).map(m -> 3 * Math.pow(m, 0.2)).toArray();
        assertThat(PowerLawFit.of(SIZES, error).withOffset().warnings()).anyMatch(w -> w.startsWith("beta stands at its bound 0"));
    }

    @Test
    void drawsThePointsTheCurveAndItsBand() {
        double[] error = Arrays.stream(SIZES).map(m -> 3 * Math.pow(m, -0.3) * (m == 4000 ? 1.1 : 1)).toArray();
        assertThat(PowerLawFit.of(SIZES, error).withBootstrap(200, 0).figure().plotly().get("data").toString()).contains("fit", "95% bootstrap", "measured");
    }

    @Test
    void refusesTooFewSizes() {
        assertThatThrownBy(() -> PowerLawFit.of(new double[] {1, 2}, new double[] {2, 1})).hasMessageContaining("2 observations for 2 parameters");
        assertThatThrownBy(() -> PowerLawFit.of(SIZES, SIZES).extrapolation(7)).hasMessageContaining("hold out 7 of 7");
        assertThatThrownBy(() -> PowerLawFit.of(SIZES, SIZES).extrapolation(5)).hasMessageContaining("2 observations");
    }
}
