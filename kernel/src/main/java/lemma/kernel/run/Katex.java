package lemma.kernel.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * KaTeX for a page without network: its script, and its style sheet with the fonts in it.
 *
 * @see <a href="https://katex.org">KaTeX</a>, MIT licence
 */
final class Katex {
    private static final String POM = "/META-INF/maven/org.webjars.npm/katex/pom.properties";
    private static final Pattern FONT = Pattern.compile("src:url\\((fonts/[\\w-]+\\.woff2)\\) ?format\\(\"woff2\"\\)[^;}]*");
    private static final String RENDER = """

            document.querySelectorAll('.math').forEach(formula =>
              katex.render(formula.textContent, formula, {displayMode: formula.classList.contains('display'), throwOnError: false}));
            """;

    private Katex() {}

    /** Sets every element of class {@code math}. */
    static String script() {
        return text(folder() + "katex.min.js") + RENDER;
    }

    /** The style sheet; each font stands in it once, as WOFF2. */
    static String style() {
        String folder = folder();
        return FONT.matcher(text(folder + "katex.min.css")).replaceAll(font ->
                Matcher.quoteReplacement("src:url(data:font/woff2;base64,"
                        + Base64.getEncoder().encodeToString(bytes(folder + font.group(1))) + ") format(\"woff2\")"));
    }

    /** A resource of the class path as text. */
    static String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    private static String folder() {
        Properties pom = new Properties();
        try (InputStream in = Katex.class.getResourceAsStream(POM)) {
            if (in == null) throw new IllegalStateException("KaTeX (org.webjars.npm:katex) is not on the class path");
            pom.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "/META-INF/resources/webjars/katex/" + pom.getProperty("version") + "/dist/";
    }

    private static byte[] bytes(String name) {
        try (InputStream in = Katex.class.getResourceAsStream(name)) {
            if (in == null) throw new IllegalStateException(name + " is not on the class path");
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
