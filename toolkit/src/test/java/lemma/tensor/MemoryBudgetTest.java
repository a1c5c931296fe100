package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A process with a budget of 64 MB for tensors. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MemoryBudgetTest {
    private String output;

    @BeforeAll
    void runWithASmallBudget() throws IOException, InterruptedException {
        Properties flags = new Properties();
        try (var in = Tensor.class.getResourceAsStream("/lemma/jvm.properties")) {
            flags.load(in);
        }
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(flags.getProperty("flags").split("\\s+")));
        command.addAll(List.of("-Xmx256m", "-Dlemma.memory=64m", "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), MemoryBudgetProgram.class.getName()));
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        output = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(p.waitFor()).as(output).isZero();
    }

    @Test
    void theBudgetIsTheProperty() {
        assertThat(output).contains("budget " + (64L << 20));
    }

    @Test
    void temporariesBeyondTheBudgetAreCollected() {
        assertThat(output).contains("temporaries 600.0");
    }

    @Test
    void holdingTooMuchIsAnErrorThatNamesTheLargest() {
        assertThat(output).doesNotContain("no error").contains("error No room for FLOAT32 [1000, 1000]").contains("of a budget of 67.1 MB")
                .containsPattern("Largest: FLOAT32 \\[2000, 1000\\] .* MB; FLOAT32 \\[1000, 1000\\]").contains("-Dlemma.memory");
    }

    @Test
    void afterTheErrorMemoryIsThereAgain() {
        assertThat(output).contains("after 1.0");
    }

    @Test
    void sizesAreReadWithSuffixes() {
        assertThat(MemoryPool.parseBytes("123")).isEqualTo(123);
        assertThat(MemoryPool.parseBytes("2K")).isEqualTo(2048);
        assertThat(MemoryPool.parseBytes("3m")).isEqualTo(3L << 20);
        assertThat(MemoryPool.parseBytes(" 8g ")).isEqualTo(8L << 30);
        assertThatThrownBy(() -> MemoryPool.parseBytes("lots")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("'lots'");
    }

    @Test
    void sizeClassesHoldWhatTheyPromise() {
        for (long bytes = 1; bytes < 1L << 40; bytes += Math.max(1, bytes / 7)) {
            long rounded = MemoryPool.classBytes(MemoryPool.sizeClass(bytes));
            assertThat(rounded).isGreaterThanOrEqualTo(bytes).isLessThanOrEqualTo(Math.max(64, bytes + Math.max(63, bytes / 4)));
        }
    }
}
