package lemma.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a session begins with: the imports listed in {@code imports.jshell}, then what the user's environment asks for. */
final class Startup {
    private Startup() {}

    /** Runs the imports; those of packages and classes that are not on the class path are left out. */
    static void imports(Engine engine) {
        for (String line : lines()) engine.run(new Cell(0, line));
    }

    /** The packages that {@link #imports} brings in whole. */
    static List<String> packages() {
        return lines().stream().filter(line -> line.endsWith(".*;") && !line.startsWith("import static "))
                .map(line -> line.substring("import ".length(), line.length() - ".*;".length())).toList();
    }

    private static List<String> lines() {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(Startup.class.getResourceAsStream("imports.jshell"), StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> line.startsWith("import ")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read imports.jshell", e);
        }
    }

    /** The scripts that {@code settings} name, in the order in which they run. */
    static List<Cell> scripts(Settings settings) {
        List<Cell> scripts = new ArrayList<>();
        for (Path file : Paths.expandAll(settings.startupScripts())) scripts.addAll(SourceFile.read(file, 0));
        if (!settings.startupScript().isBlank()) scripts.add(new Cell(0, "start-up script", settings.startupScript()));
        return scripts;
    }
}
