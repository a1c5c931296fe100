package lemma.kernel;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.JShell;

/** What a session has declared. */
final class Inventory {
    private final JShell shell;

    Inventory(JShell shell) {
        this.shell = shell;
    }

    /** The names of variables, methods and types. */
    List<String> names() {
        return Stream.of(shell.variables().map(variable -> variable.name()), shell.methods().map(method -> method.name()),
                shell.types().map(type -> type.name())).flatMap(names -> names).distinct().toList();
    }

    /** Whether {@code name} is a variable or a method. */
    boolean isExpression(String name) {
        return shell.variables().anyMatch(variable -> variable.name().equals(name)) || shell.methods().anyMatch(method -> method.name().equals(name));
    }

    /** All of it with types, a line each. */
    String text() {
        List<String[]> rows = Stream.of(
                shell.variables().map(variable -> new String[] {variable.name(), variable.typeName()}),
                shell.methods().map(method -> new String[] {method.name(), method.signature()}),
                shell.types().map(type -> new String[] {type.name(), type.subKind().name().toLowerCase(java.util.Locale.ROOT).replace("_subkind", "")}))
                .flatMap(found -> found).toList();
        if (rows.isEmpty()) return "nothing has been declared yet\n";
        int width = rows.stream().mapToInt(row -> row[0].length()).max().orElseThrow();
        return rows.stream().map(row -> row[0] + " ".repeat(width - row[0].length() + 2) + Tracebacks.plain(row[1]) + "\n").collect(Collectors.joining());
    }
}
