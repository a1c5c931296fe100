package lemma.kernel.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** The command line that starts the Java kernel as this JVM was started: same JDK, same jars, the toolkit's JVM flags. */
final class KernelCommand {
    private static final String MAIN = "lemma.kernel.LemmaKernel";
    private static final String FLAGS = "/lemma/jvm.properties";

    private KernelCommand() {}

    /** The kernel on {@code classPath}; {@code {connection_file}} stands for the connection file. */
    static List<String> on(String classPath) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags());
        command.addAll(List.of("-Djava.awt.headless=true", "-cp", classPath, MAIN, "{connection_file}"));
        return command;
    }

    private static List<String> flags() {
        Properties properties = new Properties();
        try (InputStream in = KernelCommand.class.getResourceAsStream(FLAGS)) {
            if (in == null) throw new IllegalStateException("no " + FLAGS + " on the class path: lemma-toolkit is missing");
            properties.load(in);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + FLAGS, e);
        }
        return List.of(properties.getProperty("flags").split(" +"));
    }
}
