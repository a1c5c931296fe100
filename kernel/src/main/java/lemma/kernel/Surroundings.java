package lemma.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The folder and the environment in which magics and shell lines work; a JVM can change neither for itself. */
final class Surroundings {
    private final Map<String, String> changed = new TreeMap<>();
    private Path folder = Path.of("").toAbsolutePath();

    Path folder() {
        return folder;
    }

    /** The file that {@code name} means here. */
    Path resolve(String name) {
        Path path = Path.of(name.startsWith("~/") || name.equals("~") ? System.getProperty("user.home") + name.substring(1) : name);
        return folder.resolve(path).normalize();
    }

    /** Enters the folder {@code name}. @throws IllegalArgumentException when there is none */
    void enter(String name) {
        Path next = resolve(name);
        if (!Files.isDirectory(next)) throw new IllegalArgumentException("no folder " + name + " (the folder here is " + folder + ")");
        folder = next;
    }

    /** The environment of the kernel with what was set here. */
    Map<String, String> environment() {
        Map<String, String> all = new TreeMap<>(System.getenv());
        all.putAll(changed);
        return all;
    }

    void set(String name, String value) {
        changed.put(name, value);
    }

    /** Runs {@code command} in the system's shell, shows what it prints and returns its exit code; an interrupt ends the command. */
    int run(String command) throws IOException, InterruptedException {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        ProcessBuilder builder = windows ? new ProcessBuilder("cmd", "/c", command) : new ProcessBuilder("sh", "-c", command);
        builder.directory(folder.toFile()).environment().putAll(changed);
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            Thread errors = Thread.ofPlatform().name("shell").daemon().start(() -> copy(process.getErrorStream(), System.err));
            Thread output = Thread.ofPlatform().name("shell").daemon().start(() -> copy(process.getInputStream(), System.out));
            int code = process.waitFor();
            output.join();
            errors.join();
            return code;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void copy(InputStream from, PrintStream to) {
        try (from) {
            from.transferTo(to);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read what a command prints", e);
        }
    }
}
