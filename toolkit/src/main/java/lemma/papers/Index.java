package lemma.papers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * {@code papers/index.yaml}: the papers of the ledger, and beside them the references, whose cards a notebook needs but which are not
 * counted as papers (a fit of published numbers).
 *
 * @param families family id to its name, in order
 * @param papers one entry a paper
 * @param references one entry a card beside the papers; its kind is {@code reference}
 */
public record Index(Map<String, String> families, List<Entry> papers, List<Entry> references) {
    /** Kind of a card that is not a paper's. */
    public static final String REFERENCE = "reference";
    private static final Set<String> KINDS = new TreeSet<>(
            Set.of("application", "architecture", "benchmark", "empirical", "method", "survey", "system", "theory"));
    private static final Set<String> FIELDS = Set.of("key", "family", "kind", "title");

    /** One line of the index. */
    public record Entry(String key, String family, String kind, String title) {}

    /**
     * Reads an index.
     *
     * @param where name of the file, for messages
     * @throws IllegalArgumentException if a field is missing or unknown, a family or a kind is unknown, or a key stands twice
     */
    public static Index parse(String yaml, String where) {
        YamlMap root = YamlMap.parse(yaml, where).only(Set.of("families", "papers", "references"));
        Map<String, String> families = new LinkedHashMap<>();
        YamlMap names = root.map("families");
        for (String id : names.keys()) families.put(YamlMap.id(id, where + ": family"), names.text(id));
        Index index = new Index(families, entries(root, "papers"), entries(root, "references"));
        index.check(where);
        return index;
    }

    private static List<Entry> entries(YamlMap root, String list) {
        List<Entry> entries = new ArrayList<>();
        for (YamlMap line : root.maps(list)) {
            line.only(FIELDS);
            entries.add(new Entry(line.id("key"), line.id("family"), line.text("kind"), line.text("title")));
        }
        return List.copyOf(entries);
    }

    private void check(String where) {
        Set<String> seen = new TreeSet<>();
        for (Entry entry : all()) {
            if (!seen.add(entry.key)) throw new IllegalArgumentException(where + ": key " + entry.key + " stands twice");
        }
        for (Entry paper : papers) {
            if (!families.containsKey(paper.family)) {
                throw new IllegalArgumentException(where + ": " + paper.key + ": no family '" + paper.family + "'" + Nearest.hint(paper.family, families.keySet()));
            }
            if (!KINDS.contains(paper.kind)) throw new IllegalArgumentException(where + ": " + paper.key + ": kind '" + paper.kind + "' is none of " + KINDS);
        }
        for (Entry reference : references) {
            if (!reference.kind.equals(REFERENCE)) {
                throw new IllegalArgumentException(where + ": " + reference.key + ": kind '" + reference.kind + "' under references, expected " + REFERENCE);
            }
        }
    }

    /** Papers and references. */
    public List<Entry> all() {
        return Stream.concat(papers.stream(), references.stream()).toList();
    }

    /** The entry with this key. */
    public Optional<Entry> find(String key) {
        return all().stream().filter(entry -> entry.key.equals(key)).findFirst();
    }

    /** @throws IllegalArgumentException if no entry has this key; the message names the nearest ones */
    Entry get(String key) {
        return find(key).orElseThrow(() -> new IllegalArgumentException(
                "no paper '" + key + "' in the index" + Nearest.hint(key, all().stream().map(Entry::key).toList())));
    }
}
