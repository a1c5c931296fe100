package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** A project that forgets the flag for vector instructions gets the same results, slower. */
class WithoutVectorsTest {
    private static List<String> runWithoutTheModule() throws IOException, InterruptedException {
        Properties jvm = new Properties();
        try (var in = Tensor.class.getResourceAsStream("/lemma/jvm.properties")) {
            jvm.load(in);
        }
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        Arrays.stream(jvm.getProperty("flags").split("\\s+")).filter(flag -> !flag.startsWith("--add-modules")).forEach(command::add);
        command.addAll(List.of("-Xmx1g", "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), WithoutVectorsProgram.class.getName()));
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> output = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertThat(p.waitFor()).as(String.join("\n", output)).isZero();
        return output;
    }

    @Test
    void everyOperationWorksAndRandomNumbersHaveTheSameBits() throws IOException, InterruptedException {
        List<String> output = runWithoutTheModule();
        assertThat(output).contains("vectors false", "cases " + TorchCases.all().size(), "random " + WithoutVectorsProgram.random());
        assertThat(output).noneMatch(line -> line.startsWith("wrong") || line.startsWith("failed"));
        assertThat(output.stream().filter(line -> line.contains("--add-modules"))).hasSize(1);
    }
}
