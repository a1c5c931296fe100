package lemma.papers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import lemma.display.Bundle;
import lemma.display.Display;
import lemma.sweep.Config;
import lemma.sweep.Grid;
import lemma.sweep.Sweep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class RecordedSweepTest {
    private static final String FILE = "laws/runs/a-law.tsv";

    @TempDir
    private Path checkout;

    private final List<String> shown = new ArrayList<>();
    private Display.Sink before;

    @BeforeEach
    void listen() {
        before = Display.install(new Display.Sink() {
            @Override
            public void show(String id, Bundle bundle) {
                shown.add(bundle.plain());
            }

            @Override
            public void update(String id, Bundle bundle) {}
        });
    }

    @AfterEach
    void stopListening() {
        Display.install(before);
    }

    private RecordedSweep sweep(String code, String machine) {
        Sweep sweep = Sweep.of(Grid.of("n", 1, 2, 3, 4)).seeds(0, 1).quiet();
        return RecordedSweep.of(FILE, sweep).sample(3, 1).at(new RecordedSweep.Place(Optional.of(checkout), code, machine));
    }

    private static double root(Config c) {
        return Math.sqrt(c.integer("n") + c.seed());
    }

    @Test
    void recordsOnceAndThenCarriesOutTheSampleOnly() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Sweep.Measure run = c -> {
            calls.incrementAndGet();
            return root(c);
        };
        Table first = sweep("c1", "m1").run("y", run);
        assertThat(calls.getAndSet(0)).isEqualTo(8 + 3);
        assertThat(Files.readString(checkout.resolve("papers").resolve(FILE))).startsWith("n\tseed\ty\tcode\tmachine\n").contains("4\t1\t2.23606797749979\tc1\tm1\n");
        Table second = sweep("c2", "m2").run("y", run);
        assertThat(calls).hasValue(3);
        assertThat(second.print()).isEqualTo(first.print());
        assertThat(shown).containsOnly("8 recorded runs; 3 of them carried out again: the same bits");
    }

    @Test
    void anotherMachineOrCodeMayDifferWithinTheTolerance() {
        sweep("c1", "m1").run("y", RecordedSweepTest::root);
        sweep("c1", "m2").tolerance(1e-3).run("y", c -> root(c) * (1 + 1e-4));
        sweep("c2", "m1").tolerance(1e-3).run("y", c -> root(c) * (1 + 1e-4));
        assertThat(shown.getLast()).isEqualTo("8 recorded runs; 3 of them carried out again: largest relative difference 0.00010, allowed 0.0010");
        assertThatThrownBy(() -> sweep("c1", "m2").tolerance(1e-3).run("y", c -> root(c) * (1 + 2e-3))).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("farther than 0.001").hasMessageContaining("delete the file and record it anew");
    }

    @Test
    void theSameCodeOnTheSameMachineMustGiveTheSameBits() {
        sweep("c1", "m1").run("y", RecordedSweepTest::root);
        assertThatThrownBy(() -> sweep("c1", "m1").run("y", c -> Math.nextUp(root(c)))).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("with the same code on the same machine");
    }

    @Test
    void codeThatGitDoesNotKnowIsNotTakenForTheSame() {
        sweep("unknown", "m1").run("y", RecordedSweepTest::root);
        sweep("unknown", "m1").run("y", c -> Math.nextUp(root(c)));
        assertThat(shown.getLast()).contains("largest relative difference");
    }

    @Test
    void aRunThatDivergedMustDivergeAgain() {
        sweep("c1", "m1").run("y", c -> Double.NaN);
        sweep("c2", "m1").run("y", c -> Double.NaN);
        assertThat(shown.getLast()).contains("the same bits");
        assertThatThrownBy(() -> sweep("c2", "m1").run("y", c -> 1)).hasMessageContaining("was NaN, now it is 1.0");
    }

    @Test
    void withoutARecordItSaysHowToMakeOne() {
        RecordedSweep sweep = sweep("c1", "m1").at(new RecordedSweep.Place(Optional.empty(), "c1", "m1"));
        assertThatThrownBy(() -> sweep.run("y", RecordedSweepTest::root)).hasMessage("papers/laws/runs/a-law.tsv does not exist; record it with lab run --record");
    }
}
