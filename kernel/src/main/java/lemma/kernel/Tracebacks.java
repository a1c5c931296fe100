package lemma.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.UnresolvedReferenceException;

/** Turns what JShell reports about snippets into cells, lines and source, with the frames of JShell and this kernel left out. */
final class Tracebacks {
    private static final Pattern WRAPPER = Pattern.compile("REPL\\.\\$JShell\\$[0-9A-Za-z]+\\$?");
    private static final Pattern JDK = Pattern.compile("(?:java|javax|jdk|sun|com\\.sun)\\.");
    private static final Pattern LAMBDA = Pattern.compile("lambda\\$(.+)\\$\\d+");
    private static final String OUTSIDE = "do_it"; // JShell's method for what stands in none
    private static final String RUNS_CODE = Execution.class.getName();
    private static final int MAX_CAUSES = 20;
    private static final int HEAD_FRAMES = 20;
    private static final int TAIL_FRAMES = 5;
    private static final int CONTEXT_LINES = 2;

    /** Where a snippet stands in its cell. */
    private record Place(Cell cell, int offset) {}

    private final Indexing indexing;
    private final Map<String, Place> places = new HashMap<>();

    Tracebacks(Indexing indexing) {
        this.indexing = indexing;
    }

    /** Remembers that the snippet {@code id} begins at {@code offset} of {@code cell}. */
    void place(String id, Cell cell, int offset) {
        places.put(id, new Place(cell, offset));
    }

    /** The snippet {@code id} is {@code former} once more and stands where that stood. */
    void placeAs(String id, String former) {
        places.put(id, places.get(former));
    }

    /** Names in user code as the user wrote them. */
    static String plain(String text) {
        return text == null ? "" : WRAPPER.matcher(text).replaceAll("");
    }

    /** The error of a snippet that the compiler rejected. */
    CellError compileError(JShell shell, Snippet snippet, Cell cell, int offset) {
        Hints hints = new Hints(shell, indexing);
        Set<String> lines = new LinkedHashSet<>();
        String first = "";
        List<Diag> errors = shell.diagnostics(snippet).filter(Diag::isError).toList();
        for (Diag diag : errors) {
            String message = Hints.condensed(plain(diag.getMessage(Locale.ROOT)).replace(" in  ", " ").strip());
            if (first.isEmpty()) first = message.lines().findFirst().orElse("");
            String place = String.join("\n", pointAt(cell, offset + (int) diag.getStartPosition(), offset + (int) diag.getEndPosition()));
            String hint = hints.of(message, snippet.source(), (int) diag.getEndPosition()).map(found -> "\n" + found).orElse("");
            String rest = errors.size() > 1 ? "\n" + message : message.substring(first.length()); // a single error's first line stands above
            lines.add(place + rest + hint);
        }
        return CellError.of("CompileError", first, List.copyOf(lines));
    }

    private static List<String> pointAt(Cell cell, int start, int end) {
        int from = Math.clamp(start, 0, cell.code().length());
        int line = cell.line(from);
        int column = from - (cell.code().lastIndexOf('\n', from - 1) + 1);
        String source = cell.text(line);
        int width = Math.max(1, Math.min(end - start, source.length() - column));
        return List.of(title(cell, line) + ":", "    " + source, "    " + blank(source, column) + CellError.strong("^".repeat(width)));
    }

    private static String blank(String source, int column) {
        return source.substring(0, Math.min(column, source.length())).replaceAll("[^\t]", " ");
    }

    private static String title(Cell cell, int line) {
        return cell.name() + ", line " + line;
    }

    /** The error of a variable whose type or value needs what is not defined. */
    CellError unresolved(JShell shell, DeclarationSnippet snippet) {
        String missing = String.join(", ", shell.unresolvedDependencies(snippet).toList());
        Place place = places.get(snippet.id());
        List<String> lines = new ArrayList<>();
        if (place != null) lines.addAll(pointAt(place.cell, place.offset, place.offset + snippet.source().stripTrailing().length()));
        Hints hints = new Hints(shell, indexing);
        shell.unresolvedDependencies(snippet).flatMap(name -> hints.ofName(name).stream()).forEach(lines::add);
        return CellError.of("CompileError", snippet.name() + " needs " + missing + ", which is not defined", lines);
    }

    /** The error of user code that threw, or of code of ours or of a library that ran for the user outside any snippet. */
    CellError thrown(Throwable failure) {
        return CellError.of(name(failure), message(failure), trace(failure));
    }

    /** Where it was thrown, and the same of its causes, whose frames in common with what they caused are left out. */
    private List<String> trace(Throwable thrown) {
        List<String> lines = new ArrayList<>(frames(thrown.getStackTrace(), new StackTraceElement[0]));
        Throwable outer = thrown;
        for (int depth = 0; depth < MAX_CAUSES && outer.getCause() != null; depth++) {
            Throwable cause = outer.getCause();
            String message = message(cause);
            lines.add("Caused by: " + CellError.strong(name(cause)) + (message.isEmpty() ? "" : ": " + message));
            lines.addAll(frames(cause.getStackTrace(), outer.getStackTrace()));
            outer = cause;
        }
        return lines;
    }

