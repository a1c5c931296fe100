package lemma.sweep;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A sweep to be killed: {@code FILE LOG}; each run leaves a line in the log. */
final class SweepProgram {
    private SweepProgram() {}

    static Sweep sweep(Path file) {
        return Sweep.of(Grid.of("i", java.util.stream.IntStream.range(0, 60).toArray())).seeds(0, 1).threads(2).file(file).quiet();
    }

    static double run(Config c, Path log) throws Exception {
        Thread.sleep(5 + c.integer("i") % 7);
        Files.writeString(log, c + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return Math.sqrt(2 * c.integer("i") + c.seed());
    }

    public static void main(String[] args) {
        sweep(Path.of(args[0])).run("y", c -> run(c, Path.of(args[1])));
    }
}
