package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import lemma.kernel.wire.Json;
import lemma.kernel.wire.Message;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Cells run again and again in a heap that holds only a third of what they allocate in all. */
class MemoryTest {
    private static final int RUNS = 60;
    private static final String TEN_MB = "new double[1_310_720]";
    private static KernelProcess kernel;

    @BeforeAll
    static void start() throws Exception {
        kernel = new KernelProcess("-Xmx200m");
    }

    @AfterAll
    static void stop() throws Exception {
        kernel.close();
    }

    private static void runOften(String code) throws Exception {
        for (int i = 0; i < RUNS; i++) assertThat(kernel.execute(code).status()).as("run " + i).isEqualTo("ok");
    }

    @Test
    void aRedefinedVariableLetsGoOfItsValue() throws Exception {
        runOften("double[] big = " + TEN_MB + ";");
    }

    @Test
    void aRedefinedRecordLetsGoOfItsInstance() throws Exception {
        runOften("record Holder(double[] data) { }\nHolder holder = new Holder(" + TEN_MB + ");");
    }

    @Test
    void aRedefinedClassLetsGoOfItsStaticFields() throws Exception {
        runOften("class Cache { static double[] all = " + TEN_MB + "; static class Inner { static Object more = " + TEN_MB + "; } }\nObject used = Cache.Inner.more;");
    }

    @Test
    void olderResultsAreLetGo() throws Exception {
        runOften(TEN_MB);
        assertThat(kernel.execute("1 + 1").result()).isEqualTo("2");
    }

    @Test
    void aSmallOlderResultStays() throws Exception {
        int number = kernel.execute("40 + 2").reply().content().get("execution_count").getAsInt();
        kernel.execute("50");
        kernel.execute(TEN_MB);
        assertThat(kernel.execute("$" + number + " + 1").result()).isEqualTo("43");
    }

    private static int number(String code) throws Exception {
        return kernel.execute(code).reply().content().get("execution_count").getAsInt();
    }

    private static String declared() throws Exception {
        return kernel.execute("%who").stream("stdout");
    }

    @Test
    void anOlderResultIsNoVariableUntilItIsNamed() throws Exception {
        int text = number("\"a\" + 1");
        int half = number("0.5f");
        int truth = number("1 > 0");
        number("7");
        assertThat(declared()).doesNotContain("$" + text).doesNotContain("$" + half).doesNotContain("$" + truth);
        assertThat(kernel.execute("$" + text + " + $" + half + " + $" + truth).result()).isEqualTo("a10.5true");
        assertThat(declared()).doesNotContain("$" + half);
        kernel.execute("$" + half + " = 2f * $" + half + ";");
        assertThat(kernel.execute("$" + half).result()).isEqualTo("1.0");
    }

    @Test
    void whatWasBuiltOnAnOlderResultKeepsIt() throws Exception {
        int number = number("20 + 1");
        number("0");
        kernel.execute("int twice() { return 2 * $" + number + "; }");
        number("1");
        assertThat(kernel.execute("twice()").result()).isEqualTo("42");
    }

    @Test
    void aVariableOfTheUserMayBeNamedAsAnOlderResult() throws Exception {
        int number = number("20 + 2");
        number("0");
        kernel.execute("String $" + number + " = \"mine\";");
        assertThat(kernel.execute("$" + number).result()).isEqualTo("mine");
    }

    @Test
    void anOlderResultCompletes() throws Exception {
        int number = number("\"text\"");
        number("0");
        String code = "$" + number + ".toUpp";
        Message reply = kernel.request("complete_request", Json.object("code", code, "cursor_pos", code.length()));
        assertThat(reply.content().getAsJsonArray("matches").toString()).contains("toUpperCase");
    }
}
