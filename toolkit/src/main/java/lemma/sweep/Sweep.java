package lemma.sweep;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.LongStream;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.tensor.Threads;
import lemma.train.Progress;
import tech.tablesaw.api.Table;

/**
 * The training runs behind a law as one call: every configuration of a {@link Grid} with every seed.
 *
 * <pre>{@code
 * Table runs = Sweep.of(Grid.of("width", 16, 32, 64).with("examples", 1000, 4000)).seeds(0, 1, 2)
 *         .run("loss", c -> train(c.integer("width"), c.integer("examples"), c.seed()));
 * }</pre>
 *
 * <p>Several runs go at once, one on each of {@link lemma.Lemma#threads()} threads, and the kernels of a run stay on its thread. So a run
 * has the bits that it has alone on one thread, for any number of threads and {@linkplain Spark on Apache Spark}. It must draw its random numbers from the seed and
 * must not change what other runs read.
 *
 * <p>With {@link #file} each finished run is a line on disk at once. A sweep that was stopped or killed, called again, runs only what is
 * missing. A run that throws does not disturb the others: when all are through, a {@link SweepException} reports it.
 *
 * <p>A sweep is immutable; each method gives another.
 */
public final class Sweep {
    static final String SEED = "seed";

    private final List<Config> configs;
    private final List<String> names;
    private final int threads;
    private final Path file;
    private final Map<String, String> labels;
    private final Spark spark;
    private final boolean quiet;

    private Sweep(List<Config> configs, List<String> names, int threads, Path file, Map<String, String> labels, Spark spark, boolean quiet) {
        this.configs = configs;
        this.names = names;
        this.threads = threads;
        this.file = file;
        this.labels = labels;
        this.spark = spark;
        this.quiet = quiet;
    }

    /** What one run does: its results, in the order of their names. A result that is not finite says that the run diverged. */
    @FunctionalInterface
    public interface Run extends Serializable {
        double[] run(Config config) throws Exception;
    }

    /** A run with one result. */
    @FunctionalInterface
    public interface Measure extends Serializable {
        double run(Config config) throws Exception;
    }

    /** Every configuration once, with seed 0. */
    public static Sweep of(Grid grid) {
        if (grid.size() == 0) throw new IllegalArgumentException("Sweep: the grid of " + grid.names() + " has no configurations");
        return new Sweep(grid.configs(), grid.names(), 0, null, Map.of(), null, false);
    }

    /** Every configuration with each of these seeds. */
    public Sweep seeds(long... seeds) {
        if (seeds.length == 0 || LongStream.of(seeds).distinct().count() < seeds.length) throw new IllegalArgumentException("Sweep: seeds " + Arrays.toString(seeds) + ", expected different ones, at least one");
        List<Config> all = configs.stream().map(c -> c.withSeed(0)).distinct().flatMap(c -> LongStream.of(seeds).mapToObj(c::withSeed)).toList();
        return new Sweep(all, names, threads, file, labels, spark, quiet);
    }

    /** This many of the runs, drawn at random without repetition. */
    public Sweep sample(int runs, long seed) {
        if (runs < 1 || runs > configs.size()) throw new IllegalArgumentException("Sweep: a sample of " + runs + " runs, expected 1 to " + configs.size());
        long[] drawn = Scope.run(() -> Arrays.stream(Random.seed(seed).permutation(configs.size()).to(DType.INT64).toDoubles()).mapToLong(i -> (long) i).toArray());
        return new Sweep(LongStream.of(drawn).limit(runs).sorted().mapToObj(i -> configs.get((int) i)).toList(), names, threads, file, labels, spark, quiet);
    }

    /** Runs at once; {@link lemma.Lemma#threads()} unless given. */
    public Sweep threads(int threads) {
        if (threads < 1) throw new IllegalArgumentException("Sweep: " + threads + " threads, expected at least 1");
        return new Sweep(configs, names, threads, file, labels, spark, quiet);
    }

    /**
     * Keeps results in {@code file}, tab-separated, a line a run: values of the grid, seed, results, labels. Lines that it has already are
     * not run again, so delete it after a change of what a run does. Lines of other configurations stay.
     */
    public Sweep file(Path file) {
        return new Sweep(configs, names, threads, file, labels, spark, quiet);
    }

    /** A column that is the same for all runs made from now on, such as the version of the code. */
    public Sweep label(String name, String value) {
        if (!Grid.isPlain(name) || !Grid.isPlain(value)) throw new IllegalArgumentException("Sweep: label \"" + name + "\" = \"" + value + "\", expected text without tabs and line breaks");
        Map<String, String> more = new LinkedHashMap<>(labels);
        more.put(name, value);
        return new Sweep(configs, names, threads, file, more, spark, quiet);
    }

