package lemma.kernel;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A command of the notebook that is no Java.
 *
 * @param sign {@code %} for a line, {@code %%} for a whole cell
 * @param name what stands behind the sign
 * @param aliases other names, those of IJava
 * @param usage how it is written
 * @param does what it does, in a few words
 */
record Magic(String sign, String name, List<String> aliases, String usage, String does) {
    private static final List<Magic> ALL = List.of(
            line("maven", List.of("addMavenDependency", "addMavenDependencies"), "group:artifact:version ... [--exclude group:artifact]",
                    "adds jars from Maven repositories, with all they need"),
            line("mavenRepo", List.of("addMavenRepo"), "id url", "looks for them in one more repository"),
            line("jars", List.of("addJar"), "lib/*.jar ...", "adds jars; of a folder all it holds"),
            line("classpath", List.of(), "[folder or jar ...]", "adds folders or jars; without any, lists what is there"),
            line("loadFromPOM", List.of(), "pom.xml [scope ...]", "adds the dependencies of a POM"),
            line("load", List.of(), "file ...", "runs .java, .jshell or .ipynb files"),
            line("time", List.of(), "code", "runs the code and says how long it took"),
            line("timeit", List.of(), "[-n loops] [-r runs] code", "runs the code often; mean and spread of the time it takes"),
            line("who", List.of(), "", "lists the variables, methods and types of the session"),
            line("env", List.of(), "[name[=value]]", "shows or sets variables for ! lines"),
            line("cd", List.of(), "[folder]", "the folder from which magics and ! lines see files"),
            line("help", List.of("lsmagic"), "[name]", "this list, or what one of them does"),
            cell("loadFromPOM", "[scope ...]", "adds the dependencies written below, whole POM or fragments"),
            cell("time", "", "runs the cell and says how long it took"),
            cell("timeit", "[-n loops] [-r runs]", "runs the cell often; mean and spread of the time it takes"),
            cell("writefile", "[-a] file", "writes the text below into a file; -a appends"),
            cell("html", "", "shows the text below as HTML"),
            cell("markdown", "", "shows the text below as Markdown"),
            cell("latex", "", "shows the text below as LaTeX"));

    private static final int COLUMN = 42;
    private static final String METHODS = """
              ! command                                 runs a command of the system's shell
              name?                                     the documentation of a name
            Methods:
              display(x), display(x, "text/html")       shows a value; the result is an id
              updateDisplay(id, x)                      replaces what was shown
              clearOutput(true)                         removes what the cell has shown, once something new comes
              render(x), registerRenderer(type, f)      the forms of a value; how to show a type
              readLine("name: "), readPassword("key: ") ask the user
              eval("1 + 2")                             runs code as a cell would and returns its value
              lineMagic("jars", List.of("x.jar")),      a magic as a call; its value
                cellMagic("html", List.of(), "<b>")
              Comm.open("target", Map.of())             a line to code in the page
            Keys: Tab completes, Shift-Tab documents.
            """;

    private static Magic line(String name, List<String> aliases, String arguments, String does) {
        return new Magic("%", name, aliases, ("%" + name + " " + arguments).strip(), does);
    }

    private static Magic cell(String name, String arguments, String does) {
        return new Magic("%%", name, List.of(), ("%%" + name + " " + arguments).strip(), does);
    }

    /** Those with {@code sign}. */
    static List<Magic> all(String sign) {
        return ALL.stream().filter(magic -> magic.sign.equals(sign)).toList();
    }

    /** The magic that {@code name} or one of its other names means. */
    static Optional<Magic> named(String sign, String name) {
        return all(sign).stream().filter(magic -> magic.name.equals(name) || magic.aliases.contains(name)).findFirst();
    }

    /** The error of a name that is none. */
    static IllegalArgumentException unknown(String sign, String name) {
        List<String> names = all(sign).stream().map(Magic::name).toList();
        String likely = Spelling.closest(name, names).map(found -> "did you mean " + sign + found + "? ").orElse("");
        boolean otherSign = named(sign.equals("%") ? "%%" : "%", name).isPresent();
        String other = otherSign ? "it is written " + (sign.equals("%") ? "%%" : "%") + name + "; " : likely;
        return new IllegalArgumentException("there is no magic " + sign + name + " here; " + other + "%help lists them");
    }

    /** What it does, for one who asks. */
    String help() {
        return usage + "\n  " + does + (aliases.isEmpty() ? "" : "\n  also: " + aliases.stream().map(sign::concat).collect(Collectors.joining(", ")));
    }

    /** Its line of the list; a long usage has a line of its own, so that narrow pages need not wrap. */
    private String row() {
        String pattern = usage.length() < COLUMN ? "  %-" + COLUMN + "s%s%n" : "  %s%n  " + " ".repeat(COLUMN) + "%s%n";
        return String.format(pattern, usage, does);
    }

    /** All of them and what else a cell can call. */
    static String overview() {
        String lines = ALL.stream().map(Magic::row).collect(Collectors.joining());
        return "Magics, a % one on a line of its own, a %% one at the top of its cell:\n" + lines + METHODS;
    }
}
