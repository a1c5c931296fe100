package lemma.kernel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Javadoc comments as HTML: their own markup, inline tags resolved, block tags as a list. */
final class JavadocHtml {
    private static final Pattern CODE = Pattern.compile("\\{@(code|literal)\\s+((?:[^{}]|\\{[^{}]*})*)}");
    private static final Pattern LINK = Pattern.compile("\\{@link(?:plain)?\\s+([^\\s{}(]+(?:\\([^)]*\\))?)(?:\\s+([^{}]*))?}");
    private static final Pattern OTHER_INLINE = Pattern.compile("\\{@\\w+\\s*([^{}]*)}");
    private static final Pattern BLOCK = Pattern.compile("(?m)^\\s*@(\\w+)\\s+");

    private JavadocHtml() {}

    /** A declaration as a line of code. */
    static String signature(String declaration) {
        return "<pre><code>" + escape(declaration) + "</code></pre>\n";
    }

    static String of(String comment) {
        String text = inline(comment.replaceAll("(?m)^ ", ""));
        Matcher tag = BLOCK.matcher(text);
        if (!tag.find()) return paragraph(text);
        StringBuilder html = new StringBuilder(paragraph(text.substring(0, tag.start()))).append("<dl>\n");
        for (boolean more = true; more; ) {
            String name = tag.group(1);
            int from = tag.end();
            more = tag.find();
            html.append(item(name, text.substring(from, more ? tag.start() : text.length()).strip()));
        }
        return html.append("</dl>\n").toString();
    }

    private static String inline(String comment) {
        String text = CODE.matcher(comment).replaceAll(code -> Matcher.quoteReplacement(
                code.group(1).equals("code") ? "<code>" + escape(code.group(2)) + "</code>" : escape(code.group(2))));
        text = LINK.matcher(text).replaceAll(link -> Matcher.quoteReplacement("<code>" + (link.group(2) == null
                ? escape(link.group(1).replace('#', '.').replaceFirst("^\\.", "")) : link.group(2)) + "</code>"));
        for (String before = ""; !before.equals(text); ) { // inline tags nest
            before = text;
            text = OTHER_INLINE.matcher(text).replaceAll("$1");
        }
        return text;
    }

    private static String paragraph(String text) {
        return text.isBlank() ? "" : "<p>" + text.strip() + "</p>\n";
    }

    private static String item(String tag, String text) {
        String[] words = text.split("\\s+", 2);
        String rest = words.length < 2 ? "" : words[1];
        return switch (tag) {
            case "param" -> entry("parameter <code>" + escape(words[0]) + "</code>", rest);
            case "return" -> entry("returns", text);
            case "throws", "exception" -> entry("throws <code>" + escape(words[0]) + "</code>", rest);
            case "see" -> entry("see", text.startsWith("<") ? text : "<code>" + escape(text) + "</code>");
            default -> entry(tag, text);
        };
    }

    private static String entry(String term, String text) {
        return "<dt>" + term + "</dt><dd>" + text + "</dd>\n";
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
