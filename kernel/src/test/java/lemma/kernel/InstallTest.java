package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallTest {
    @TempDir
    Path folder;

    @Test
    void writesASpecThatJupyterReads() throws IOException {
        JsonObject spec = JsonParser.parseString(Files.readString(Install.write(folder.resolve("java"), "a.jar:b.jar", List.of("-Xmx4g")))).getAsJsonObject();
        assertThat(spec.get("language").getAsString()).isEqualTo("java");
        assertThat(spec.get("interrupt_mode").getAsString()).isEqualTo("message");
        List<String> argv = spec.getAsJsonArray("argv").asList().stream().map(e -> e.getAsString()).toList();
        assertThat(argv.getFirst()).endsWith("java");
        assertThat(argv).contains("-Xmx4g", "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED");
        assertThat(argv.subList(argv.size() - 4, argv.size())).containsExactly("-cp", "a.jar:b.jar", "lemma.kernel.LemmaKernel", "{connection_file}");
    }

    @Test
    void choosesTheFolderAsJupyterDoes() {
        assertThat(Install.folder(List.of("--prefix", "/opt/x"), Map.of())).isEqualTo(Path.of("/opt/x/share/jupyter/kernels/java"));
        assertThat(Install.folder(List.of(), Map.of("JUPYTER_DATA_DIR", "/data"))).isEqualTo(Path.of("/data/kernels/java"));
        assertThat(Install.folder(List.of("--sys-prefix"), Map.of("VIRTUAL_ENV", "/venv"))).isEqualTo(Path.of("/venv/share/jupyter/kernels/java"));
    }

    @Test
    void takesHeapAndFlagsOutOfTheOptions() {
        List<String> options = new ArrayList<>(List.of("--heap", "4g", "--prefix", "/opt/x", "--jvm", "-XX:+UseZGC", "--jvm", "-Dname=a b"));
        assertThat(Install.jvmFlags(options)).containsExactly("-Xmx4g", "-XX:+UseZGC", "-Dname=a b");
        assertThat(options).containsExactly("--prefix", "/opt/x");
        assertThatThrownBy(() -> Install.jvmFlags(new ArrayList<>(List.of("--heap", "lots")))).hasMessageContaining("--heap is \"lots\"");
        assertThatThrownBy(() -> Install.jvmFlags(new ArrayList<>(List.of("--jvm")))).hasMessageContaining("--jvm needs a value");
    }

    @Test
    void aCollectorThatTheUserNamesIsTheOnlyOne() {
        assertThat(Launch.command("a.jar", List.of(), folder)).contains("-XX:+UseSerialGC");
        assertThat(Launch.command("a.jar", List.of("-XX:+UseZGC"), folder)).contains("-XX:+UseZGC").doesNotContain("-XX:+UseSerialGC");
        assertThat(Launch.command("a.jar", List.of("-XX:+UseSerialGC"), folder)).containsOnlyOnce("-XX:+UseSerialGC");
    }

    @Test
    void tellsTheJvmWhatNotToOptimise() throws Exception {
        List<String> command = Launch.command("a.jar", List.of(), folder);
        List<String> asked = new ArrayList<>(command.subList(0, command.indexOf("-cp")));
        asked.addAll(List.of("-XX:+CompilerDirectivesPrint", "-version"));
        Process jvm = new ProcessBuilder(asked).redirectErrorStream(true).start();
        assertThat(new String(jvm.getInputStream().readAllBytes())).contains("1 compiler directives added", "com/sun/tools/javac/*.*");
        assertThat(jvm.waitFor()).isZero();
    }

    @Test
    void bringsWhatShowsFiguresWithoutNetwork() throws IOException {
        Path kernel = folder.resolve("kernels/java");
        Plotly.install(folder, kernel);
        Path extension = folder.resolve("labextensions/lemma-plotly");
        JsonObject build = JsonParser.parseString(Files.readString(extension.resolve("package.json"))).getAsJsonObject()
                .getAsJsonObject("jupyterlab").getAsJsonObject("_build");
        assertThat(Files.readString(extension.resolve(build.get("load").getAsString()))).contains("_JUPYTERLAB['lemma-plotly']", "plotly.js.gz");
        for (Path place : List.of(extension.resolve("static"), kernel)) {
            try (InputStream library = new GZIPInputStream(Files.newInputStream(place.resolve("plotly.js.gz")))) {
                assertThat(library.readAllBytes()).isEqualTo(WebJar.of("plotly.js-dist").bytes("plotly.js"));
            }
        }
        assertThat(Files.readString(kernel.resolve("kernel.js"))).contains("register_mime_type", "plotly.js.gz", "!area.trusted");
        Path template = folder.resolve("nbconvert/templates/lemma");
        assertThat(Files.readString(template.resolve("index.html.j2"))).contains("{% include 'plotly.html' %}");
        assertThat(Files.readString(template.resolve("plotly.html"))).startsWith("{% raw %}<script type=\"text/plain\" id=\"plotly-js\">").endsWith("</script>{% endraw %}\n");
    }

    @Test
    void pagesOfNbconvertAskNothingOfTheNetwork() throws IOException {
        Plotly.install(folder, folder.resolve("kernels/java"));
        Path template = folder.resolve("nbconvert/templates/lemma");
        assertThat(Files.readString(template.resolve("index.html.j2"))).contains("{% include 'formulas.html' %}",
                "{% block html_head_js_requirejs %}{% endblock", "{% block html_head_js_mathjax %}").doesNotContain("super() }}\n{% endblock html_head");
        String formulas = Files.readString(template.resolve("formulas.html"));
        assertThat(formulas).startsWith("{% raw %}<style>").contains("renderMathInElement", "data:font/woff2;base64,")
                .doesNotContain("url(fonts/", "src=\"http", "{% endraw %}{% raw %}").containsOnlyOnce("{% endraw %}");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> Install.folder(List.of("--global"), Map.of())).hasMessageContaining("unknown option --global");
        assertThatThrownBy(() -> Install.folder(List.of("--prefix"), Map.of())).hasMessageContaining("--prefix needs a folder");
    }

    @Test
    void aCacheBelongsToItsJars() throws IOException {
        Path jar = Files.writeString(folder.resolve("a.jar"), "1");
        Path before = AotCache.of(jar.toString()).file();
        assertThat(AotCache.of(jar.toString()).file()).isEqualTo(before);
        Files.writeString(jar, "22");
        assertThat(AotCache.of(jar.toString()).file()).isNotEqualTo(before);
        assertThat(AotCache.of(jar.toString()).isPossible()).isTrue();
        assertThat(AotCache.of(folder.toString()).isPossible()).isFalse();
    }
}
