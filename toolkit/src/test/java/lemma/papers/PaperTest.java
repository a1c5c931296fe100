package lemma.papers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaperTest {
    private static final String CARD = """
            ---
            title: "A Law: of Laws"
            family: scaling-laws
            kind: empirical
            blocks: [java.lang.String]
            claims:
              - id: slope
                metric: fitted exponent
                bound: "= -1 +- 0.05"
                seeds: 3
                over: mean
                expect: reproduced
              - id: speed
                metric: seconds
                bound: "<= 1"
                seeds: 0
                expect: not-reproduced
                reason: it takes 2 s
                kind: timing
            left_out:
              - id: speech
                reason: no such data at this size
            ---
            What it says.
            """;

    private static Paper parse(String card) {
        return Paper.parse("a-law", card, "papers/scaling-laws/a-law.md");
    }

    @Test
    void readsEveryField() {
        Paper paper = parse(CARD);
        assertThat(paper.title()).isEqualTo("A Law: of Laws");
        assertThat(paper.family()).isEqualTo("scaling-laws");
        assertThat(paper.kind()).isEqualTo("empirical");
        assertThat(paper.blocks()).containsExactly("java.lang.String");
        assertThat(paper.leftOut()).containsExactly(new Paper.LeftOut("speech", "no such data at this size"));
        assertThat(paper.prose()).isEqualTo("What it says.");
        assertThat(paper.draft()).isFalse();
        assertThat(paper.claim("slope")).isEqualTo(
                new Claim("a-law", "slope", "fitted exponent", Bound.parse("= -1 +- 0.05"), 3, Over.parse("mean"), Expect.REPRODUCED, "", false));
        assertThat(paper.claim("speed").timing()).isTrue();
    }

    @Test
    void anUnknownClaimNamesTheNearest() {
        assertThatThrownBy(() -> parse(CARD).claim("slop")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("paper a-law has no claim 'slop'; did you mean slope or speed?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "bound: \"<= 1\" | bound: \"at most 1\" | claim speed: bound 'at most 1'",
        "over: mean | over: average | claim slope: over 'average' is none of",
        "seeds: 3 | seeds: three | claim slope: seeds is three, expected a whole number",
        "seeds: 3 | seeds: -3 | claim slope: seeds -3",
        "expect: reproduced | expect: yes please | claim slope: expect 'yes please'",
        "reason: it takes 2 s |  | claim speed: expect not-reproduced needs a reason",
        "kind: timing | kind: speed | claim speed: kind 'speed'",
        "metric: seconds | metrik: seconds | claim speed: unknown field 'metrik'; did you mean metric",
        "metric: seconds |  | claim speed: no field 'metric'",
        "id: speed | id: slope | claim slope stands twice",
        "id: speech | id: slope | slope under left_out stands twice",
        "id: speed | id: Speed! | id 'Speed!': expected lower-case words",
        "family: scaling-laws | family: [a] | family is [a], expected text",
        "blocks: [java.lang.String] | blocks: lots | blocks is lots, expected a list",
        "kind: empirical | kind: empirical\\ntitle: again | not readable as YAML",
        "blocks: [java.lang.String] | blocks: [3] | blocks is 3, expected a list of texts"})
    void aWrongCardSaysWhereAndWhat(String right, String wrong, String message) {
        String card = CARD.replaceFirst(java.util.regex.Pattern.quote(right), wrong == null ? "" : wrong.replace("\\n", "\n"));
        assertThat(card).isNotEqualTo(CARD);
        assertThatThrownBy(() -> parse(card)).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("papers/scaling-laws/a-law.md")
                .hasMessageContaining(message);
    }

    @Test
    void aFileWithoutFrontMatterIsNoCard() {
        assertThatThrownBy(() -> parse("# A Law")).hasMessage("papers/scaling-laws/a-law.md: a card begins with YAML between two lines of ---");
    }

    @Test
    void yamlThatMakesObjectsIsRefused() {
        assertThatThrownBy(() -> parse(CARD.replace("What", "").replace("title: \"A Law: of Laws\"", "title: !!java.net.URL [\"http://a\"]")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not readable as YAML");
    }
}
