package lemma.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import lemma.nn.Activation;
import lemma.nn.Linear;
import lemma.nn.Sequential;
import lemma.optim.Adam;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import lemma.tensor.Threads;
import lemma.train.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;

class SweepTest {
    private static final Grid GRID = Grid.of("a", 1, 2, 3).with("b", 0.5, 0.25);

    @TempDir
    private Path folder;

    private static double product(Config c) {
        return c.integer("a") * c.number("b") + c.seed();
    }

    @Test
    void givesARowARunInTheOrderOfTheGrid() {
        Table runs = Sweep.of(GRID).seeds(0, 10).quiet().run("y", SweepTest::product);
        assertThat(runs.columnNames()).containsExactly("a", "b", "seed", "y");
        assertThat(runs.types()).containsExactly(ColumnType.INTEGER, ColumnType.DOUBLE, ColumnType.LONG, ColumnType.DOUBLE);
        assertThat(runs.intColumn("a").asObjectArray()).containsExactly(1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
        assertThat(runs.doubleColumn("y").asDoubleArray()).containsExactly(0.5, 10.5, 0.25, 10.25, 1, 11, 0.5, 10.5, 1.5, 11.5, 0.75, 10.75);
    }

    @Test
    void hasAColumnForEachResultAndLabel() {
        Table runs = Sweep.of(Grid.of("name", "x", "y")).label("code", "abc").quiet().run(List.of("length", "none"), c -> new double[] {c.text("name").length(), Double.NaN});
        assertThat(runs.columnNames()).containsExactly("name", "seed", "length", "none", "code");
        assertThat(runs.doubleColumn("none").isMissing().size()).isEqualTo(2);
        assertThat(runs.stringColumn("code").asList()).containsExactly("abc", "abc");
    }

    private static double[] trained(Config c) {
        Tensor x = Random.seed(5).normal(512, 256);
        Tensor y = x.narrow(1, 0, 8).tanh();
        var net = Sequential.of(Linear.of(256, c.integer("width")), Activation.GELU, Linear.of(c.integer("width"), 8)).init(Random.seed(c.seed()));
        var history = Trainer.of(net, Adam.of(1e-2)).loss((p, t) -> p.sub(t).square().mean()).batchSize(256).steps(3).quiet().fit(x, y);
        double[] weights = history.model().params().tensors().getFirst().toDoubles();
        return new double[] {history.best("loss"), Arrays.stream(weights).sum()};
    }

    @Test
    void severalRunsAtOnceHaveTheBitsOfEachAlone() {
        Sweep sweep = Sweep.of(Grid.of("width", 128, 200)).seeds(1, 2).quiet();
        Table together = Threads.with(4, () -> sweep.threads(4).run(List.of("loss", "sum"), SweepTest::trained));
        for (int i = 0; i < sweep.configs().size(); i++) {
            Config c = sweep.configs().get(i);
            double[] alone = Threads.with(1, () -> trained(c));
            assertThat(new double[] {together.doubleColumn("loss").get(i), together.doubleColumn("sum").get(i)}).as("%s", c).containsExactly(alone);
        }
    }

    @Test
    void kernelsOfARunStayOnItsThreadInParallelStreamsToo() {
        Table runs = Threads.with(3, () -> Sweep.of(Grid.of("a", 1, 2)).threads(2).quiet()
                .run("threads", c -> IntStream.range(0, 64).parallel().map(i -> Threads.count()).max().orElseThrow()));
        assertThat(runs.doubleColumn("threads").asDoubleArray()).containsExactly(1, 1);
        assertThat(Threads.with(3, Threads::count)).isEqualTo(3);
    }

    @Test
    void runsMayTakeMoreThreadsForTheProcessWithoutWaitingForEachOther() {
        Table runs = Sweep.of(Grid.of("a", 1, 2, 3, 4)).threads(2).quiet().run("y", c -> Threads.with(1, () -> c.integer("a")));
        assertThat(runs.doubleColumn("y").sum()).isEqualTo(10);
    }

    @Test
    void runsAtOnceAreAsManyAsAsked() throws InterruptedException {
        CountDownLatch three = new CountDownLatch(3);
        Table runs = Sweep.of(Grid.of("a", 1, 2, 3)).threads(3).quiet().run("met", c -> {
            three.countDown();
            return three.await(30, TimeUnit.SECONDS) ? 1 : 0;
        });
        assertThat(runs.doubleColumn("met").sum()).isEqualTo(3);
    }

    @Test
    void aFailureDoesNotDisturbTheOthersAndIsReportedAtTheEnd() {
        Path file = folder.resolve("runs.tsv");
        AtomicInteger calls = new AtomicInteger();
        Sweep sweep = Sweep.of(GRID).seeds(7).threads(2).file(file).quiet();
        assertThatThrownBy(() -> sweep.run("y", c -> {
            calls.incrementAndGet();
            if (c.integer("a") == 2) throw new ArithmeticException("the loss is NaN");
            return product(c);
        })).isInstanceOfSatisfying(SweepException.class, e -> {
            assertThat(e).hasMessageContaining("2 of 6 runs failed").hasMessageContaining("a=2, b=0.25, seed=7: java.lang.ArithmeticException: the loss is NaN");
            assertThat(e.failures()).hasSize(2).allSatisfy((c, t) -> assertThat(t).isInstanceOf(ArithmeticException.class));
            assertThat(e.finished().intColumn("a").asObjectArray()).containsExactly(1, 1, 3, 3);
        });
        assertThat(calls).hasValue(6);
        Table all = sweep.run("y", c -> {
            calls.incrementAndGet();
            return product(c);
        });
        assertThat(calls).hasValue(8);
        assertThat(all.doubleColumn("y").asDoubleArray()).containsExactly(7.5, 7.25, 8, 7.5, 8.5, 7.75);
    }

    @Test
    void errorsAreFailuresOfTheirRunAlone() {
        assertThatThrownBy(() -> Sweep.of(GRID).quiet().run("y", c -> {
            if (c.integer("a") == 3) throw new StackOverflowError();
            return 1;
        })).isInstanceOf(SweepException.class).hasMessageContaining("2 of 6");
        assertThatThrownBy(() -> Sweep.of(GRID).quiet().run(List.of("x", "y"), c -> new double[1])).hasMessageContaining("the run returned 1 numbers, expected 2");
    }

    @Test
    void aFileReadsBackToTheSameBits() {
        Path file = folder.resolve("deep/runs.tsv");
        double[] odd = {Math.nextUp(1.0 / 3), Double.MIN_VALUE, Double.NaN, Double.NEGATIVE_INFINITY, -0.0, 1e300};
        Sweep sweep = Sweep.of(Grid.of("i", IntStream.range(0, odd.length).toArray())).file(file).label("code", "1a").quiet();
        Table first = sweep.run("y", c -> odd[c.integer("i")]);
        Table again = sweep.run("y", c -> {
            throw new AssertionError("ran again");
        });
        assertThat(again.doubleColumn("y").asDoubleArray()).containsExactly(odd);
        assertThat(again.print()).isEqualTo(first.print());
    }

    @Test
    void aLineThatWasCutOffAnywhereIsRunAgain() throws Exception {
        Path file = folder.resolve("runs.tsv");
        Sweep sweep = Sweep.of(GRID).threads(1).file(file).quiet();
        sweep.run("y", SweepTest::product);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            AtomicInteger calls = new AtomicInteger();
            Table runs = sweep.run("y", c -> {
                calls.incrementAndGet();
                return product(c);
            });
            int cut = length;
            int lines = (int) IntStream.range(0, length).filter(i -> whole[i] == '\n').count();
            assertThat(calls.get()).as("after %d bytes", cut).isEqualTo(6 - Math.max(0, lines - 1));
            assertThat(runs.doubleColumn("y").asDoubleArray()).containsExactly(0.5, 0.25, 1, 0.5, 1.5, 0.75);
            assertThat(Files.readAllBytes(file)).isEqualTo(whole);
        }
    }

