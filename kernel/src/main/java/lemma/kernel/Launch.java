package lemma.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** The command line that starts a kernel as this JVM was started: same JDK, the toolkit's flags, the AOT cache where there is one. */
public final class Launch {
    /** What Jupyter replaces by the connection file. */
    public static final String CONNECTION_FILE = "{connection_file}";

    /** A heap that starts small and gives back what it does not need; tensors lie outside it. */
    private static final List<String> SMALL_HEAP = List.of("-Xms64m", "-XX:MinHeapFreeRatio=20", "-XX:MaxHeapFreeRatio=40");
    private static final String COLLECTOR = "-XX:+UseSerialGC";
    private static final String JIT = "jit.json";
    private static final Pattern ANY_COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC");

    private Launch() {}

    /** The command that starts a kernel on {@code classPath}, with {@link #CONNECTION_FILE} in place of the connection file. */
    public static List<String> command(String classPath) {
        return command(classPath, List.of(), AotCache.folder());
    }

    /** The command that starts a kernel whose JVM is given {@code flags} too; what it reads besides the class path lies in {@code folder}. */
    static List<String> command(String classPath, List<String> flags, Path folder) {
        List<String> command = jvm();
        if (flags.stream().anyMatch(flag -> ANY_COLLECTOR.matcher(flag).matches())) command.remove(COLLECTOR); // a JVM takes one alone
        command.addAll(jitDirectives(folder));
        command.addAll(flags);
        AotCache cache = AotCache.of(classPath);
        if (cache.exists()) command.add("-XX:AOTCache=" + cache.file());
        command.addAll(List.of("-cp", classPath, LemmaKernel.class.getName(), CONNECTION_FILE));
        return command;
    }

    /**
     * Compiling cells runs many methods, each seldom. On two cores their optimisation takes one of these from the first hundred cells:
     * without it, 3.5 s became 3.1 s and 6.0 s of processor time 4.5 s. For want of it a cell after 500 others takes 31 ms instead of 18 ms.
     * The user's code and all that it calls are optimised as ever.
     *
     * @see <a href="https://openjdk.org/jeps/165">JEP 165, Compiler Control</a>
     */
    static List<String> jitDirectives(Path folder) {
        Path file = folder.resolve(JIT).toAbsolutePath();
        try (InputStream in = Launch.class.getResourceAsStream(JIT)) {
            byte[] directives = in.readAllBytes();
            if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), directives)) {
                Files.createDirectories(folder);
                Files.write(file, directives);
            }
        } catch (IOException e) {
            Log.warn("the kernel starts slower, " + file + " cannot be written", e);
            return List.of();
        }
        return List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:CompilerDirectivesFile=" + file);
    }

    /** This JVM's {@code java} with the flags of every Lemma JVM. */
    static List<String> jvm() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Script.split(KernelInfo.jvm().getProperty("flags")));
        command.add("-Djava.awt.headless=true");
        command.add(COLLECTOR);
        command.addAll(SMALL_HEAP);
        return command;
    }
}
