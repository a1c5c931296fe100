package lemma.kernel;

import java.io.IOException;
import java.nio.file.Path;
import lemma.kernel.wire.Connection;
import sun.misc.Signal;

/** The Jupyter kernel as a program: {@code java lemma.kernel.LemmaKernel <connection file>}. */
public final class LemmaKernel {
    private static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    private LemmaKernel() {}

    /** Serves the connection that the file named by the only argument describes, until a client asks for shutdown. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 1) {
            System.err.println("usage: java lemma.kernel.LemmaKernel <connection file>");
            System.exit(2);
        }
        System.setProperty("java.awt.headless", "true");
        if (System.getProperty(LOG_LEVEL) == null) System.setProperty(LOG_LEVEL, "warn");
        Kernel kernel = new Kernel(Connection.read(Path.of(args[0])));
        Signal.handle(new Signal("INT"), signal -> kernel.interrupt());
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("exit").unstarted(kernel::exit));
        endWithParent();
        kernel.run();
        System.exit(0);
    }

    /** Jupyter names the process that started the kernel; without it nobody could shut this one down. */
    private static void endWithParent() {
        String parent = System.getenv("JPY_PARENT_PID");
        if (parent == null) return;
        ProcessHandle.of(Long.parseLong(parent)).ifPresent(process -> process.onExit().thenRun(() -> System.exit(0)));
    }
}
