package lemma.kernel;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Files named by patterns such as {@code lib/*.jar} and {@code lib/**.jar}. */
final class Paths {
    private Paths() {}

    /** The files that the patterns in {@code joined}, joined by the path separator, name. */
    static List<Path> expandAll(String joined) {
        List<Path> files = new ArrayList<>();
        for (String pattern : joined.split(File.pathSeparator)) {
            if (!pattern.isBlank()) files.addAll(expand(pattern.strip()));
        }
        return files;
    }

    /** The files that {@code pattern} names in the working folder. @see #expand(String, Path) */
    static List<Path> expand(String pattern) {
        return expand(pattern, Path.of("").toAbsolutePath());
    }

    /**
     * The files that {@code pattern} names, seen from {@code folder}, sorted; with a slash at its end all files of that folder.
     *
     * @throws IllegalArgumentException when there is none
     */
    static List<Path> expand(String pattern, Path folder) {
        String home = pattern.startsWith("~/") ? System.getProperty("user.home") + pattern.substring(1) : pattern;
        String all = home.endsWith("/") ? home + "*" : home;
        String absolute = Path.of(home).isAbsolute() ? all : folder.toString().replace('\\', '/') + "/" + all;
        List<Path> found = all.matches(".*[*?\\[{].*") ? matching(absolute) : Stream.of(Path.of(absolute)).filter(Files::exists).toList();
        if (found.isEmpty()) throw new IllegalArgumentException("no file " + pattern + " (the working folder is " + folder + ")");
        return found;
    }

    private static List<Path> matching(String glob) {
        int wild = 0;
        while ("*?[{".indexOf(glob.charAt(wild)) < 0) wild++;
        String base = glob.substring(0, Math.max(0, glob.lastIndexOf('/', wild)));
        Path root = Path.of(base.isEmpty() && glob.startsWith("/") ? "/" : base);
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        if (!Files.isDirectory(root.toAbsolutePath())) return List.of();
        try (Stream<Path> files = Files.walk(root, glob.contains("**") ? Integer.MAX_VALUE : depth(glob, base))) {
            return files.filter(matcher::matches).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + root.toAbsolutePath(), e);
        }
    }

    private static int depth(String glob, String base) {
        return 1 + (int) glob.substring(Math.min(glob.length(), base.length() + 1)).chars().filter(c -> c == '/').count();
    }
}
