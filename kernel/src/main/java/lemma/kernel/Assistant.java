package lemma.kernel;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.SourceCodeAnalysis.Documentation;
import jdk.jshell.SourceCodeAnalysis.Suggestion;
import lemma.display.Bundle;

/** Help while code is written: completion, documentation, and whether a cell is complete. */
final class Assistant {
    private static final String INDENT = "    ";
    private static final Pattern MAGIC = Pattern.compile("(?:^|\\n)[ \\t]*(%%?)(\\w*)$");

    private final SourceCodeAnalysis analysis;
    private final SourceJavadoc javadoc;

    Assistant(Engine engine) {
        analysis = engine.analysis();
        javadoc = new SourceJavadoc(engine.classPath());
    }

    /** What may stand between {@code start} and {@code end} of the code. */
    record Completion(List<String> matches, int start, int end) {}

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
        String code = Script.javaOnly(cell);
        Fragment fragment = fragment(code, cursor);
        Completion found = complete(fragment, cursor);
        return found.matches.isEmpty() && fragment.code.startsWith("{") ? complete(plain(code, cursor), cursor) : found;
    }

    private static Completion completeMagic(String sign, String prefix, int cursor) {
        List<String> matches = Magics.NAMES.stream().filter(name -> name.startsWith(prefix)).map(name -> sign + name).toList();
        return new Completion(matches, cursor - prefix.length() - sign.length(), cursor);
    }

    private Completion complete(Fragment fragment, int cursor) {
        int[] anchor = {cursor + fragment.shift};
        List<Suggestion> found = analysis.completionSuggestions(fragment.code, cursor + fragment.shift, anchor);
        Stream<Suggestion> fittingFirst = Stream.concat(found.stream().filter(Suggestion::matchesType), found.stream().filter(s -> !s.matchesType()));
        List<String> matches = fittingFirst.map(Suggestion::continuation).distinct().toList();
        return new Completion(matches, anchor[0] - fragment.shift, cursor);
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
        String code = Script.javaOnly(cell).substring(0, end);
        List<Documentation> found = documentation(code + "("); // a method is found by its call only
        if (found.isEmpty()) found = documentation(code);
        return found.isEmpty() ? null : Bundle.text(found.stream().map(this::text).collect(Collectors.joining("\n\n")));
    }

    private List<Documentation> documentation(String code) {
        Fragment fragment = fragment(code, code.length());
        return analysis.documentation(fragment.code, code.length() + fragment.shift, true);
    }

    private String text(Documentation documentation) {
        String signature = Tracebacks.plain(documentation.signature());
        String comment = documentation.javadoc() == null ? javadoc.of(documentation.signature()) : documentation.javadoc();
        return comment == null ? signature : signature + "\n\n" + JavadocText.plain(comment);
    }

    Completeness isComplete(String cell) {
        String rest = Script.javaOnly(cell);
        while (!rest.isBlank()) {
            CompletionInfo info = analysis.analyzeCompletion(rest);
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

    private static String indent(String code) {
        String last = code.stripTrailing();
        String line = last.substring(last.lastIndexOf('\n') + 1);
        String current = line.substring(0, line.length() - line.stripLeading().length());
        return line.endsWith("{") || line.endsWith("(") ? current + INDENT : current;
    }
}
