package lemma.kernel;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Code in files: scripts, and the code cells of notebooks. */
final class SourceFile {
    private static final List<String> ENDINGS = List.of(".ipynb", ".jsh", ".jshell", ".java", ".ijava");

    private SourceFile() {}

    /** The files that {@code pattern} names, seen from {@code folder}; a name without its ending will do. @see Paths#expand(String, Path) */
    static List<Path> named(String pattern, Path folder) {
        boolean isName = !pattern.matches(".*[*?\\[{].*") && !Files.exists(folder.resolve(pattern));
        Optional<Path> file = ENDINGS.stream().filter(ending -> isName).map(ending -> folder.resolve(pattern + ending)).filter(Files::isRegularFile).findFirst();
        return file.map(List::of).orElseGet(() -> Paths.expand(pattern, folder));
    }

    /** The pieces of code in {@code file}, in order, to be run as part of cell {@code number}. */
    static List<Cell> read(Path file, int number) {
        try {
            String text = Files.readString(file);
            String name = file.getFileName().toString();
            return name.endsWith(".ipynb") ? notebook(text, name, number) : List.of(new Cell(number, name, text));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file.toAbsolutePath(), e);
        } catch (JsonParseException | IllegalStateException e) {
            throw new IllegalArgumentException(file + " is not a notebook: " + e.getMessage(), e);
        }
    }

    private static List<Cell> notebook(String text, String name, int number) {
        List<Cell> cells = new ArrayList<>();
        for (JsonElement element : JsonParser.parseString(text).getAsJsonObject().getAsJsonArray("cells")) {
            JsonObject cell = element.getAsJsonObject();
            if (!cell.get("cell_type").getAsString().equals("code")) continue;
            cells.add(new Cell(number, name + " cell " + (cells.size() + 1), source(cell.get("source"))));
        }
        return cells;
    }

    private static String source(JsonElement source) {
        if (!source.isJsonArray()) return source.getAsString();
        StringBuilder text = new StringBuilder();
        source.getAsJsonArray().forEach(line -> text.append(line.getAsString()));
        return text.toString();
    }
}
