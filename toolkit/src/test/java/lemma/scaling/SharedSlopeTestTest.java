package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SharedSlopeTestTest {
    private static final JsonObject STATSMODELS = Fixtures.get("sharedSlope");
    private static final double[] M = Fixtures.numbers(STATSMODELS, "m");

    private static double[] group(int g) {
        return Fixtures.numbers(STATSMODELS.getAsJsonArray("groups").get(g).getAsJsonArray());
    }

    @Test
    void agreesWithTheModelComparisonOfStatsmodels() {
        check(SharedSlopeTest.of(M, group(0), M, group(1)), STATSMODELS.getAsJsonObject("firstTwo"));
        check(SharedSlopeTest.of(new double[][] {M, M, M}, new double[][] {group(0), group(1), group(2)}), STATSMODELS.getAsJsonObject("all"));
    }

    private static void check(SharedSlopeTest test, JsonObject expected) {
        assertThat(test.F()).isCloseTo(expected.get("F").getAsDouble(), within(1e-8));
        assertThat(test.p()).isCloseTo(expected.get("p").getAsDouble(), within(1e-10));
        assertThat(test.df1()).isEqualTo(expected.get("df1").getAsInt());
        assertThat(test.df2()).isEqualTo(expected.get("df2").getAsInt());
        assertThat(test.slope()).isCloseTo(expected.get("slope").getAsDouble(), within(1e-12));
        assertThat(test.slopes()).containsExactly(Fixtures.numbers(expected, "slopes"), within(1e-12));
    }

    @Test
    void rejectsAsOftenAsItsLevelUnderOneSlope() {
        SplittableRandom random = new SplittableRandom(5);
        int trials = 4000;
        int rejected = 0;
        for (int t = 0; t < trials; t++) {
            double[] first = Arrays.stream(M).map(m -> 2 * Math.pow(m, -0.3) * Math.exp(0.05 * random.nextGaussian())).toArray();
            double[] second = Arrays.stream(M).map(m -> 3 * Math.pow(m, -0.3) * Math.exp(0.05 * random.nextGaussian())).toArray();
            if (SharedSlopeTest.of(M, first, M, second).p() < 0.05) rejected++;
        }
        assertThat(rejected / (double) trials).isCloseTo(0.05, within(4 * Math.sqrt(0.05 * 0.95 / trials)));
    }

    @Test
    void printsFWithItsDegreesOfFreedom() {
        assertThat(SharedSlopeTest.of(M, group(0), M, group(1)).toString()).startsWith("Shared slope: F(1, 10) = ").contains("p = ", "common slope -0.");
    }

    @Test
    void refusesDataThatCannotBeTested() {
        double[] two = {1, 2};
        assertThatThrownBy(() -> SharedSlopeTest.of(two, two, two, two)).hasMessageContaining("4 points for 2 lines");
        assertThatThrownBy(() -> SharedSlopeTest.of(M, M, M, M)).hasMessageContaining("every point lies on its line");
        assertThatThrownBy(() -> SharedSlopeTest.of(M, M, new double[] {5, 5, 5}, new double[] {1, 2, 3})).hasMessageContaining("curve 1 has sizes [5.0, 5.0, 5.0]");
        assertThatThrownBy(() -> SharedSlopeTest.of(M, M, new double[] {1, 2, 3}, new double[] {1, 0, 3})).hasMessageContaining("error is 0.0 at point 1 of curve 1");
        assertThatThrownBy(() -> SharedSlopeTest.of(new double[][] {M}, new double[][] {M})).hasMessageContaining("1 arrays of sizes");
    }
}
