package lemma.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The list of shipped and downloadable sets, {@code lemma/datasets/manifest.yaml} on the class path. */
final class Manifest {
    private static final String FOLDER = "/lemma/datasets/";
    private static final Map<String, Object> ROOT = read();

    private Manifest() {}

    /** One set: what it is, where it lies, what may be done with it. */
    record Entry(String name, Map<String, Object> fields) {
        String text(String key) {
            Object value = fields.get(key);
            if (value == null) throw new IllegalStateException("manifest.yaml: " + name + " has no " + key);
            return value.toString();
        }

        String textOr(String key, String otherwise) {
            return fields.containsKey(key) ? text(key) : otherwise;
        }

        List<String> list(String key) {
            if (!(fields.getOrDefault(key, List.of()) instanceof List<?> values)) {
                throw new IllegalStateException("manifest.yaml: " + name + "." + key + " is not a list");
            }
            return values.stream().map(Object::toString).toList();
        }

        Source source() {
            return new Source(text("title"), text("licence"), text("citation"));
        }

        RemoteFile remote() {
            return new RemoteFile(text("file"), Long.parseLong(text("bytes")), text("sha256"), list("addresses").stream().map(URI::create).toList());
        }
    }

    static Entry shipped(String name) {
        return entry("shipped", name);
    }

    static Entry download(String name) {
        return entry("download", name);
    }

    static Set<String> names(String section) {
        return section(section).keySet();
    }

    /** The content of a shipped file. */
    static byte[] bytes(Entry shipped) {
        String file = shipped.text("file");
        try (InputStream in = Manifest.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) throw new IllegalStateException("the class path has no " + FOLDER + file + ", which the toolkit jar carries");
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + FOLDER + file, e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Map<String, Object>> section(String name) {
        return (Map<String, Map<String, Object>>) ROOT.get(name);
    }

    private static Entry entry(String section, String name) {
        Map<String, Object> fields = section(section).get(name);
        if (fields == null) throw new IllegalArgumentException("manifest.yaml: no " + section + " set '" + name + "', there are " + names(section));
        return new Entry(name, fields);
    }

    private static Map<String, Object> read() {
        try (InputStream in = Manifest.class.getResourceAsStream(FOLDER + "manifest.yaml")) {
            if (in == null) throw new IllegalStateException("the class path has no " + FOLDER + "manifest.yaml, which the toolkit jar carries");
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + FOLDER + "manifest.yaml", e);
        }
    }
}
