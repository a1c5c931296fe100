package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import lemma.kernel.KernelProcess.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cell that uses up the heap, the stack or the memory for tensors: an error in that cell, and the next one works. */
@Timeout(120)
class OutOfMemoryTest {
    private static KernelProcess kernel;

    @BeforeAll
    static void start() throws Exception {
        kernel = new KernelProcess("-Xmx256m", "-Dlemma.memory=64m");
    }

    @AfterAll
    static void stop() throws Exception {
        kernel.close();
    }

    private static void assertFailsAndGoesOn(String code, String error) throws Exception {
        Answer answer = kernel.execute(code);
        assertThat(answer.status()).isEqualTo("error");
        assertThat(answer.reply().content().get("ename").getAsString()).endsWith(error);
        assertThat(kernel.execute("6 * 7").result()).isEqualTo("42");
    }

    @Test
    void heapFilledByWhatTheCellDrops() throws Exception {
        assertFailsAndGoesOn("{ List<byte[]> all = new ArrayList<>(); while (true) all.add(new byte[1 << 20]); }", "OutOfMemoryError");
    }

    @Test
    void heapFilledBySmallObjects() throws Exception {
        assertFailsAndGoesOn("{ List<Object> all = new ArrayList<>(); while (true) all.add(new int[] {1, 2, 3}); }", "OutOfMemoryError");
    }

    @Test
    void heapFilledByWhatAVariableKeepsUntilItIsSetToNull() throws Exception {
        assertFailsAndGoesOn("List<byte[]> hoard = new ArrayList<>(); while (true) hoard.add(new byte[1 << 20]);", "OutOfMemoryError");
        assertThat(kernel.execute("hoard.size() > 50").result()).isEqualTo("true");
        assertThat(kernel.execute("hoard = null; byte[] room = new byte[50 << 20]; room.length").result()).isEqualTo(Integer.toString(50 << 20));
        kernel.execute("room = null;");
    }

    @Test
    void heapFilledToTheLastBytesByWhatAVariableKeeps() throws Exception {
        assertFailsAndGoesOn("List<byte[]> crumbs = new LinkedList<>(); while (true) crumbs.add(new byte[1000]);", "OutOfMemoryError");
        assertThat(kernel.execute("record Later(int one) {}").status()).isEqualTo("ok");
        assertThat(kernel.execute("crumbs = null; new byte[50 << 20].length").result()).isEqualTo(Integer.toString(50 << 20));
    }

    @Test
    void anArrayLargerThanTheHeap() throws Exception {
        assertFailsAndGoesOn("double[] wide = new double[1 << 30];", "OutOfMemoryError");
    }

    @Test
    void endlessRecursion() throws Exception {
        kernel.execute("int deeper(int i) { return deeper(i + 1) + 1; }");
        assertFailsAndGoesOn("deeper(0)", "StackOverflowError");
    }

    @Test
    void tensorsBeyondTheBudget() throws Exception {
        assertFailsAndGoesOn("List<Tensor> held = new ArrayList<>(); while (true) held.add(Tensor.ones(1000, 1000));", "TensorMemoryException");
        assertThat(kernel.execute("held.clear(); Tensor.ones(2000, 2000).sum().item()").result()).isEqualTo("4000000.0");
    }
}
