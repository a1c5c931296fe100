package lemma.papers;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The papers of a checkout: {@code papers/index.yaml}, the cards, the recorded results, and {@code papers/README.md}, which is generated
 * from them.
 */
public final class Ledger {
    private static final String FRONT_PAGE = "README.md";
    private static final Pattern MARKS = Pattern.compile("(<!-- the ledger's totals, generated -->).*?(<!-- end of the totals -->)", Pattern.DOTALL);

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private final Path root;

    private Ledger(Path root) {
        this.root = root;
    }

    /** The ledger of the checkout at {@code root}. */
    public static Ledger at(Path root) {
        return new Ledger(root);
    }

    /** Writes {@code papers/README.md} anew and prints what {@link LedgerCheck} finds; exit code 1 when it finds anything. */
    public static void main(String[] words) throws IOException {
        Path root = Path.of(words.length == 0 ? "." : words[0]);
        try {
            Ledger.at(root).writeReadme();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
        List<String> problems = LedgerCheck.problems(root);
        problems.forEach(System.err::println);
        System.exit(problems.isEmpty() ? 0 : 1);
    }

    public Index index() throws IOException {
        return Index.parse(Files.readString(papers().resolve("index.yaml")), "papers/index.yaml");
    }

    /** The cards that exist, in the order of the index. */
    public List<Paper> cards() throws IOException {
        List<Paper> cards = new ArrayList<>();
        for (Index.Entry entry : index().all()) {
            Path file = papers().resolve(entry.family()).resolve(entry.key() + ".md");
            if (Files.exists(file)) cards.add(card(file));
        }
        return cards;
    }

    Paper card(Path file) throws IOException {
        String name = file.getFileName().toString();
        return Paper.parse(name.substring(0, name.length() - ".md".length()), Files.readString(file), where(file));
    }

    /**
     * The recorded results of a family; none when it has no {@code results.json}.
     *
     * @throws IllegalArgumentException if the file is not a list of results
     */
    public List<Result> results(String family) throws IOException {
        Path file = papers().resolve(family).resolve("results.json");
        if (!Files.exists(file)) return List.of();
        try {
            List<Result> results = new ArrayList<>();
            for (JsonElement row : JsonParser.parseString(Files.readString(file)).getAsJsonArray()) results.add(Result.parse(row.getAsJsonObject()));
            return results;
        } catch (JsonParseException | IllegalStateException | IllegalArgumentException e) {
            throw new IllegalArgumentException(where(file) + ": " + e.getMessage(), e);
        }
    }

    /**
     * Takes new results into {@code papers/<family>/results.json}, one row a claim in the order of index and card, and writes
     * {@code papers/README.md} anew. A row of the same claim is replaced; rows whose claim no card states any more go.
     *
     * @throws IllegalArgumentException if a result is of a claim that no card states
     */
    public void record(List<Result> results) throws IOException {
        Map<String, Result> fresh = new LinkedHashMap<>();
        for (Result result : results) fresh.put(result.name(), result);
        Map<String, List<Claim>> stated = new LinkedHashMap<>();
        for (Paper card : cards()) stated.computeIfAbsent(card.family(), family -> new ArrayList<>()).addAll(card.claims());
        Set<String> unknown = new LinkedHashSet<>(fresh.keySet());
        stated.values().forEach(claims -> claims.forEach(claim -> unknown.remove(claim.name())));
        if (!unknown.isEmpty()) throw new IllegalArgumentException("no card states " + String.join(", ", unknown) + ", so nothing was recorded");
        for (Map.Entry<String, List<Claim>> family : stated.entrySet()) {
            if (family.getValue().stream().anyMatch(claim -> fresh.containsKey(claim.name()))) merge(family.getKey(), family.getValue(), fresh);
        }
        writeReadme();
    }

    private void merge(String family, List<Claim> claims, Map<String, Result> fresh) throws IOException {
        Map<String, Result> rows = new LinkedHashMap<>();
        for (Result row : results(family)) rows.put(row.name(), row);
        rows.putAll(fresh);
        write(family, claims.stream().map(claim -> rows.get(claim.name())).filter(Objects::nonNull).toList());
    }

    private void write(String family, List<Result> rows) throws IOException {
        JsonArray array = new JsonArray();
        rows.forEach(row -> array.add(row.json()));
        Files.writeString(papers().resolve(family).resolve("results.json"), GSON.toJson(array) + "\n");
    }

    /** What {@code papers/README.md} says. */
    public String readme() throws IOException {
        return page().text();
    }

    private LedgerReadme page() throws IOException {
        List<Paper> cards = cards();
        Map<String, Result> results = new LinkedHashMap<>();
        for (String family : new TreeSet<>(cards.stream().map(Paper::family).toList())) {
            for (Result result : results(family)) results.put(result.name(), result);
        }
        return new LedgerReadme(index(), cards, results);
    }

    /** Writes {@code papers/README.md}, and the table between the marks of the README above it. */
    public void writeReadme() throws IOException {
        Files.writeString(papers().resolve("README.md"), readme());
        Optional<String> front = frontPage();
        if (front.isPresent()) Files.writeString(root.resolve(FRONT_PAGE), front.get());
    }

    /** What the README of the checkout says with a fresh table between its marks; empty when there is none, or no marks. */
    Optional<String> frontPage() throws IOException {
        Path file = root.resolve(FRONT_PAGE);
        if (!Files.exists(file)) return Optional.empty();
        Matcher marks = MARKS.matcher(Files.readString(file));
        if (!marks.find()) return Optional.empty();
        return Optional.of(marks.replaceFirst(Matcher.quoteReplacement(marks.group(1) + "\n" + page().summary() + marks.group(2))));
    }

    /** Whether the table in the README of the checkout is what index, cards and results give; true when it has none. */
    boolean isFrontPageCurrent() throws IOException {
        Optional<String> fresh = frontPage();
        return fresh.isEmpty() || fresh.get().equals(Files.readString(root.resolve(FRONT_PAGE)));
    }

    /** The committed {@code papers/README.md}, if there is one. */
    Optional<String> committedReadme() throws IOException {
        Path file = papers().resolve("README.md");
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }

    /** Files under {@code folder} of the checkout whose names end in {@code suffix}, at most {@code depth} folders down, in order. */
    List<Path> files(String folder, String suffix, int depth) throws IOException {
        Path start = root.resolve(folder);
        if (!Files.isDirectory(start)) return List.of();
        try (Stream<Path> files = Files.walk(start, depth)) {
            return files.filter(Files::isRegularFile).filter(file -> file.toString().endsWith(suffix)).sorted(Comparator.naturalOrder()).toList();
        }
    }

    /** The path of a file inside the checkout, with forward slashes. */
    String where(Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    private Path papers() {
        return root.resolve("papers");
    }
}
