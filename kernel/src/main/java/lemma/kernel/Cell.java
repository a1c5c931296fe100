package lemma.kernel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text of code to run.
 *
 * @param number its execution count
 * @param name what tracebacks call it
 * @param code its text
 */
record Cell(int number, String name, String code) {
    private static final Pattern BLANK = Pattern.compile("(?:\\s++|//[^\\n]*+|/\\*(?s:.*?)\\*/)++");

    /** A cell of a notebook. */
    Cell(int number, String code) {
        this(number, "cell [" + number + "]", code);
    }

    /** Where code begins at or after {@code from}: behind white space and comments. */
    int codeStart(int from) {
        Matcher blank = BLANK.matcher(code).region(from, code.length());
        return blank.lookingAt() ? blank.end() : from;
    }

    /** The line, from 1, at {@code offset}. */
    int line(int offset) {
        return 1 + (int) code.substring(0, Math.clamp(offset, 0, code.length())).chars().filter(c -> c == '\n').count();
    }

    /** The text of line {@code line}, empty outside the cell. */
    String text(int line) {
        String[] lines = code.split("\n", -1);
        return line < 1 || line > lines.length ? "" : lines[line - 1];
    }
}
