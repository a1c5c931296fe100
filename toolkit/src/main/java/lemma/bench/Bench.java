package lemma.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Times training steps and operations beside PyTorch in one run: {@code ./lab bench [--python PYTHON] [--tsv FILE] [CASE...]}.
 *
 * <p>Both sides run each case in turn, five rounds; a round is the mean of enough repetitions to last 0.3 s, and the smallest round
 * counts. PyTorch is asked through the script {@code bench.py}, with as many threads as Lemma uses.
 */
public final class Bench {
    private static final int ROUNDS = 5;
    private static final double ROUND_SECONDS = 0.3;

    private Bench() {}

    public static void main(String[] args) throws IOException {
        String python = null;
        Path tsv = null;
        List<String> only = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--python" -> python = value(args, ++i);
                case "--tsv" -> tsv = Path.of(value(args, ++i));
                default -> only.add(args[i]);
            }
        }
        run(python, tsv, only);
    }

    private static String value(String[] args, int i) {
        if (i < args.length) return args[i];
        throw new IllegalArgumentException("bench: " + args[i - 1] + " needs a value");
    }

    private static void run(String python, Path tsv, List<String> only) throws IOException {
        List<BenchCase> cases = BenchCase.all().stream().filter(c -> only.isEmpty() || only.contains(c.name())).toList();
        if (cases.isEmpty()) throw new IllegalArgumentException("bench: no case " + only + "; there are " + BenchCase.all().stream().map(BenchCase::name).toList());
        StringBuilder table = new StringBuilder("case\tours_ms\tpytorch_ms\tratio\tgoal\n");
        System.out.printf("%-14s %10s %10s %7s %6s%n", "case", "ours_ms", "pytorch_ms", "ratio", "goal");
        try (Rival rival = python == null ? null : new Rival(python)) {
            for (BenchCase c : cases) {
                double[] best = time(c, rival);
                String row = String.format(Locale.ROOT, "%s\t%.4f\t%s\t%s\t%.1f", c.name(), best[0], rival == null ? "" : String.format(Locale.ROOT, "%.4f", best[1]),
                        rival == null ? "" : String.format(Locale.ROOT, "%.3f", best[0] / best[1]), c.goal());
                table.append(row).append('\n');
                String[] cell = row.split("\t");
                System.out.printf("%-14s %10s %10s %7s %6s%n", (Object[]) cell);
            }
        }
        if (tsv != null) Files.writeString(tsv, table);
    }

    private static double[] time(BenchCase c, Rival rival) throws IOException {
        Runnable step = c.prepare().get();
        warm(step);
        double[] best = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        for (int r = 0; r < ROUNDS; r++) {
            best[0] = Math.min(best[0], round(step));
            if (rival != null) best[1] = Math.min(best[1], rival.time(c.name(), ROUND_SECONDS));
        }
        return best;
    }

    private static void warm(Runnable step) {
        long end = System.nanoTime() + 5_000_000_000L;
        while (System.nanoTime() < end) step.run();
    }

    private static double round(Runnable step) {
        long start = System.nanoTime();
        long n = 0;
        while (System.nanoTime() - start < ROUND_SECONDS * 1e9) {
            step.run();
            n++;
        }
        return (System.nanoTime() - start) / 1e6 / n;
    }

    /** A Python process that times the same cases in PyTorch: a case name and seconds in, milliseconds out. */
    private static final class Rival implements AutoCloseable {
        private final Process process;
        private final BufferedWriter in;
        private final BufferedReader out;

        Rival(String python) throws IOException {
            Path script = Files.createTempFile("bench", ".py");
            script.toFile().deleteOnExit();
            try (var source = Bench.class.getResourceAsStream("/lemma/bench/bench.py")) {
                Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
            }
            process = new ProcessBuilder(python, script.toString(), Integer.toString(Runtime.getRuntime().availableProcessors())).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            in = process.outputWriter(StandardCharsets.UTF_8);
            out = process.inputReader(StandardCharsets.UTF_8);
        }

        double time(String name, double seconds) throws IOException {
            in.write(name + " " + seconds + "\n");
            in.flush();
            String line = out.readLine();
            if (line == null) throw new IOException("bench: the Python process ended; it needs torch");
            return Double.parseDouble(line);
        }

        @Override
        public void close() {
            try {
                in.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                process.destroy();
            }
        }
    }
}
