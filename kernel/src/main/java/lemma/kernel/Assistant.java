package lemma.kernel;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.ErroneousSnippet;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.SourceCodeAnalysis.Documentation;
import jdk.jshell.SourceCodeAnalysis.Suggestion;
import lemma.display.Bundle;

/** Help while code is written: completion, documentation, and whether a cell is complete. */
final class Assistant {
    private static final String INDENT = "    ";
    private static final long SIGNATURES_NANOS = 200_000_000;
    private static final Pattern CONSTANT = Pattern.compile("[A-Z][A-Z0-9_]+");
    private static final Pattern MAGIC = Pattern.compile("(?:^|\\n)[ \\t]*(%%?)(\\w*)$");

    private final SourceCodeAnalysis analysis;
    private final Indexing indexing;
    private final SourceJavadoc javadoc;

    Assistant(Engine engine) {
        analysis = engine.analysis();
        indexing = engine.indexing();
        javadoc = new SourceJavadoc(engine.classPath());
    }

    /**
     * What may stand at the cursor.
     *
     * @param kind {@code method}, {@code class}, {@code variable}, {@code field}, {@code constant}, {@code package} or {@code magic}
     * @param signature as declared, empty where it is not known
     */
    record Match(String text, String kind, String signature) {}

    /** What may stand between {@code start} and {@code end} of the code. */
    record Completion(List<Match> matches, int start, int end) {}

    /** @param status {@code complete}, {@code incomplete} or {@code invalid} */
    record Completeness(String status, String indent) {}

    /**
     * Code that stands for what is being written.
     *
     * @param code the declarations of the cell above it, in a block, then its own text
     * @param shift how much further right than in the cell its text stands
     */
    private record Fragment(String code, int shift) {}

    Completion complete(String cell, int cursor) {
        Matcher magic = MAGIC.matcher(cell.substring(0, cursor));
        if (magic.find()) return completeMagic(magic.group(1), magic.group(2), cursor);
        indexing.await(analysis);
        String code = Script.javaOnly(cell);
        Fragment fragment = fragment(code, cursor);
        Completion found = complete(fragment, cursor);
        return found.matches.isEmpty() && fragment.code.startsWith("{") ? complete(plain(code, cursor), cursor) : found;
    }

    private static Completion completeMagic(String sign, String prefix, int cursor) {
        List<Match> matches = Magic.all(sign).stream().filter(magic -> magic.name().startsWith(prefix))
                .map(magic -> new Match(sign + magic.name(), "magic", magic.usage())).toList();
        return new Completion(matches, cursor - prefix.length() - sign.length(), cursor);
    }

    private Completion complete(Fragment fragment, int cursor) {
        int[] anchor = {cursor + fragment.shift};
        List<Suggestion> found = analysis.completionSuggestions(fragment.code, cursor + fragment.shift, anchor);
        Stream<Suggestion> fittingFirst = Stream.concat(found.stream().filter(Suggestion::matchesType), found.stream().filter(s -> !s.matchesType()));
        String before = fragment.code.substring(0, anchor[0]);
        long deadline = System.nanoTime() + SIGNATURES_NANOS;
        List<Match> matches = fittingFirst.map(Suggestion::continuation).distinct().map(text -> match(before, text, deadline)).toList();
        return new Completion(matches, anchor[0] - fragment.shift, cursor);
    }

    /** Signatures cost some milliseconds each: those that fit into the time are given, the first ones first. */
    private Match match(String before, String text, long deadline) {
        String kind = kind(before, text);
        boolean declared = !kind.equals("package");
        return new Match(text, kind, declared && System.nanoTime() < deadline ? signature(before, text) : "");
    }

    private static String kind(String before, String text) {
        if (text.endsWith("(") || text.endsWith("()")) return "method";
        if (text.endsWith(".")) return "package";
        if (CONSTANT.matcher(text).matches()) return "constant";
        if (Character.isUpperCase(text.charAt(0))) return "class";
        return before.endsWith(".") ? "field" : "variable";
    }

    private String signature(String before, String text) {
        String code = before + text.replace(")", "");
        List<Documentation> found = analysis.documentation(code, code.length(), false);
        if (found.isEmpty()) return "";
        return Tracebacks.plain(found.getFirst().signature()) + (found.size() == 1 ? "" : " (+" + (found.size() - 1) + " more)");
    }