    /** The error of a cell that was told to stop, with the place if it is known. */
    CellError interrupted(JShellException exception) {
        List<String> lines = new ArrayList<>();
        if (exception != null) lines.addAll(frames(exception.getStackTrace(), new StackTraceElement[0]));
        return CellError.of(CellError.INTERRUPTED, "the cell was stopped", lines);
    }

    /** The error of a cell that was told to stop before the code at {@code offset}. */
    CellError interruptedAt(Cell cell, int offset) {
        int line = cell.line(offset);
        List<String> lines = new ArrayList<>(List.of("    at " + title(cell, line)));
        addSource(cell, line, lines);
        return CellError.of(CellError.INTERRUPTED, "the cell was stopped", lines);
    }

    private static String name(Throwable exception) {
        return switch (exception) {
            case EvalException thrown -> plain(thrown.getExceptionClassName());
            case UnresolvedReferenceException reference -> "UnresolvedReference";
            default -> plain(exception.getClass().getName());
        };
    }

    private static String message(Throwable exception) {
        return exception instanceof UnresolvedReferenceException reference
                ? plain(reference.getSnippet().source().lines().findFirst().orElse("")) + " uses what is not defined"
                : plain(exception.getMessage());
    }

    /** The frames up to the kernel's, those of the JDK folded, those in common with {@code outer} left out. */
    private List<String> frames(StackTraceElement[] all, StackTraceElement[] outer) {
        List<StackTraceElement> frames = own(all, outer);
        List<String> lines = new ArrayList<>();
        int entries = 0;
        boolean source = true;
        for (int i = 0; i < frames.size(); i++) {
            int run = jdkRun(frames, i);
            if (entries == HEAD_FRAMES && frames.size() - i > TAIL_FRAMES + 1) {
                int hidden = frames.size() - i - TAIL_FRAMES;
                lines.add("    ... " + hidden + " more frames");
                i += hidden;
                source = true;
                run = jdkRun(frames, i);
            }
            entries++;
            if (run > 1) {
                i += run - 1;
                lines.add("    at " + frames.get(i) + " ... and " + (run - 1) + " more inside the JDK");
            } else {
                addFrame(frames.get(i), lines, source);
            }
            source = place(frames.get(i)) == null;
        }
        return lines;
    }

    private static List<StackTraceElement> own(StackTraceElement[] all, StackTraceElement[] outer) {
        int common = 0;
        while (common < Math.min(all.length, outer.length) && all[all.length - 1 - common].equals(outer[outer.length - 1 - common])) common++;
        List<StackTraceElement> frames = new ArrayList<>();
        for (StackTraceElement frame : Arrays.asList(all).subList(0, all.length - common)) {
            if (frame.getClassName().startsWith(RUNS_CODE)) break;
            if (!isMachinery(frame)) frames.add(frame);
        }
        return frames;
    }

    /** How many frames from {@code from} on lie in the JDK. */
    private static int jdkRun(List<StackTraceElement> frames, int from) {
        int end = from;
        while (end < frames.size() && JDK.matcher(frames.get(end).getClassName()).lookingAt()) end++;
        return end - from;
    }

    private Place place(StackTraceElement frame) {
        String file = frame.getFileName();
        return file != null && file.startsWith("#") ? places.get(file.substring(1)) : null;
    }

    private void addFrame(StackTraceElement frame, List<String> lines, boolean withSource) {
        Place place = place(frame);
        if (place == null) {
            lines.add("    at " + plain(frame.toString()));
            return;
        }
        int line = place.cell.line(place.offset) + frame.getLineNumber() - 1;
        String method = method(frame.getMethodName());
        lines.add("    at " + (method.isEmpty() ? "" : method + ", ") + title(place.cell, line));
        if (withSource) addSource(place.cell, line, lines);
    }

    /** What the user calls the method that the compiler names {@code name}; empty for code outside of methods. */
    private static String method(String name) {
        Matcher lambda = LAMBDA.matcher(name);
        if (!lambda.matches()) return plain(name);
        return lambda.group(1).startsWith(OUTSIDE) ? "lambda" : "lambda in " + lambda.group(1);
    }

    private static void addSource(Cell cell, int line, List<String> lines) {
        for (int i = line - CONTEXT_LINES; i <= line + CONTEXT_LINES; i++) {
            String text = cell.text(i);
            if (text.isBlank() && i != line) continue;
            lines.add((i == line ? "  ---> " : "       ") + i + " " + text);
        }
    }

    /** Whether {@code frame} tells nothing of what the code does. */
    private static boolean isMachinery(StackTraceElement frame) {
        String type = frame.getClassName();
        return type.startsWith("REPL.$Cancel$") || type.startsWith("jdk.internal.reflect.") || type.startsWith("java.lang.invoke.")
                || type.startsWith("java.lang.reflect.") || type.startsWith("lemma.kernel.") || type.startsWith("jdk.jshell.");
    }
}
