package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.util.Map;
import lemma.kernel.KernelProcess.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What IJava documents works here too: calls as its pages on display, kernel and magics show them.
 *
 * @see <a href="https://github.com/SpencerPark/IJava/tree/master/docs">IJava's documentation</a>
 */
class IJavaDocumentationTest {
    private static KernelProcess kernel;

    @BeforeAll
    static void start() throws Exception {
        kernel = new KernelProcess(Map.of("IJAVA_STARTUP_SCRIPT", "void pause(long time) { try { Thread.sleep(time); } "
                + "catch (InterruptedException e) { throw new RuntimeException(e); } }", "IJAVA_COMPILER_OPTS", "-parameters", "IJAVA_TIMEOUT", "30 SECONDS"), "-Xmx512m");
    }

    @AfterAll
    static void stop() throws Exception {
        kernel.close();
    }

    @Test
    void displaysTextAsExecutableScript() throws Exception {
        JsonObject data = kernel.execute("display(\"alert('hello')\", \"application/javascript\");").data("display_data");
        assertThat(data.get("application/javascript").getAsString()).isEqualTo("alert('hello')");
    }

    @Test
    void displaysInSeveralFormsWithImplicitPlainText() throws Exception {
        assertThat(kernel.execute("display(\"<b>Bold</b>\", \"text/html\", \"text/markdown\");").data("display_data").keySet())
                .containsExactlyInAnyOrder("text/html", "text/markdown", "text/plain");
    }

    @Test
    void aRenderedValueAtTheEndOfACellIsItsResult() throws Exception {
        JsonObject data = kernel.execute("String md = \"Hello from **here**\";\nrender(md, \"text/markdown\")").data("execute_result");
        assertThat(data.get("text/markdown").getAsString()).isEqualTo("Hello from **here**");
    }

    @Test
    void countsDownInOnePlace() throws Exception {
        Answer answer = kernel.execute("""
                String id = display("<b>Countdown:</b> 3", "text/html");
                for (int i = 3; i >= 0; i--) {
                    updateDisplay(id, "<b>Countdown:</b> " + i, "text/html");
                    pause(1);
                }
                render("<b>Liftoff!</b>", "text/html")""");
        assertThat(answer.types()).containsExactly("display_data", "update_display_data", "update_display_data", "update_display_data",
                "update_display_data", "execute_result");
        assertThat(answer.data("execute_result").get("text/html").getAsString()).isEqualTo("<b>Liftoff!</b>");
    }

    @Test
    void evaluatesInTheScopeOfTheKernel() throws Exception {
        assertThat(kernel.execute("(int) eval(\"1 + 2\") + 3").result()).isEqualTo("6");
        assertThat(kernel.execute("eval(\"%classpath src\\nString word = \\\"made\\\"; word\")").result()).isEqualTo("made");
        assertThat(kernel.execute("word.length()").result()).isEqualTo("4");
    }

    @Test
    void magicsHaveMethodForms() throws Exception {
        assertThat(kernel.execute("List<String> added = lineMagic(\"classpath\", List.of(\"src/test\"));\nadded.size()").result()).isEqualTo("1");
        assertThat(kernel.execute("cellMagic(\"html\", List.of(), \"<i>x</i>\");").data("display_data").get("text/html").getAsString()).isEqualTo("<i>x</i>");
    }

    @Test
    void magicsAnswerToTheirOtherNames() throws Exception {
        assertThat(kernel.execute("%addMavenRepo here file:///nowhere").status()).isEqualTo("ok");
        assertThat(kernel.execute("%addMavenDependencies bad").traceback()).contains("\"bad\" is no Maven coordinate");
        assertThat(kernel.execute("%addMavenDependency bad").traceback()).contains("\"bad\" is no Maven coordinate");
    }

    @Test
    void compilerOptionsAreThoseOfTheEnvironment() throws Exception {
        assertThat(kernel.execute("int f(int named) { return named; }\nnew Object() { int g(int alsoNamed) { return 0; } }.getClass().getDeclaredMethods()[0]"
                + ".getParameters()[0].getName()").result()).isEqualTo("alsoNamed");
    }

    @Test
    void aStringIsShownAsItIs() throws Exception {
        assertThat(kernel.execute("String helloWorld = \"Hello world!\"\n").status()).isEqualTo("ok");
        assertThat(kernel.execute("helloWorld").result()).isEqualTo("Hello world!");
    }

    @Test
    void aNotebookRegistersARendererAtTheKernel() throws Exception {
        Answer answer = kernel.execute("""
                import io.github.spencerpark.ijava.IJava;
                import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
                record Note(String text) {}
                IJava.getKernelInstance().getRenderer().createRegistration(Note.class).preferring(MIMEType.TEXT_HTML).supporting(MIMEType.ANY)
                    .register((note, ctx) -> {
                        ctx.renderIfRequested(MIMEType.TEXT_HTML, () -> "<q>" + note.text() + "</q>");
                        ctx.renderIfRequested(MIMEType.TEXT_MARKDOWN, (type, out) -> out.putMarkdown("> " + note.text()));
                    });
                new Note("a")""");
        assertThat(answer.data("execute_result").get("text/html").getAsString()).isEqualTo("<q>a</q>");
        assertThat(answer.data("execute_result").get("text/markdown").getAsString()).isEqualTo("> a");
        assertThat(kernel.execute("getKernelInstance().evalRaw(\"1 + 2\")").result()).isEqualTo("3");
    }

    @Test
    void aRendererForAFigureKeepsTheFormsThatNeedNoNetwork() throws Exception {
        Answer answer = kernel.execute("""
                getKernelInstance().getRenderer().createRegistration(tech.tablesaw.plotly.components.Figure.class)
                    .register((figure, ctx) -> ctx.getOutputContainer().putHTML("<script>require(['https://elsewhere'])</script>"));
                tech.tablesaw.plotly.api.LinePlot.create("t", Table.create("t", DoubleColumn.create("x", 1, 2), DoubleColumn.create("y", 3, 4)), "x", "y")""");
        assertThat(answer.data("execute_result").keySet()).contains("image/png", "text/html");
    }
}
