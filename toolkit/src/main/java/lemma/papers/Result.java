package lemma.papers;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A recorded outcome, one row of {@code papers/<family>/results.json}: the claim as it stood, the numbers, and where they come from.
 *
 * @param measured the number that the bound judged
 * @param values the values, one a seed
 * @param seconds time spent in the notebook since the claim before
 * @param origin what computed it
 */
public record Result(String paper, String claim, String metric, String bound, double measured, List<Double> values, int seeds, String expect,
                     boolean pass, double seconds, Origin origin) {
    /**
     * Where a result comes from.
     *
     * @param commit of the code; ends in {@code -dirty} when files had changed since
     * @param jdk version of the Java machine
     * @param cpu name of the processor
     */
    public record Origin(String commit, String jdk, String cpu) {
        private static final String UNKNOWN = "unknown";

        /** This machine, with the code of the repository at {@code root}; the commit is {@code unknown} where git does not answer. */
        public static Origin here(Path root) throws IOException, InterruptedException {
            return new Origin(commitOf(root), Runtime.version().toString(), processor());
        }

        /**
         * Hash of the toolkit's sources in the repository at {@code root}, as {@code git rev-parse HEAD:toolkit/src/main/java} gives it, cut to
         * 12 digits; ends in {@code -dirty} when they had changed since, and is {@code unknown} where git does not answer.
         */
        public static String code(Path root) throws InterruptedException {
            String sources = "toolkit/src/main/java";
            String hash = git(root, "rev-parse", "--short=12", "HEAD:" + sources);
            if (hash.equals(UNKNOWN)) return UNKNOWN;
            return git(root, "status", "--porcelain", "--", sources).isEmpty() ? hash : hash + "-dirty";
        }

        private static String commitOf(Path root) throws InterruptedException {
            return git(root, "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*");
        }

        private static String git(Path root, String... words) throws InterruptedException {
            if (!Files.exists(root.resolve(".git"))) return UNKNOWN;
            List<String> command = new ArrayList<>(List.of("git"));
            command.addAll(List.of(words));
            try {
                Process git = new ProcessBuilder(command).directory(root.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
                String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                return git.waitFor() == 0 ? answer : UNKNOWN;
            } catch (IOException e) { // there is no git on this machine
                return UNKNOWN;
            }
        }

        /** Name of this machine's processor. */
        static String processor() throws IOException {
            Path info = Path.of("/proc/cpuinfo");
            String name = System.getProperty("os.arch");
            if (!Files.isReadable(info)) return name;
            return Files.readAllLines(info).stream().filter(line -> line.startsWith("model name")).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse(name);
        }
    }

    public Result {
        values = List.copyOf(values);
    }

    /**
     * The row for a claim as a notebook showed it.
     *
     * @param claim the JSON of {@link Outcome#json}, with {@code seconds} beside it
     * @throws IllegalArgumentException if a field is missing or of another type
     */
    public static Result of(JsonObject claim, Origin origin) {
        JsonObject row = claim.deepCopy();
        row.remove("kind");
        row.addProperty("commit", origin.commit);
        row.addProperty("jdk", origin.jdk);
        row.addProperty("cpu", origin.cpu);
        return parse(row);
    }

    /** @throws IllegalArgumentException if a field is missing or of another type */
    static Result parse(JsonObject row) {
        try {
            List<Double> values = new ArrayList<>();
            for (JsonElement value : field(row, "values").getAsJsonArray()) values.add(value.getAsDouble());
            return new Result(text(row, "paper"), text(row, "claim"), text(row, "metric"), text(row, "bound"), field(row, "measured").getAsDouble(), values,
                    field(row, "seeds").getAsInt(), text(row, "expect"), field(row, "pass").getAsBoolean(), field(row, "seconds").getAsDouble(),
                    new Origin(text(row, "commit"), text(row, "jdk"), text(row, "cpu")));
        } catch (IllegalStateException | UnsupportedOperationException | NumberFormatException e) {
            throw new IllegalArgumentException("not a result, " + e.getMessage() + ": " + row, e);
        }
    }

    private static JsonElement field(JsonObject row, String name) {
        if (!row.has(name)) throw new IllegalArgumentException("result without " + name + ": " + row);
        return row.get(name);
    }

    private static String text(JsonObject row, String name) {
        return field(row, name).getAsString();
    }

    JsonObject json() {
        JsonObject row = new JsonObject();
        row.addProperty("paper", paper);
        row.addProperty("claim", claim);
        row.addProperty("metric", metric);
        row.addProperty("bound", bound);
        row.add("measured", number(measured));
        JsonArray array = new JsonArray();
        values.forEach(value -> array.add(number(value)));
        row.add("values", array);
        row.addProperty("seeds", seeds);
        row.addProperty("expect", expect);
        row.addProperty("pass", pass);
        row.addProperty("seconds", seconds);
        row.addProperty("commit", origin.commit);
        row.addProperty("jdk", origin.jdk);
        row.addProperty("cpu", origin.cpu);
        return row;
    }

    private static JsonPrimitive number(double value) {
        return Double.isFinite(value) ? new JsonPrimitive(value) : new JsonPrimitive(Double.toString(value));
    }

    String name() {
        return paper + "/" + claim;
    }
}