    /** What stands at {@code cursor}, behind the declarations that the cell makes above it and that have not run yet. */
    private Fragment fragment(String code, int cursor) {
        StringBuilder block = new StringBuilder();
        int start = 0;
        for (int next = snippetEnd(code, start); next <= cursor && next > start; next = snippetEnd(code, start)) {
            String snippet = code.substring(start, next);
            if (isLocalDeclaration(snippet)) block.append(snippet).append('\n');
            start = next;
        }
        if (block.isEmpty()) return new Fragment(code.substring(start), -start);
        String before = "{" + block;
        return new Fragment(before + code.substring(start), before.length() - start);
    }

    private Fragment plain(String code, int cursor) {
        int start = 0;
        for (int next = snippetEnd(code, start); next <= cursor && next > start; next = snippetEnd(code, start)) start = next;
        return new Fragment(code.substring(start), -start);
    }

    /** Where the complete snippet at {@code start} ends; {@code start} itself when it is the last or not complete. */
    private int snippetEnd(String code, int start) {
        CompletionInfo info = analysis.analyzeCompletion(code.substring(start));
        if (info.completeness() != SourceCodeAnalysis.Completeness.COMPLETE || info.remaining().isBlank()) return start;
        return code.length() - info.remaining().length();
    }

    private boolean isLocalDeclaration(String snippet) {
        List<Snippet> snippets = analysis.sourceToSnippets(snippet.strip());
        return !snippets.isEmpty() && (snippets.getFirst().kind() == Snippet.Kind.TYPE_DECL
                || snippets.getFirst().subKind() == Snippet.SubKind.VAR_DECLARATION_SUBKIND
                || snippets.getFirst().subKind() == Snippet.SubKind.VAR_DECLARATION_WITH_INITIALIZER_SUBKIND);
    }

    /** The documentation of what stands at {@code cursor}, or null. */
    Bundle inspect(String cell, int cursor) {
        int end = cursor;
        while (end < cell.length() && Character.isJavaIdentifierPart(cell.charAt(end))) end++;
        Matcher magic = MAGIC.matcher(cell.substring(0, end));
        if (magic.find()) return Magic.named(magic.group(1), magic.group(2)).map(found -> Bundle.text(found.help())).orElse(null);
        String code = Script.javaOnly(cell).substring(0, end);
        List<Documentation> found = documentation(code + "("); // a method is found by its call only
        if (found.isEmpty()) found = documentation(code);
        if (found.isEmpty()) return null;
        String html = found.stream().map(this::html).collect(Collectors.joining("\n<hr>\n"));
        return Bundle.text(found.stream().map(this::text).collect(Collectors.joining("\n\n"))).with(Bundle.HTML, html);
    }

    private List<Documentation> documentation(String code) {
        Fragment fragment = fragment(code, code.length());
        return analysis.documentation(fragment.code, code.length() + fragment.shift, true);
    }

    private String comment(Documentation documentation) {
        return documentation.javadoc() == null ? javadoc.of(documentation.signature()) : documentation.javadoc();
    }

    private String text(Documentation documentation) {
        String signature = Tracebacks.plain(documentation.signature());
        String comment = comment(documentation);
        return comment == null ? signature : signature + "\n\n" + JavadocText.plain(comment);
    }

    private String html(Documentation documentation) {
        String comment = comment(documentation);
        return JavadocHtml.signature(Tracebacks.plain(documentation.signature())) + (comment == null ? "" : JavadocHtml.of(comment));
    }

    Completeness isComplete(String cell) {
        String rest = Script.javaOnly(cell);
        while (!rest.isBlank()) {
            CompletionInfo info = analysis.analyzeCompletion(rest);
            if (info.source() != null && isErroneous(info.source())) return new Completeness("invalid", "");
            switch (info.completeness()) {
                case COMPLETE -> rest = info.remaining();
                case COMPLETE_WITH_SEMI, EMPTY -> rest = "";
                case UNKNOWN -> {
                    return new Completeness("invalid", "");
                }
                case CONSIDERED_INCOMPLETE, DEFINITELY_INCOMPLETE -> {
                    return new Completeness("incomplete", indent(cell));
                }
            }
        }
        return new Completeness("complete", "");
    }

    private boolean isErroneous(String source) {
        return analysis.sourceToSnippets(source).stream() // an expression is erroneous too when a name in it is unknown
                .anyMatch(snippet -> snippet instanceof ErroneousSnippet bad && bad.probableKind() != Snippet.Kind.EXPRESSION);
    }

    private static String indent(String code) {
        String last = code.stripTrailing();
        String line = last.substring(last.lastIndexOf('\n') + 1);
        String current = line.substring(0, line.length() - line.stripLeading().length());
        return line.endsWith("{") || line.endsWith("(") ? current + INDENT : current;
    }
}
