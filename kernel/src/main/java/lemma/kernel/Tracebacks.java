package lemma.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    private static final int HEAD_FRAMES = 20;
    private static final int TAIL_FRAMES = 5;
    private static final int CONTEXT_LINES = 2;

    /** Where a snippet stands in its cell. */
    private record Place(Cell cell, int offset) {}

    private final Map<String, Place> places = new HashMap<>();

    /** Remembers that the snippet {@code id} begins at {@code offset} of {@code cell}. */
    void place(String id, Cell cell, int offset) {
        places.put(id, new Place(cell, offset));
    }

    /** Names in user code as the user wrote them. */
    static String plain(String text) {
        return text == null ? "" : WRAPPER.matcher(text).replaceAll("");
    }

    /** The error of a snippet that the compiler rejected. */
    CellError compileError(JShell shell, Snippet snippet, Cell cell, int offset) {
        List<String> lines = new ArrayList<>();
        String first = "";
        for (Diag diag : shell.diagnostics(snippet).filter(Diag::isError).toList()) {
            String message = plain(diag.getMessage(Locale.ROOT)).strip();
            if (first.isEmpty()) first = message.lines().findFirst().orElse("");
            lines.addAll(pointAt(cell, offset + (int) diag.getStartPosition(), offset + (int) diag.getEndPosition()));
            lines.add(message);
        }
        return CellError.of("CompileError", first, lines);
    }

    private static List<String> pointAt(Cell cell, int start, int end) {
        int from = Math.clamp(start, 0, cell.code().length());
        int line = cell.line(from);
        int column = from - (cell.code().lastIndexOf('\n', from - 1) + 1);
        String source = cell.text(line);
        int width = Math.max(1, Math.min(end - start, source.length() - column));
        return List.of(title(cell, line) + ":", "    " + source, "    " + blank(source, column) + "^".repeat(width));
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
        List<String> lines = place == null ? List.of() : pointAt(place.cell, place.offset, place.offset + snippet.source().stripTrailing().length());
        return CellError.of("CompileError", snippet.name() + " needs " + missing + ", which is not defined", lines);
    }

    /** The error of user code that threw. */
    CellError thrown(JShellException exception) {
        List<String> lines = new ArrayList<>();
        addFrames(exception, lines);
        int depth = 0;
        for (Throwable cause = exception.getCause(); cause instanceof JShellException inner && depth++ < 20; cause = inner.getCause()) {
            String message = message(inner);
            lines.add("Caused by: " + name(inner) + (message.isEmpty() ? "" : ": " + message));
            addFrames(inner, lines);
        }
        return CellError.of(name(exception), message(exception), lines);
    }

    /** The error of code of ours or of a library that ran for the user, outside any snippet. */
    CellError thrown(Throwable failure) {
        List<String> lines = new ArrayList<>();
        for (StackTraceElement frame : failure.getStackTrace()) {
            if (lines.size() == HEAD_FRAMES || isKernel(frame)) break;
            lines.add("    at " + plain(frame.toString()));
        }
        return CellError.of(plain(failure.getClass().getName()), plain(failure.getMessage()), lines);
    }

    /** The error of a cell that was told to stop, with the place if it is known. */
    CellError interrupted(JShellException exception) {
        List<String> lines = new ArrayList<>();
        if (exception != null) addFrames(exception, lines);
        return CellError.of(CellError.INTERRUPTED, "the cell was stopped", lines);
    }

    /** The error of a cell that was told to stop before the code at {@code offset}. */
    CellError interruptedAt(Cell cell, int offset) {
        int line = cell.line(offset);
        List<String> lines = new ArrayList<>(List.of("    at " + title(cell, line)));
        addSource(cell, line, lines);
        return CellError.of(CellError.INTERRUPTED, "the cell was stopped", lines);
    }

    private static String name(JShellException exception) {
        return switch (exception) {
            case EvalException thrown -> plain(thrown.getExceptionClassName());
            default -> "UnresolvedReference";
        };
    }

    private static String message(JShellException exception) {
        return exception instanceof UnresolvedReferenceException reference
                ? plain(reference.getSnippet().source().lines().findFirst().orElse("")) + " uses what is not defined"
                : plain(exception.getMessage());
    }

    private void addFrames(JShellException exception, List<String> lines) {
        StackTraceElement[] frames = exception.getStackTrace();
        int hidden = frames.length - HEAD_FRAMES - TAIL_FRAMES;
        for (int i = 0; i < frames.length; i++) {
            if (hidden > 1 && i == HEAD_FRAMES) {
                lines.add("    ... " + hidden + " more frames");
                i += hidden;
            }
            addFrame(frames[i], lines, i == 0 || !inCell(frames[i - 1]));
        }
    }

    private boolean inCell(StackTraceElement frame) {
        return place(frame) != null;
    }

    private Place place(StackTraceElement frame) {
        String file = frame.getFileName();
        return file != null && file.startsWith("#") ? places.get(file.substring(1)) : null;
    }

    private void addFrame(StackTraceElement frame, List<String> lines, boolean withSource) {
        Place place = place(frame);
        if (place == null) {
            if (!isKernel(frame)) lines.add("    at " + plain(frame.toString()));
            return;
        }
        int line = place.cell.line(place.offset) + frame.getLineNumber() - 1;
        String method = plain(frame.getMethodName());
        lines.add("    at " + (method.isEmpty() ? "" : method + ", ") + title(place.cell, line));
        if (withSource) addSource(place.cell, line, lines);
    }

    private static void addSource(Cell cell, int line, List<String> lines) {
        for (int i = line - CONTEXT_LINES; i <= line + CONTEXT_LINES; i++) {
            String text = cell.text(i);
            if (text.isBlank() && i != line) continue;
            lines.add((i == line ? "  ---> " : "       ") + i + " " + text);
        }
    }

    private static boolean isKernel(StackTraceElement frame) {
        String type = frame.getClassName();
        return type.startsWith("lemma.kernel.") && !type.startsWith("lemma.kernel.Notebook") || type.startsWith("jdk.jshell.") || type.startsWith("REPL.$Cancel$")
                || type.startsWith("jdk.internal.reflect.") || type.startsWith("java.lang.invoke.");
    }
}
