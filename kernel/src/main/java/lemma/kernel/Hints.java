package lemma.kernel;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Suggestion;

/** What the user may have meant by a name that the compiler does not know: an import that is missing, or a name that is nearly the same. */
final class Hints {
    private static final Pattern UNKNOWN = Pattern.compile("cannot find symbol\\s+symbol:\\s+(\\w+) (\\w+)([^\\n]*)\\n\\s*location:[ \\t]*([^\\n]*)");
    private static final Pattern CONDENSED = Pattern.compile("cannot find symbol: (\\w+) (\\w+)[^\\n]*?( in [^\\n]*)?");
    private static final int PREFIX = 2;
    private static final int MAX_IMPORTS = 3;

    private final JShell shell;
    private final Indexing indexing;
    private final SourceCodeAnalysis analysis;

    Hints(JShell shell, Indexing indexing) {
        this.shell = shell;
        this.indexing = indexing;
        analysis = shell.sourceCodeAnalysis();
    }

    /** The compiler's message about an unknown name in one line; other messages as they are. */
    static String condensed(String message) {
        Matcher unknown = UNKNOWN.matcher(message);
        if (!unknown.find()) return message;
        String place = unknown.group(4).replaceFirst("^(?:class|interface|enum)\\s*", "").strip();
        return "cannot find symbol: " + unknown.group(1) + " " + unknown.group(2) + unknown.group(3).stripTrailing() + (place.isEmpty() ? "" : " in " + place);
    }

    /** A hint on a {@link #condensed} message about what ends at {@code end} of {@code source}. */
    Optional<String> of(String message, String source, int end) {
        Matcher unknown = CONDENSED.matcher(message);
        if (!unknown.lookingAt()) return Optional.empty();
        String name = unknown.group(2);
        int at = source.lastIndexOf(name, Math.clamp(end, 0, source.length()) - 1);
        boolean member = at > 0 && source.charAt(at - 1) == '.';
        return member ? similar(name, names(source.substring(0, at))) : ofName(unknown.group(1) + " " + name);
    }

    /** A hint on a name that nothing in scope has, such as {@code class Foo} or {@code variable x}. */
    Optional<String> ofName(String kindAndName) {
        String name = kindAndName.replaceFirst("^\\w+ ", "").replaceFirst("\\(.*", "");
        if (name.isEmpty()) return Optional.empty();
        List<String> imports = Character.isUpperCase(name.charAt(0)) ? imports(name) : List.of();
        if (imports.isEmpty()) return similar(name, inScope(name));
        return Optional.of("an import may be missing: " + imports.stream().sorted(Hints::jdkFirst).limit(MAX_IMPORTS).map(type -> "import " + type + ";")
                .collect(Collectors.joining(" or ")));
    }

    private List<String> imports(String name) {
        indexing.await(analysis);
        return analysis.listQualifiedNames(name, name.length()).getNames();
    }

    private static int jdkFirst(String a, String b) {
        boolean jdkA = a.startsWith("java.");
        return jdkA == b.startsWith("java.") ? a.compareTo(b) : jdkA ? -1 : 1;
    }

    private static Optional<String> similar(String name, Set<String> known) {
        return Spelling.closest(name, known).map(found -> "did you mean " + found + "?");
    }

    /** What the session has declared, and what in scope begins as {@code name} does. */
    private Set<String> inScope(String name) {
        return Stream.concat(new Inventory(shell).names().stream(), names(name.substring(0, Math.min(PREFIX, name.length()))).stream())
                .collect(Collectors.toSet());
    }

    /** The names that may stand at the end of {@code code}. */
    private Set<String> names(String code) {
        return analysis.completionSuggestions(code, code.length(), new int[1]).stream().map(Suggestion::continuation)
                .map(text -> text.replaceFirst("\\(.*", "")).collect(Collectors.toSet());
    }
}
