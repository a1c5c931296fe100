package lemma.papers;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import lemma.sweep.Sweep;

/**
 * The card of a paper, {@code papers/<family>/<key>.md}: YAML between two lines of {@code ---}, then prose for a reader.
 *
 * <pre>{@code
 * ---
 * title: Deep Learning Scaling is Predictable, Empirically
 * family: scaling-laws
 * kind: empirical
 * blocks: [lemma.scaling.PowerLaw]
 * claims:
 *   - id: text-power-law
 *     metric: R2 of the power law in the middle regime
 *     bound: ">= 0.97"
 *     seeds: 3
 *     over: every-seed         # the default; see Over
 *     expect: reproduced       # or not-reproduced, with a reason:
 *     kind: timing             # only where it is one
 * left_out:
 *   - id: digits-power-law
 *     reason: why it was not built
 * ---
 * }</pre>
 *
 * <p>A card with {@code draft: true} was written ahead of its notebook: its paper counts as not built.
 *
 * @param key the paper's key, the name of the file
 * @param blocks names of the classes of this library that the paper stands on
 * @param leftOut what was not built; counts as not reproduced
 * @param prose the text after the front matter, Markdown
 */
public record Paper(String key, String title, String family, String kind, List<String> blocks, List<Claim> claims, List<LeftOut> leftOut,
                    boolean draft, String prose) {
    private static final Pattern CARD = Pattern.compile("---\\R(.*?\\R)---\\R(.*)", Pattern.DOTALL);
    private static final Set<String> FIELDS = Set.of("title", "family", "kind", "blocks", "claims", "left_out", "draft");
    private static final Set<String> CLAIM_FIELDS = Set.of("id", "metric", "bound", "seeds", "over", "expect", "reason", "kind");

    /** A part of the paper's claim that was not built. */
    public record LeftOut(String id, String reason) {}

    public Paper {
        blocks = List.copyOf(blocks);
        claims = List.copyOf(claims);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * Reads a card.
     *
     * @param where name of the file, for messages
     * @throws IllegalArgumentException if a field is missing, unknown or wrong, or a claim id stands twice
     */
    public static Paper parse(String key, String card, String where) {
        Matcher matcher = CARD.matcher(card);
        if (!matcher.matches()) throw new IllegalArgumentException(where + ": a card begins with YAML between two lines of ---");
        YamlMap front = YamlMap.parse(matcher.group(1), where).only(FIELDS);
        Paper paper = new Paper(key, front.text("title"), front.id("family"), front.id("kind"), front.texts("blocks"), claims(key, front, where),
                leftOut(front), front.flag("draft"), matcher.group(2).strip());
        paper.checkIds(where);
        return paper;
    }

    private static List<Claim> claims(String key, YamlMap front, String where) {
        List<Claim> claims = new ArrayList<>();
        for (YamlMap fields : front.maps("claims")) {
            String id = fields.id("id");
            claims.add(claim(key, id, fields.at(where + ": claim " + id), where));
        }
        return claims;
    }

    private static Claim claim(String key, String id, YamlMap fields, String where) {
        fields.only(CLAIM_FIELDS);
        String kind = fields.text("kind", "result");
        if (!Set.of("result", "timing").contains(kind)) {
            throw new IllegalArgumentException(where + ": claim " + id + ": kind '" + kind + "', expected timing, or no kind");
        }
        String metric = fields.text("metric");
        String bound = fields.text("bound");
        int seeds = fields.integer("seeds");
        String over = fields.text("over", "every-seed");
        String expect = fields.text("expect");
        String reason = fields.text("reason", "");
        try {
            return new Claim(key, id, metric, Bound.parse(bound), seeds, Over.parse(over), Expect.parse(expect), reason, kind.equals("timing"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + ": claim " + id + ": " + e.getMessage(), e);
        }
    }

    private static List<LeftOut> leftOut(YamlMap front) {
        return front.maps("left_out").stream().map(fields -> fields.only(Set.of("id", "reason")))
                .map(fields -> new LeftOut(fields.id("id"), fields.text("reason"))).toList();
    }

    private void checkIds(String where) {
        Set<String> ids = new HashSet<>();
        for (Claim claim : claims) require(ids.add(claim.id()), where + ": claim " + claim.id() + " stands twice");
        for (LeftOut part : leftOut) require(ids.add(part.id()), where + ": " + part.id() + " under left_out stands twice");
    }

    private static void require(boolean condition, String message) {
        if (!condition) throw new IllegalArgumentException(message);
    }

    /** @throws IllegalArgumentException if the card has no such claim; the message names the nearest ones */
    public Claim claim(String id) {
        return claims.stream().filter(claim -> claim.id().equals(id)).findFirst().orElseThrow(() -> new IllegalArgumentException(
                "paper " + key + " has no claim '" + id + "'" + Nearest.hint(id, claims.stream().map(Claim::id).toList())));
    }

    /** A sweep of the paper whose runs are kept in {@code papers/<family>/runs/<key>.tsv}. */
    public RecordedSweep recorded(Sweep sweep) {
        return RecordedSweep.of(family + "/runs/" + key + ".tsv", sweep);
    }

    /** One of several sweeps of the paper, kept in {@code papers/<family>/runs/<key>-<name>.tsv}. */
    public RecordedSweep recorded(String name, Sweep sweep) {
        return RecordedSweep.of(family + "/runs/" + key + "-" + name + ".tsv", sweep);
    }

    /** Title, and a line a claim. */
    @Override
    public String toString() {
        return title + " (" + family + ", " + kind + ")" + claims.stream()
                .map(claim -> "\n  " + claim.id() + ": " + claim.metric() + " " + claim.bound()).collect(Collectors.joining());
    }
}
