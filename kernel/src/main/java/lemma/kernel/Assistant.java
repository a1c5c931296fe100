package lemma.kernel;

import java.util.List;
import java.util.stream.Collectors;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.SourceCodeAnalysis.Documentation;
import lemma.display.Bundle;

/** Help while code is written: completion, documentation, and whether a cell is complete. */
final class Assistant {
    private static final String INDENT = "    ";

    private final SourceCodeAnalysis analysis;

    Assistant(Engine engine) {
        analysis = engine.analysis();
    }

    /** What may stand between {@code start} and {@code end} of the code. */
    record Completion(List<String> matches, int start, int end) {}

    /** @param status {@code complete}, {@code incomplete} or {@code invalid} */
    record Completeness(String status, String indent) {}

    Completion complete(String code, int cursor) {
        int start = snippetStart(code, cursor);
        int[] anchor = {cursor - start};
        List<String> matches = analysis.completionSuggestions(code.substring(start), cursor - start, anchor).stream()
                .filter(SourceCodeAnalysis.Suggestion::matchesType).map(SourceCodeAnalysis.Suggestion::continuation).distinct().toList();
        if (matches.isEmpty()) {
            matches = analysis.completionSuggestions(code.substring(start), cursor - start, anchor).stream()
                    .map(SourceCodeAnalysis.Suggestion::continuation).distinct().toList();
        }
        return new Completion(matches, start + anchor[0], cursor);
    }

    /** Where the snippet that holds {@code cursor} begins. */
    private int snippetStart(String code, int cursor) {
        int start = 0;
        while (true) {
            CompletionInfo info = analysis.analyzeCompletion(code.substring(start));
            if (info.completeness() != SourceCodeAnalysis.Completeness.COMPLETE || info.remaining().isBlank()) return start;
            int next = code.length() - info.remaining().length();
            if (next >= cursor) return start;
            start = next;
        }
    }

    Bundle inspect(String code, int cursor) {
        int start = snippetStart(code, cursor);
        String snippet = code.substring(start);
        int end = cursor - start;
        while (end < snippet.length() && Character.isJavaIdentifierPart(snippet.charAt(end))) end++;
        List<Documentation> found = analysis.documentation(snippet, end, true);
        if (found.isEmpty() && end < snippet.length() && snippet.charAt(end) == '(') found = analysis.documentation(snippet, end + 1, true);
        if (found.isEmpty()) return null;
        return Bundle.text(found.stream().map(Assistant::text).collect(Collectors.joining("\n\n")));
    }

    private static String text(Documentation documentation) {
        return documentation.javadoc() == null ? documentation.signature() : documentation.signature() + "\n" + documentation.javadoc();
    }

    Completeness isComplete(String code) {
        String rest = code;
        while (true) {
            CompletionInfo info = analysis.analyzeCompletion(rest);
            switch (info.completeness()) {
                case COMPLETE -> rest = info.remaining();
                case COMPLETE_WITH_SEMI, EMPTY -> {
                    return new Completeness("complete", "");
                }
                case UNKNOWN -> {
                    return new Completeness("invalid", "");
                }
                default -> {
                    return new Completeness("incomplete", indent(code));
                }
            }
            if (rest.isBlank()) return new Completeness("complete", "");
        }
    }

    private static String indent(String code) {
        String last = code.substring(code.lastIndexOf('\n', code.length() - 1) + 1);
        String current = last.substring(0, last.length() - last.stripLeading().length());
        String end = last.stripTrailing();
        return end.endsWith("{") || end.endsWith("(") ? current + INDENT : current;
    }
}
