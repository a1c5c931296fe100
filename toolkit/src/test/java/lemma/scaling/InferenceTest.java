package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import lemma.stats.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Errors, intervals, criteria and tests of a fit, against statsmodels and SciPy. */
class InferenceTest {
    private static final JsonObject FIXTURE = Fixtures.get("inference");
    private static final double[] M = Fixtures.numbers(FIXTURE, "m");
    private static final double[] Y = Fixtures.numbers(FIXTURE, "y");

    @Test
    void standardErrorsAndIntervalsOfLeastSquaresAreThoseOfStatsmodels() {
        JsonObject product = Fixtures.get("product");
        ScalingFit fit = product();
        double[] errors = Fixtures.numbers(product, "standardErrors");
        assertThat(fit.standardError("p_N")).isCloseTo(errors[1], withinPercentage(1e-6));
        assertThat(fit.standardError("c") / fit.parameter("c")).isCloseTo(errors[0], withinPercentage(1e-6));
        double[] interval = Fixtures.numbers(product.getAsJsonArray("interval").get(1).getAsJsonArray());
        Interval delta = fit.delta("p_N", 0.95);
        assertThat(delta.low()).isCloseTo(interval[0], within(1e-9));
        assertThat(delta.high()).isCloseTo(interval[1], within(1e-9));
        Interval same = fit.delta(p -> 2 * p[1], 0.95);
        assertThat(same.width()).isCloseTo(2 * delta.width(), withinPercentage(1e-6));
    }

    @Test
    void profileOfALineIsTheTInterval() {
        ScalingFit fit = product();
        Interval delta = fit.delta("p_D", 0.9);
        Interval profile = fit.profile("p_D", 0.9);
        assertThat(profile.low()).isCloseTo(delta.low(), within(1e-7));
        assertThat(profile.high()).isCloseTo(delta.high(), within(1e-7));
    }

    @Test
    void profileOfACurveIsThatOfSciPy() {
        JsonObject profile = FIXTURE.getAsJsonObject("profile");
        ScalingFit fit = LawFitter.of(new PowerLawPlusConstant()).fit(Fixtures.numbers(profile, "y"), Fixtures.numbers(profile, "m"));
        for (String name : List.of("beta", "gamma")) {
            double[] expected = Fixtures.numbers(profile, name);
            Interval interval = fit.profile(name, 0.95);
            assertThat(interval.low()).as(name).isCloseTo(expected[0], withinPercentage(1e-3));
            assertThat(interval.high()).as(name).isCloseTo(expected[1], withinPercentage(1e-3));
        }
    }

    @Test
    void anEndThatIsNeverReachedIsTheBound() {
        SplittableRandom random = new SplittableRandom(5);
        double[] m = IntStream.range(0, 8).mapToDouble(i -> 100 << i).toArray();
        double[] y = Arrays.stream(m).map(v -> (3 * Math.pow(v, -0.2) + 0.05) * Math.exp(0.03 * random.nextGaussian())).toArray();
        ScalingFit fit = LawFitter.of(new PowerLawPlusConstant()).fit(y, m);
        assertThat(fit.parameter("gamma")).isPositive();
        assertThat(fit.profile("gamma", 0.999).low()).isZero();
    }

    @Test
    void weightsAreThoseOfWeightedLeastSquares() {
        JsonObject wls = FIXTURE.getAsJsonObject("wls");
        ScalingFit fit = LawFitter.of(new PowerLaw()).withWeights(Fixtures.numbers(FIXTURE, "weights")).fit(Y, M);
        assertThat(fit.parameter("beta")).isCloseTo(Fixtures.numbers(wls, "params")[1], within(1e-9));
        assertThat(fit.standardError("beta")).isCloseTo(Fixtures.numbers(wls, "bse")[1], withinPercentage(1e-6));
        assertThat(fit.rSquared()).isCloseTo(wls.get("r2").getAsDouble(), within(1e-9));
        assertThatThrownBy(() -> LawFitter.of(new PowerLaw()).withWeights(1, 2).fit(Y, M)).hasMessageContaining("2 weights for 12 targets");
        assertThatThrownBy(() -> LawFitter.of(new PowerLaw()).withWeights(new double[12]).fit(Y, M)).hasMessageContaining("the weight is 0.0 in observation 0");
    }

    @Test
    void robustErrorsAreThoseOfStatsmodels() {
        JsonObject robust = FIXTURE.getAsJsonObject("robust");
        ScalingFit fit = LawFitter.of(new PowerLaw()).withHuber(robust.get("delta").getAsDouble()).fit(Y, M);
        assertThat(fit.parameter("beta")).isCloseTo(Fixtures.numbers(robust, "params")[1], within(1e-7));
        assertThat(fit.standardError("beta")).isCloseTo(Fixtures.numbers(robust, "bse")[1], withinPercentage(1e-4));
        assertThat(fit.profile("beta", 0.95).contains(-0.4)).isTrue();
    }

