package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The bits of kernels depend neither on the compiler nor on the number of threads. */
class BitsTest {
    @Test
    void ourKernelsGiveTheSameBitsInterpretedAndCompiled() throws IOException, InterruptedException {
        List<String> interpreted = run("-Xint", "1");
        List<String> compiled = run("-Xbatch", "900");
        assertThat(interpreted).hasSizeGreaterThan(150);
        assertThat(compiled).isEqualTo(interpreted);
    }

    private static List<String> run(String mode, String runs) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        Properties flags = new Properties();
        try (var in = Tensor.class.getResourceAsStream("/lemma/jvm.properties")) {
            flags.load(in);
        }
        command.addAll(List.of(flags.getProperty("flags").split("\\s+")));
        command.addAll(List.of(mode, "-Xmx256m", "-Dlemma.threads=1", "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), BitsProgram.class.getName(), runs));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertThat(process.waitFor()).isZero();
        return lines;
    }

    @Test
    void ourKernelsGiveTheSameBitsOnAnyNumberOfThreads() {
        BitsProgram.cases(40_003).forEach((name, work) -> {
            int one = Threads.with(1, () -> BitsProgram.hash(work.get()));
            for (int threads : new int[] {2, 4}) assertThat(Threads.with(threads, () -> BitsProgram.hash(work.get()))).as("%s on %d threads", name, threads).isEqualTo(one);
        });
    }

    @Test
    void matrixProductsKeepTheirBitsForTheSameNumberOfThreads() {
        for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
            Tensor a = Random.seed(1).normal(Shape.of(201, 303), type);
            Tensor b = Random.seed(2).normal(Shape.of(303, 157), type);
            for (int threads : new int[] {1, 2, 4}) {
                int first = Threads.with(threads, () -> BitsProgram.hash(a.matmul(b)));
                for (int i = 0; i < 5; i++) assertThat(Threads.with(threads, () -> BitsProgram.hash(a.matmul(b)))).isEqualTo(first);
            }
        }
    }

    @Test
    void matrixProductsOfDoublesAgreeAcrossNumbersOfThreads() {
        Tensor a = Random.seed(1).normal(Shape.of(201, 303), DType.FLOAT64);
        Tensor b = Random.seed(2).normal(Shape.of(303, 157), DType.FLOAT64);
        double[] one = Threads.with(1, () -> a.matmul(b).toDoubles());
        double[] scale = a.abs().matmul(b.abs()).toDoubles();
        for (int threads : new int[] {2, 4}) {
            double[] got = Threads.with(threads, () -> a.matmul(b).toDoubles());
            for (int i = 0; i < one.length; i++) assertThat(Math.abs(got[i] - one[i])).isLessThanOrEqualTo(1e-12 * scale[i]);
        }
    }

    /** A product by packed panels: each number is a sum in one order, whoever computes it and wherever its row and column lie. */
    @Test
    void packedProductsHaveTheSameBitsForAnyThreadsAndInAnyPart() {
        Assumptions.assumeTrue(Blas.packs(DType.FLOAT32, 150, 300, 1100), "no vectors of 64 bytes");
        Tensor a = Random.seed(1).normal(150, 1100);
        Tensor b = Random.seed(2).normal(1100, 300);
        Tensor whole = Threads.with(1, () -> a.matmul(b));
        for (int threads : new int[] {2, 3, 4}) assertThat(Threads.with(threads, () -> BitsProgram.hash(a.matmul(b)))).isEqualTo(BitsProgram.hash(whole));
        assertThat(BitsProgram.hash(a.t().add(0).t().matmul(b.t().add(0).t()))).isEqualTo(BitsProgram.hash(whole));
        Slice rows = Slice.range(13, 90);
        Slice columns = Slice.range(7, 101);
        assertThat(BitsProgram.hash(a.get(rows).matmul(b.get(Slice.all(), columns)))).isEqualTo(BitsProgram.hash(whole.get(rows, columns).add(0)));
    }
}
