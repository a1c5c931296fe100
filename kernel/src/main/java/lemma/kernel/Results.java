package lemma.kernel;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.JShell;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.VarSnippet;

/**
 * The results {@code $n} of a session's cells. The latest is a variable. Of the older ones the compiler would read each in every pass
 * of every later cell: a small value is remembered here instead, and becomes a variable again in the cell that names it; a large one
 * is let go, unless something was built on it.
 */
final class Results {
    private static final Pattern NAME = Pattern.compile("(?<![\\w$])\\$\\d+(?![\\w$])");
    private static final int SHORT_TEXT = 1000;

    private final JShell shell;
    private final SourceCodeAnalysis analysis;
    private final Execution execution;
    private final List<VarSnippet> variables = new ArrayList<>();
    private final List<VarSnippet> recalled = new ArrayList<>();
    private final Map<String, Remembered> remembered = new HashMap<>();

    private record Remembered(String type, Object value) {}

    Results(JShell shell, Execution execution) {
        this.shell = shell;
        this.execution = execution;
        analysis = shell.sourceCodeAnalysis();
    }

    void add(VarSnippet result) {
        variables.add(result);
        remembered.remove(result.name());
    }

    int count() {
        return variables.size();
    }

    /** Makes the remembered results that {@code code} names variables again, until {@link #forgetOlder}. */
    void recall(String code) {
        if (remembered.isEmpty() || code.indexOf('$') < 0) return;
        for (Matcher name = NAME.matcher(code); name.find(); ) {
            Remembered result = remembered.get(name.group());
            if (result == null || shell.variables().anyMatch(variable -> variable.name().equals(name.group()))) continue;
            SnippetEvent made = shell.eval(result.type + " " + name.group() + ";").getFirst();
            if (made.status() != Status.VALID) throw new IllegalStateException("no variable for the result " + name.group() + " of type " + result.type);
            VarSnippet variable = (VarSnippet) made.snippet();
            set(variable, result.value);
            recalled.add(variable);
        }
    }

    /** Leaves the latest result as a variable, with those that something was built on. */
    void forgetOlder() {
        forgetRecalled();
        while (variables.size() > 1) forget(variables.removeFirst());
    }

    private void forget(VarSnippet old) {
        if (shell.status(old) != Status.VALID || hasDependents(old)) return;
        Object value = get(old);
        if (isPlain(old.typeName(), value)) remembered.put(old.name(), new Remembered(typeOf(old, value), value));
        else if (isSmall(value)) return;
        shell.drop(old);
    }

    private static String typeOf(VarSnippet variable, Object value) {
        return isPrimitive(variable.typeName()) ? variable.typeName() : value.getClass().getName();
    }

    private void forgetRecalled() {
        recalled.forEach(variable -> {
            if (shell.status(variable) != Status.VALID) return;
            remembered.computeIfPresent(variable.name(), (name, known) -> new Remembered(known.type, get(variable))); // it may have been assigned to
            if (!hasDependents(variable)) shell.drop(variable);
        });
        recalled.clear();
    }

    /** Takes back the results after the first {@code count}, as if they had never been. */
    void dropAfter(int count) {
        forgetRecalled();
        List<VarSnippet> made = variables.subList(count, variables.size());
        made.forEach(shell::drop);
        made.clear();
    }

    private boolean hasDependents(VarSnippet variable) {
        return analysis.dependents(variable).stream().anyMatch(snippet -> shell.status(snippet).isActive());
    }

    /** Whether {@code value} is a number, a truth value, a character or a short text of the JDK, held as what it is. */
    private static boolean isPlain(String type, Object value) {
        if (!isSmall(value) || value == null || value.getClass().getClassLoader() != null || value instanceof Enum) return false;
        return isPrimitive(type) || type.equals(value.getClass().getSimpleName()) || type.equals(value.getClass().getName());
    }

    private static boolean isPrimitive(String type) {
        return switch (type) {
            case "boolean", "byte", "short", "char", "int", "long", "float", "double" -> true;
            default -> false;
        };
    }

    private static boolean isSmall(Object value) {
        return value == null || value instanceof Number || value instanceof Boolean || value instanceof Character || value instanceof Enum
                || value instanceof String text && text.length() < SHORT_TEXT;
    }

    private Object get(VarSnippet variable) {
        Field field = field(variable);
        try {
            return field == null ? null : field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("cannot read " + variable.name(), e);
        }
    }

    private void set(VarSnippet variable, Object value) {
        try {
            field(variable).set(null, value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("cannot set " + variable.name(), e);
        }
    }

    /** The field that holds {@code variable}; null where its class was never loaded. */
    private Field field(VarSnippet variable) {
        Class<?> holder = execution.holder(analysis.wrapper(variable).fullClassName());
        if (holder == null) return null;
        try {
            Field field = holder.getDeclaredField(variable.name());
            field.setAccessible(true); // a snippet's class is public, its members as the user declared them
            return field;
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("no field for " + variable.name(), e);
        }
    }
}
