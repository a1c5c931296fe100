package lemma.kernel.run;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Java source as HTML with {@code <span>} classes for comments, strings, numbers, keywords, annotations and types. */
final class JavaColours {
    private static final String KEYWORDS = "abstract|assert|boolean|break|byte|case|catch|char|class|continue|default|do|double|else|enum"
            + "|extends|false|final|finally|float|for|if|implements|import|instanceof|int|interface|long|native|new|null|package|permits"
            + "|private|protected|public|record|return|sealed|short|static|super|switch|synchronized|this|throw|throws|true|try|var|void"
            + "|volatile|when|while|yield";
    private static final Pattern TOKEN = Pattern.compile(
            "(?<comment>//[^\\n]*|/\\*[\\s\\S]*?(?:\\*/|\\z))"
                    + "|(?<string>\"\"\"[\\s\\S]*?(?:\"\"\"|\\z)|\"[^\"\\\\\\n]*(?:\\\\.[^\"\\\\\\n]*)*\"?|'[^'\\\\\\n]*(?:\\\\.[^'\\\\\\n]*)*'?)"
                    + "|(?<magic>^%%?\\w[^\\n]*)"
                    + "|(?<annotation>@\\w+)"
                    + "|(?<number>\\b(?:0[xXbB][\\p{XDigit}_]+|\\d[\\d_]*(?:\\.[\\d_]+)?(?:[eE][+-]?\\d+)?)[fFdDlL]?\\b)"
                    + "|(?<keyword>\\b(?:" + KEYWORDS + ")\\b)"
                    + "|(?<type>\\b[A-Z]\\w*\\b)"
                    + "|\\w+",
            Pattern.MULTILINE);
    private static final String[] CLASSES = {"comment", "string", "magic", "annotation", "number", "keyword", "type"};

    private JavaColours() {}

    static String html(String source) {
        StringBuilder html = new StringBuilder();
        Matcher matcher = TOKEN.matcher(source);
        int from = 0;
        while (matcher.find()) {
            html.append(HtmlPage.escape(source.substring(from, matcher.start())));
            String token = HtmlPage.escape(matcher.group());
            String name = name(matcher);
            html.append(name == null ? token : "<span class=\"" + name + "\">" + token + "</span>");
            from = matcher.end();
        }
        return html.append(HtmlPage.escape(source.substring(from))).toString();
    }

    private static String name(Matcher matcher) {
        for (String name : CLASSES) {
            if (matcher.group(name) != null) return name;
        }
        return null;
    }
}
