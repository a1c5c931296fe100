package lemma.papers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** A YAML mapping read strictly: every miss says where it is, what stands there and what was expected. */
final class YamlMap {
    private static final String ID = "[a-z0-9]+(-[a-z0-9]+)*";

    private final Map<?, ?> map;
    private final String where;

    private YamlMap(Map<?, ?> map, String where) {
        this.map = map;
        this.where = where;
    }

    static YamlMap parse(String yaml, String where) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            return of(new Yaml(new SafeConstructor(options)).load(yaml), where);
        } catch (YAMLException e) {
            throw new IllegalArgumentException(where + ": not readable as YAML: " + e.getMessage(), e);
        }
    }

    private static YamlMap of(Object value, String where) {
        if (value instanceof Map<?, ?> map) return new YamlMap(map, where);
        throw new IllegalArgumentException(where + ": expected fields, found " + value);
    }

    /** This mapping, said to be at a more telling place. */
    YamlMap at(String place) {
        return new YamlMap(map, place);
    }

    YamlMap only(Set<String> fields) {
        for (String key : keys()) {
            if (!fields.contains(key)) throw new IllegalArgumentException(where + ": unknown field '" + key + "'" + Nearest.hint(key, fields));
        }
        return this;
    }

    List<String> keys() {
        return map.keySet().stream().map(String::valueOf).toList();
    }

    boolean has(String field) {
        return map.get(field) != null;
    }

    private Object get(String field) {
        Object value = map.get(field);
        if (value == null) throw new IllegalArgumentException(where + ": no field '" + field + "'");
        return value;
    }

    private IllegalArgumentException wrong(String field, Object value, String expected) {
        return new IllegalArgumentException(where + ": " + field + " is " + value + ", expected " + expected);
    }

    String text(String field) {
        if (get(field) instanceof String text && !text.isBlank()) return text.strip();
        throw wrong(field, get(field), "text (in quotes where YAML would read something else)");
    }

    String text(String field, String otherwise) {
        return has(field) ? text(field) : otherwise;
    }

    String id(String field) {
        return id(text(field), where + ": " + field);
    }

    static String id(String text, String where) {
        if (text.matches(ID)) return text;
        throw new IllegalArgumentException(where + " '" + text + "': expected lower-case words and digits joined by hyphens");
    }

    int integer(String field) {
        if (get(field) instanceof Integer number) return number;
        throw wrong(field, get(field), "a whole number");
    }

    boolean flag(String field) {
        if (!has(field)) return false;
        if (get(field) instanceof Boolean flag) return flag;
        throw wrong(field, get(field), "true or false");
    }

    YamlMap map(String field) {
        return of(get(field), where + ": " + field);
    }

    private List<?> list(String field) {
        if (!map.containsKey(field)) return List.of();
        if (get(field) instanceof List<?> list) return list;
        throw wrong(field, get(field), "a list");
    }

    List<YamlMap> maps(String field) {
        List<YamlMap> maps = new ArrayList<>();
        for (Object item : list(field)) maps.add(of(item, where + ": " + field));
        return maps;
    }

    List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        for (Object item : list(field)) {
            if (!(item instanceof String text) || text.isBlank()) throw wrong(field, item, "a list of texts");
            texts.add(text.strip());
        }
        return List.copyOf(texts);
    }
}
