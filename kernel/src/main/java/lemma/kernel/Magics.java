package lemma.kernel;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The magics that run no Java: they change what the session's code can use, or tell about it. */
final class Magics {
    static final List<String> NAMES = List.of("classpath", "help", "jars", "load", "loadFromPOM", "maven", "mavenRepo", "time");

    private static final String HELP = """
            Magics, each on a line of its own:
              %maven group:artifact:version ...   add jars from Maven repositories, with all they need
              %mavenRepo id url                   look for them in one more repository
              %jars lib/*.jar ...                 add jars
              %classpath folder ...               add folders or jars; without any, show what is there
              %loadFromPOM pom.xml                add the dependencies of a POM
              %%loadFromPOM                       the same, written in the cell
              %load file                          run a .java, .jshell or .ipynb file
              %time code, %%time                  run, and say how long it took
              %help                               this text
            Methods:
              display(x), display(x, "text/html")     show a value; the result is an id
              updateDisplay(id, x)                    replace what was shown
              clearOutput(true)                       remove what the cell has shown, once something new comes
              render(x), registerRenderer(type, f)    the forms of a value; how to show a type
              lineMagic("maven", List.of("...")), cellMagic("loadFromPOM", List.of(), "...")
            Keys: Tab completes, Shift-Tab documents.
            """;

    private final Engine engine;
    private final MavenDependencies maven = new MavenDependencies();
    private final Set<Path> added = new LinkedHashSet<>();

    Magics(Engine engine) {
        this.engine = engine;
    }

    /** Runs {@code %name arguments}. @throws IllegalArgumentException for an unknown magic or wrong arguments */
    void line(String name, List<String> arguments) {
        switch (name) {
            case "maven" -> add(maven.resolve(needed(arguments, "%maven group:artifact:version")));
            case "mavenRepo" -> addRepository(arguments);
            case "jars", "addJar" -> needed(arguments, "%jars lib/*.jar").forEach(pattern -> add(Paths.expand(pattern)));
            case "classpath" -> classpath(arguments);
            case "loadFromPOM" -> add(maven.resolvePom(read(Path.of(needed(arguments, "%loadFromPOM pom.xml").getFirst()))));
            case "help" -> System.out.print(HELP);
            default -> throw unknown("%" + name);
        }
    }

    /** Runs {@code %%name arguments} on {@code body}. @throws IllegalArgumentException for an unknown magic or a wrong body */
    void cell(String name, List<String> arguments, String body) {
        if (!name.equals("loadFromPOM")) throw unknown("%%" + name);
        if (!arguments.isEmpty()) throw new IllegalArgumentException("%%loadFromPOM takes no arguments, only the text below it");
        add(maven.resolvePom(body));
    }

    private static IllegalArgumentException unknown(String magic) {
        return new IllegalArgumentException("there is no magic " + magic + " here; %help lists them");
    }

    private static List<String> needed(List<String> arguments, String usage) {
        if (arguments.isEmpty()) throw new IllegalArgumentException("nothing to do: write " + usage);
        return arguments;
    }

    private void addRepository(List<String> arguments) {
        if (arguments.size() != 2) throw new IllegalArgumentException("%mavenRepo takes an id and a URL, not " + arguments);
        maven.addRepository(arguments.get(0), arguments.get(1));
    }

    private void classpath(List<String> arguments) {
        arguments.forEach(pattern -> add(Paths.expand(pattern)));
        if (arguments.isEmpty()) {
            System.out.println(System.getProperty("java.class.path").replace(File.pathSeparator, "\n"));
            added.forEach(System.out::println);
        }
    }

    /** Makes {@code paths} available to compiler and code, each once. */
    void add(List<Path> paths) {
        String joined = paths.stream().map(path -> path.toAbsolutePath().normalize()).filter(added::add).map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        if (!joined.isEmpty()) engine.addToClasspath(joined);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file.toAbsolutePath(), e);
        }
    }
}
