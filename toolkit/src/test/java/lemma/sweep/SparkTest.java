package lemma.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import lemma.tensor.Threads;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** Sweeps of a driver process on a cluster of two worker processes. */
class SparkTest {
    @TempDir
    private static Path folder;
    private static String printed;

    @BeforeAll
    static void runTheDriver() throws Exception {
        Properties flags = new Properties();
        try (var in = Spark.class.getResourceAsStream("/lemma/jvm.properties")) {
            flags.load(in);
        }
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(flags.getProperty("flags").split("\\s+")));
        command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), SparkProgram.class.getName(), folder.toString()));
        ProcessBuilder driver = new ProcessBuilder(command).redirectOutput(folder.resolve("out").toFile()).redirectError(folder.resolve("err").toFile());
        Files.createDirectories(folder.resolve("home/jars")); // what local-cluster looks for; the class path of the executors is ours
        driver.environment().put("SPARK_HOME", folder.resolve("home").toString());
        driver.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = driver.start();
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        if (!ended) process.destroyForcibly();
        printed = Files.readString(folder.resolve("out"));
        assertThat(ended && process.exitValue() == 0).as(printed + Files.readString(folder.resolve("err"))).isTrue();
    }

    @Test
    void resultsHaveTheBitsOfThisMachine() throws Exception {
        Table there = SparkProgram.bits().read(Files.readString(folder.resolve("bits.tsv")), "bits.tsv", SparkProgram.RESULTS.toArray(String[]::new));
        Table here = Threads.with(2, () -> SparkProgram.bits().run(SparkProgram.RESULTS, SparkProgram::trained));
        for (String column : List.of("loss", "sum")) assertThat(there.doubleColumn(column).asDoubleArray()).containsExactly(here.doubleColumn(column).asDoubleArray());
        assertThat(here.doubleColumn("loss").unique().size()).isEqualTo(8);
    }

    @Test
    void theRunsWereSharedByTwoOtherProcesses() throws Exception {
        Table there = SparkProgram.bits().read(Files.readString(folder.resolve("bits.tsv")), "bits.tsv", SparkProgram.RESULTS.toArray(String[]::new));
        assertThat(there.doubleColumn("pid").unique().size()).isEqualTo(2);
        long driver = Long.parseLong(printed.lines().filter(l -> l.startsWith("driver ")).findFirst().orElseThrow().substring(7));
        assertThat(there.doubleColumn("pid").asDoubleArray()).doesNotContain(driver);
    }

    @Test
    void aFailureIsReportedAndTheOthersAreInTheFile() throws Exception {
        assertThat(printed).contains("thrown: Sweep: 1 of 4 runs failed   a=3, seed=0: ").contains("java.lang.ArithmeticException: the loss is NaN");
        Table rest = SparkProgram.failing().file(folder.resolve("failing.tsv")).run("y", c -> -1);
        assertThat(rest.doubleColumn("y").asDoubleArray()).containsExactly(1, 2, -1, 4);
    }

    @Test
    void whatARunCapturesMustBeSerialisable() {
        assertThat(printed.lines().filter(l -> l.startsWith("thrown")).toList().get(1)).contains("java.io.NotSerializableException: java.lang.Object");
    }
}
