package lemma.kernel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Javadoc comments as plain text. */
final class JavadocText {
    private static final Pattern INLINE = Pattern.compile("\\{@(?:code|literal|value|systemProperty|summary)\\s+([^{}]*)}");
    private static final Pattern LINK = Pattern.compile("\\{@link(?:plain)?\\s+([^\\s{}]+(?:\\([^)]*\\))?)(?:\\s+([^{}]*))?}");
    private static final Pattern OTHER_INLINE = Pattern.compile("\\{@(\\w+)\\s*([^{}]*)}");
    private static final Pattern BREAK = Pattern.compile("\\s*<(?:p|/?ul|/?ol|/?pre|/?blockquote|/?table|tr|h\\d)(?:\\s[^>]*)?>\\s*");
    private static final Pattern ITEM = Pattern.compile("\\s*<li(?:\\s[^>]*)?>\\s*");
    private static final Pattern TAG = Pattern.compile("</?[a-zA-Z][^<>]*>");

    private JavadocText() {}

    static String plain(String comment) {
        String text = comment.replaceAll("(?m)^ ", "");
        for (String before = ""; !before.equals(text); ) { // inline tags nest
            before = text;
            text = INLINE.matcher(text).replaceAll("$1");
            text = LINK.matcher(text).replaceAll(link -> Matcher.quoteReplacement(
                    link.group(2) == null ? link.group(1).replace('#', '.').replaceFirst("^\\.", "") : link.group(2)));
            text = OTHER_INLINE.matcher(text).replaceAll("$2");
        }
        text = ITEM.matcher(BREAK.matcher(text).replaceAll("\n\n")).replaceAll("\n  - ");
        text = TAG.matcher(text).replaceAll("");
        text = text.replaceFirst("\\s+(?=@(?:param|return|throws|exception|see)\\s)", "\n\n");
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&")
                .replaceAll("(?m)^[ \\t]*@param\\s+", "  parameter ").replaceAll("(?m)^[ \\t]*@return\\s+", "  returns ")
                .replaceAll("(?m)^[ \\t]*@(?:throws|exception)\\s+", "  throws ").replaceAll("(?m)^[ \\t]*@see\\s+", "  see ")
                .replaceAll("\n{3,}", "\n\n").strip();
    }
}
