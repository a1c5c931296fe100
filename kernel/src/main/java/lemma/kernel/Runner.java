package lemma.kernel;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Runs whole cells, magics among the code. */
final class Runner {
    private static final int RUNS = 7;
    private static final Pattern LOOPS = Pattern.compile("-([nr])\\s+(\\d{1,9})\\s*");

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

    /** Runs {@code code} in the midst of a cell, for that cell. @throws IllegalStateException when it fails, or on another thread than the cell's */
    Object evaluate(String code) {
        Engine.Outcome outcome = engine.nested(number -> run(new Cell(number, "eval", code), 0));
        if (outcome.failed()) throw new IllegalStateException(outcome.error().name() + ": " + outcome.error().message());
        return outcome.value();
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
        if (part.isShell()) return shell(cell, part);
        if (!part.target().isEmpty()) return assign(cell, part);
        return switch (part.magic()) {
            case "time" -> timed(cell, part);
            case "timeit" -> timedOften(cell, part);
            case "load" -> load(cell, part);
            default -> magic(cell, part);
        };
    }

    /** What looks like a shell line is Java when it negates something that the session knows. */
    private Engine.Outcome shell(Cell cell, Script.Part part) {
        String word = part.arguments().split("\\W", 2)[0];
        if (word.isEmpty() || word.equals("true") || word.equals("false") || new Inventory(engine.shell()).isExpression(word)) {
            return engine.run(cell, part.start(), part.to());
        }
        return guarded(() -> {
            int code = magics.surroundings().run(part.arguments());
            if (code != 0) System.err.println("exit code " + code);
        });
    }

    /** {@code List<String> added = %jars lib/*.jar}: the magic as a call, in the place where the line stands. */
    private Engine.Outcome assign(Cell cell, Script.Part part) {
        String arguments = part.list().stream().map(Runner::literal).collect(Collectors.joining(", "));
        String call = part.target() + " lineMagic(" + literal(part.magic()) + ", java.util.List.of(" + arguments + "));";
        String before = "\n".repeat(cell.line(part.start()) - 1);
        return engine.run(new Cell(cell.number(), cell.name(), before + call));
    }

    private static String literal(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** Compiles the code as the body of a lambda: as an expression whose value is used, or else as statements. */
    private Engine.Outcome timedOften(Cell cell, Script.Part part) {
        Matcher options = LOOPS.matcher(part.arguments());
        int loops = 0;
        int runs = RUNS;
        int from = 0;
        for (; options.lookingAt(); options.region(from, part.arguments().length())) {
            int number = Integer.parseInt(options.group(2));
            if (options.group(1).equals("n")) loops = number;
            else runs = Math.max(1, number);
            from = options.end();
        }
        String code = (part.wholeCell() ? cell.code().substring(part.from(), part.to()) : part.arguments().substring(from)).strip();
        if (code.isEmpty()) return failed(new IllegalArgumentException("nothing to time: write " + Magic.named("%", "timeit").orElseThrow().usage()));
        String type = "(" + Timing.class.getName() + ".Body) () -> ";
        Engine.Outcome body = engine.evaluate(type + Timing.class.getName() + ".keep(" + code.replaceFirst(";$", "") + ")");
        if (body.failed()) body = engine.evaluate(type + "{ " + code + (code.endsWith(";") || code.endsWith("}") ? "" : ";") + "\n}");
        if (body.failed()) return body;
        Timing.Body timed = (Timing.Body) body.value();
        int each = loops;
        int often = runs;
        return guarded(() -> System.out.println(Timing.measure(timed, each, often, engine.execution()::checkStopped)));
    }

    private Engine.Outcome timed(Cell cell, Script.Part part) {
        long start = System.nanoTime();
        long ranBefore = engine.execution().nanos();
        Engine.Outcome outcome = part.wholeCell() ? run(cell, part.from()) : engine.run(cell, part.from(), part.to());
        long ran = engine.execution().nanos() - ranBefore;
        long compiled = System.nanoTime() - start - ran;
        System.out.printf(Locale.ROOT, "ran %s, compiled %s%n", Timing.shown(ran), Timing.shown(compiled));
        return outcome;
    }

    private Engine.Outcome load(Cell cell, Script.Part part) {
        Engine.Outcome outcome = Engine.Outcome.NOTHING;
        try {
            List<String> files = part.list();
            if (files.isEmpty() || part.wholeCell()) throw new IllegalArgumentException("write %load file, on a line of its own");
            for (String pattern : files) {
                for (Path file : SourceFile.named(pattern, magics.surroundings().folder())) {
                    outcome = runFile(file, cell.number());
                    if (outcome.failed()) return outcome;
                }
            }
            return outcome;
        } catch (RuntimeException e) {
            return failed(e);
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
        return guarded(() -> {
            if (part.wholeCell()) magics.cell(part.magic(), part.list(), cell.code().substring(part.from(), part.to()));
            else magics.line(part.magic(), part.list());
        });
    }

    /** A task that may fail. */
    private interface Task {
        void run() throws Exception;
    }

    private Engine.Outcome guarded(Task task) {
        try {
            return engine.call(() -> {
                task.run();
                return Engine.Outcome.NOTHING;
            });
        } catch (Exception | LinkageError | StackOverflowError e) {
            return failed(e);
        }
    }

    private Engine.Outcome failed(Throwable failure) {
        return new Engine.Outcome(null, engine.describe(failure));
    }
}
