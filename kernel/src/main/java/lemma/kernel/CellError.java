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
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    /** {@code text} in bold and the colour of its surroundings: on the dark red ground of an error a red would have a contrast of 2.4. */
    static String strong(String text) {
        return BOLD + text + PLAIN;
    }

    static CellError of(String name, String message, List<String> details) {
        String head = strong(name) + (message.isEmpty() ? "" : ": " + message);
        List<String> lines = new ArrayList<>(List.of(head));
        lines.addAll(details);
        return new CellError(name, message, List.copyOf(lines));
    }
}
