package lemma.kernel.run;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lemma.kernel.Launch;
import lemma.papers.Ledger;
import lemma.papers.RecordedSweep;
import lemma.papers.Result;

/**
 * {@code lab run}: executes notebooks, writes what came out under {@code target/notebooks/} and checks every claim against its card.
 * Exit code 0 when every cell ran and every claim came out as expected, 1 when not, 2 when the command line is wrong.
 */
public final class LabRun {
    private static final String USAGE = "usage: lab run [--record] [--timeout SECONDS] NOTEBOOK...";
    private static final Duration CELL_LIMIT = Duration.ofMinutes(20);

    private record Arguments(List<Path> notebooks, boolean record, Duration cellLimit) {
        static Arguments parse(String[] words) {
            List<Path> notebooks = new ArrayList<>();
            boolean record = false;
            Duration limit = CELL_LIMIT;
            for (int i = 0; i < words.length; i++) {
                switch (words[i]) {
                    case "--record" -> record = true;
                    case "--timeout" -> {
                        if (++i == words.length) throw new IllegalArgumentException("--timeout needs a number of seconds");
                        limit = seconds(words[i]);
                    }
                    default -> notebooks.add(notebook(words[i]));
                }
            }
            if (notebooks.isEmpty()) throw new IllegalArgumentException("no notebook given");
            return new Arguments(notebooks, record, limit);
        }

        private static Duration seconds(String word) {
            if (!word.matches("[1-9][0-9]{0,6}")) throw new IllegalArgumentException("--timeout " + word + ": not a number of seconds");
            return Duration.ofSeconds(Long.parseLong(word));
        }

        private static Path notebook(String word) {
            if (word.startsWith("-")) throw new IllegalArgumentException("unknown option " + word);
            Path file = Path.of(word);
            if (!Files.isRegularFile(file)) throw new IllegalArgumentException("no such notebook: " + word);
            return file;
        }
    }

    private LabRun() {}

    public static void main(String[] words) {
        Path root = Path.of(System.getProperty("lemma.root", "."));
        System.exit(run(words, root, Launch.command(System.getProperty("java.class.path")), System.out, System.err));
    }

    static int run(String[] words, Path root, List<String> kernel, PrintStream out, PrintStream err) {
        Arguments arguments;
        try {
            arguments = Arguments.parse(words);
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            err.println(USAGE);
            return 2;
        }
        Path target = root.resolve("target").resolve("notebooks");
        List<NotebookRunner.Result> results = new ArrayList<>();
        try {
            Result.Origin origin = Result.Origin.here(root); // before the run writes into the checkout
            NotebookRunner runner = new NotebookRunner(kernel, environment(arguments, root), arguments.cellLimit, target);
            for (Path file : arguments.notebooks) {
                NotebookRunner.Result result = runner.run(file, new TerminalProgress(file, out));
                report(result, out, err);
                write(result, target, out);
                results.add(result);
            }
            if (arguments.record) record(results, origin, root, out);
        } catch (IOException | IllegalArgumentException e) {
            err.println(e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
        return results.stream().allMatch(NotebookRunner.Result::ok) ? 0 : 1;
    }

    /** What recorded sweeps read: which code runs, and the checkout that they are recorded in. */
    private static Map<String, String> environment(Arguments arguments, Path root) throws InterruptedException {
        Map<String, String> environment = new HashMap<>(Map.of(RecordedSweep.CODE, Result.Origin.code(root)));
        if (arguments.record) environment.put(RecordedSweep.RECORD, root.toAbsolutePath().toString());
        return environment;
    }

    private static void record(List<NotebookRunner.Result> results, Result.Origin origin, Path root, PrintStream out) throws IOException {
        for (NotebookRunner.Result result : results) {
            if (!result.ok()) {
                out.println("not recorded: " + result.file());
                continue;
            }
            if (!result.claims().isEmpty()) {
                Ledger.at(root).record(result.claims().stream().map(claim -> Result.of(claim.json(), origin)).toList());
            }
            result.notebook().write(result.file());
            out.println("recorded: " + result.file());
        }
    }

    private static void report(NotebookRunner.Result result, PrintStream out, PrintStream err) {
        out.printf(Locale.ROOT, "%.1f s", result.seconds());
        if (!Double.isNaN(result.secondsToFirstCell())) out.printf(Locale.ROOT, ", %.1f s of them before the first cell", result.secondsToFirstCell());
        out.println();
        if (!result.claims().isEmpty()) out.print("\n" + ClaimTable.of(result.claims()));
        out.flush();
        if (result.failure() != null) err.println("\n" + result.file() + ": " + (System.console() == null ? Ansi.strip(result.failure()) : result.failure()));
        for (Claim claim : result.surprises()) {
            err.println(claim.paper() + " " + claim.id() + ": expected " + claim.expect() + ", measured " + claim.text("measured")
                    + " against " + claim.text("bound"));
        }
    }

    private static void write(NotebookRunner.Result result, Path target, PrintStream out) throws IOException {
        String name = NotebookRunner.stem(result.file());
        result.notebook().write(target.resolve(name + ".ipynb"));
        Files.writeString(target.resolve(name + ".html"), HtmlPage.of(name, result.notebook()));
        JsonArray claims = new JsonArray();
        result.claims().forEach(claim -> claims.add(claim.json()));
        Files.writeString(target.resolve(name + ".results.json"),
                new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create().toJson(claims) + "\n");
        out.println("\n" + target.resolve(name + ".html").normalize());
    }
}
