package lemma.kernel.run;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Markdown with formulas as HTML. Formulas ({@code $...$}, {@code $$...$$}, LaTeX environments) are taken out before the Markdown
 * is read, so that its rules for {@code _}, {@code *} and {@code \} leave them alone, and come back as {@code <span class="math">}
 * holding their LaTeX; code keeps its dollars.
 */
final class MarkdownHtml {
    private static final Pattern CODE_OR_MATH = Pattern.compile(
            "(?<code>^(?<fence>```+|~~~+)[^\\n]*\\n[\\s\\S]*?(?:^\\k<fence>[`~]*[ \\t]*$|\\z)|(?<!`)(?<ticks>`+)(?!`)(?:(?!\\n\\n)[\\s\\S])+?(?<!`)\\k<ticks>(?!`)|\\\\[\\\\$`])"
                    + "|\\$\\$(?<display>(?:\\\\.|[^\\\\$])+)\\$\\$"
                    + "|(?<environment>\\\\begin\\{(?<name>[a-z]+\\*?)\\}[\\s\\S]*?\\\\end\\{\\k<name>\\})"
                    + "|\\$(?<inline>(?![\\s$])(?:\\\\[\\s\\S]|(?!\\n\\n)[^\\\\$])*?(?<![\\s\\\\]))\\$(?!\\d)",
            Pattern.MULTILINE | Pattern.DOTALL);
    private static final char OPEN = '\ue000';
    private static final char CLOSE = '\ue001';
    private static final Pattern MARK = Pattern.compile(OPEN + "(\\d+)" + CLOSE);
    private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
    private static final HtmlRenderer RENDERER = HtmlRenderer.builder().extensions(EXTENSIONS).build();

    private MarkdownHtml() {}

    static String html(String markdown) {
        List<String> formulas = new ArrayList<>();
        String clean = markdown.replace("" + OPEN, "").replace("" + CLOSE, "");
        String marked = CODE_OR_MATH.matcher(clean).replaceAll(match -> {
            String formula = formula(match);
            if (formula == null) return Matcher.quoteReplacement(match.group());
            formulas.add(formula);
            return "" + OPEN + (formulas.size() - 1) + CLOSE;
        });
        String html = RENDERER.render(PARSER.parse(marked));
        return MARK.matcher(html).replaceAll(mark -> Matcher.quoteReplacement(formulas.get(Integer.parseInt(mark.group(1)))));
    }

    private static String formula(MatchResult match) {
        if (match.group("display") != null) return math(match.group("display"), true);
        if (match.group("environment") != null) return math(match.group("environment"), true);
        return match.group("inline") == null ? null : math(match.group("inline"), false);
    }

    /** A formula for KaTeX; a browser without scripts shows its LaTeX. */
    static String math(String latex, boolean display) {
        return "<span class=\"math" + (display ? " display" : "") + "\">" + HtmlPage.escape(latex.strip()) + "</span>";
    }

    /** A {@code text/latex} output, which carries its own dollars, as HTML. */
    static String latex(String latex) {
        String text = latex.strip();
        for (String[] fence : new String[][] {{"$$", "$$"}, {"\\[", "\\]"}, {"$", "$"}, {"\\(", "\\)"}}) {
            if (text.startsWith(fence[0]) && text.endsWith(fence[1]) && text.length() > fence[0].length() + fence[1].length()) {
                return math(text.substring(fence[0].length(), text.length() - fence[1].length()), fence[0].matches("\\$\\$|\\\\\\["));
            }
        }
        return math(text, true);
    }
}
