package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;

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
}