    @Test
    void aLargerGridRunsOnlyWhatIsNew() {
        Path file = folder.resolve("runs.tsv");
        Sweep.of(GRID).file(file).quiet().run("y", SweepTest::product);
        Set<Config> ran = ConcurrentHashMap.newKeySet();
        Table runs = Sweep.of(GRID.and(Grid.of("a", 4).with("b", 0.5))).seeds(0).file(file).quiet().run("y", c -> {
            ran.add(c);
            return product(c);
        });
        assertThat(ran).hasSize(1);
        assertThat(runs.rowCount()).isEqualTo(7);
        assertThat(Sweep.of(Grid.of("a", 3).with("b", 0.25)).file(file).quiet().run("y", SweepTest::product).rowCount()).isEqualTo(1);
    }

    @Test
    void saysWhenAFileBelongsToAnotherSweep() throws Exception {
        Path file = folder.resolve("runs.tsv");
        Sweep sweep = Sweep.of(GRID).file(file).quiet();
        sweep.run("y", SweepTest::product);
        assertThatThrownBy(() -> sweep.run("loss", SweepTest::product)).hasMessageContaining("has the columns [a, b, seed, y], this sweep has [a, b, seed, loss]");
        Files.writeString(file, Files.readString(file) + "1\t0.5\t0\t2.0\n");
        assertThatThrownBy(() -> sweep.run("y", SweepTest::product)).hasMessageContaining("line 8 repeats the run a=1, b=0.5, seed=0");
        Files.writeString(file, "a\tb\tseed\ty\n1\t0.5\t0\tmuch\n");
        assertThatThrownBy(() -> sweep.run("y", SweepTest::product)).hasMessageContaining("line 2").hasMessageContaining("much");
        Files.writeString(file, "a\tb\tseed\ty\n1\t0.5\t0\n");
        assertThatThrownBy(() -> sweep.run("y", SweepTest::product)).hasMessageContaining("line 2 has 3 cells, expected 4");
    }

