package lemma.kernel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import lemma.kernel.wire.Json;

/**
 * Makes figures interactive where they are looked at, with no network. A notebook holds a figure as Plotly's JSON and as a PNG; what
 * draws the JSON is installed once beside the kernel spec and never stands in a notebook: an extension of JupyterLab and Notebook 7,
 * a script for the classic notebook, a template of nbconvert named {@code lemma}, which sets formulas too. An HTML page of its own carries it once.
 *
 * @see <a href="https://plotly.com/javascript/">plotly.js</a>, MIT licence
 */
public final class Plotly {
    private static final String RESOURCES = "/lemma/kernel/plotly/";
    private static final String FILE = "plotly.js.gz";
    private static final String EXTENSION = "lemma-plotly";

    private Plotly() {}

    /** What a page runs, after {@link #script}, to turn each {@code .plotly-figure} from a picture into a live figure. */
    public static String pageScript() {
        return script("page.js");
    }

    /** The element of a page that holds plotly.js, packed; the browser does not run it as it stands. */
    public static String script() {
        return "<script type=\"text/plain\" id=\"plotly-js\">" + Base64.getEncoder().encodeToString(packed()) + "</script>\n";
    }

    /** Puts into Jupyter's folder {@code data}, and beside the spec in {@code kernel}, what shows figures. */
    static void install(Path data, Path kernel) throws IOException {
        byte[] library = packed();
        write(kernel, "kernel.js", bytes(script("kernel.js")));
        write(kernel, FILE, library);
        Path extension = data.resolve("labextensions").resolve(EXTENSION);
        write(extension, "package.json", bytes(Json.text(Json.of(description()))));
        write(extension.resolve("static"), "labextension.js", bytes(script("labextension.js")));
        write(extension.resolve("static"), FILE, library);
        Path template = data.resolve("nbconvert/templates/lemma");
        write(template, "conf.json", bytes(Json.text(Json.object("base_template", "lab", "mimetypes", Map.of("text/html", true)))));
        write(template, "index.html.j2", bytes(text("index.html.j2")));
        write(template, "plotly.html", verbatim(script() + "<script>" + pageScript() + "</script>"));
        write(template, "formulas.html", verbatim(Katex.head()));
    }

    /** A piece of a template that is taken as it stands. */
    private static byte[] verbatim(String html) {
        return bytes("{% raw %}" + html + "{% endraw %}\n");
    }

    /** What JupyterLab reads of an extension that is ready to run. */
    private static Map<String, Object> description() {
        return Map.of("name", EXTENSION, "version", KernelInfo.jvm().getProperty("version"), "description", "Shows Plotly figures", "license", "Apache-2.0",
                "jupyterlab", Map.of("_build", Map.of("load", "static/labextension.js", "mimeExtension", "./mimeExtension")),
                "keywords", List.of("jupyterlab-extension"));
    }

    private static void write(Path folder, String name, byte[] content) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve(name), content);
    }

    private static String script(String name) {
        return text("unpack.js") + text(name);
    }

    private static String text(String name) {
        return new String(WebJar.resource(RESOURCES + name), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] packed() {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(WebJar.of("plotly.js-dist").bytes("plotly.js"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot pack plotly.js", e);
        }
        return packed.toByteArray();
    }
}
