package lemma.kernel.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import lemma.kernel.AotCache;
import lemma.kernel.Launch;

/**
 * {@code lab bench kernel [KERNEL_JSON...]}: how fast kernels start and answer, and the memory they take; our own and those of the
 * kernel specs that are named, for Java or Python. Every row is one kernel, every number a median, times over the real protocol.
 */
public final class KernelBench {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration BEFORE_INTERRUPT = Duration.ofMillis(500);
    private static final int STARTS = 5;
    private static final int LINES = 100_000;
    private static final String LOG = "kernel.log";

    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Code code;
    private final boolean bySignal;
    private final Path folder;

    private KernelBench(String name, List<String> command, Map<String, String> environment, Code code, boolean bySignal, Path folder) {
        this.name = name;
        this.command = command;
        this.environment = environment;
        this.code = code;
        this.bySignal = bySignal;
        this.folder = folder;
    }

    /** The same cells in the language of a kernel. */
    private enum Code {
        JAVA, PYTHON;

        static Code of(String language) {
            return switch (language.toLowerCase(Locale.ROOT)) {
                case "java" -> JAVA;
                case "python" -> PYTHON;
                default -> throw new IllegalArgumentException("no cells for the language " + language + "; there are some for java and python");
            };
        }

        String type(int n) {
            StringBuilder text = new StringBuilder(this == JAVA ? "class Account" + n + " {\n    double balance;\n" : "class Account" + n + ":\n    balance = 0\n");
            for (int i = 0; i < 9; i++) {
                text.append(this == JAVA ? "    double interest%d(double rate) {\n        return balance * rate + %d;\n    }\n".formatted(i, i)
                        : "    def interest%d(self, rate):\n        return self.balance * rate + %d\n\n".formatted(i, i));
            }
            return text.append(this == JAVA ? "}" : "").toString();
        }

        /** The n-th of a hundred different cells: a variable, a loop, a function, text, an expression. */
        String cell(int n) {
            boolean java = this == JAVA;
            return switch (n % 5) {
                case 0 -> java ? "int a" + n + " = " + n + ";" : "a" + n + " = " + n;
                case 1 -> java ? "long s" + n + " = 0;\nfor (int i = 0; i < 1000; i++) s" + n + " += i;" : "s" + n + " = 0\nfor i in range(1000): s" + n + " += i";
                case 2 -> java ? "int f" + n + "(int x) {\n    return x + " + n + ";\n}" : "def f" + n + "(x):\n    return x + " + n;
                case 3 -> java ? "System.out.println(\"cell \" + " + n + ");" : "print('cell', " + n + ")";
                default -> java ? "f" + (n - 2) + "(3) * 2" : "f" + (n - 2) + "(3) * 2";
            };
        }

        String lines() {
            return this == JAVA ? "for (int i = 0; i < " + LINES + "; i++) System.out.println(\"line \" + i);" : "for i in range(" + LINES + "): print('line', i)";
        }

        String forEver() {
            return this == JAVA ? "while (true) {}" : "while True: pass";
        }
    }

    public static void main(String[] files) throws Exception {
        Path folder = Files.createTempDirectory("lemma-bench-");
        folder.toFile().deleteOnExit();
        folder.resolve(LOG).toFile().deleteOnExit();
        String classPath = System.getProperty("java.class.path");
        AotCache.of(classPath).ensure(System.err);
        List<KernelBench> kernels = new ArrayList<>();
        kernels.add(new KernelBench("Lemma", Launch.command(classPath), Map.of(), Code.JAVA, false, folder));
        for (String file : files) kernels.add(of(Path.of(file), folder));
        System.out.println("kernel\tfirst_reply_s\t1+1_ms\tclass_ms\t100_cells_s\trss_mb\t100000_lines_s\tlines_lost\tinterrupt_s");
        for (KernelBench kernel : kernels) {
            try {
                kernel.measure();
            } catch (KernelClient.KernelLost | IllegalStateException e) { // the others are measured all the same
                System.out.println(kernel.name + "\tfailed: " + e.getMessage().lines().findFirst().orElse(""));
            }
        }
    }

    private static KernelBench of(Path file, Path folder) throws IOException {
        JsonObject spec = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        List<String> command = spec.getAsJsonArray("argv").asList().stream().map(JsonElement::getAsString)
                .map(word -> word.replace("{resource_dir}", file.toAbsolutePath().getParent().toString())).toList();
        Map<String, String> environment = new HashMap<>();
        if (spec.get("env") instanceof JsonObject env) env.entrySet().forEach(entry -> environment.put(entry.getKey(), entry.getValue().getAsString()));
        boolean bySignal = !(spec.has("interrupt_mode") && spec.get("interrupt_mode").getAsString().equals("message"));
        return new KernelBench(spec.get("display_name").getAsString(), command, environment, Code.of(spec.get("language").getAsString()), bySignal, folder);
    }

    private void measure() throws Exception {
        double[] starts = new double[STARTS];
        for (int i = 0; i < STARTS; i++) {
            long start = System.nanoTime();
            try (KernelClient client = start()) {
                run(client, "1 + 1");
                starts[i] = secondsSince(start);
            }
        }
        try (KernelClient client = start()) {
            double hundred = IntStream.range(0, 100).mapToDouble(n -> timed(client, code.cell(n))).sum();
            double resident = client.residentBytes() / 1e6;
            double[] sums = IntStream.range(0, 21).mapToDouble(n -> timed(client, "1 + 1")).toArray();
            double[] types = IntStream.range(0, 11).mapToDouble(n -> timed(client, code.type(n))).toArray();
            int[] lines = {0};
            long start = System.nanoTime();
            client.execute(code.lines(), LIMIT, message -> {
                if (message.type().equals("stream")) lines[0] += (int) message.content().get("text").getAsString().chars().filter(c -> c == '\n').count();
            });
            double printing = secondsSince(start);
            System.out.printf(Locale.ROOT, "%s\t%.2f\t%.1f\t%.1f\t%.2f\t%.0f\t%.2f\t%d\t%s%n", name, median(starts), 1e3 * median(sums), 1e3 * median(types), hundred,
                    resident, printing, LINES - lines[0], interrupt(client));
        }
    }

    private KernelClient start() throws IOException, KernelClient.KernelLost {
        return KernelClient.start(command, folder, environment, folder.resolve(LOG));
    }

    /** From the interrupt to the reply; a kernel that goes on regardless is ended. */
    private String interrupt(KernelClient client) throws InterruptedException {
        Thread signal = Thread.ofPlatform().daemon().unstarted(() -> {
            try {
                Thread.sleep(BEFORE_INTERRUPT);
                client.signal("INT");
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("cannot send SIGINT", e);
            }
        });
        long start = System.nanoTime();
        try {
            if (bySignal) signal.start();
            client.execute(code.forEver(), bySignal ? Duration.ofSeconds(10) : BEFORE_INTERRUPT, message -> {});
            return String.format(Locale.ROOT, "%.2f", secondsSince(start) - BEFORE_INTERRUPT.toMillis() / 1e3);
        } catch (KernelClient.KernelLost e) {
            return "never";
        }
    }

    private static double timed(KernelClient client, String cell) {
        long start = System.nanoTime();
        run(client, cell);
        return secondsSince(start);
    }

    private static void run(KernelClient client, String cell) {
        try {
            KernelClient.Reply reply = client.execute(cell, LIMIT, message -> {});
            if (!reply.ok()) throw new IllegalStateException("this cell failed: " + cell + "\n" + reply.content());
        } catch (KernelClient.KernelLost e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
