package lemma.kernel.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lemma.kernel.wire.Json;
import lemma.plot.Figure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlPageTest {
    private static String page(JsonObject... cells) {
        JsonArray all = new JsonArray();
        for (JsonObject cell : cells) all.add(cell);
        return HtmlPage.of("name", Notebook.parse(Json.text(Json.object("nbformat", 4, "nbformat_minor", 5, "metadata", Map.of(), "cells", all))));
    }

    private static JsonObject markdown(String source) {
        return Json.object("cell_type", "markdown", "metadata", Map.of(), "source", source);
    }

    private static JsonObject shows(Map<String, Object> data) {
        return Json.object("cell_type", "code", "metadata", Map.of(), "source", "x", "execution_count", 1,
                "outputs", new Object[] {Json.object("output_type", "display_data", "metadata", Map.of(), "data", data)});
    }

    @Test
    void nothingInThePageComesFromTheNetwork() {
        String page = page(markdown("# Loss\n\n$a_b$"), shows(Map.of("image/png", "iVBORw0KGgo=\n")));
        assertThat(page).contains("<title>Loss</title>", "src=\"data:image/png;base64,iVBORw0KGgo=\"");
        String markup = page.substring(0, page.lastIndexOf("<script>"));
        assertThat(Pattern.compile("url\\((?!data:)|(src|href)=\"(?!data:)").matcher(markup).find()).isFalse();
        assertThat(page.split("@font-face").length - 1).isEqualTo(page.split("url\\(data:font/woff2;base64,[A-Za-z0-9+/=]{4000,}").length - 1);
    }

    @Test
    void thePolicyNamesTheOnlyScript() throws Exception {
        String page = page(markdown("$x$"), shows(Map.of("text/html", "<script>alert(1)</script>")));
        String script = page.substring(page.lastIndexOf("<script>") + "<script>".length(), page.lastIndexOf("</script>"));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
        assertThat(page).contains("default-src 'none'", "script-src 'sha256-" + Base64.getEncoder().encodeToString(digest) + "'");
    }

    @Test
    void aFigureIsAPictureUntilTheScriptOfThePageMakesItLive() {
        Map<String, Object> figure = Map.of("data", List.of(Map.of("type", "scatter", "name", "</script><b>")), "layout", Map.of());
        String page = page(shows(Map.of("image/png", "AAAA", "application/vnd.plotly.v1+json", figure)), shows(Map.of("application/vnd.plotly.v1+json", figure, "text/plain", "a pie")));
        assertThat(page).contains("<div class=\"still\"><img src=\"data:image/png;base64,AAAA\"", "<div class=\"still\"><pre>a pie</pre></div>",
                "\"name\":\"\\u003c/script>\\u003cb>\"", "' blob:\">");
        assertThat(page.split("id=\"plotly-js\"")).as("plotly.js stands in the page once").hasSize(2);
        assertThat(page(markdown("$x$"))).doesNotContain("plotly", "blob:");
    }

    /** Needs a Chromium on the path; the page may use nothing but itself. */
    @Test
    void aBrowserWithoutNetworkDrawsTheFigure(@TempDir Path folder) throws Exception {
        Optional<Path> browser = Stream.of(System.getenv("PATH").split(File.pathSeparator)).flatMap(place -> Stream.of("chromium", "google-chrome").map(Path.of(place)::resolve))
                .filter(Files::isExecutable).findFirst();
        assumeThat(browser).isPresent();
        Object figure = Figure.of("Loss").xLog("tokens").y("loss").line("fit", new double[] {10, 100}, new double[] {2, 1}).plotly();
        Path page = Files.writeString(folder.resolve("page.html"), page(shows(Map.of("image/png", "AAAA", "application/vnd.plotly.v1+json", figure))));
        Process process = new ProcessBuilder(browser.get().toString(), "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + folder.resolve("profile"),
                "--host-resolver-rules=MAP * 0.0.0.0", "--virtual-time-budget=60000", "--dump-dom", page.toUri().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        assertThat(shown).contains("js-plotly-plot", "class=\"xtick\"", ">tokens</text>").doesNotContain("class=\"still\"");
    }

    @Test
    void aPageWithoutFormulasCarriesNoKatex() {
        assertThat(page(markdown("text"))).hasSizeLessThan(10_000).doesNotContain("katex");
    }

    @Test
    void aPictureWinsOverHtmlAndAClaimOverAll() {
        assertThat(page(shows(Map.of("image/png", "AAAA", "text/html", "<b>plot</b>")))).contains("AAAA").doesNotContain("<b>plot</b>");
        Map<String, Object> claim = Map.of("paper", "p<1>", "claim", "slope", "bound", ">= 0.5", "measured", 0.75, "expect", "reproduced", "pass", true);
        assertThat(page(shows(Map.of("application/vnd.lemma.claim+json", claim, "text/html", "other"))))
                .contains("class=\"claim pass\"", "<td>p&lt;1&gt;</td>", "<td>&gt;= 0.5</td><td>0.7500</td>", "✓ reproduced").doesNotContain("other");
    }

    @Test
    void anExpectedFailureTellsItsReason() {
        Map<String, Object> claim = Map.of("paper", "p", "claim", "c", "bound", ">= 0.5", "measured", 0.25, "expect", "not-reproduced", "pass", false,
                "reason", "too few runs");
        assertThat(page(shows(Map.of("application/vnd.lemma.claim+json", claim)))).contains("class=\"claim fail\"", "✗ not reproduced", "as expected", "too few runs");
    }

    @Test
    void outputTextIsEscaped() {
        assertThat(page(shows(Map.of("text/plain", "List<String> & co")))).contains("<pre>List&lt;String&gt; &amp; co</pre>");
    }
}
