package lemma.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** A process that is killed in the middle of a sweep loses nothing that finished, and doubles nothing. */
class KilledSweepTest {
    private static final int KILLS = 3;

    @TempDir
    private Path folder;

    @Test
    void goesOnAfterKills() throws Exception {
        Path file = folder.resolve("runs.tsv");
        Path log = folder.resolve("log");
        for (int kill = 1; kill <= KILLS; kill++) {
            Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules=jdk.incubator.vector",
                    "--enable-native-access=ALL-UNNAMED", "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    SweepProgram.class.getName(), file.toString(), log.toString()).redirectError(folder.resolve("err").toFile()).redirectOutput(folder.resolve("out").toFile()).start();
            while (process.isAlive() && lines(file) < 20 * kill) Thread.sleep(2);
            assertThat(process.isAlive()).as(Files.readString(folder.resolve("err"))).isTrue();
            process.destroyForcibly().waitFor();
        }
        assertThat(lines(file)).isBetween(20 * KILLS, 120);
        Files.writeString(file, Files.readString(file) + "17\t0\t5.8"); // what a kill in the middle of a write leaves
        Table runs = SweepProgram.sweep(file).run("y", c -> SweepProgram.run(c, log));

        assertThat(runs.doubleColumn("y").asDoubleArray()).containsExactly(IntStream.range(0, 120).mapToDouble(Math::sqrt).toArray());
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(121).doesNotHaveDuplicates();
        List<String> carriedOut = Files.readAllLines(log);
        assertThat(carriedOut.stream().distinct()).hasSize(120);
        assertThat(carriedOut.size()).as("only runs under way at a kill are carried out twice").isLessThanOrEqualTo(120 + 2 * KILLS + KILLS);
    }

    private static int lines(Path file) throws Exception {
        return Files.exists(file) ? (int) Files.readString(file).chars().filter(c -> c == '\n').count() : 0;
    }
}
