package lemma.papers;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lemma.display.Bundle;

/** A small checkout in which everything agrees, for tests that then plant one defect. */
final class Checkout {
    static final Result.Origin ORIGIN = new Result.Origin("0123456789ab", "25", "a processor");
    static final String CARD = "papers/laws/a-law.md";
    static final String NOTEBOOK = "notebooks/laws.ipynb";
    static final String RESULTS = "papers/laws/results.json";

    final Path root;

    private Checkout(Path root) {
        this.root = root;
    }

    static Checkout in(Path root) throws IOException {
        Checkout checkout = new Checkout(root);
        checkout.write("papers/index.yaml", """
                families:
                  laws: Laws
                  nets: Nets
                papers:
                  - {key: a-law, family: laws, kind: empirical, title: A Law}
                  - {key: b-law, family: laws, kind: theory, title: B Law}
                  - {key: a-net, family: nets, kind: method, title: A Net}
                references:
                  - {key: a-fit, family: laws, kind: reference, title: A Fit}
                """);
        checkout.write(CARD, """
                ---
                title: A Law
                family: laws
                kind: empirical
                blocks: [lemma.papers.Bound]
                claims:
                  - id: slope
                    metric: fitted | exponent
                    bound: "= -1 +- 0.05"
                    seeds: 3
                    over: mean
                    expect: reproduced
                  - id: tail
                    metric: R2 of the tail
                    bound: ">= 0.97"
                    seeds: 0
                    expect: not-reproduced
                    reason: 0.5, the tail is too short here
                left_out:
                  - id: speech
                    reason: no data
                ---
                Prose.
                """);
        checkout.write("papers/laws/a-fit.md", """
                ---
                title: A Fit
                family: laws
                kind: reference
                claims:
                  - {id: constant, metric: E, bound: "= 1.8 +- 1%", seeds: 0, expect: reproduced}
                ---
                Prose.
                """);
        checkout.record();
        return checkout;
    }

    /** What running the notebook with --record leaves. */
    private void record() throws IOException {
        Ledger ledger = Ledger.at(root);
        List<Outcome> outcomes = List.of(card("a-fit").claim("constant").outcome(1.8), card("a-law").claim("slope").outcome(-0.98, -1.01, -1.0),
                card("a-law").claim("tail").outcome(0.5));
        write(NOTEBOOK, notebook(outcomes, """
                var paper = Papers.get("a-law");
                """, """
                paper.claim("slope").measured(slopes);
                Papers.get("a-fit").claim("constant").measured(e);
                """, """
                paper.claim("tail").measured(r2);
                """));
        ledger.record(outcomes.stream().map(Checkout::result).toList());
    }

    Paper card(String key) throws IOException {
        return Ledger.at(root).cards().stream().filter(card -> card.key().equals(key)).findFirst().orElseThrow();
    }

    static Result result(Outcome outcome) {
        JsonObject json = new Gson().toJsonTree(outcome.json()).getAsJsonObject();
        json.addProperty("seconds", 1.5);
        return Result.of(json, ORIGIN);
    }

    /** A notebook of these code cells; the last shows the outcomes. */
    static String notebook(List<Outcome> outcomes, String... cells) {
        JsonArray array = new JsonArray();
        JsonObject heading = new JsonObject();
        heading.addProperty("cell_type", "markdown");
        heading.addProperty("source", "Papers.get(\"b-law\").claim(\"in-prose\").measured(1)");
        array.add(heading);
        for (String source : cells) {
            JsonObject cell = new JsonObject();
            cell.addProperty("cell_type", "code");
            JsonArray lines = new JsonArray();
            source.lines().forEach(line -> lines.add(line + "\n"));
            cell.add("source", lines);
            cell.add("outputs", new JsonArray());
            array.add(cell);
        }
        for (Outcome outcome : outcomes) {
            JsonObject data = new JsonObject();
            data.add(Bundle.CLAIM, new Gson().toJsonTree(outcome.json()));
            JsonObject output = new JsonObject();
            output.addProperty("output_type", "display_data");
            output.add("data", data);
            array.get(array.size() - 1).getAsJsonObject().getAsJsonArray("outputs").add(output);
        }
        JsonObject notebook = new JsonObject();
        notebook.add("cells", array);
        return notebook.toString();
    }

    void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    String read(String file) throws IOException {
        return Files.readString(root.resolve(file));
    }

    /** Replaces the first {@code right}, which must be there, by {@code wrong}. */
    void plant(String file, String right, String wrong) throws IOException {
        String text = read(file);
        int at = text.indexOf(right);
        if (at < 0) throw new AssertionError(file + " has no " + right + ":\n" + text);
        write(file, text.substring(0, at) + wrong + text.substring(at + right.length()));
    }

    /** Writes the README anew, so that a defect elsewhere stands alone. */
    List<String> problems() throws IOException {
        Ledger.at(root).writeReadme();
        return LedgerCheck.problems(root);
    }
}
