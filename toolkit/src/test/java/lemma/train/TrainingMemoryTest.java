package lemma.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import lemma.loss.Losses;
import lemma.nn.Activation;
import lemma.nn.Linear;
import lemma.nn.Model;
import lemma.nn.Sequential;
import lemma.optim.Adam;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class TrainingMemoryTest {
    private static final Path STATUS = Path.of("/proc/self/status");

    @Test
    @EnabledOnOs(OS.LINUX)
    void tenThousandStepsEndWithTheResidentMemoryOfOneThousand() throws Exception {
        Properties jvm = new Properties();
        try (var in = TrainingMemoryTest.class.getResourceAsStream("/lemma/jvm.properties")) {
            jvm.load(in);
        }
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(jvm.getProperty("flags").split(" ")));
        command.addAll(List.of("-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch", "-cp", System.getProperty("java.class.path"), Run.class.getName()));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String out = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(out).isZero();
        String[] kilobytes = out.strip().split(" ");
        System.out.println("resident memory after 1,000 steps " + kilobytes[0] + " kB, after 10,000 steps " + kilobytes[1] + " kB");
        assertThat(Double.parseDouble(kilobytes[1]) / Double.parseDouble(kilobytes[0])).isLessThanOrEqualTo(1.1);
    }

    /** Prints the resident memory after 1,000 and after 10,000 steps of a training run. */
    static final class Run {
        public static void main(String[] args) {
            Tensor x = Random.seed(1).normal(512, 256);
            Tensor y = Random.seed(2).integers(0, 10, 512);
            Model net = Sequential.of(Linear.of(256, 256), Activation.GELU, Linear.of(256, 256), Activation.GELU, Linear.of(256, 10)).init(Random.seed(3));
            int[] step = {0};
            long[] early = {0};
            Trainer.of(net, Adam.of(1e-3)).loss((p, t) -> {
                if (++step[0] == 1000) early[0] = resident();
                return Losses.crossEntropy(p, t);
            }).batchSize(64).steps(10_000).quiet().fit(x, y);
            System.out.println(early[0] + " " + resident());
        }

        private static long resident() {
            try {
                String line = Files.readAllLines(STATUS).stream().filter(l -> l.startsWith("VmRSS:")).findFirst().orElseThrow();
                return Long.parseLong(line.replaceAll("\\D", ""));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
