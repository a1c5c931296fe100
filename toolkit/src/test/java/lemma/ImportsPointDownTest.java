package lemma;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ImportsPointDownTest {
    private static final Path SOURCES = Path.of("src/main/java/lemma");
    private static final Pattern USE = Pattern.compile("\\blemma\\.([a-z]+)\\.[A-Z]");

    /** From the bottom up; packages of one row do not know each other. Families of papers come after all of these. */
    private static final List<List<String>> ROWS = List.of(
            List.of("display"),
            List.of("tensor"),
            List.of("autodiff"),
            List.of("linalg"),
            List.of("nn"),
            List.of("loss"),
            List.of("optim"),
            List.of("train"),
            List.of("data", "stats", "plot"),
            List.of("classical", "sweep"),
            List.of("probe"),
            List.of("papers"));
    private static final int FAMILIES = ROWS.size();

    @Test
    void noPackageUsesOneAboveIt() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (var file : files().entrySet()) {
            String from = file.getKey().getName(SOURCES.getNameCount()).toString();
            Matcher m = USE.matcher(withoutComments(file.getValue()));
            while (m.find()) {
                String to = m.group(1);
                boolean down = from.equals(to) || row(to) < row(from) || row(from) == FAMILIES && row(to) == FAMILIES;
                if (!down) wrong.add(file.getKey() + " uses lemma." + to);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyPackageOfTheCoreIsWhereThisTestLooks() throws IOException {
        assertThat(files().keySet().stream().map(p -> p.getName(SOURCES.getNameCount()).toString()).distinct().toList()).contains("display", "tensor", "autodiff", "nn", "train", "data", "plot", "probe", "papers");
    }

    private static int row(String name) {
        for (int i = 0; i < ROWS.size(); i++) if (ROWS.get(i).contains(name)) return i;
        return FAMILIES;
    }

    private static String withoutComments(String source) {
        return source.replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//[^\\n]*", "");
    }

    private static Map<Path, String> files() throws IOException {
        Map<Path, String> all = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(SOURCES)) {
            walk.filter(p -> p.toString().endsWith(".java")).forEach(p -> {
                try {
                    all.put(p, Files.readString(p));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return all;
    }
}
