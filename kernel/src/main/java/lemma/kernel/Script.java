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
    private static final Pattern ASSIGNED_MAGIC = Pattern.compile("([^\\n\"'%/]*[\\w\\]>][ \\t]*=)[ \\t]*%([A-Za-z]\\w*)[ \\t]*([^\\n;]*);?");
    private static final Pattern SHELL = Pattern.compile("!([^\\n]+)");
    private static final String SHELL_SIGN = "!";
    private static final Pattern ARGUMENT = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    private static final Pattern OPAQUE = Pattern.compile(
            "(?s)\"\"\"(?:\\\\.|.)*?(?:\"\"\"|$(?!\\n))|/\\*.*?(?:\\*/|$(?!\\n))|//[^\\n]*|\"(?:\\\\.|[^\"\\\\\\n])*\"?|'(?:\\\\.|[^'\\\\\\n])*'?");

    /**
     * A part of a cell.
     *
     * @param magic its name, null for Java, {@code !} for a line of the system's shell
     * @param arguments of the magic, as one text
     * @param start where it begins, the magic's name included
     * @param from where its code begins: of Java, of the arguments of a line magic, of the body of a cell magic
     * @param to where its code ends
     * @param wholeCell whether it is a cell magic
     * @param target what a line magic's value is assigned to, such as {@code List<String> jars =}; empty for none
     */
    record Part(String magic, String arguments, int start, int from, int to, boolean wholeCell, String target) {
        private static Part java(int from, int to) {
            return new Part(null, "", from, from, to, false, "");
        }

        private static Part line(Matcher magic, int name, String target) {
            return new Part(magic.group(name), magic.group(name + 1), magic.start(), magic.start(name + 1), magic.end(name + 1), false, target);
        }

        boolean isShell() {
            return SHELL_SIGN.equals(magic);
        }

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
            return List.of(new Part(cellMagic.group(1), cellMagic.group(2), from, cellMagic.end(), code.length(), true, ""));
        }
        List<Part> parts = new ArrayList<>();
        int open = from;
        for (int line = from; line < code.length(); line = nextLine(code, line)) {
            Part magic = lineMagic(code, open, line);
            if (magic == null) continue;
            if (!code.substring(open, line).isBlank()) parts.add(Part.java(open, line));
            parts.add(magic);
            int end = code.indexOf('\n', magic.to);
            open = end < 0 ? code.length() : end;
        }
        if (!code.substring(open).isBlank()) parts.add(Part.java(open, code.length()));
        return parts;
    }

    /** The magic that the line at {@code line} is, behind the Java that began at {@code open}, or null. */
    private static Part lineMagic(String code, int open, int line) {
        Matcher magic = LINE_MAGIC.matcher(code).region(line, code.length());
        if (magic.lookingAt()) return Part.line(magic, 1, "");
        Matcher assigned = ASSIGNED_MAGIC.matcher(code).region(line, code.length());
        if (assigned.lookingAt()) return Part.line(assigned, 2, assigned.group(1));
        Matcher shell = SHELL.matcher(code).region(line, code.length());
        if (!shell.lookingAt() || !endsAStatement(code.substring(open, line))) return null;
        return new Part(SHELL_SIGN, shell.group(1), line, shell.start(1), shell.end(1), false, "");
    }

    /** Whether a new statement can begin behind {@code java}: there an exclamation mark begins no Java that does anything. */
    private static boolean endsAStatement(String java) {
        String text = java.stripTrailing();
        return text.isEmpty() || text.endsWith(";") || text.endsWith("}") || text.substring(text.lastIndexOf('\n') + 1).strip().startsWith("//");
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
            boolean runsCode = part.magic().startsWith("time");
            int blankFrom = part.start() + part.target().length();
            for (int i = blankFrom; i < (runsCode ? part.from() : part.to()); i++) {
                if (code.charAt(i) != '\n') code.setCharAt(i, ' ');
            }
            if (!part.target().isEmpty()) code.replace(part.to() - 2, part.to(), "0;"); // stands for the magic's value
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
