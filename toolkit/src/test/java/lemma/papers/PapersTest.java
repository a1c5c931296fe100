package lemma.papers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PapersTest {
    @Test
    void theCardsTravelInTheJar() {
        assertThat(Papers.get("hestness-scaling").claim("text-power-law").bound()).isEqualTo(Bound.parse(">= 0.97"));
        assertThat(Papers.get("chinchilla-parametric-fit").kind()).isEqualTo(Index.REFERENCE);
    }

    @Test
    void anUnknownPaperNamesTheNearest() {
        assertThatThrownBy(() -> Papers.get("hestness")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no paper 'hestness' in the index; did you mean hestness-scaling,");
    }

    @Test
    void aPaperWithoutACardIsSaidToBeNotBuilt() {
        Index.Entry entry = Papers.index().papers().stream().filter(paper -> Papers.class.getResource(paper.family() + "/" + paper.key() + ".md") == null)
                .findFirst().orElseThrow();
        assertThatThrownBy(() -> Papers.get(entry.key())).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(entry.key()).hasMessageContaining("not built");
    }

    @Test
    void theDistanceIsTheLeastNumberOfEdits() {
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
        assertThat(Nearest.distance("flaw", "lawn")).isEqualTo(2);
    }

    @Test
    void namesThatContainTheGivenOneComeFirst() {
        assertThat(Nearest.hint("slope", List.of("stone", "kernel-slope", "slow", "slopes-of-all"))).isEqualTo("; did you mean kernel-slope, slopes-of-all or slow?");
        assertThat(Nearest.hint("a", List.of())).isEqualTo("; there is none");
    }
}