    /** Carries the runs out on Apache Spark; threads are then a matter of its executors. */
    public Sweep on(Spark spark) {
        return new Sweep(configs, names, threads, file, labels, spark, quiet);
    }

    /** Without the bar. */
    public Sweep quiet() {
        return new Sweep(configs, names, threads, file, labels, spark, true);
    }

    /** The runs, seeds of a configuration after each other: the order of the rows of the table. */
    public List<Config> configs() {
        return configs;
    }

    /** Runs everything and gives a row a run: a column for each name of the grid, the seed, the result, the labels. */
    public Table run(String result, Measure run) {
        return run(List.of(result), c -> new double[] {run.run(c)});
    }

    /**
     * Runs everything that the file does not have.
     *
     * @param results names of the numbers that a run returns
     * @return a row a run, in the order of {@link #configs()}
     * @throws SweepException when runs failed, after all others have finished
     * @throws CancellationException if the calling thread is interrupted; what has finished is in the file
     * @throws IllegalArgumentException if the file has other columns, or a line that is none
     */
    public Table run(List<String> results, Run run) {
        RunTable table = table(results);
        try (RunFile lines = file == null ? null : RunFile.open(file, table)) {
            Map<Config, RunTable.Row> rows = new HashMap<>();
            if (lines != null) rows.putAll(table.rows(lines.text(), file.toString(), configs));
            List<Config> left = configs.stream().filter(c -> !rows.containsKey(c)).toList();
            Map<Config, Throwable> failures = left.isEmpty() ? Map.of() : carryOut(left, table, run, rows, lines);
            Table finished = table.of(configs, rows);
            if (failures.isEmpty()) return finished;
            throw new SweepException(failures, finished);
        } catch (IOException e) {
            throw new UncheckedIOException("Sweep: " + file, e);
        }
    }

    /**
     * The runs that the text of a file has.
     *
     * @param where name of the file, for messages
     * @throws IllegalArgumentException if one is missing, or the file has other columns
     */
    public Table read(String text, String where, String... results) {
        RunTable table = table(List.of(results));
        Map<Config, RunTable.Row> rows = table.rows(text, where, configs);
        List<Config> missing = configs.stream().filter(c -> !rows.containsKey(c)).toList();
        if (!missing.isEmpty()) throw new IllegalArgumentException(where + ": " + missing.size() + " of " + configs.size() + " runs are missing, the first is " + missing.getFirst());
        return table.of(configs, rows);
    }

    private RunTable table(List<String> results) {
        List<String> columns = new ArrayList<>(names);
        columns.add(SEED);
        columns.addAll(results);
        columns.addAll(labels.keySet());
        if (results.isEmpty() || new HashSet<>(columns).size() < columns.size()) throw new IllegalArgumentException("Sweep: columns " + columns + ", expected at least one result and different names");
        return new RunTable(names, List.copyOf(results), List.copyOf(labels.keySet()));
    }

    private Map<Config, Throwable> carryOut(List<Config> left, RunTable table, Run run, Map<Config, RunTable.Row> rows, RunFile lines) throws IOException {
        BlockingQueue<Outcome> finished = new LinkedBlockingQueue<>();
        int expected = table.results().size();
        Run checked = config -> RunTable.checked(run.run(config), expected);
        Map<Config, Throwable> failures = new LinkedHashMap<>();
        String before = rows.isEmpty() ? "" : " (" + rows.size() + " were done)";
        try (Progress bar = quiet ? null : new Progress("sweep", left.size());
                Workers workers = workers(Math.min(left.size(), threads == 0 ? Threads.count() : threads))) {
            workers.start(left, checked, finished::add);
            for (int done = 1; done <= left.size(); done++) {
                Outcome outcome = finished.take();
                if (outcome.index() == Outcome.ALL) throw new IllegalStateException("Sweep: Spark gave the job up after " + rows.size() + " of " + configs.size() + " runs", outcome.failure());
                Config config = left.get(outcome.index());
                if (outcome.failure() != null) {
                    failures.put(config, outcome.failure());
                } else {
                    RunTable.Row row = new RunTable.Row(outcome.results(), List.copyOf(labels.values()));
                    if (lines != null) lines.append(table.line(config, row));
                    rows.put(config, row);
                }
                if (bar != null) bar.at(done, config + (failures.isEmpty() ? "" : ", " + failures.size() + " failed") + before);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Sweep: interrupted after " + rows.size() + " of " + configs.size() + " runs" + (file == null ? "" : "; call it again to go on"));
        }
        return failures;
    }

    private Workers workers(int atOnce) {
        return spark == null ? new LocalWorkers(atOnce) : spark.workers();
    }
}
