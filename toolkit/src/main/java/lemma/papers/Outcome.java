package lemma.papers;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import lemma.display.Bundle;
import lemma.display.Rich;

/** A claim with the values measured for it: whether the bound holds, and whether that is what the card expects. */
public final class Outcome implements Rich {
    private static final int LISTED = 10;
    private static final String GREEN = "#2e7d32";
    private static final String AMBER = "#b26a00";
    private static final String RED = "#c62828";

    private final Claim claim;
    private final double[] values;
    private final double measured;

    Outcome(Claim claim, double[] values) {
        this.claim = claim;
        this.values = values.clone();
        this.measured = claim.over().measured(values, claim.bound());
    }

    public Claim claim() {
        return claim;
    }

    /** The values, one a seed. */
    public double[] values() {
        return values.clone();
    }

    /** The number that the bound judges. */
    public double measured() {
        return measured;
    }

    /** Whether the bound holds. */
    public boolean pass() {
        return claim.bound().holds(measured);
    }

    /** Whether it ended as the card expects, in either direction; a timing always does. */
    public boolean asExpected() {
        return claim.timing() || pass() == (claim.expect() == Expect.REPRODUCED);
    }

    /**
     * The outcome as JSON values: paper, claim, metric, bound, measured, values, seeds, expect, pass, kind, and the
     * reason where the card expects no reproduction. A number that is not finite,
     * which JSON lacks, is written as the string {@code "NaN"} or {@code "Infinity"}.
     */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("paper", claim.paper());
        json.put("claim", claim.id());
        json.put("metric", claim.metric());
        json.put("bound", claim.bound().toString());
        json.put("measured", jsonNumber(measured));
        json.put("values", Arrays.stream(values).mapToObj(Outcome::jsonNumber).toList());
        json.put("seeds", claim.seeds());
        json.put("expect", claim.expect().toString());
        json.put("pass", pass());
        json.put("kind", claim.kind());
        if (claim.expect() == Expect.NOT_REPRODUCED) json.put("reason", claim.reason());
        return json;
    }

    private static Object jsonNumber(double value) {
        return Double.isFinite(value) ? (Object) value : Double.toString(value);
    }

    @Override
    public Bundle bundle() {
        return Bundle.text(toString()).with(Bundle.HTML, html()).with(Bundle.CLAIM, json());
    }

    @Override
    public String toString() {
        return verdict() + ": " + claim.name() + "\n  " + claim.metric() + "\n  " + numbers();
    }

    private String verdict() {
        if (claim.timing()) return pass() ? "within the bound" : "outside the bound";
        String verdict = pass() ? "reproduced" : "not reproduced";
        if (!asExpected()) return verdict + ", but the card expects " + claim.expect();
        return pass() ? verdict : verdict + ", as the card expects";
    }

    private String numbers() {
        String number = shown(measured, claim.bound()) + " against " + claim.bound();
        if (claim.seeds() > 1) number += " (" + claim.over().of(claim.seeds()) + ")";
        if (values.length > 1) number += "; values " + listed();
        return number + reason();
    }

    private String listed() {
        if (values.length <= LISTED) return Arrays.stream(values).mapToObj(value -> shown(value, claim.bound())).collect(Collectors.joining(", "));
        DoubleSummaryStatistics range = Arrays.stream(values).summaryStatistics();
        return "from " + shown(range.getMin(), claim.bound()) + " to " + shown(range.getMax(), claim.bound());
    }

    private String reason() {
        return claim.expect() == Expect.NOT_REPRODUCED ? "; " + claim.reason() : "";
    }

    private String html() {
        String colour = !asExpected() ? RED : pass() ? GREEN : AMBER;
        String mark = pass() ? "&#10003;" : "&#10007;";
        List<String> lines = List.of(
                "<b style=\"color:" + colour + "\">" + mark + " " + escape(verdict()) + "</b> &nbsp;<code>" + escape(claim.name()) + "</code>",
                escape(claim.metric()), escape(numbers()));
        return "<div style=\"border-left:4px solid " + colour + ";padding:2px 0 2px 12px;margin:4px 0\">" + String.join("<br>", lines) + "</div>";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    /** A number with four significant digits, with all of them where rounding would carry it across the bound. */
    static String shown(double value, Bound bound) {
        if (!Double.isFinite(value)) return Double.toString(value);
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros();
        if (bound.holds(rounded.doubleValue()) != bound.holds(value)) return Double.toString(value);
        boolean plain = value == 0 || Math.abs(value) >= 1e-4 && Math.abs(value) < 1e7;
        return plain ? rounded.toPlainString() : rounded.toString().replace("E+", "e").replace('E', 'e');
    }
}
