package lemma.kernel.run;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Terminal colour codes (ECMA-48 SGR) as kernels put them into error messages. */
final class Ansi {
    private static final Pattern CODE = Pattern.compile("\u001b\\[([0-9;]*)([A-Za-z])");
    private static final int BLACK = 30;
    private static final int BRIGHT_BLACK = 90;
    private static final int COLOURS = 8;

    private Ansi() {}

    /** {@code text} without codes. */
    static String strip(String text) {
        return CODE.matcher(text).replaceAll("");
    }

    /** {@code text} as HTML: {@code <span class="ansi-1">} for red and so on, {@code ansi-bold} for bold. */
    static String html(String text) {
        StringBuilder html = new StringBuilder();
        Style style = Style.PLAIN;
        Matcher matcher = CODE.matcher(text);
        int from = 0;
        while (matcher.find()) {
            style.wrap(text.substring(from, matcher.start()), html);
            if (matcher.group(2).equals("m")) style = style.after(matcher.group(1));
            from = matcher.end();
        }
        style.wrap(text.substring(from), html);
        return html.toString();
    }

    /** @param colour 0 to 7, or -1 for the default */
    private record Style(boolean bold, int colour) {
        static final Style PLAIN = new Style(false, -1);

        Style after(String codes) {
            Style style = this;
            String[] each = codes.split(";");
            for (int i = 0; i < each.length; i++) {
                if (!each[i].equals("38") && !each[i].equals("48")) {
                    style = style.next(each[i].isEmpty() ? 0 : Integer.parseInt(each[i]));
                    continue;
                }
                boolean palette = i + 2 < each.length && each[i + 1].equals("5");
                if (palette && each[i].equals("38")) style = style.palette(Integer.parseInt(each[i + 2]));
                i += palette ? 2 : 4; // 38;5;n or 38;2;r;g;b
            }
            return style;
        }

        private Style next(int code) {
            if (code == 0) return PLAIN;
            if (code == 1) return new Style(true, colour);
            if (code == 22) return new Style(false, colour);
            if (code >= BLACK && code < BLACK + COLOURS) return new Style(bold, code - BLACK);
            if (code >= BRIGHT_BLACK && code < BRIGHT_BLACK + COLOURS) return new Style(bold, code - BRIGHT_BLACK);
            return code == 39 ? new Style(bold, -1) : this;
        }

        private Style palette(int n) {
            return new Style(bold, n < 2 * COLOURS ? n % COLOURS : -1);
        }

        void wrap(String text, StringBuilder html) {
            if (text.isEmpty()) return;
            if (equals(PLAIN)) {
                html.append(HtmlPage.escape(text));
                return;
            }
            String classes = ((bold ? "ansi-bold " : "") + (colour < 0 ? "" : "ansi-" + colour)).strip();
            html.append("<span class=\"").append(classes).append("\">").append(HtmlPage.escape(text)).append("</span>");
        }
    }
}
