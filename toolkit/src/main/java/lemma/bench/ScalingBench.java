package lemma.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.function.Supplier;
import lemma.data.Datasets;
import lemma.scaling.Chinchilla;
import lemma.scaling.ScalingFit;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * Times the fit of the published Chinchilla points beside SciPy in one run: {@code ./lab bench scaling [--python PYTHON] [--tsv FILE]}.
 *
 * <p>Both sides minimise the same objective with its analytic gradient by L-BFGS from the same 4,500 starts, and 4,000 resamples of the points from
 * the minimum of all. SciPy runs with tight tolerances, which reach the minimum, and once with its own. Times are seconds of the clock and of the
 * processor, all threads together. Ours is the smaller of two rounds, of which the first also compiles the code.
 */
public final class ScalingBench {
    private static final int ROUNDS = 2;

    private ScalingBench() {}

    /** One side of a case: seconds of the clock and of the processor, and the objective or the standard error of alpha. */
    private record Side(double wall, double cpu, double result) {
        static Side of(Supplier<Double> work) {
            OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            long wall = System.nanoTime();
            long cpu = system.getProcessCpuTime();
            double result = work.get();
            return new Side((System.nanoTime() - wall) / 1e9, (system.getProcessCpuTime() - cpu) / 1e9, result);
        }

        static Side parsed(String line) {
            String[] numbers = line.split(" ");
            return new Side(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]), Double.parseDouble(numbers[2]));
        }
    }

    public static void main(String[] args) throws IOException {
        String python = null;
        Path tsv = null;
        for (int i = 0; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--python" -> python = args[i + 1];
                case "--tsv" -> tsv = Path.of(args[i + 1]);
                default -> throw new IllegalArgumentException("bench scaling: " + args[i] + ", expected --python PYTHON or --tsv FILE");
            }
        }
        if (args.length % 2 != 0) throw new IllegalArgumentException("bench scaling: " + args[args.length - 1] + " needs a value");
        run(python, tsv);
    }

    private static void run(String python, Path tsv) throws IOException {
        Table runs = Datasets.chinchilla().sortDescendingOn("loss").dropRange(5);
        Side fit = null;
        Side bootstrap = null;
        for (int round = 0; round < ROUNDS; round++) {
            ScalingFit[] fitted = new ScalingFit[1];
            Side starts = Side.of(() -> (fitted[0] = Chinchilla.fit(runs, "params", "tokens", "loss")).objective());
            Side resamples = Side.of(() -> fitted[0].bootstrap().standardError(3));
            fit = fit == null || starts.cpu < fit.cpu ? starts : fit;
            bootstrap = bootstrap == null || resamples.cpu < bootstrap.cpu ? resamples : bootstrap;
        }
        StringBuilder table = new StringBuilder("case\tours_s\tours_cpu_s\tscipy_s\tscipy_cpu_s\tcpu_ratio\tours_result\tscipy_result\n");
        try (Rival rival = python == null ? null : new Rival(python, runs)) {
            table.append(row("starts", fit, rival)).append(row("starts-loose", fit, rival)).append(row("bootstrap", bootstrap, rival));
        }
        System.out.print(table);
        if (tsv != null) Files.writeString(tsv, table);
    }

    private static String row(String name, Side ours, Rival rival) throws IOException {
        Side theirs = rival == null ? new Side(Double.NaN, Double.NaN, Double.NaN) : rival.run(name);
        return String.format(Locale.ROOT, "%s\t%.3f\t%.3f\t%.3f\t%.3f\t%.4f\t%.9g\t%.9g%n", name, ours.wall, ours.cpu, theirs.wall, theirs.cpu, ours.cpu / theirs.cpu, ours.result, theirs.result);
    }

    /** A Python process with SciPy: the name of a case in, a {@link Side} out. */
    private static final class Rival implements AutoCloseable {
        private final Process process;
        private final BufferedWriter in;
        private final BufferedReader out;

        Rival(String python, Table runs) throws IOException {
            Path folder = Files.createTempDirectory("bench");
            Path script = folder.resolve("scaling.py");
            Path points = folder.resolve("points.tsv");
            folder.toFile().deleteOnExit();
            script.toFile().deleteOnExit();
            points.toFile().deleteOnExit();
            try (var source = ScalingBench.class.getResourceAsStream("/lemma/bench/scaling.py")) {
                Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
            }
            StringBuilder lines = new StringBuilder();
            for (Row run : runs) lines.append(run.getDouble("params")).append('\t').append(run.getDouble("tokens")).append('\t').append(run.getDouble("loss")).append('\n');
            Files.writeString(points, lines);
            process = new ProcessBuilder(python, script.toString(), points.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            in = process.outputWriter(StandardCharsets.UTF_8);
            out = process.inputReader(StandardCharsets.UTF_8);
        }

        Side run(String name) throws IOException {
            in.write(name + "\n");
            in.flush();
            String line = out.readLine();
            if (line == null) throw new IOException("bench scaling: the Python process ended; it needs numpy and scipy");
            return Side.parsed(line);
        }

        @Override
        public void close() throws IOException {
            in.close();
            process.destroy();
        }
    }
}
