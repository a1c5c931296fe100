package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lemma.kernel.KernelProcess.Answer;
import lemma.kernel.wire.Json;
import lemma.kernel.wire.Message;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KernelTest {
    private static KernelProcess kernel;

    @BeforeAll
    static void start() throws Exception {
        kernel = new KernelProcess("-Xmx512m");
    }

    @AfterAll
    static void stop() throws Exception {
        kernel.close();
    }

    /** The JDK's control waits for every thread of a call's group: a cell's thread in one would be waited for without end. */
    @Test
    void cellsRunOutsideTheThreadGroupOfACall() throws Exception {
        assertThat(kernel.execute("Thread.currentThread().getThreadGroup().getName()").result()).isEqualTo("main");
    }

    @Test
    void showsTheLastValue() throws Exception {
        assertThat(kernel.execute("int a = 20;\na + 1").result()).isEqualTo("21");
        assertThat(kernel.execute("a + 2;").result()).isEqualTo("22");
    }

    @Test
    void showsNothingForADeclarationANullOrAVoidCall() throws Exception {
        assertThat(kernel.execute("int declared = 3;").types()).isEmpty();
        assertThat(kernel.execute("Map.of().get(1)").types()).isEmpty();
        assertThat(kernel.execute("System.gc();").types()).isEmpty();
    }

    @Test
    void showsAStringWithoutQuotes() throws Exception {
        assertThat(kernel.execute("\"say \\\"hi\\\"\\n\" + 'x'").result()).isEqualTo("say \"hi\"\nx");
    }

    @Test
    void neverBuildsTheTextOfALargeValue() throws Exception {
        Answer answer = kernel.execute("""
                class Loud { public String toString() { shouted++; return "loud"; } }
                int shouted = 0;
                List<Loud> many = new ArrayList<>();
                for (int i = 0; i < 100_000; i++) many.add(new Loud());
                many""");
        assertThat(answer.result()).startsWith("[loud, loud").endsWith("loud] (100000 elements)").hasSizeLessThan(500);
        assertThat(Integer.parseInt(kernel.execute("shouted").result())).isLessThan(100);
        assertThat(kernel.execute("new double[5_000_000]").result()).startsWith("[0.0, ").hasSizeLessThan(500);
    }

    @Test
    void countsAndStoresOnlyWhatIsToBeStored() throws Exception {
        int before = kernel.execute("1").reply().content().get("execution_count").getAsInt();
        JsonObject silent = KernelProcess.content("int quiet = 7; quiet");
        silent.addProperty("silent", true);
        assertThat(kernel.execute(silent).published()).extracting(Message::type).containsOnly("status");
        JsonObject unstored = KernelProcess.content("quiet + 1");
        unstored.addProperty("store_history", false);
        assertThat(kernel.execute(unstored).result()).isEqualTo("8");
        assertThat(kernel.execute("2").reply().content().get("execution_count").getAsInt()).isEqualTo(before + 1);
        JsonObject history = kernel.request("history_request", Json.object("hist_access_type", "tail", "n", 2, "output", false, "raw", true)).content();
        assertThat(history.getAsJsonArray("history").toString()).isEqualTo("[[1," + before + ",\"1\"],[1," + (before + 1) + ",\"2\"]]");
    }

    @Test
    void findsCellsInItsHistory() throws Exception {
        int first = kernel.execute("\"needle\" + 1").reply().content().get("execution_count").getAsInt();
        kernel.execute("\"needle\" + 2");
        kernel.execute("\"needle\" + 1");
        assertThat(history("hist_access_type", "search", "pattern", "*needle*", "n", 2, "output", true, "raw", true))
                .isEqualTo("[[1," + (first + 1) + ",[\"\\\"needle\\\" + 2\",\"needle2\"]],[1," + (first + 2) + ",[\"\\\"needle\\\" + 1\",\"needle1\"]]]");
        assertThat(history("hist_access_type", "search", "pattern", "*needle?*1", "unique", true, "output", false, "raw", true))
                .isEqualTo("[[1," + (first + 2) + ",\"\\\"needle\\\" + 1\"]]");
        assertThat(history("hist_access_type", "range", "session", 0, "start", first, "stop", first + 1, "output", false, "raw", true))
                .isEqualTo("[[1," + first + ",\"\\\"needle\\\" + 1\"]]");
        assertThat(history("hist_access_type", "range", "session", 7, "start", 1, "stop", 9, "output", false, "raw", true)).isEqualTo("[]");
    }

    private static String history(Object... request) throws Exception {
        return kernel.request("history_request", Json.object(request)).content().getAsJsonArray("history").toString();
    }

    @Test
    void runsCodeInCode() throws Exception {
        assertThat(kernel.execute("(int) eval(\"1 + 2\") + 3").result()).isEqualTo("6");
        assertThat(kernel.execute("eval(\"int made = 5; made * 2\")").result()).isEqualTo("10");
        assertThat(kernel.execute("made").result()).isEqualTo("5");
        assertThat(kernel.execute("int fine = 1;\neval(\"notThere + 1\")").traceback()).contains("IllegalStateException: CompileError", "line 2");
        assertThat(kernel.execute("System.out.println(\"started\"); eval(\"1\"); \"after\"").result()).isEqualTo("after");
    }

    @Test
    void greetsASubscriber() throws Exception {
        try (org.zeromq.ZContext context = new org.zeromq.ZContext(); org.zeromq.ZMQ.Socket late = context.createSocket(org.zeromq.SocketType.SUB)) {
            late.setReceiveTimeOut(KernelProcess.TIMEOUT_MILLIS);
            late.subscribe(new byte[0]);
            late.connect(kernel.connection.address(kernel.connection.iopub()));
            Message welcome = kernel.wire.receive(late);
            assertThat(welcome.type()).isEqualTo("iopub_welcome");
            assertThat(welcome.content().get("subscription").getAsString()).isEmpty();
            assertThat(welcome.parentId()).isEmpty();
        }
    }

    @Test
    void evaluatesUserExpressions() throws Exception {
        JsonObject content = KernelProcess.content("int base = 40;");
        content.add("user_expressions", Json.of(Map.of("good", "base + 2", "bad", "base + nothing")));
        JsonObject values = kernel.execute(content).reply().content().getAsJsonObject("user_expressions");
        assertThat(values.getAsJsonObject("good").getAsJsonObject("data").get("text/plain").getAsString()).isEqualTo("42");
        assertThat(values.getAsJsonObject("bad").get("status").getAsString()).isEqualTo("error");
    }

    @Test
    void losesNoLineAndKeepsTheOrder() throws Exception {
        Answer answer = kernel.execute("for (int i = 0; i < 100_000; i++) System.out.println(\"line \" + i);");
        String expected = IntStream.range(0, 100_000).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
        assertThat(answer.stream("stdout").equals(expected)).isTrue();
    }

    @Test
    void keepsTheOrderOfTheTwoStreamsAndOfDisplays() throws Exception {
        Answer answer = kernel.execute("""
                System.out.print("a"); System.err.print("b"); System.out.print("c"); display("d"); System.out.print("e"); "f\"""");
        List<String> shown = answer.published().stream().filter(message -> !message.type().equals("status") && !message.type().equals("execute_input"))
                .map(message -> message.type().equals("stream") ? message.content().get("name").getAsString() + message.content().get("text").getAsString()
                        : message.type() + message.content().getAsJsonObject("data").get("text/plain").getAsString()).toList();
        assertThat(shown).containsExactly("stdouta", "stderrb", "stdoutc", "display_datad", "stdoute", "execute_resultf");
    }

    @Test
    void carriesEveryCharacter() throws Exception {
        String text = "\u00e4\u20ac\ud83d\ude00".repeat(5000);
        String printed = kernel.execute("System.out.print(\"\u00e4\u20ac\ud83d\ude00\".repeat(5000));").stream("stdout");
        assertThat(printed.equals(text)).isTrue();
    }

    @Test
    void namesTheLineOfACompileError() throws Exception {
        Answer answer = kernel.execute("int fine = 1;\n\n// words\nint wrong = \"text\";");
        assertThat(answer.status()).isEqualTo("error");
        assertThat(answer.reply().content().get("ename").getAsString()).isEqualTo("CompileError");
        assertThat(answer.traceback()).startsWith("CompileError: incompatible types: java.lang.String cannot be converted to int\n")
                .endsWith("line 4:\n    int wrong = \"text\";\n                ^^^^^^");
        assertThat(answer.types()).containsExactly("error");
        assertThat(kernel.execute("fine").result()).isEqualTo("1");
    }

    @Test
    void namesTheLineThatThrew() throws Exception {
        kernel.execute("int pick(int[] from, int i) {\n    return from[i];\n}");
        Answer answer = kernel.execute("int[] three = {1, 2, 3};\n/* words */\nint got = pick(three,\n    5);");
        assertThat(answer.traceback()).startsWith("java.lang.ArrayIndexOutOfBoundsException: Index 5 out of bounds for length 3")
                .containsPattern("at pick, cell \\[\\d+], line 2\n.*\n  ---> 2     return from\\[i];")
                .containsPattern("at cell \\[\\d+], line 3").doesNotContain("jshell", "REPL", "reflect");
    }

    @Test
    void showsCausesAndUserExceptionsAsWritten() throws Exception {
        Answer answer = kernel.execute("class Odd extends RuntimeException { Odd(String m, Throwable c) { super(m, c); } }\n"
                + "throw new Odd(\"outer\", new java.io.IOException(\"inner\"));");
        assertThat(answer.traceback()).startsWith("Odd: outer").contains("Caused by: java.io.IOException: inner");
    }

    @Test
    void aVariableOfAnUnknownTypeIsAnError() throws Exception {
        assertThat(kernel.execute("Unheard x;").status()).isEqualTo("error");
        assertThat(kernel.execute("var y = new Unheard();").status()).isEqualTo("error");
    }

    @Test
    void abortsWhatWasQueuedBehindAFailure() throws Exception {
        Message failing = kernel.submit("Thread.sleep(300); throw new IllegalStateException();");
        Message queued = kernel.submit("System.out.println(\"ran\")");
        JsonObject aborted = kernel.reply(kernel.shell, queued).content();
        assertThat(aborted.get("status").getAsString()).isEqualTo("aborted");
        assertThat(aborted.has("execution_count")).as("a cell that did not run has no number").isFalse();
        assertThat(kernel.reply(kernel.shell, failing).content().get("status").getAsString()).isEqualTo("error");
        assertThat(kernel.execute("3").status()).isEqualTo("ok");
    }

    @Test
    void goesOnAfterAFailureWhenAskedTo() throws Exception {
        JsonObject failing = KernelProcess.content("Thread.sleep(300); throw new IllegalStateException();");
        failing.addProperty("stop_on_error", false);
        kernel.send(kernel.shell, "execute_request", failing);
        assertThat(kernel.answer(kernel.submit("5")).result()).isEqualTo("5");
    }

    @Test
    void keepsRunningWhatACellLeftBehind() throws Exception {
        Answer answer = kernel.execute("""
                var pool = java.util.concurrent.Executors.newFixedThreadPool(2);
                pool.submit(() -> 42).get()""");
        assertThat(answer.result()).isEqualTo("42");
    }

    @Test
    void theToolkitsNamesStandForTheToolkit() throws Exception {
        assertThat(kernel.execute("Random.class.getName() + Module.class.getName()").result()).isEqualTo("lemma.tensor.Randomlemma.nn.Module");
        assertThat(kernel.execute("Random.seed(1).normal(2, 3)").data("execute_result").get("text/plain").getAsString()).contains("FLOAT32 [2, 3]");
    }

    @Test
    void saysWhatItIs() throws Exception {
        JsonObject info = kernel.request("kernel_info_request", new JsonObject()).content();
        assertThat(info.getAsJsonObject("language_info").get("name").getAsString()).isEqualTo("java");
        assertThat(info.getAsJsonObject("language_info").get("file_extension").getAsString()).isEqualTo(".jshell");
        assertThat(info.getAsJsonArray("help_links").asList()).extracting(link -> link.getAsJsonObject().get("url").getAsString())
                .allMatch(url -> url.startsWith("https://")).contains("https://docs.oracle.com/en/java/javase/25/docs/api/");
    }
}
