package lemma.kernel;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipFile;

/** Which jars of a class path hold classes of which package, so that the compiler opens the few of a hundred jars that a session uses. */
final class PackageIndex {
    private final List<Path> jars;
    private final Map<String, List<Path>> holders;

    private PackageIndex(List<Path> jars, Map<String, List<Path>> holders) {
        this.jars = jars;
        this.holders = holders;
    }

    private static List<Path> entries(String classPath) {
        return List.of(classPath.split(File.pathSeparator)).stream().map(Path::of).toList();
    }

    /** Writes the index of {@code classPath}, which consists of jars, to {@code file}: a package and the numbers of its jars a line. */
    static void write(String classPath, Path file) throws IOException {
        SortedMap<String, List<String>> numbers = new TreeMap<>();
        List<Path> jars = entries(classPath);
        for (int i = 0; i < jars.size(); i++) {
            String number = Integer.toString(i);
            packages(jars.get(i)).forEach(name -> numbers.computeIfAbsent(name, n -> new ArrayList<>()).add(number));
        }
        Files.write(file, numbers.entrySet().stream().map(entry -> entry.getKey() + " " + String.join(" ", entry.getValue())).toList());
    }

    private static Set<String> packages(Path jar) throws IOException {
        Set<String> packages = new LinkedHashSet<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            zip.stream().map(entry -> entry.getName().replaceFirst("^META-INF/versions/\\d+/", "")).filter(name -> name.endsWith(".class"))
                    .forEach(name -> packages.add(name.substring(0, Math.max(0, name.lastIndexOf('/'))).replace('/', '.')));
        }
        return packages;
    }

    /** The index of {@code classPath} that {@link #write} left in {@code file}. */
    static PackageIndex read(String classPath, Path file) throws IOException {
        List<Path> jars = entries(classPath);
        Map<String, List<Path>> holders = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split(" ");
            List<Path> found = new ArrayList<>(words.length - 1);
            for (int i = 1; i < words.length; i++) found.add(jars.get(Integer.parseInt(words[i])));
            holders.put(words[0], found);
        }
        return new PackageIndex(jars, holders);
    }

    /** The jars that this index is about. */
    List<Path> jars() {
        return jars;
    }

    /** The jars that hold classes of {@code packageName}. */
    List<Path> holders(String packageName) {
        return holders.getOrDefault(packageName, Collections.emptyList());
    }
}
