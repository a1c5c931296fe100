package lemma.papers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lemma.display.Bundle;
import lemma.display.Display;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimTest {
    private static Claim claim(String bound, int seeds, String over) {
        return new Claim("a-paper", "a-claim", "R2 <of> the fit", Bound.parse(bound), seeds, Over.parse(over), Expect.REPRODUCED, "", false);
    }

    private static Claim failing(String reason) {
        return new Claim("a-paper", "a-claim", "R2", Bound.parse(">= 0.5"), 0, Over.parse("every-seed"), Expect.NOT_REPRODUCED, reason, false);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "every-seed | >= 0.5 | 0.6 0.4 0.9 0.8 0.7 | 0.4 | false", "every-seed | <= 0.9 | 0.6 0.4 0.9 0.8 0.7 | 0.9 | true",
        "every-seed | in [0, 1] | 0.6 0.4 0.95 0.8 0.7 | 0.95 | true", "mean | >= 0.6 | 1 0 1 0 1 | 0.6 | true", "mean | > 0.6 | 1 0 1 0 1 | 0.6 | false",
        "median | <= 3 | 9 1 3 2 8 | 3 | true", "fraction 0.6 | >= 1 | 0 1 2 0 3 | 1 | true", "fraction 0.7 | >= 1 | 0 1 2 0 3 | 0 | false"})
    void theNumberThatIsJudgedIsTheOneTheCardNames(String over, String bound, String values, double measured, boolean pass) {
        double[] perSeed = List.of(values.split(" ")).stream().mapToDouble(Double::parseDouble).toArray();
        Outcome outcome = claim(bound, 5, over).outcome(perSeed);
        assertThat(outcome.measured()).isEqualTo(measured);
        assertThat(outcome.pass()).isEqualTo(pass);
    }

    @Test
    void theMedianOfAnEvenNumberIsBetweenTheMiddleTwo() {
        assertThat(claim(">= 0", 4, "median").outcome(1, 9, 2, 4).measured()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"every-seed", "mean", "median"})
    void oneSeedThatIsNotANumberFailsTheClaim(String over) {
        assertThat(claim(">= 0", 3, over).outcome(1, Double.NaN, 1).pass()).isFalse();
    }

    @Test
    void aSeedThatIsNotANumberCountsAsFailedInAFraction() {
        assertThat(claim(">= 0", 4, "fraction 0.5").outcome(1, Double.NaN, Double.NaN, 2).pass()).isTrue();
        assertThat(claim(">= 0", 4, "fraction 0.75").outcome(1, Double.NaN, Double.NaN, 2).pass()).isFalse();
    }

    @Test
    void aWrongNumberOfSeedsIsAnErrorThatQuotesBoth() {
        assertThatThrownBy(() -> claim(">= 0", 3, "mean").outcome(1, 2)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a-paper/a-claim: 2 values measured, the card says seeds: 3");
        assertThatThrownBy(() -> claim(">= 0", 3, "every-seed").measured(1)).hasMessage("a-paper/a-claim: 1 value measured, the card says seeds: 3");
    }

    @Test
    void aPooledClaimTakesOneValue() {
        assertThat(claim("> 0.05", 3, "pooled").outcome(0.2).pass()).isTrue();
        assertThatThrownBy(() -> claim("> 0.05", 3, "pooled").outcome(0.2, 0.3, 0.4))
                .hasMessage("a-paper/a-claim: 3 values measured, the card says one value (seeds: 3, over: pooled)");
    }

    @Test
    void anExpectedFailureNeedsAReasonAndIsAsExpected() {
        assertThatThrownBy(() -> failing(" ")).hasMessageContaining("needs a reason");
        assertThat(failing("0.31, the tail is too short").outcome(0.31).asExpected()).isTrue();
        assertThat(failing("0.31, the tail is too short").outcome(0.7).asExpected()).isFalse();
        assertThat(failing("0.31, the tail is too short").outcome(0.31).json()).containsEntry("reason", "0.31, the tail is too short");
        assertThat(claim(">= 0.5", 0, "every-seed").outcome(0.31).asExpected()).isFalse();
    }

    @Test
    void aTimingIsNeverUnexpected() {
        Claim timing = new Claim("p", "c", "seconds", Bound.parse("<= 1"), 0, Over.parse("every-seed"), Expect.REPRODUCED, "", true);
        assertThat(timing.outcome(5).asExpected()).isTrue();
        assertThat(timing.outcome(5).pass()).isFalse();
        assertThat(timing.outcome(5).json()).containsEntry("kind", "timing");
    }

    @Test
    void measuredShowsTextHtmlAndJson() {
        List<Bundle> shown = new ArrayList<>();
        Display.Sink before = Display.install(new Display.Sink() {
            @Override
            public void show(String id, Bundle bundle) {
                shown.add(bundle);
            }

            @Override
            public void update(String id, Bundle bundle) {
                throw new AssertionError("nothing to update");
            }
        });
        try {
            claim(">= 0.97", 3, "every-seed").measured(new double[] {0.98, 0.971, 0.99});
        } finally {
            Display.install(before);
        }
        assertThat(shown).hasSize(1);
        Map<String, Object> data = shown.getFirst().data();
        assertThat(data.get(Bundle.TEXT).toString()).startsWith("reproduced: a-paper/a-claim")
                .contains("0.971 against >= 0.97 (worst of 3 seeds); values 0.98, 0.971, 0.99");
        assertThat(data.get(Bundle.HTML).toString()).contains("R2 &lt;of&gt; the fit").contains("&gt;= 0.97").doesNotContain("<of>");
        JsonObject json = new Gson().toJsonTree(data.get(Bundle.CLAIM)).getAsJsonObject();
        assertThat(json.keySet()).containsExactly("paper", "claim", "metric", "bound", "measured", "values", "seeds", "expect", "pass", "kind");
        assertThat(json.toString()).isEqualTo("{\"paper\":\"a-paper\",\"claim\":\"a-claim\",\"metric\":\"R2 <of> the fit\",\"bound\":\">= 0.97\","
                + "\"measured\":0.971,\"values\":[0.98,0.971,0.99],\"seeds\":3,\"expect\":\"reproduced\",\"pass\":true,\"kind\":\"result\"}");
    }

    @Test
    void manyValuesAreShownAsTheirRange() {
        double[] values = java.util.stream.IntStream.rangeClosed(1, 20).mapToDouble(i -> i / 10.0).toArray();
        assertThat(claim(">= 0", 20, "median").outcome(values).toString()).contains("1.05 against >= 0 (median of 20 seeds); values from 0.1 to 2");
    }

    @Test
    void numbersThatJsonLacksAreStrings() {
        Map<String, Object> json = claim(">= 0", 2, "mean").outcome(Double.NaN, Double.POSITIVE_INFINITY).json();
        assertThat(json).containsEntry("measured", "NaN").containsEntry("values", List.of("NaN", "Infinity"));
    }

    @Test
    void roundingNeverCarriesANumberAcrossTheBound() {
        assertThat(claim(">= 0.97", 0, "every-seed").outcome(0.96999999).toString()).contains("0.96999999 against >= 0.97");
        assertThat(claim(">= 0.97", 0, "every-seed").outcome(0.123456).toString()).contains("0.1235 against");
        assertThat(claim(">= 0", 0, "every-seed").outcome(1.23456e-9).toString()).contains("1.235e-9 against");
        assertThat(claim(">= 0", 0, "every-seed").outcome(1.23456e12).toString()).contains("1.235e12 against");
        assertThat(claim(">= 0", 0, "every-seed").outcome(-0.0).toString()).contains("0 against");
    }

    @ParameterizedTest
    @ValueSource(strings = {"worst", "fraction 0", "fraction 0.0", "fraction 1", "fraction 1.5", "fraction 90%", "Mean", "mean "})
    void anUnknownRuleIsQuoted(String over) {
        assertThatThrownBy(() -> Over.parse(over)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("'" + over + "'");
    }

    @Test
    void aRuleOverSeedsNeedsSeeds() {
        assertThatThrownBy(() -> claim(">= 0", 1, "mean")).hasMessageContaining("over 'mean' needs at least 2 seeds, the card says 1");
    }
}
