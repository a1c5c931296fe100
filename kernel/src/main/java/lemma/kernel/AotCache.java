package lemma.kernel;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Classes of a class path as the JVM keeps them loaded and linked, which shortens a kernel's start, and beside them a list of the
 * packages of each jar. A cache is good for one JVM and
 * one list of unchanged jars, and both are in its name; a class path with folders has none, since the JVM caches jars only.
 *
 * @see <a href="https://openjdk.org/jeps/514">JEP 514, Ahead-of-Time Command-Line Ergonomics</a>
 */
public final class AotCache {
    private static final Duration KEPT = Duration.ofDays(30);

    private final String classPath;
    private final Path file;
    private final Path packages;

    private AotCache(String classPath, String name) {
        this.classPath = classPath;
        file = folder().resolve(name + ".aot");
        packages = folder().resolve(name + ".packages");
    }

    /** The cache of {@code classPath} on this JVM, whether or not it has been made. */
    public static AotCache of(String classPath) {
        return new AotCache(classPath, "kernel-" + key(classPath));
    }

    /** Where what can be made again is kept. */
    static Path folder() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path caches = xdg == null || xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return caches.resolve("lemma");
    }

    private static String key(String classPath) {
        StringBuilder text = new StringBuilder(System.getProperty("java.home")).append(Runtime.version()).append(KernelInfo.jvm().getProperty("flags"));
        try {
            for (String entry : classPath.split(File.pathSeparator)) {
                Path path = Path.of(entry).toAbsolutePath();
                text.append('\n').append(path);
                if (Files.isRegularFile(path)) text.append(' ').append(Files.size(path)).append(' ').append(Files.getLastModifiedTime(path).toMillis());
            }
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the class path", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    Path file() {
        return file;
    }

    boolean exists() {
        return Files.isRegularFile(file);
    }

    /** Which jars of the class path hold what, null where the cache has not been made. */
    PackageIndex packages() {
        try {
            return Files.isReadable(packages) ? PackageIndex.read(classPath, packages) : null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + packages, e);
        }
    }

    /** Whether the class path consists of jars alone. */
    boolean isPossible() {
        return Stream.of(classPath.split(File.pathSeparator)).map(Path::of).allMatch(Files::isRegularFile);
    }

    /** Makes the cache where there is none, telling {@code out} so, or why there is none. */
    public void ensure(PrintStream out) throws InterruptedException {
        if (exists()) return;
        if (!isPossible()) {
            out.println("no AOT cache: the class path holds folders, and the JVM caches jars only");
            return;
        }
        out.println("making the AOT cache, which shortens the kernel's start ...");
        try {
            create();
        } catch (IOException e) {
            out.println("no AOT cache, the kernel starts without: " + e.getMessage());
        }
    }

    /**
     * Makes the cache: a kernel runs a few cells under the JVM's eyes. Takes ten seconds or so.
     *
     * @throws IOException when that fails; what the JVM said is in the message
     */
    private void create() throws IOException, InterruptedException {
        Files.createDirectories(file.getParent());
        forgetOld();
        writePackages();
        Path fresh = Files.createTempFile(file.getParent(), "kernel-", ".tmp");
        Path log = Files.createTempFile("lemma-aot-", ".log");
        try {
            List<String> command = new ArrayList<>(Launch.jvm());
            command.addAll(Launch.jitDirectives(folder())); // what is learnt of the compiler's methods holds for kernels, which have them
            command.addAll(List.of("-XX:AOTCacheOutput=" + fresh, "-cp", classPath, AotTraining.class.getName()));
            int status = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
            if (status != 0 || Files.size(fresh) == 0) throw new IOException("the JVM made no AOT cache (exit code " + status + "):\n" + Files.readString(log));
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
            Files.deleteIfExists(log);
        }
    }

    private void writePackages() throws IOException {
        Path fresh = packages.resolveSibling(packages.getFileName() + ".tmp"); // of the usual rights, unlike a temporary file
        try {
            PackageIndex.write(classPath, fresh);
            Files.move(fresh, packages, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private void forgetOld() throws IOException {
        FileTime oldest = FileTime.from(Instant.now().minus(KEPT));
        try (Stream<Path> files = Files.list(file.getParent())) {
            for (Path old : files.filter(path -> path.getFileName().toString().startsWith("kernel-")).toList()) {
                if (Files.getLastModifiedTime(old).compareTo(oldest) < 0) Files.deleteIfExists(old);
            }
        }
    }
}
