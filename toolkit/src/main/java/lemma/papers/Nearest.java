package lemma.papers;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The names nearest to one that does not exist. */
final class Nearest {
    private static final int SHOWN = 3;

    private Nearest() {}

    /** {@code "; did you mean a, b or c?"}: names that contain the given one or begin alike first, then by edit distance. */
    static String hint(String name, Collection<String> names) {
        List<String> nearest = names.stream().sorted(Comparator.comparing((String other) -> !related(name, other))
                .thenComparing(other -> distance(name, other)).thenComparing(Comparator.naturalOrder())).limit(SHOWN).toList();
        if (nearest.isEmpty()) return "; there is none";
        if (nearest.size() == 1) return "; did you mean " + nearest.getFirst() + "?";
        return "; did you mean " + String.join(", ", nearest.subList(0, nearest.size() - 1)) + " or " + nearest.getLast() + "?";
    }

    private static boolean related(String name, String other) {
        return !name.isEmpty() && (other.contains(name) || name.contains(other));
    }

    /** Levenshtein distance: the least number of letters to insert, delete or replace. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
