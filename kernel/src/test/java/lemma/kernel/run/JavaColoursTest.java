package lemma.kernel.run;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JavaColoursTest {
    @Test
    void coloursWhatAReaderLooksFor() {
        assertThat(JavaColours.html("var x = List.of(\"// no\", 1.5e-3f); // var\n%maven a:b:1")).isEqualTo(
                "<span class=\"keyword\">var</span> x = <span class=\"type\">List</span>.of(<span class=\"string\">&quot;// no&quot;</span>, "
                        + "<span class=\"number\">1.5e-3f</span>); <span class=\"comment\">// var</span>\n<span class=\"magic\">%maven a:b:1</span>");
    }

    @Test
    void aTextBlockIsOneString() {
        assertThat(JavaColours.html("\"\"\"\na \"b\" // c\n\"\"\";")).endsWith("</span>;").containsOnlyOnce("<span");
    }

    @Property
    void addsSpansAndNothingElse(@ForAll String source) {
        assertThat(JavaColours.html(source).replaceAll("<span class=\"[a-z]+\">|</span>", "")).isEqualTo(HtmlPage.escape(source));
    }
}
