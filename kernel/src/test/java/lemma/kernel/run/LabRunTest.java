package lemma.kernel.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lemma.kernel.Launch;
import lemma.kernel.wire.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs notebooks in the real kernel, a process of its own. */
class LabRunTest {
    private static final String SHOW = """
            lemma.display.Display.show(lemma.display.Bundle.of("application/vnd.lemma.claim+json", java.util.Map.of(
                "paper", "p", "claim", "c", "bound", ">= 0.5", "measured", %s, "expect", "%s", "pass", %s)));""";

    @TempDir
    Path root;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(Object... words) {
        return run(Launch.command(System.getProperty("java.class.path")), words);
    }

    private int run(List<String> kernel, Object... words) {
        String[] arguments = Arrays.stream(words).map(Object::toString).toArray(String[]::new);
        return LabRun.run(arguments, root, kernel, new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String complained() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Path notebook(String... cells) throws IOException {
        List<JsonObject> all = new ArrayList<>();
        for (String source : cells) {
            all.add(Json.object("cell_type", "code", "id", "cell-" + all.size(), "metadata", Map.of(), "source", source,
                    "outputs", List.of(Json.object("output_type", "stream", "name", "stdout", "text", "stale")), "execution_count", 9));
        }
        Path file = root.resolve("some.ipynb");
        Files.writeString(file, Json.text(Json.object("cells", all, "metadata", Map.of(), "nbformat", 4, "nbformat_minor", 5)));
        return file;
    }

    private Path tiny() throws IOException {
        Path file = root.resolve("tiny.ipynb");
        try (var in = LabRunTest.class.getResourceAsStream("tiny.ipynb")) {
            Files.copy(in, file);
        }
        return file;
    }

    private Path output(String name) {
        return root.resolve("target/notebooks").resolve(name);
    }

    @AfterEach
    void noKernelIsLeft() {
        assertThat(ProcessHandle.current().descendants().filter(process -> process.info().commandLine().orElse("").contains("lemma-kernel-"))).isEmpty();
    }

    @Test
    void executesChecksAndWrites() throws Exception {
        Path file = tiny();
        String before = Files.readString(file);

        assertThat(run(file)).as(this::complained).isZero();

        assertThat(said()).contains("# A tiny notebook", "1/3  int half = 21;", "met     >= 0.5  0.7500    reproduced ", "honest  >= 0.5  0.2500    not-reproduced  no");
        assertThat(Files.readString(file)).isEqualTo(before);
        List<Notebook.Cell> cells = Notebook.read(output("tiny.ipynb")).cells();
        assertThat(cells.get(1).outputs().toString()).contains("\"text\":\"half is 21\\n\"", "\"text/plain\":\"42\"", "\"execution_count\":1");
        assertThat(Files.readString(output("tiny.html"))).contains("class=\"claim pass\"", "half is 21", "<span class=\"math\">x^2</span>");
        JsonArray results = JsonParser.parseString(Files.readString(output("tiny.results.json"))).getAsJsonArray();
        assertThat(results).hasSize(3);
        JsonObject first = results.get(0).getAsJsonObject();
        assertThat(first.get("claim").getAsString()).isEqualTo("met");
        assertThat(first.get("values").toString()).isEqualTo("[0.75]");
        assertThat(first.get("seconds").getAsDouble()).isPositive();
    }

    @Test
    void recordsOutputsResultsAndTheLedger() throws Exception {
        Path file = tiny();
        Files.createDirectories(root.resolve("papers/laws"));
        Files.writeString(root.resolve("papers/index.yaml"), """
                families:
                  laws: Laws
                papers:
                  - {key: a-paper, family: laws, kind: empirical, title: A Paper}
                """);
        StringBuilder card = new StringBuilder("---\ntitle: A Paper\nfamily: laws\nkind: empirical\nblocks: []\nclaims:\n");
        card.append("  - {id: met, metric: a number, bound: '>= 0.5', seeds: 1, expect: reproduced}\n");
        card.append("  - {id: honest, metric: a number, bound: '>= 0.5', seeds: 1, expect: not-reproduced, reason: too small}\n");
        card.append("  - {id: slow, metric: a number, bound: '>= 0.5', seeds: 1, expect: reproduced, kind: timing}\n---\nProse.\n");
        Files.writeString(root.resolve("papers/laws/a-paper.md"), card);

        assertThat(run("--record", file)).as(this::complained).isZero();

        assertThat(Files.readString(file)).isEqualTo(Files.readString(output("tiny.ipynb"))).contains("half is 21");
        JsonArray results = JsonParser.parseString(Files.readString(root.resolve("papers/laws/results.json"))).getAsJsonArray();
        assertThat(results).hasSize(3);
        assertThat(results.get(0).getAsJsonObject().keySet()).containsExactly("paper", "claim", "metric", "bound", "measured", "values", "seeds",
                "expect", "pass", "seconds", "commit", "jdk", "cpu");
        assertThat(Files.readString(root.resolve("papers/README.md"))).contains("A Paper");
    }

    @Test
    void aFailedRunIsNotRecorded() throws Exception {
        Path file = notebook("int b = 1 / 0;");
        String before = Files.readString(file);
        assertThat(run("--record", file)).isEqualTo(1);
        assertThat(said()).contains("not recorded");
        assertThat(Files.readString(file)).isEqualTo(before);
        assertThat(root.resolve("papers")).doesNotExist();
    }

    @Test
    void aFailingCellEndsTheRun() throws Exception {
        assertThat(run(notebook("int a = 1;", "int b = 2;\nint c = b / (a - 1);", "int d = 4;"))).isEqualTo(1);

        assertThat(complained()).contains("cell 2 of 3", "ArithmeticException: / by zero", "line 2");
        List<Notebook.Cell> cells = Notebook.read(output("some.ipynb")).cells();
        assertThat(cells.get(1).outputs().toString()).contains("\"output_type\":\"error\"", "ArithmeticException");
        assertThat(cells.get(2).outputs()).isEmpty();
        assertThat(Files.readString(output("some.html"))).contains("class=\"error\"");
    }

    @Test
    void aClaimThatFailsAgainstExpectationFailsTheRun() throws Exception {
        assertThat(run(notebook(SHOW.formatted("0.25", "reproduced", "false")))).isEqualTo(1);
        assertThat(complained()).contains("p c: expected reproduced, measured 0.2500 against >= 0.5");
    }

    @Test
    void aClaimThatHoldsAgainstExpectationFailsTheRun() throws Exception {
        assertThat(run(notebook(SHOW.formatted("0.75", "not-reproduced", "true")))).isEqualTo(1);
        assertThat(complained()).contains("p c: expected not-reproduced");
    }

    @Test
    void aCellThatNeverEndsIsInterrupted() throws Exception {
        assertThat(run("--timeout", 2, notebook("while (true) Math.sqrt(2);", "int b = 2;"))).isEqualTo(1);
        assertThat(complained()).contains("cell 1 of 2", "did not end within 2 s");
    }

    @Test
    void aKernelThatDiesIsReported() throws Exception {
        assertThat(run(notebook("Runtime.getRuntime().halt(3);"))).isEqualTo(1);
        assertThat(complained()).contains("the kernel ended with exit code 3");
    }

    @Test
    void aKernelThatDoesNotStartIsReportedWithItsLastWords() throws Exception {
        assertThat(run(List.of("sh", "-c", "echo no such thing; exit 7"), notebook("1"))).isEqualTo(1);
        assertThat(complained()).contains("exit code 7", "no such thing");
        assertThat(run(List.of("/nonexistent/java"), notebook("1"))).isEqualTo(1);
        assertThat(complained()).contains("cannot start the kernel by '/nonexistent/java'");
    }

    @Test
    void wrongArgumentsAreNamed() throws Exception {
        assertThat(run()).isEqualTo(2);
        assertThat(run("--timeout", "soon", notebook("1"))).isEqualTo(2);
        assertThat(run("nowhere.ipynb")).isEqualTo(2);
        assertThat(run("--fast")).isEqualTo(2);
        assertThat(complained()).contains("no notebook given", "--timeout soon", "no such notebook: nowhere.ipynb", "unknown option --fast", "usage: lab run");
    }
}
