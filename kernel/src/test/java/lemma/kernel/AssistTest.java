package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import lemma.kernel.wire.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AssistTest {
    private static KernelProcess kernel;

    @BeforeAll
    static void start() throws Exception {
        kernel = new KernelProcess("-Xmx512m");
        kernel.execute("int alpha = 1; String greeting = \"hi\";");
    }

    @AfterAll
    static void stop() throws Exception {
        kernel.close();
    }

    private static JsonObject ask(String type, String marked) throws Exception {
        int cursor = marked.indexOf('|');
        String code = marked.replace("|", "");
        return kernel.request(type, Json.object("code", code, "cursor_pos", code.codePointCount(0, cursor), "detail_level", 0)).content();
    }

    private static List<String> matches(String marked) throws Exception {
        List<String> matches = new ArrayList<>();
        for (JsonElement match : ask("complete_request", marked).getAsJsonArray("matches")) matches.add(match.getAsString());
        return matches;
    }

    @Test
    void completesMembersAndVariables() throws Exception {
        assertThat(matches("greeting.toUp|")).containsExactly("toUpperCase(");
        assertThat(matches("int beta = 2;\nalp|")).containsExactly("alpha");
        assertThat(matches("Math.hyp|")).containsExactly("hypot(");
    }

    @Test
    void completesAfterCharactersOutsideTheBasicPlane() throws Exception {
        JsonObject reply = ask("complete_request", "String s = \"\ud83d\ude00\"; greeting.len|");
        assertThat(reply.getAsJsonArray("matches").get(0).getAsString()).isEqualTo("length()");
        assertThat(reply.get("cursor_start").getAsInt()).isEqualTo(25);
        assertThat(reply.get("cursor_end").getAsInt()).isEqualTo(28);
    }

    @Test
    void completesWhatTheSameCellDeclaresAbove() throws Exception {
        assertThat(matches("var words = List.of(\"a\");\nwords.isEm|")).containsExactly("isEmpty()");
    }

    @Test
    void tellsKindsAndSignatures() throws Exception {
        JsonObject reply = ask("complete_request", "greeting.indexO|");
        JsonObject first = reply.getAsJsonObject("metadata").getAsJsonArray("_jupyter_types_experimental").get(0).getAsJsonObject();
        assertThat(first.get("type").getAsString()).isEqualTo("method");
        assertThat(first.get("text").getAsString()).isEqualTo("indexOf(");
        assertThat(first.get("signature").getAsString()).startsWith("int String.indexOf(").endsWith("more)");
        assertThat(first.get("start").getAsInt()).isEqualTo(9);
        assertThat(first.get("end").getAsInt()).isEqualTo(15);
        assertThat(kind("Math.P|")).isEqualTo("constant");
        assertThat(kind("alp|")).isEqualTo("variable");
        assertThat(kind("ArrayDe|")).isEqualTo("class");
        assertThat(kind("%tim|")).isEqualTo("magic");
    }

    @Test
    @Timeout(60)
    void completesPackagesOnceTheyAreIndexed() throws Exception {
        while (matches("import java.ut|").isEmpty()) Thread.sleep(200);
        assertThat(matches("import java.ut|")).containsExactly("util.");
        assertThat(kind("import java.ut|")).isEqualTo("package");
    }

    private static String kind(String marked) throws Exception {
        return ask("complete_request", marked).getAsJsonObject("metadata").getAsJsonArray("_jupyter_types_experimental").get(0).getAsJsonObject()
                .get("type").getAsString();
    }

    @Test
    void completesMagics() throws Exception {
        assertThat(matches("int x;\n%%loadF|")).containsExactly("%%loadFromPOM");
    }

    @Test
    void inspectsWithSignatureAndJavadoc() throws Exception {
        String text = ask("inspect_request", "greeting.sub|string(1)").getAsJsonObject("data").get("text/plain").getAsString();
        assertThat(text).contains("String.substring(int beginIndex)").contains("Returns a string that is a substring of this string");
    }

    @Test
    void rendersJavadocAsHtml() throws Exception {
        String html = ask("inspect_request", "greeting.sub|string(1)").getAsJsonObject("data").get("text/html").getAsString();
        assertThat(html).contains("<pre><code>String String.substring(int beginIndex)</code></pre>", "<dt>parameter <code>beginIndex</code></dt><dd>",
                "<dt>throws <code>IndexOutOfBoundsException</code></dt>").doesNotContain("{@", "@param");
    }

    @Test
    void aQuestionMarkOpensThePager() throws Exception {
        JsonObject payload = kernel.execute("Math.hypot?").reply().content().getAsJsonArray("payload").get(0).getAsJsonObject();
        assertThat(payload.get("source").getAsString()).isEqualTo("page");
        assertThat(payload.getAsJsonObject("data").get("text/plain").getAsString()).contains("hypot(double x, double y)");
        assertThat(kernel.execute("%maven?").reply().content().getAsJsonArray("payload").get(0).toString()).contains("group:artifact:version");
        assertThat(kernel.execute("noSuchName?").status()).isEqualTo("error");
        assertThat(kernel.execute("boolean yes = alpha > 0 ? true : false; yes").result()).isEqualTo("true");
    }

    @Test
    void inspectsAMethodBeforeItIsCalled() throws Exception {
        assertThat(ask("inspect_request", "Math.hyp|ot").getAsJsonObject("data").get("text/plain").getAsString()).contains("hypot(double x, double y)")
                .contains("parameter x");
    }

    @Test
    void inspectsAType() throws Exception {
        String text = ask("inspect_request", "ArrayDe|que").getAsJsonObject("data").get("text/plain").getAsString();
        assertThat(text).contains("java.util.ArrayDeque").contains("Resizable-array implementation");
    }

    @Test
    void inspectsAVariableOfTheSession() throws Exception {
        assertThat(ask("inspect_request", "alp|ha").getAsJsonObject("data").get("text/plain").getAsString()).contains("alpha").contains("int");
    }

    @Test
    void inspectsWhatTheSameCellDeclaresAbove() throws Exception {
        assertThat(ask("inspect_request", "var words = List.of(\"a\");\nwords.isEm|pty()").getAsJsonObject("data").get("text/plain").getAsString())
                .contains("isEmpty()");
    }

    @Test
    void findsNothingForNothing() throws Exception {
        assertThat(ask("inspect_request", "nothingOfThatName|").get("found").getAsBoolean()).isFalse();
    }

    @Test
    void saysWhetherACellIsComplete() throws Exception {
        assertThat(ask("is_complete_request", "int x = 1;|").get("status").getAsString()).isEqualTo("complete");
        assertThat(ask("is_complete_request", "1 + 1|").get("status").getAsString()).isEqualTo("complete");
        JsonObject open = ask("is_complete_request", "for (int i = 0; i < 3; i++) {\n    if (i > 1) {|");
        assertThat(open.get("status").getAsString()).isEqualTo("incomplete");
        assertThat(open.get("indent").getAsString()).isEqualTo("        ");
        assertThat(ask("is_complete_request", "import = 7q|").get("status").getAsString()).isEqualTo("invalid");
        assertThat(ask("is_complete_request", "%time 1 + 1|").get("status").getAsString()).isEqualTo("complete");
        assertThat(ask("is_complete_request", "List<String> added = %jars x.jar\nadded.size();|").get("status").getAsString()).isEqualTo("complete");
        assertThat(ask("is_complete_request", "int 3x = ;;)|").get("status").getAsString()).isEqualTo("invalid");
    }
}
