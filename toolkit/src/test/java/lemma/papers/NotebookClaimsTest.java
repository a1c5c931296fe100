package lemma.papers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NotebookClaimsTest {
    private static List<String> measured(String... cells) {
        return NotebookClaims.parse(Checkout.notebook(List.of(), cells)).measured().stream().map(NotebookClaims.Measured::name).toList();
    }

    @Test
    void findsTheDirectForm() {
        assertThat(measured("Papers.get(\"p\").claim(\"c\").measured(1);")).containsExactly("p/c");
        assertThat(measured("Papers\n    .get( \"p\" )\n    .claim( \"c\" )\n    .measured(new double[] {1, 2})")).containsExactly("p/c");
    }

    @Test
    void findsTheVariableFormAcrossCells() {
        assertThat(measured("var paper = Papers.get(\"p\");", "double x = 1; paper.claim(\"c\").measured(x);")).containsExactly("p/c");
        assertThat(measured("Paper paper = Papers.get(\"p\"); paper.claim(\"c\").measured(1); paper = Papers.get(\"q\"); paper.claim(\"c\").measured(1);"))
                .containsExactly("p/c", "q/c");
    }

    @Test
    void aClaimThatIsOnlyLookedAtIsNotMeasured() {
        assertThat(measured("Papers.get(\"p\").claim(\"c\");", "Papers.get(\"p\").claim(\"c\").outcome(1)")).isEmpty();
    }

    @Test
    void commentsDoNotCountAndStringsDoNotBeginThem() {
        assertThat(measured("// Papers.get(\"p\").claim(\"a\").measured(1);\n/* Papers.get(\"p\").claim(\"b\").measured(1);\n */ Papers.get(\"p\").claim(\"c\").measured(1);"))
                .containsExactly("p/c");
        assertThat(measured("var url = \"https://a\"; Papers.get(\"p\").claim(\"c\").measured(1);")).containsExactly("p/c");
        assertThat(measured("char slash = '\"'; Papers.get(\"p\").claim(\"c\").measured(1); // \"")).containsExactly("p/c");
    }

    @Test
    void sourcesMayBeOneString() {
        assertThat(NotebookClaims.parse("""
                {"cells": [{"cell_type": "code", "outputs": [], "source": "Papers.get(\\"p\\").claim(\\"c\\").measured(1);"}]}
                """).measured()).hasSize(1);
    }
}
