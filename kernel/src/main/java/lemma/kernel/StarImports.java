package lemma.kernel;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;

/** Two star imports may bring in one name: then the one that the user wrote is meant, not the one that every session begins with. */
final class StarImports {
    private static final Pattern BOTH = Pattern.compile("reference to (\\w+) is ambiguous\\s+both \\w+ ([\\w.]+) in \\S+ and \\w+ ([\\w.]+) in \\S+ match");

    private final Set<String> given;

    /** @param given the packages that the session itself imports */
    StarImports(Collection<String> given) {
        this.given = Set.copyOf(given);
    }

    /** The imports by which the names that {@code rejected} could not tell apart mean the user's; empty when that was not its fault. */
    List<String> deciding(JShell shell, Snippet rejected) {
        return shell.diagnostics(rejected).flatMap(diag -> deciding(diag.getMessage(Locale.ROOT)).stream()).distinct().toList();
    }

    private Optional<String> deciding(String message) {
        Matcher both = BOTH.matcher(message);
        if (!both.find()) return Optional.empty();
        boolean first = isGiven(both.group(2));
        boolean second = isGiven(both.group(3));
        return first == second ? Optional.empty() : Optional.of("import " + both.group(first ? 3 : 2) + ";");
    }

    private boolean isGiven(String type) {
        return given.contains(type.substring(0, Math.max(0, type.lastIndexOf('.'))));
    }
}
