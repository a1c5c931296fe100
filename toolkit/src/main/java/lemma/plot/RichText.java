package lemma.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text with the tags {@code <sup> <sub> <b> <i>}, which both renderings understand; any other {@code <} is just a character.
 *
 * @param runs pieces of one look each, in reading order
 */
record RichText(List<Run> runs) {
    /** @param level 1 raised, -1 lowered, 0 on the line */
    record Run(String text, int level, boolean bold, boolean italic) {}

    private static final Pattern TAG = Pattern.compile("<(/?)(sup|sub|b|i)>");
    private static final double SMALL = 0.7;

    static RichText parse(String source) {
        List<Run> runs = new ArrayList<>();
        Run look = new Run("", 0, false, false);
        Matcher tag = TAG.matcher(source);
        int from = 0;
        while (tag.find()) {
            add(runs, look, source.substring(from, tag.start()));
            look = switched(look, tag.group(2), tag.group(1).isEmpty());
            from = tag.end();
        }
        add(runs, look, source.substring(from));
        return new RichText(List.copyOf(runs));
    }

    private static void add(List<Run> runs, Run look, String text) {
        if (!text.isEmpty()) runs.add(new Run(text, look.level, look.bold, look.italic));
    }

    private static Run switched(Run look, String tag, boolean on) {
        return switch (tag) {
            case "sup" -> new Run("", on ? 1 : 0, look.bold, look.italic);
            case "sub" -> new Run("", on ? -1 : 0, look.bold, look.italic);
            case "b" -> new Run("", look.level, on, look.italic);
            default -> new Run("", look.level, look.bold, on);
        };
    }

    /** The text without its tags; raised digits as Unicode superscripts. */
    static String plain(String source) {
        StringBuilder text = new StringBuilder();
        for (Run run : parse(source).runs) text.append(run.level == 1 ? raised(run.text) : run.text);
        return text.toString();
    }

    private static String raised(String text) {
        String from = "0123456789\u2212-+";
        String to = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b\u207b\u207a";
        StringBuilder raised = new StringBuilder();
        for (char c : text.toCharArray()) raised.append(from.indexOf(c) < 0 ? c : to.charAt(from.indexOf(c)));
        return raised.toString();
    }

    /** The text as Plotly reads it: the known tags stay, other special characters are escaped. */
    static String html(String source) {
        StringBuilder text = new StringBuilder();
        for (Run run : parse(source).runs) {
            String piece = run.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
            if (run.level != 0) piece = run.level > 0 ? "<sup>" + piece + "</sup>" : "<sub>" + piece + "</sub>";
            if (run.bold) piece = "<b>" + piece + "</b>";
            text.append(run.italic ? "<i>" + piece + "</i>" : piece);
        }
        return text.toString();
    }

    /** The width in points at font size {@code size}, from the usual widths of a Helvetica-like face: the same on every machine, with or without fonts. */
    static double width(String source, double size) {
        double em = 0;
        for (Run run : parse(source).runs) em += run.text.chars().mapToDouble(RichText::em).sum() * (run.level == 0 ? 1 : SMALL) * (run.bold ? 1.08 : 1);
        return em * size;
    }

    private static double em(int c) {
        if ("ijlI|'.,:; ![]()".indexOf(c) >= 0) return 0.29;
        if ("mwMW@%".indexOf(c) >= 0) return 0.86;
        if (Character.isUpperCase(c)) return 0.69;
        return 0.56;
    }
}
