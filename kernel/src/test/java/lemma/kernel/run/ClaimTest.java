package lemma.kernel.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import lemma.kernel.wire.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimTest {
    private static Claim claim(boolean pass, String expect, String kind) {
        return new Claim(Json.object("paper", "a-paper", "claim", "slope", "metric", "slope", "bound", ">= 0.5", "measured", 0.31256,
                "expect", expect, "pass", pass, "kind", kind));
    }

    @ParameterizedTest
    @CsvSource({
        "true, reproduced, measurement, true", "false, reproduced, measurement, false", "true, not-reproduced, measurement, false",
        "false, not-reproduced, measurement, true", "false, reproduced, timing, true"
    })
    void anOutcomeMustBeTheExpectedOneInEitherDirection(boolean pass, String expect, String kind, boolean asExpected) {
        assertThat(claim(pass, expect, kind).asExpected()).isEqualTo(asExpected);
    }

    @Test
    void theTableNamesWhatIsNotAsExpected() {
        assertThat(ClaimTable.of(List.of(claim(false, "reproduced", "measurement"), claim(false, "not-reproduced", "measurement"))))
                .isEqualTo("""
                        paper    claim  bound   measured  expect          pass
                        a-paper  slope  >= 0.5  0.3126    reproduced      no    NOT AS EXPECTED
                        a-paper  slope  >= 0.5  0.3126    not-reproduced  no
                        """);
    }

    @Test
    void anUnknownExpectationIsAnError() {
        assertThatThrownBy(() -> claim(true, "maybe", "measurement")).hasMessageContaining("'maybe'");
        assertThatThrownBy(() -> new Claim(Json.object("paper", "p"))).hasMessageContaining("claim without claim");
    }
}
