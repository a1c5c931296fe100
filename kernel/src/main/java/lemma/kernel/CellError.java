package lemma.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * How a cell failed, as Jupyter shows it.
 *
 * @param name the kind of error: an exception's class, {@code CompileError} or {@code Interrupted}
 * @param message what it says
 * @param traceback lines to show
 */
record CellError(String name, String message, List<String> traceback) {
    static final String INTERRUPTED = "Interrupted";
    private static final String RED = "\u001b[31;1m";
    private static final String PLAIN = "\u001b[0m";

    /** {@code text} in a red that the page's theme chooses, so that it reads on light and dark. */
    static String red(String text) {
        return RED + text + PLAIN;
    }

    static CellError of(String name, String message, List<String> details) {
        String head = red(name) + (message.isEmpty() ? "" : ": " + message);
        List<String> lines = new ArrayList<>(List.of(head));
        lines.addAll(details);
        return new CellError(name, message, List.copyOf(lines));
    }
}
