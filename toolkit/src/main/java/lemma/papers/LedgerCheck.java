package lemma.papers;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether index, cards, notebooks, results and {@code papers/README.md} of a checkout agree. A problem is a line that says where it is
 * and what to do.
 */
public final class LedgerCheck {
    private final Ledger ledger;
    private final Index index;
    private final Map<String, Paper> cards = new LinkedHashMap<>();
    private final Map<String, List<String>> notebooksOf = new LinkedHashMap<>();
    private final Map<String, JsonObject> shown = new LinkedHashMap<>();
    private final Map<String, Result> results = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    private LedgerCheck(Ledger ledger, Index index) {
        this.ledger = ledger;
        this.index = index;
    }

    /** What is wrong in the checkout at {@code root}; empty when nothing is. */
    public static List<String> problems(Path root) throws IOException {
        Ledger ledger = Ledger.at(root);
        Index index;
        try {
            index = ledger.index();
        } catch (IllegalArgumentException e) {
            return List.of(e.getMessage());
        }
        LedgerCheck check = new LedgerCheck(ledger, index);
        for (Path file : ledger.files("papers", ".md", 2)) check.card(file);
        for (Path file : ledger.files("notebooks", ".ipynb", 1)) check.notebook(file);
        for (Path file : ledger.files("papers", "results.json", 2)) check.results(file);
        check.cards.values().stream().flatMap(card -> card.claims().stream()).forEach(check::claim);
        check.readme();
        return List.copyOf(check.problems);
    }

    private void card(Path file) throws IOException {
        String where = ledger.where(file);
        if (where.equals("papers/README.md")) return;
        try {
            Paper card = ledger.card(file);
            Index.Entry entry = index.get(card.key());
            if (!where.equals("papers/" + entry.family() + "/" + entry.key() + ".md")) problems.add(where + ": the index has this paper in the family " + entry.family());
            same(where, "title", card.title(), entry.title());
            same(where, "family", card.family(), entry.family());
            same(where, "kind", card.kind(), entry.kind());
            card.blocks().forEach(block -> block(where, block));
            if (card.claims().isEmpty() && card.leftOut().isEmpty()) problems.add(where + ": neither claims nor left_out");
            cards.put(card.key(), card);
        } catch (IllegalArgumentException e) {
            problem(where, e);
        }
    }

    private void problem(String where, IllegalArgumentException e) {
        problems.add(e.getMessage().startsWith(where) ? e.getMessage() : where + ": " + e.getMessage());
    }

    private void same(String where, String field, String card, String index) {
        if (!card.equals(index)) problems.add(where + ": " + field + " is '" + card + "', in the index '" + index + "'");
    }

    private void block(String where, String block) {
        if (!block.startsWith("lemma.") || !exists(block)) problems.add(where + ": block " + block + " is no class of the toolkit; name it with its package");
    }

