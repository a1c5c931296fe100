package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a user reads when a cell fails. */
class ErrorTest {
    private static KernelProcess kernel;

    @BeforeAll
    static void start() throws Exception {
        kernel = new KernelProcess("-Xmx512m");
    }

    @AfterAll
    static void stop() throws Exception {
        kernel.close();
    }

    private static String traceback(String code) throws Exception {
        return kernel.execute(code).traceback();
    }

    @Test
    void anUnknownNameSuggestsASimilarOne() throws Exception {
        kernel.execute("int counter = 3; double mean(double a, double b) { return (a + b) / 2; }");
        assertThat(traceback("countr + 1")).startsWith("CompileError: cannot find symbol: variable countr\n")
                .contains("line 1:\n    countr + 1\n    ^^^^^^\n", "\ndid you mean counter?");
        assertThat(traceback("countr + 1")).containsOnlyOnce("cannot find symbol");
        assertThat(traceback("countr + meann(1, 2)")).contains("variable countr\ndid you mean", "method meann");
        assertThat(traceback("maen(1, 2)")).contains("did you mean mean?");
        assertThat(traceback("new ArrayLst<String>()")).contains("cannot find symbol: class ArrayLst", "did you mean ArrayList?");
    }

    @Test
    void aLambdaIsCalledSo() throws Exception {
        assertThat(traceback("List.of(1, 2).stream().map(x -> x / 0).toList()")).contains("at lambda, cell [").doesNotContain("$");
        kernel.execute("int halved(List<Integer> of) { return of.stream().mapToInt(x -> x / 0).sum(); }");
        assertThat(traceback("halved(List.of(1))")).contains("at lambda in halved, cell [").doesNotContain("$");
    }

    @Test
    void anUnknownMemberSuggestsASimilarOne() throws Exception {
        assertThat(traceback("int x = 1;\n\"text\".lenght()")).contains("line 2:\n    \"text\".lenght()\n", "method lenght() in java.lang.String", "did you mean length?");
        assertThat(traceback("Math.sqr(2)")).contains("did you mean sqrt?");
        assertThat(traceback("\"text\".nothingOfTheKind()")).doesNotContain("did you mean");
    }

    @Test
    void anUnknownTypeSuggestsAnImport() throws Exception {
        assertThat(traceback("DecimalFormat format = new DecimalFormat(\"0.0\");")).contains("an import may be missing: import java.text.DecimalFormat;");
        assertThat(traceback("var now = LocalDate.now();")).contains("import java.time.LocalDate;");
    }

    @Test
    void aMethodThatNeedsAnUnknownNameIsWarnedOf() throws Exception {
        kernel.execute("int known = 1;");
        assertThat(kernel.execute("int later() { return knwon; }").stream("stderr"))
                .isEqualTo("later cannot be used before this is defined: variable knwon\ndid you mean known?\n");
    }

    @Test
    void eachErrorOfASnippetIsShownOnce() throws Exception {
        List<String> lines = traceback("Unheard u = new Unheard();").lines().toList();
        assertThat(lines.stream().filter(line -> line.contains("^^^"))).hasSize(2);
    }

    @Test
    void framesOfTheJdkAreFolded() throws Exception {
        String text = traceback("int parse(String s) {\n    return Integer.parseInt(s);\n}\nList.of(\"1\", \"x\").stream().map(s -> parse(s)).toList()");
        assertThat(text.lines().toList()).filteredOn(line -> line.startsWith("    at java.")).hasSize(2)
                .anyMatch(line -> line.contains("java.lang.Integer.parseInt(")).anyMatch(line -> line.contains("more inside the JDK"));
        assertThat(text).contains("at parse, cell [", "---> 2     return Integer.parseInt(s);");
        assertThat(text).doesNotContain("lemma.kernel", "jdk.jshell", "REPL", "jdk.internal.reflect");
    }

    @Test
    void framesOfCausesAreFoldedAndNotRepeated() throws Exception {
        String text = traceback("""
                void read() {
                    try {
                        java.nio.file.Files.readString(java.nio.file.Path.of("/no/such/file"));
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException("cannot read", e);
                    }
                }
                read();""");
        assertThat(text).startsWith("java.io.UncheckedIOException: cannot read\n").contains("Caused by: java.nio.file.NoSuchFileException: /no/such/file\n");
        String cause = text.substring(text.indexOf("Caused by"));
        assertThat(cause.lines().filter(line -> line.startsWith("    at "))).as(cause).hasSize(2);
        assertThat(cause).contains("more inside the JDK", "line 3", "---> 3 ");
        assertThat(text.lines().filter(line -> line.endsWith("line 8"))).as("the calling line stands once").hasSize(1);
    }

    @Test
    void aNetworkErrorNamesTheLineSoon() throws Exception {
        String text = traceback("int ok = 1;\nnew java.net.Socket(\"127.0.0.1\", 1);");
        assertThat(text).startsWith("java.net.ConnectException").contains("---> 2 ");
        assertThat(text.lines().count()).isLessThan(8);
    }

    @Test
    void anEndlessRecursionIsCutShort() throws Exception {
        String text = traceback("int down(int n) {\n    return down(n + 1);\n}\ndown(0)");
        assertThat(text).startsWith("java.lang.StackOverflowError").contains("more frames");
        assertThat(text.lines().count()).isLessThan(60);
    }

    @Test
    void noColourIsChosenSoThatEveryThemeShowsIt() throws Exception {
        String raw = kernel.execute("countr + 1").reply().content().get("traceback").toString();
        assertThat(java.util.regex.Pattern.compile("u001b\\[([0-9;]*)m").matcher(raw).results().map(m -> m.group(1)).distinct()).containsOnly("1", "0");
    }
}
