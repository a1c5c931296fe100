package lemma.kernel.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NotebookRunnerTest {
    @Test
    void headingsStandOutsideCode() {
        assertThat(NotebookRunner.headings("# One\ntext #2\n```\n# no heading\n```\n### Three\n#four")).containsExactly("# One", "### Three");
    }

    @Test
    void theStemIsTheFamilyId() {
        assertThat(NotebookRunner.stem(Path.of("notebooks/scaling-laws.ipynb"))).isEqualTo("scaling-laws");
    }
}
