package lemma.kernel.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AnsiTest {
    @Test
    void coloursBecomeClasses() {
        assertThat(Ansi.html("a \u001b[1;31m<b>\u001b[0m c"))
                .isEqualTo("a <span class=\"ansi-bold ansi-1\">&lt;b&gt;</span> c");
        assertThat(Ansi.html("\u001b[38;5;9mx")).isEqualTo("<span class=\"ansi-1\">x</span>");
    }

    @Test
    void stripLeavesTheText() {
        assertThat(Ansi.strip("a\u001b[0;32mb\u001b[m")).isEqualTo("ab");
    }
}
