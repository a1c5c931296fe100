package lemma.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A cell in parts: stretches of Java and magics between them. A line magic is a line that begins with {@code %name}, a cell magic
 * a first line that begins with {@code %%name} and takes the rest of the cell; inside comments and text blocks a line is just text.
 */
final class Script {
    private static final Pattern LINE_MAGIC = Pattern.compile("[ \\t]*%([A-Za-z]\\w*)[ \\t]*([^\\n]*)");
    private static final Pattern CELL_MAGIC = Pattern.compile("\\s*%%([A-Za-z]\\w*)[ \\t]*([^\\n]*)\\n?");
    private static final Pattern ARGUMENT = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    private static final Pattern OPAQUE = Pattern.compile(
            "(?s)\"\"\"(?:\\\\.|.)*?(?:\"\"\"|$(?!\\n))|/\\*.*?(?:\\*/|$(?!\\n))|//[^\\n]*|\"(?:\\\\.|[^\"\\\\\\n])*\"?|'(?:\\\\.|[^'\\\\\\n])*'?");

    /**
     * A part of a cell.
     *
     * @param magic its name, null for Java
     * @param arguments of the magic, as one text
     * @param start where it begins, the magic's name included
     * @param from where its code begins: of Java, of the arguments of a line magic, of the body of a cell magic
     * @param to where its code ends
     * @param wholeCell whether it is a cell magic
     */
    record Part(String magic, String arguments, int start, int from, int to, boolean wholeCell) {
        List<String> list() {
            return split(arguments);
        }
    }

    private Script() {}

    /** The words of {@code text}; double quotes hold a word together. */
    static List<String> split(String text) {
        return ARGUMENT.matcher(text).results().map(word -> word.group(1) == null ? word.group(2) : word.group(1)).toList();
    }

    /** The parts of {@code code} from {@code from} on, in order. */
    static List<Part> parts(String code, int from) {
        Matcher cellMagic = CELL_MAGIC.matcher(code).region(from, code.length());
        if (cellMagic.lookingAt()) {
            return List.of(new Part(cellMagic.group(1), cellMagic.group(2), from, cellMagic.end(), code.length(), true));
        }
        List<Part> parts = new ArrayList<>();
        int open = from;
        for (int line = from; line < code.length(); line = nextLine(code, line)) {
            Matcher magic = LINE_MAGIC.matcher(code).region(line, code.length());
            if (!magic.lookingAt()) continue;
            if (!code.substring(open, line).isBlank()) parts.add(new Part(null, "", open, open, line, false));
            parts.add(new Part(magic.group(1), magic.group(2), line, magic.start(2), magic.end(2), false));
            open = magic.end();
        }
        if (!code.substring(open).isBlank()) parts.add(new Part(null, "", open, open, code.length(), false));
        return parts;
    }

    /** {@code code} with its magics blanked out, so that every position stays. */
    static String javaOnly(String code) {
        StringBuilder java = new StringBuilder(code);
        blankMagics(java, 0);
        return java.toString();
    }

    private static void blankMagics(StringBuilder code, int from) {
        for (Part part : parts(code.toString(), from)) {
            if (part.magic() == null) continue;
            boolean runsCode = part.magic().equals("time");
            for (int i = part.start(); i < (runsCode ? part.from() : part.to()); i++) {
                if (code.charAt(i) != '\n') code.setCharAt(i, ' ');
            }
            if (runsCode && part.wholeCell()) blankMagics(code, part.from());
        }
    }

    /** Where the line after the one at {@code from} begins, over everything in which a line break is no end of a line of code. */
    private static int nextLine(String code, int from) {
        Matcher opaque = OPAQUE.matcher(code);
        int at = from;
        while (at < code.length() && code.charAt(at) != '\n') {
            boolean skips = "\"'/".indexOf(code.charAt(at)) >= 0 && opaque.region(at, code.length()).lookingAt();
            at = skips ? opaque.end() : at + 1;
        }
        return at + 1;
    }
}
