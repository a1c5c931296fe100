package lemma.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The command line that starts a kernel as this JVM was started: same JDK, the toolkit's flags, the AOT cache where there is one. */
public final class Launch {
    /** What Jupyter replaces by the connection file. */
    public static final String CONNECTION_FILE = "{connection_file}";

    /** A heap that starts small and gives back what it does not need; tensors lie outside it. */
    private static final List<String> SMALL_HEAP = List.of("-Xms64m", "-XX:MinHeapFreeRatio=20", "-XX:MaxHeapFreeRatio=40");
    private static final String COLLECTOR = "-XX:+UseSerialGC";
    private static final Pattern ANY_COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC");

    private Launch() {}

    /** The command that starts a kernel on {@code classPath}, with {@link #CONNECTION_FILE} in place of the connection file. */
    public static List<String> command(String classPath) {
        return command(classPath, List.of());
    }

    /** The command that starts a kernel whose JVM is given {@code flags} too. */
    static List<String> command(String classPath, List<String> flags) {
        List<String> command = jvm();
        if (flags.stream().anyMatch(flag -> ANY_COLLECTOR.matcher(flag).matches())) command.remove(COLLECTOR); // a JVM takes one alone
        command.addAll(flags);
        AotCache cache = AotCache.of(classPath);
        if (cache.exists()) command.add("-XX:AOTCache=" + cache.file());
        command.addAll(List.of("-cp", classPath, LemmaKernel.class.getName(), CONNECTION_FILE));
        return command;
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