    @Test
    void refusesAFileThatAnotherSweepWrites() throws Exception {
        Path file = folder.resolve("runs.tsv");
        try (FileChannel other = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            other.lock();
            assertThatThrownBy(() -> Sweep.of(GRID).file(file).quiet().run("y", SweepTest::product)).hasMessageContaining("another sweep is writing");
        }
    }

    @Test
    void interruptedItStopsAndKeepsWhatHasFinished() throws Exception {
        Path file = folder.resolve("runs.tsv");
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread sweep = new Thread(() -> {
            try {
                Sweep.of(GRID).threads(1).file(file).quiet().run("y", c -> {
                    if (c.integer("a") < 3) return product(c);
                    stuck.countDown();
                    try {
                        Thread.sleep(60_000);
                    } finally {
                        stopped.countDown();
                    }
                    return 0;
                });
            } catch (CancellationException e) {
                thrown.set(e);
            }
        });
        sweep.start();
        assertThat(stuck.await(30, TimeUnit.SECONDS)).isTrue();
        while (Files.readAllLines(file).size() < 5) Thread.sleep(5);
        sweep.interrupt();
        sweep.join(30_000);
        assertThat(thrown.get()).hasMessageContaining("interrupted after 4 of 6 runs; call it again to go on");
        assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readAllLines(file)).hasSize(5);
    }

    @Test
    void aSampleIsPartOfTheSweepAndTheSameForASeed() {
        Sweep sweep = Sweep.of(GRID).seeds(0, 1, 2);
        assertThat(sweep.sample(5, 3).configs()).hasSize(5).doesNotHaveDuplicates().isSubsetOf(sweep.configs()).isEqualTo(sweep.sample(5, 3).configs());
        assertThat(sweep.sample(5, 4).configs()).isNotEqualTo(sweep.sample(5, 3).configs());
        assertThatThrownBy(() -> sweep.sample(19, 0)).hasMessageContaining("19 runs, expected 1 to 18");
    }

    @Test
    void readsACompleteFileOnly() throws Exception {
        Path file = folder.resolve("runs.tsv");
        Sweep.of(GRID).file(file).quiet().run("y", SweepTest::product);
        String text = Files.readString(file);
        assertThat(Sweep.of(GRID).read(text, "runs.tsv", "y").doubleColumn("y").asDoubleArray()).containsExactly(0.5, 0.25, 1, 0.5, 1.5, 0.75);
        assertThatThrownBy(() -> Sweep.of(GRID).seeds(0, 1).read(text, "runs.tsv", "y")).hasMessageContaining("runs.tsv: 6 of 12 runs are missing, the first is a=1, b=0.5, seed=1");
    }

    @Test
    void saysWhatIsWrongWithASweep() {
        assertThatThrownBy(() -> Sweep.of(GRID).seeds(1, 1)).hasMessageContaining("seeds [1, 1]");
        assertThatThrownBy(() -> Sweep.of(GRID).threads(0)).hasMessageContaining("0 threads");
        assertThatThrownBy(() -> Sweep.of(GRID.where(c -> false))).hasMessageContaining("no configurations");
        assertThatThrownBy(() -> Sweep.of(GRID).run("a", SweepTest::product)).hasMessageContaining("different names");
        assertThatThrownBy(() -> Sweep.of(GRID).label("code", "a\tb")).hasMessageContaining("without tabs");
    }
}
