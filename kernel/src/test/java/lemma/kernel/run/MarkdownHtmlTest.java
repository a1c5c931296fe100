package lemma.kernel.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkdownHtmlTest {
    private static String html(String markdown) {
        return MarkdownHtml.html(markdown).strip();
    }

    @Test
    void markdownLeavesFormulasAlone() {
        assertThat(html("so $a_i*b_i*c < \\alpha\\_x$ *is*"))
                .isEqualTo("<p>so <span class=\"math\">a_i*b_i*c &lt; \\alpha\\_x</span> <em>is</em></p>");
    }

    @Test
    void displayedFormulasMaySpanLinesThatLookLikeMarkdown() {
        assertThat(html("$$\na\n- b\n= c\n$$")).isEqualTo("<p><span class=\"math display\">a\n- b\n= c</span></p>");
        assertThat(html("\\begin{align}\na &= b \\\\\n\n\\end{align}")).contains("class=\"math display\">\\begin{align}\na &amp;= b");
    }

    @Test
    void codeKeepsItsDollars() {
        assertThat(html("`$x$` and ``a ` $y$``")).isEqualTo("<p><code>$x$</code> and <code>a ` $y$</code></p>");
        assertThat(html("```\n$x$ and $y$\n```\n$z$")).contains("<code>$x$ and $y$\n</code>", "<span class=\"math\">z</span>");
    }

    @Test
    void moneyIsNoFormula() {
        assertThat(html("costs $5 or $6 a day")).isEqualTo("<p>costs $5 or $6 a day</p>");
        assertThat(html("costs \\$5 and $x$")).isEqualTo("<p>costs $5 and <span class=\"math\">x</span></p>");
    }

    @Test
    void tablesAlign() {
        assertThat(html("| a | b |\n|---|--:|\n| $x_1$ | 2 |")).contains("<td><span class=\"math\">x_1</span></td>", "<td align=\"right\">2</td>");
    }

    @Test
    void latexOutputLosesItsDollars() {
        assertThat(MarkdownHtml.latex("$$x$$")).isEqualTo("<span class=\"math display\">x</span>");
        assertThat(MarkdownHtml.latex("$x$")).isEqualTo("<span class=\"math\">x</span>");
    }
}
