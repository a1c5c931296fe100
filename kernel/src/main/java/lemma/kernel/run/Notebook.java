package lemma.kernel.run;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Jupyter notebook of format 4. It is kept as the JSON it came as, so fields that this class does not know survive; text that
 * the file splits into lines is whole in memory. Written as Python's {@code nbformat} writes it: keys sorted, one space of
 * indentation, text in lists of lines, so that a notebook saved by JupyterLab and one saved here differ only where they differ.
 *
 * @see <a href="https://nbformat.readthedocs.io/en/latest/format_description.html">The notebook file format</a>
 */
public final class Notebook {
    private static final int MAJOR = 4;
    private static final int MINOR_WITH_IDS = 5;
    private static final Set<String> SPLIT_MIMES = Set.of("application/javascript", "image/svg+xml");
    /** The line ends of Python's {@code str.splitlines}, by which the format's own writer splits. */
    private static final String LINE_END = "\\n\\u000b\\u000c\\r\\u001c\\u001d\\u001e\\u0085\\u2028\\u2029";
    private static final Pattern LINE = Pattern.compile("[^" + LINE_END + "]*(?:\\r\\n|[" + LINE_END + "])|[^" + LINE_END + "]+");
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().serializeNulls()
            .setFormattingStyle(FormattingStyle.PRETTY.withIndent(" ")).create();

    private final JsonObject json;

    private Notebook(JsonObject json) {
        this.json = json;
        changeText(json, Notebook::joined);
        giveIds();
    }

    /** @throws IllegalArgumentException when the file is not a notebook of format 4 */
    public static Notebook read(Path file) throws IOException {
        try {
            return parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** @throws IllegalArgumentException when the text is not a notebook of format 4 */
    public static Notebook parse(String text) {
        JsonObject json;
        try {
            json = JsonParser.parseString(text).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new IllegalArgumentException("not a notebook: " + e.getMessage(), e);
        }
        if (!(json.get("nbformat") instanceof JsonPrimitive format) || !format.isNumber()) {
            throw new IllegalArgumentException("not a notebook: it has no nbformat");
        }
        if (format.getAsInt() != MAJOR) {
            throw new IllegalArgumentException("notebook format " + format + ", expected 4; JupyterLab converts a notebook when it saves it");
        }
        if (!(json.get("cells") instanceof JsonArray)) throw new IllegalArgumentException("not a notebook: it has no list of cells");
        return new Notebook(json);
    }

    /** Writes the notebook; the file is replaced whole or not at all. */
    public void write(Path file) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, text());
        Files.move(part, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    /** The notebook as a file holds it. */
    public String text() {
        JsonObject copy = json.deepCopy();
        changeText(copy, Notebook::lines);
        return GSON.toJson(sorted(copy)) + "\n";
    }

    /** A copy that shares nothing with this notebook. */
    public Notebook copy() {
        return new Notebook(json.deepCopy());
    }

    public JsonObject metadata() {
        return object(json, "metadata");
    }

    public List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (JsonElement cell : json.getAsJsonArray("cells")) cells.add(new Cell(cell.getAsJsonObject()));
        return cells;
    }

    /** A view of one cell. */
    public record Cell(JsonObject json) {
        public String id() {
            return json.get("id").getAsString();
        }

        public boolean isCode() {
            return json.get("cell_type").getAsString().equals("code");
        }

        public boolean isMarkdown() {
            return json.get("cell_type").getAsString().equals("markdown");
        }

        public String source() {
            return json.get("source").getAsString();
        }

        public JsonObject metadata() {
            return object(json, "metadata");
        }

        /** Whether the cell carries {@code tag}; {@code raises-exception} marks one that is meant to fail. */
        public boolean hasTag(String tag) {
            return metadata().get("tags") instanceof JsonArray tags && tags.contains(new JsonPrimitive(tag));
        }

        public JsonArray outputs() {
            if (json.get("outputs") instanceof JsonArray outputs) return outputs;
            JsonArray fresh = new JsonArray();
            json.add("outputs", fresh);
            return fresh;
        }

        /** Forgets what the cell wrote when it last ran. */
        public void clear() {
            json.add("outputs", new JsonArray());
            json.add("execution_count", JsonNull.INSTANCE);
        }

        public void executionCount(int count) {
            json.addProperty("execution_count", count);
        }
    }

    /** Format 4.5 wants an id per cell; one that is missing comes from the cell's place and text, so it stays the same. */
    private void giveIds() {
        Set<String> taken = new HashSet<>();
        List<Cell> cells = cells();
        for (Cell cell : cells) {
            if (cell.json.has("id")) taken.add(cell.id());
        }
        for (int i = 0; i < cells.size(); i++) {
            Cell cell = cells.get(i);
            if (cell.json.has("id")) continue;
            String id = idOf(i + "\n" + cell.source());
            while (!taken.add(id)) id = idOf(id);
            cell.json.addProperty("id", id);
        }
        if (!json.has("nbformat_minor") || json.get("nbformat_minor").getAsInt() < MINOR_WITH_IDS) {
            json.addProperty("nbformat_minor", MINOR_WITH_IDS);
        }
    }

    private static String idOf(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private interface Change {
        JsonElement of(JsonElement text);
    }

    private static void changeText(JsonObject notebook, Change change) {
        for (JsonElement element : notebook.getAsJsonArray("cells")) {
            JsonObject cell = element.getAsJsonObject();
            if (!cell.has("source") || !cell.has("cell_type")) throw new IllegalArgumentException("a cell has no source or no cell_type");
            cell.add("source", change.of(cell.get("source")));
            if (cell.get("attachments") instanceof JsonObject attachments) {
                for (String name : attachments.keySet()) changeBundle(attachments.getAsJsonObject(name), change);
            }
            if (cell.get("outputs") instanceof JsonArray outputs) outputs.forEach(output -> changeOutput(output.getAsJsonObject(), change));
        }
    }

    private static void changeOutput(JsonObject output, Change change) {
        if (output.has("text")) output.add("text", change.of(output.get("text")));
        if (output.get("data") instanceof JsonObject data) changeBundle(data, change);
    }

    private static void changeBundle(JsonObject bundle, Change change) {
        for (String mime : bundle.keySet()) {
            if (mime.startsWith("text/") || SPLIT_MIMES.contains(mime) || !mime.endsWith("json") && bundle.get(mime).isJsonArray()) {
                bundle.add(mime, change.of(bundle.get(mime)));
            }
        }
    }

    private static JsonElement joined(JsonElement text) {
        if (!(text instanceof JsonArray lines)) return text;
        StringBuilder whole = new StringBuilder();
        lines.forEach(line -> whole.append(line.getAsString()));
        return new JsonPrimitive(whole.toString());
    }

    private static JsonElement lines(JsonElement text) {
        JsonArray lines = new JsonArray();
        Matcher matcher = LINE.matcher(text.getAsString());
        while (matcher.find()) lines.add(matcher.group());
        return lines;
    }

    private static JsonElement sorted(JsonElement element) {
        if (element instanceof JsonArray array) {
            JsonArray copy = new JsonArray(array.size());
            array.forEach(item -> copy.add(sorted(item)));
            return copy;
        }
        if (!(element instanceof JsonObject object)) return element;
        JsonObject copy = new JsonObject();
        for (String name : new TreeSet<>(object.keySet())) copy.add(name, sorted(object.get(name)));
        return copy;
    }

    private static JsonObject object(JsonObject parent, String name) {
        if (parent.get(name) instanceof JsonObject child) return child;
        JsonObject fresh = new JsonObject();
        parent.add(name, fresh);
        return fresh;
    }
}
