package lemma.kernel.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lemma.kernel.wire.Json;

/**
 * Runs notebooks, each in a fresh kernel started in the notebook's folder, cell after cell until one fails.
 *
 * @param command the kernel's command line, where {@code {connection_file}} stands for the connection file
 * @param environment variables for the kernel
 * @param cellLimit how long one cell may take before it is interrupted
 * @param logs folder for what kernels write to their standard output and error
 */
public record NotebookRunner(List<String> command, Map<String, String> environment, Duration cellLimit, Path logs) {
    /** Hears how a run goes on. */
    public interface Progress {
        /** Called with every heading between the code cells. */
        void heading(String heading);

        /** Cell {@code number} of {@code count} code cells starts. */
        void started(int number, int count, String firstLine);

        /** The cell that started last has ended. */
        void ended(double seconds, boolean ok);
    }

    /** How a notebook went; {@code secondsToFirstCell} is NaN when no cell ran. */
    public record Result(Path file, Notebook notebook, List<Claim> claims, String failure, double secondsToFirstCell, double seconds) {
        /** The claims whose outcome is not what their card expects. */
        public List<Claim> surprises() {
            return claims.stream().filter(claim -> !claim.asExpected()).toList();
        }

        /** Whether every cell ran and every claim came out as expected. */
        public boolean ok() {
            return failure == null && surprises().isEmpty();
        }
    }

    /** Runs the notebook; what goes wrong in it stands in the result. @throws IOException when it cannot be read or no kernel starts */
    public Result run(Path file, Progress progress) throws IOException {
        long start = System.nanoTime();
        Notebook notebook = Notebook.read(file);
        notebook.cells().stream().filter(Notebook.Cell::isCode).forEach(Notebook.Cell::clear);
        Files.createDirectories(logs);
        Path log = logs.resolve(stem(file) + ".kernel.log");
        List<Claim> claims = new ArrayList<>();
        double firstCell = Double.NaN;
        String failure;
        try (KernelClient client = KernelClient.start(command, file.toAbsolutePath().getParent(), environment, log)) {
            firstCell = secondsSince(start);
            describeKernel(notebook, client.info());
            failure = runCells(notebook, client, progress, claims);
        } catch (KernelClient.KernelLost e) {
            failure = e.getMessage();
        }
        return new Result(file, notebook, claims, failure, firstCell, secondsSince(start));
    }

    /** The notebook's name without its extension. */
    static String stem(Path file) {
        return file.getFileName().toString().replaceFirst("\\.ipynb$", "");
    }

    private String runCells(Notebook notebook, KernelClient client, Progress progress, List<Claim> claims) throws KernelClient.KernelLost {
        List<Notebook.Cell> cells = notebook.cells();
        int count = (int) cells.stream().filter(NotebookRunner::runs).count();
        int number = 0;
        double sinceClaim = 0;
        Outputs outputs = new Outputs();
        for (Notebook.Cell cell : cells) {
            if (cell.isMarkdown()) headings(cell.source()).forEach(progress::heading);
            if (!runs(cell)) continue;
            number++;
            progress.started(number, count, firstLine(cell.source()));
            long start = System.nanoTime();
            String failure = runCell(cell, client, outputs);
            double seconds = secondsSince(start);
            progress.ended(seconds, failure == null);
            if (failure != null) return "cell " + number + " of " + count + " (" + firstLine(cell.source()) + "): " + failure;
            sinceClaim += seconds;
            List<Claim> found;
            try {
                found = Claim.of(cell);
            } catch (IllegalArgumentException e) {
                return "cell " + number + " of " + count + ": " + e.getMessage();
            }
            for (Claim claim : found) {
                if (!claim.json().has("seconds")) claim.json().addProperty("seconds", Math.round(sinceClaim * 100) / 100.0);
            }
            if (!found.isEmpty()) sinceClaim = 0;
            claims.addAll(found);
        }
        return null;
    }

    private static boolean runs(Notebook.Cell cell) {
        return cell.isCode() && !cell.source().isBlank();
    }

    /** Runs a cell and returns what went wrong, or null. */
    private String runCell(Notebook.Cell cell, KernelClient client, Outputs outputs) throws KernelClient.KernelLost {
        outputs.begin(cell.outputs());
        KernelClient.Reply reply;
        try {
            reply = client.execute(cell.source(), cellLimit, outputs::accept);
        } finally {
            outputs.end();
        }
        JsonObject content = reply.content();
        if (content.has("execution_count")) cell.executionCount(content.get("execution_count").getAsInt());
        if (reply.interrupted()) return "did not end within " + cellLimit.toSeconds() + " s and was interrupted";
        if (reply.ok() || cell.hasTag("raises-exception")) return null;
        return error(content);
    }

    private static String error(JsonObject content) {
        if (content.get("traceback") instanceof JsonArray traceback && !traceback.isEmpty()) {
            List<String> lines = new ArrayList<>();
            for (JsonElement line : traceback) lines.add(line.getAsString());
            return "failed:\n" + String.join("\n", lines);
        }
        if (!content.has("ename")) return "failed with status " + content.get("status").getAsString();
        return "failed: " + content.get("ename").getAsString() + ": " + content.get("evalue").getAsString();
    }

    private static void describeKernel(Notebook notebook, JsonObject info) {
        if (!(info.get("language_info") instanceof JsonObject language)) return;
        notebook.metadata().add("language_info", language);
        if (notebook.metadata().has("kernelspec")) return;
        String name = language.get("name").getAsString();
        notebook.metadata().add("kernelspec", Json.object("display_name", name.equals("java") ? "Java" : name, "language", name, "name", name));
    }

    static List<String> headings(String markdown) {
        String outsideFences = markdown.replaceAll("(?m)^(```|~~~)[\\s\\S]*?^\\1", "");
        return outsideFences.lines().filter(line -> line.matches("#{1,6} +\\S.*")).toList();
    }

    private static String firstLine(String source) {
        return source.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("");
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