    @Test
    void criteriaAndTheLikelihoodRatioAreThoseOfStatsmodels() {
        JsonObject nested = FIXTURE.getAsJsonObject("nested");
        JsonObject product = Fixtures.get("product");
        ScalingFit small = LawFitter.of(ProductPowerLaw.of("eta", "N")).fit(Fixtures.numbers(product, "y"), Fixtures.numbers(product, "N"));
        ScalingFit large = product();
        assertThat(small.aic()).isCloseTo(Fixtures.numbers(nested, "aic")[0], within(1e-7));
        assertThat(large.aic()).isCloseTo(Fixtures.numbers(nested, "aic")[1], within(1e-7));
        assertThat(large.bic()).isCloseTo(Fixtures.numbers(nested, "bic")[1], within(1e-7));
        LikelihoodRatioTest test = LikelihoodRatioTest.of(small, large);
        assertThat(test.statistic()).isCloseTo(nested.get("lr").getAsDouble(), within(1e-7));
        assertThat(test.p()).isCloseTo(nested.get("p").getAsDouble(), within(1e-10));
        assertThat(test.F()).isCloseTo(nested.get("F").getAsDouble(), within(1e-6));
        assertThat(test.pF()).isCloseTo(nested.get("pF").getAsDouble(), within(1e-10));
        LawComparison comparison = LawComparison.of(small, large);
        assertThat(comparison.best()).isSameAs(large);
        assertThat(comparison.weights()[1] / comparison.weights()[0]).isCloseTo(Math.exp(-0.5 * (small.aic() - large.aic())), withinPercentage(1e-6));
        assertThat(comparison.toString()).contains("dAIC", "power law of eta");
        assertThatThrownBy(() -> LikelihoodRatioTest.of(large, small)).hasMessageContaining("expected the smaller law first");
        assertThatThrownBy(() -> LawFitter.of(new PowerLaw()).withHuber(0.1).fit(Y, M).aic()).hasMessageContaining("plain least squares");
    }

    @Test
    void reportsTheObservationThatIsFarOff() {
        ScalingFit fit = LawFitter.of(new PowerLaw()).withHuber(0.01).fit(Y, M);
        assertThat(fit.outliers()).hasSizeGreaterThanOrEqualTo(1).first().satisfies(o -> {
            assertThat(o.index()).isEqualTo(4);
            assertThat(o.residual()).isGreaterThan(0.3);
        });
        assertThat(fit.warnings()).anyMatch(w -> w.contains("outlier") && w.contains("observation 4"));
        assertThat(fit.residuals().plotly().get("data").toString()).contains("residuals");
    }

    @Test
    void saysThatParametersCannotBeToldApart() {
        double[] n = IntStream.range(0, 20).mapToDouble(i -> 1e7 * Math.pow(1.5, i)).toArray();
        double[] d = Arrays.stream(n).map(v -> 20 * v).toArray();
        double[] y = Arrays.stream(n).map(v -> 3 * Math.pow(v, -0.2)).toArray();
        ScalingFit fit = LawFitter.of(ProductPowerLaw.of("L", "N", "D")).fit(y, n, d);
        assertThat(fit.warnings()).anyMatch(w -> w.contains("cannot be told apart") && w.contains("correlation of their estimates is -1.0000000"));
        assertThatThrownBy(() -> fit.standardError("p_N")).isInstanceOf(IllegalStateException.class).hasMessageContaining("vary the inputs independently");
    }

    @Test
    void holdsOutTheLargestRuns() {
        double[] m = {1, 1, 2, 2, 4, 4, 8, 8};
        double[] y = {8, 8, 4, 4, 2, 2, 0.8, 1.25};
        ScalingFit.HeldOut held = LawFitter.of(new PowerLaw()).fit(y, m).holdingOutLargest(0, 1);
        assertThat(held.indices()).containsExactly(6, 7);
        assertThat(held.relativeErrors()).containsExactly(new double[] {0.25, -0.2}, within(1e-9));
        assertThat(held.mape()).isCloseTo(0.225, within(1e-9));
        assertThatThrownBy(() -> held.fit().holdingOutLargest(0, 3)).hasMessageContaining("hold out 3 of 3 values of m");
    }

    @Test
    void readsACsvFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("runs.csv"), "m,loss\n1,8\n2,4\n4,2\n8,1\n");
        assertThat(LawFitter.of(new PowerLaw()).fit(file, "loss", "m").parameter("beta")).isCloseTo(-1, within(1e-9));
    }

    @Test
    void profileIntervalsCoverAsOftenAsTheySay() {
        SplittableRandom random = new SplittableRandom(31);
        double[] m = IntStream.range(0, 12).mapToDouble(i -> 100 << i).toArray();
        int trials = 200;
        int covered = 0;
        for (int t = 0; t < trials; t++) {
            double[] y = Arrays.stream(m).map(v -> (2 * Math.pow(v, -0.45) + 0.1) * Math.exp(0.01 * random.nextGaussian())).toArray();
            if (LawFitter.of(new PowerLawPlusConstant()).fit(y, m).profile("beta", 0.95).contains(-0.45)) covered++;
        }
        // 4 standard errors of a share of 200
        assertThat(covered / (double) trials).isCloseTo(0.95, within(4 * Math.sqrt(0.95 * 0.05 / trials)));
    }

    private static ScalingFit product() {
        JsonObject product = Fixtures.get("product");
        return LawFitter.of(ProductPowerLaw.of("eta", "N", "D")).fit(Fixtures.numbers(product, "y"), Fixtures.numbers(product, "N"), Fixtures.numbers(product, "D"));
    }
}
