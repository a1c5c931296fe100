package lemma.kernel;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Runs whole cells, magics among the code. */
final class Runner {
    private final Engine engine;
    private final Magics magics;

    Runner(Engine engine, Magics magics) {
        this.engine = engine;
        this.magics = magics;
    }

    /** Runs {@code cell} up to its end or the first failure; the value is that of its last part. */
    Engine.Outcome run(Cell cell) {
        engine.arm();
        try {
            Engine.Outcome outcome = run(cell, 0);
            boolean stoppedLate = !outcome.failed() && engine.execution().stopping();
            return stoppedLate ? new Engine.Outcome(null, engine.interrupted()) : outcome;
        } finally {
            engine.settle();
        }
    }

    private Engine.Outcome run(Cell cell, int from) {
        Engine.Outcome outcome = Engine.Outcome.NOTHING;
        for (Script.Part part : Script.parts(cell.code(), from)) {
            outcome = run(cell, part);
            if (outcome.failed()) return outcome;
        }
        return outcome;
    }

    private Engine.Outcome run(Cell cell, Script.Part part) {
        if (part.magic() == null) return engine.run(cell, part.from(), part.to());
        return switch (part.magic()) {
            case "time" -> timed(cell, part);
            case "load" -> load(cell, part);
            default -> magic(cell, part);
        };
    }

    private Engine.Outcome timed(Cell cell, Script.Part part) {
        long start = System.nanoTime();
        long ranBefore = engine.execution().nanos();
        Engine.Outcome outcome = part.wholeCell() ? run(cell, part.from()) : engine.run(cell, part.from(), part.to());
        long ran = engine.execution().nanos() - ranBefore;
        long compiled = System.nanoTime() - start - ran;
        System.out.printf(Locale.ROOT, "ran %s, compiled %s%n", seconds(ran), seconds(compiled));
        return outcome;
    }

    private static String seconds(long nanos) {
        double ms = nanos / 1e6;
        return ms < 1000 ? String.format(Locale.ROOT, "%.3g ms", ms) : String.format(Locale.ROOT, "%.2f s", ms / 1000);
    }

    private Engine.Outcome load(Cell cell, Script.Part part) {
        Engine.Outcome outcome = Engine.Outcome.NOTHING;
        try {
            List<String> files = part.list();
            if (files.isEmpty() || part.wholeCell()) throw new IllegalArgumentException("write %load file, on a line of its own");
            for (String pattern : files) {
                for (Path file : Paths.expand(pattern)) {
                    outcome = runFile(file, cell.number());
                    if (outcome.failed()) return outcome;
                }
            }
            return outcome;
        } catch (RuntimeException e) {
            return new Engine.Outcome(null, engine.describe(e));
        }
    }

    private Engine.Outcome runFile(Path file, int number) {
        Engine.Outcome outcome = Engine.Outcome.NOTHING;
        for (Cell piece : SourceFile.read(file, number)) {
            outcome = run(piece, 0);
            if (outcome.failed()) return outcome;
        }
        return outcome;
    }

    private Engine.Outcome magic(Cell cell, Script.Part part) {
        try {
            return engine.call(() -> {
                if (part.wholeCell()) magics.cell(part.magic(), part.list(), cell.code().substring(part.from(), part.to()));
                else magics.line(part.magic(), part.list());
                return Engine.Outcome.NOTHING;
            });
        } catch (Exception e) {
            return new Engine.Outcome(null, engine.describe(e));
        }
    }
}
