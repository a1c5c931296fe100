package lemma.sweep;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import lemma.nn.Activation;
import lemma.nn.Linear;
import lemma.nn.Sequential;
import lemma.optim.Adam;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import lemma.train.Trainer;
import org.apache.spark.SparkConf;

/** A driver of sweeps on two worker processes: {@code FOLDER}. Leaves {@code bits.tsv} and {@code failing.tsv} there and prints what was thrown. */
final class SparkProgram {
    static final List<String> RESULTS = List.of("loss", "sum", "pid");

    private SparkProgram() {}

    static Sweep bits() {
        return Sweep.of(Grid.of("width", 64, 128).with("rate", 1e-2, 1e-3)).seeds(1, 2).quiet();
    }

    static Sweep failing() {
        return Sweep.of(Grid.of("a", 1, 2, 3, 4)).quiet();
    }

    static double[] trained(Config c) {
        Tensor x = Random.seed(5).normal(256, 64);
        var net = Sequential.of(Linear.of(64, c.integer("width")), Activation.GELU, Linear.of(c.integer("width"), 64)).init(Random.seed(c.seed()));
        var history = Trainer.of(net, Adam.of(c.number("rate"))).loss((p, t) -> p.sub(t).square().mean()).batchSize(128).steps(2).quiet().fit(x, x.tanh());
        double sum = Arrays.stream(history.model().params().tensors().getFirst().toDoubles()).sum();
        return new double[] {history.best("loss"), sum, ProcessHandle.current().pid()};
    }

    private static double failingAtThree(Config c) {
        if (c.integer("a") == 3) throw new ArithmeticException("the loss is NaN");
        return c.integer("a");
    }

    public static void main(String[] args) {
        Path folder = Path.of(args[0]);
        SparkConf settings = new SparkConf().setMaster("local-cluster[2,1,1024]").setAppName("test").set("spark.ui.enabled", "false").set("spark.executor.memory", "512m")
                .set("spark.local.dir", folder.resolve("tmp").toString()).set("spark.driver.host", "127.0.0.1").set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.executorEnv.SPARK_SCALA_VERSION", "2.13");
        try (Spark spark = Spark.of(settings)) {
            System.out.println("driver " + ProcessHandle.current().pid());
            long start = System.nanoTime();
            bits().file(folder.resolve("bits.tsv")).on(spark).run(RESULTS, SparkProgram::trained);
            System.out.printf("first %.1f s%n", (System.nanoTime() - start) / 1e9);
            report(() -> failing().file(folder.resolve("failing.tsv")).on(spark).run("y", SparkProgram::failingAtThree));
            Object notSerialisable = new Object();
            report(() -> failing().on(spark).run("y", c -> notSerialisable.hashCode()));
            start = System.nanoTime();
            failing().on(spark).run("y", c -> c.integer("a"));
            System.out.printf("4 empty runs %.3f s%n", (System.nanoTime() - start) / 1e9);
        }
    }

    private static void report(Runnable sweep) {
        try {
            sweep.run();
            System.out.println("thrown: nothing");
        } catch (RuntimeException e) {
            System.out.println("thrown: " + e.getMessage().replace('\n', ' ') + (e.getCause() == null ? "" : " because " + e.getCause().toString().replace('\n', ' ')));
        }
    }
}
