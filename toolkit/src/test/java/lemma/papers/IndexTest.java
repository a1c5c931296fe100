package lemma.papers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexTest {
    private static final String SMALL = """
            families:
              scaling-laws: Scaling laws
            papers:
              - {key: a-law, family: scaling-laws, kind: empirical, title: A Law}
              - {key: b-law, family: scaling-laws, kind: theory, title: "B: Law"}
            references:
              - {key: c-fit, family: scaling-laws, kind: reference, title: C}
            """;

    @Test
    void theIndexHas342PapersIn42Families() {
        Index index = Papers.index();
        assertThat(index.papers()).hasSize(342);
        assertThat(index.papers().stream().map(Index.Entry::key)).doesNotHaveDuplicates();
        assertThat(index.families()).hasSize(42);
        assertThat(index.papers().stream().map(Index.Entry::family).collect(Collectors.toSet())).isEqualTo(index.families().keySet());
    }

    @Test
    void everyTitleStandsOnce() {
        assertThat(Papers.index().all().stream().map(Index.Entry::title)).doesNotHaveDuplicates();
    }

    @Test
    void findsPapersAndReferences() {
        Index index = Index.parse(SMALL, "index.yaml");
        assertThat(index.find("b-law")).contains(new Index.Entry("b-law", "scaling-laws", "theory", "B: Law"));
        assertThat(index.find("c-fit")).isPresent();
        assertThat(index.papers()).hasSize(2);
        assertThat(index.find("d")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "key: b-law | key: a-law | key a-law stands twice",
        "key: c-fit | key: a-law | key a-law stands twice",
        "a-law, family: scaling-laws | a-law, family: scaling-law | a-law: no family 'scaling-law'; did you mean scaling-laws?",
        "kind: theory | kind: theorem | b-law: kind 'theorem' is none of",
        "kind: theory | kind: reference | b-law: kind 'reference' is none of",
        "kind: reference | kind: method | c-fit: kind 'method' under references",
        "title: A Law | tier: A | unknown field 'tier'",
        "title: A Law | title: 3 | title is 3, expected text"})
    void aWrongIndexSaysWhatAndWhere(String right, String wrong, String message) {
        assertThat(SMALL).contains(right);
        assertThatThrownBy(() -> Index.parse(SMALL.replace(right, wrong), "papers/index.yaml")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("papers/index.yaml").hasMessageContaining(message);
    }
}
