package lemma.kernel;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * KaTeX for a page without network: its script, and its style sheet with the fonts in it.
 *
 * @see <a href="https://katex.org">KaTeX</a>, MIT licence
 */
public final class Katex {
    private static final WebJar FILES = WebJar.of("katex");
    private static final Pattern FONT = Pattern.compile("src:url\\((fonts/[\\w-]+\\.woff2)\\) ?format\\(\"woff2\"\\)[^;}]*");
    private static final String RENDER = """

            document.querySelectorAll('.math').forEach(formula =>
              katex.render(formula.textContent, formula, {displayMode: formula.classList.contains('display'), throwOnError: false}));
            """;

    /** Formulas between dollars and the like, where JupyterLab sets them too. */
    private static final String RENDER_DELIMITED = """

            addEventListener('DOMContentLoaded', () => {
              const delimiters = [['$$', '$$', true], ['$', '$', false], ['\\\\[', '\\\\]', true], ['\\\\(', '\\\\)', false],
                ...['equation', 'equation*', 'align', 'align*', 'gather', 'gather*', 'alignat', 'alignat*', 'CD'].map(name =>
                  ['\\\\begin{' + name + '}', '\\\\end{' + name + '}', true])].map(([left, right, display]) => ({left, right, display}));
              document.querySelectorAll('.jp-RenderedHTMLCommon, .jp-RenderedLatex').forEach(place =>
                renderMathInElement(place, {delimiters, throwOnError: false}));
            });
            """;

    private Katex() {}

    /** Sets every element of class {@code math}. */
    public static String script() {
        return FILES.text("dist/katex.min.js") + RENDER;
    }

    /** The style sheet; each font stands in it once, as WOFF2. */
    public static String style() {
        return FONT.matcher(FILES.text("dist/katex.min.css")).replaceAll(font ->
                Matcher.quoteReplacement("src:url(data:font/woff2;base64,"
                        + Base64.getEncoder().encodeToString(FILES.bytes("dist/" + font.group(1))) + ") format(\"woff2\")"));
    }

    /** What sets the formulas of a page of nbconvert, for its head. */
    static String head() {
        String scripts = FILES.text("dist/katex.min.js") + "\n" + FILES.text("dist/contrib/auto-render.min.js") + RENDER_DELIMITED;
        return "<style>" + style() + "</style>\n<script>" + scripts + "</script>\n";
    }
}
