package lemma.kernel.run;

import java.util.ArrayList;
import java.util.List;

/** Claims as a table for a terminal: paper, claim, bound, measured, expect, pass. */
final class ClaimTable {
    private static final List<String> HEAD = List.of("paper", "claim", "bound", "measured", "expect", "pass", "");
    private static final int WIDEST = 44;

    private ClaimTable() {}

    static String of(List<Claim> claims) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        for (Claim claim : claims) rows.add(row(claim));
        int[] widths = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) widths[i] = Math.max(widths[i], row.get(i).length());
        }
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            table.append(line.toString().stripTrailing()).append('\n');
        }
        return table.toString();
    }

    private static List<String> row(Claim claim) {
        return List.of(cut(claim.paper()), cut(claim.id()), cut(claim.text("bound")), cut(claim.text("measured")), claim.expect(),
                claim.pass() ? "yes" : "no", note(claim));
    }

    private static String note(Claim claim) {
        if (claim.isTiming()) return "timing";
        return claim.asExpected() ? "" : "NOT AS EXPECTED";
    }

    private static String cut(String text) {
        return text.length() <= WIDEST ? text : text.substring(0, WIDEST - 3) + "...";
    }
}
