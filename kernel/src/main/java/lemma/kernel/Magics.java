package lemma.kernel;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lemma.display.Bundle;
import lemma.display.Display;

/** The magics that run no Java: they change what the session's code can use, tell about it, or show text. */
final class Magics {
    private static final Map<String, String> MIMES = Map.of("html", Bundle.HTML, "markdown", "text/markdown", "latex", "text/latex");

    private final Engine engine;
    private final Surroundings surroundings = new Surroundings();
    private final MavenDependencies maven = new MavenDependencies();
    private final Set<Path> added = new LinkedHashSet<>();

    Magics(Engine engine) {
        this.engine = engine;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    /**
     * Runs {@code %name arguments}; a magic that adds to the class path returns what it added.
     *
     * @throws IllegalArgumentException for an unknown magic or wrong arguments
     */
    Object line(String name, List<String> arguments) {
        Magic magic = Magic.named("%", name).orElseThrow(() -> Magic.unknown("%", name));
        switch (magic.name()) {
            case "maven" -> {
                return maven(needed(arguments, magic));
            }
            case "jars" -> {
                return add(needed(arguments, magic).stream().flatMap(pattern -> files(pattern).stream()).toList());
            }
            case "classpath" -> {
                return classpath(arguments);
            }
            case "loadFromPOM" -> {
                String pom = read(surroundings.resolve(needed(arguments, magic).getFirst()));
                return add(maven.resolvePom(pom, arguments.subList(1, arguments.size())));
            }
            case "mavenRepo" -> addRepository(arguments);
            case "who" -> System.out.print(new Inventory(engine.shell()).text());
            case "env" -> environment(arguments);
            case "cd" -> changeFolder(arguments);
            case "help" -> System.out.print(arguments.isEmpty() ? Magic.overview() : help(arguments.getFirst()) + "\n");
            default -> throw new IllegalArgumentException("%" + magic.name() + " runs code and works only on a line of a cell, not as a method");
        }
        return null;
    }

    /** Runs {@code %%name arguments} on {@code body}. @throws IllegalArgumentException for an unknown magic or a wrong body */
    Object cell(String name, List<String> arguments, String body) {
        Magic magic = Magic.named("%%", name).orElseThrow(() -> Magic.unknown("%%", name));
        switch (magic.name()) {
            case "loadFromPOM" -> {
                return add(maven.resolvePom(body, arguments));
            }
            case "writefile" -> write(arguments, body);
            case "html", "markdown", "latex" -> Display.show(Bundle.of(MIMES.get(magic.name()), body).with(Bundle.TEXT, body));
            default -> throw new IllegalArgumentException("%%" + magic.name() + " runs code and works only at the top of a cell, not as a method");
        }
        return null;
    }

    private static String help(String name) {
        String bare = name.replaceFirst("^%+", "");
        String texts = Stream.of("%", "%%").flatMap(sign -> Magic.named(sign, bare).stream()).map(Magic::help).collect(Collectors.joining("\n"));
        if (texts.isEmpty()) throw Magic.unknown("%", bare);
        return texts;
    }

    private static List<String> needed(List<String> arguments, Magic magic) {
        if (arguments.isEmpty()) throw new IllegalArgumentException("nothing to do: write " + magic.usage());
        return arguments;
    }

    private List<String> maven(List<String> arguments) {
        List<String> coordinates = new ArrayList<>();
        List<String> excluded = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            boolean exclusion = arguments.get(i).equals("--exclude");
            if (exclusion && i + 1 == arguments.size()) throw new IllegalArgumentException("--exclude needs group:artifact");
            if (exclusion) excluded.add(arguments.get(++i));
            else coordinates.add(arguments.get(i));
        }
        return add(maven.resolve(coordinates, excluded));
    }

    private void addRepository(List<String> arguments) {
        if (arguments.size() != 2) throw new IllegalArgumentException("%mavenRepo takes an id and a URL, not " + arguments);
        maven.addRepository(arguments.get(0), arguments.get(1));
    }

    private List<Path> files(String pattern) {
        return Paths.expand(pattern, surroundings.folder()).stream().flatMap(Magics::content).toList();
    }

    private static Stream<Path> content(Path path) {
        if (!Files.isDirectory(path)) return Stream.of(path);
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(Files::isRegularFile).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + path, e);
        }
    }

    private List<String> classpath(List<String> arguments) {
        if (!arguments.isEmpty()) {
            return add(arguments.stream().flatMap(pattern -> Paths.expand(pattern, surroundings.folder()).stream()).toList());
        }
        System.out.println(System.getProperty("java.class.path").replace(File.pathSeparator, "\n"));
        added.forEach(System.out::println);
        return List.of();
    }

    private void environment(List<String> arguments) {
        if (arguments.isEmpty()) surroundings.environment().forEach((name, value) -> System.out.println(name + "=" + value));
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals > 0) surroundings.set(argument.substring(0, equals), argument.substring(equals + 1));
            else System.out.println(surroundings.environment().getOrDefault(argument, "(" + argument + " is not set)"));
        }
    }

    private void changeFolder(List<String> arguments) {
        if (arguments.size() > 1) throw new IllegalArgumentException("%cd takes one folder, not " + arguments);
        if (!arguments.isEmpty()) surroundings.enter(arguments.getFirst());
        System.out.println(surroundings.folder());
    }

    private void write(List<String> arguments, String body) {
        boolean append = arguments.contains("-a");
        List<String> files = arguments.stream().filter(argument -> !argument.equals("-a")).toList();
        if (files.size() != 1) throw new IllegalArgumentException("%%writefile takes one file, not " + files);
        Path file = surroundings.resolve(files.getFirst());
        boolean existed = Files.exists(file);
        try {
            if (append) Files.writeString(file, body, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            else Files.writeString(file, body);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        System.out.println((append ? "appended to " : existed ? "overwrote " : "wrote ") + file);
    }

    /** Makes {@code paths} available to compiler and code, each once, and returns the new ones. */
    List<String> add(List<Path> paths) {
        List<String> fresh = paths.stream().map(path -> path.toAbsolutePath().normalize()).filter(added::add).map(Path::toString).toList();
        if (!fresh.isEmpty()) engine.addToClasspath(String.join(File.pathSeparator, fresh));
        return fresh;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file.toAbsolutePath(), e);
        }
    }
}