    private static boolean exists(String className) {
        try {
            Class.forName(className, false, LedgerCheck.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | NoClassDefFoundError e) { // the latter where a file system takes another case for the same name
            return false;
        }
    }

    private void notebook(Path file) throws IOException {
        String where = ledger.where(file);
        try {
            NotebookClaims claims = NotebookClaims.parse(Files.readString(file));
            for (NotebookClaims.Measured measured : claims.measured()) measured(where, measured);
            for (JsonObject output : claims.shown()) shown(where, output);
        } catch (IllegalArgumentException e) {
            problem(where, e);
        }
    }

    private void measured(String where, NotebookClaims.Measured measured) {
        if (measured.paper() == null) {
            problems.add(where + ": " + measured.code() + "...): no Papers.get(\"...\") is assigned to that variable before");
            return;
        }
        if (stated(where, measured.paper(), measured.claim()) == null) return;
        notebooksOf.computeIfAbsent(measured.name(), name -> new ArrayList<>()).add(where);
    }

    /** The claim of a card, or null and a problem. */
    private Claim stated(String where, String paper, String claim) {
        try {
            index.get(paper);
            if (!cards.containsKey(paper)) throw new IllegalArgumentException("paper " + paper + " has no card that can be read");
            return cards.get(paper).claim(claim);
        } catch (IllegalArgumentException e) {
            problem(where, e);
            return null;
        }
    }

    private void shown(String where, JsonObject output) {
        Claim claim = stated(where, text(output, "paper"), text(output, "claim"));
        if (claim == null) return;
        asOnCard(where, claim, text(output, "metric"), text(output, "bound"), text(output, "seeds"), text(output, "expect"));
        shown.put(claim.name(), output);
    }

    private static String text(JsonObject json, String field) {
        if (json.get(field) instanceof JsonPrimitive value) return value.getAsString();
        throw new IllegalArgumentException("a claim in the outputs has no " + field + ": " + json);
    }

    private void asOnCard(String where, Claim claim, String metric, String bound, String seeds, String expect) {
        stale(where, claim, "metric", metric, claim.metric());
        stale(where, claim, "bound", bound, claim.bound().toString());
        stale(where, claim, "seeds", seeds, String.valueOf(claim.seeds()));
        stale(where, claim, "expect", expect, claim.expect().toString());
    }

    private void stale(String where, Claim claim, String field, String recorded, String card) {
        if (!recorded.equals(card)) problems.add(where + ": " + claim.name() + " was recorded with " + field + " '" + recorded + "', the card says '" + card + "'; run it again with --record");
    }

    private void results(Path file) throws IOException {
        String where = ledger.where(file);
        String family = file.getParent().getFileName().toString();
        try {
            for (Result row : ledger.results(family)) result(where, family, row);
        } catch (IllegalArgumentException e) {
            problem(where, e);
        }
    }

    private void result(String where, String family, Result row) {
        Claim claim = stated(where, row.paper(), row.claim());
        if (claim == null) return;
        if (!cards.get(row.paper()).family().equals(family)) problems.add(where + ": " + row.name() + " is of the family " + cards.get(row.paper()).family());
        if (results.put(row.name(), row) != null) problems.add(where + ": " + row.name() + " stands twice");
        asOnCard(where, claim, row.metric(), row.bound(), String.valueOf(row.seeds()), row.expect());
        if (row.bound().equals(claim.bound().toString()) && row.seeds() == claim.seeds()) judged(where, claim, row);
    }

    private void judged(String where, Claim claim, Result row) {
        Outcome outcome = claim.outcome(row.values().stream().mapToDouble(Double::doubleValue).toArray());
        if (Double.compare(outcome.measured(), row.measured()) != 0 || outcome.pass() != row.pass()) {
            problems.add(where + ": " + row.name() + " says measured " + row.measured() + ", pass " + row.pass() + ", but its values "
                    + row.values() + " give " + outcome.measured() + ", pass " + outcome.pass());
        }
        if (!outcome.asExpected()) {
            problems.add(where + ": " + row.name() + " measured " + outcome.measured() + " against " + claim.bound() + ", the card expects " + claim.expect());
        }
    }

    private void claim(Claim claim) {
        List<String> notebooks = notebooksOf.getOrDefault(claim.name(), List.of());
        if (cards.get(claim.paper()).draft()) {
            if (!notebooks.isEmpty()) problems.add(claim.name() + " is measured by " + notebooks.getFirst() + ", so its card is no draft any more: take 'draft: true' out");
            return;
        }
        if (notebooks.isEmpty()) {
            problems.add(claim.name() + " is measured by no notebook; write Papers.get(\"" + claim.paper() + "\").claim(\"" + claim.id() + "\").measured(...), or put it under left_out");
        }
        if (notebooks.size() > 1) problems.add(claim.name() + " is measured more than once: " + String.join(", ", notebooks));
        recorded(claim);
    }

    private void recorded(Claim claim) {
        Result row = results.get(claim.name());
        if (row == null) {
            problems.add(claim.name() + " has no recorded result; run its notebook with --record");
            return;
        }
        JsonObject output = shown.get(claim.name());
        if (output != null && !row.json().get("values").equals(output.get("values"))) {
            problems.add(claim.name() + ": the notebook shows " + output.get("values") + ", the recorded values are " + row.json().get("values") + "; run it again with --record");
        }
    }

    private void readme() throws IOException {
        String expected;
        try {
            expected = ledger.readme();
        } catch (IllegalArgumentException e) {
            return; // a card or a result that cannot be read is among the problems already
        }
        if (ledger.committedReadme().filter(expected::equals).isEmpty()) {
            problems.add("papers/README.md is not what index, cards and results give; write it with lemma.papers.Ledger");
        }
        if (!ledger.isFrontPageCurrent()) problems.add("README.md: the table of the ledger's totals is not what index, cards and results give; write it with lemma.papers.Ledger");
    }
}
