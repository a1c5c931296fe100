package lemma.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a session begins with: the imports listed in {@code imports.jshell}. */
final class Startup {
    private Startup() {}

    static void run(Engine engine) {
        for (String line : imports()) engine.run(new Cell(0, line));
    }

    private static List<String> imports() {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(Startup.class.getResourceAsStream("imports.jshell"), StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> line.startsWith("import ")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read imports.jshell", e);
        }
    }
}
