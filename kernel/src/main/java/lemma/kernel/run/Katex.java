package lemma.kernel.run;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lemma.kernel.WebJar;

/**
 * KaTeX for a page without network: its script, and its style sheet with the fonts in it.
 *
 * @see <a href="https://katex.org">KaTeX</a>, MIT licence
 */
final class Katex {
    private static final WebJar FILES = WebJar.of("katex");
    private static final Pattern FONT = Pattern.compile("src:url\\((fonts/[\\w-]+\\.woff2)\\) ?format\\(\"woff2\"\\)[^;}]*");
    private static final String RENDER = """

            document.querySelectorAll('.math').forEach(formula =>
              katex.render(formula.textContent, formula, {displayMode: formula.classList.contains('display'), throwOnError: false}));
            """;

    private Katex() {}

    /** Sets every element of class {@code math}. */
    static String script() {
        return FILES.text("dist/katex.min.js") + RENDER;
    }

    /** The style sheet; each font stands in it once, as WOFF2. */
    static String style() {
        return FONT.matcher(FILES.text("dist/katex.min.css")).replaceAll(font ->
                Matcher.quoteReplacement("src:url(data:font/woff2;base64,"
                        + Base64.getEncoder().encodeToString(FILES.bytes("dist/" + font.group(1))) + ") format(\"woff2\")"));
    }
}
