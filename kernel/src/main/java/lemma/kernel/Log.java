package lemma.kernel;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;

/** Notes for whoever runs the kernel, on the standard error of its process; cells print elsewhere. */
final class Log {
    private static final PrintStream ERR = new PrintStream(new FileOutputStream(FileDescriptor.err), true);

    private Log() {}

    static void warn(String where, Throwable problem) {
        ERR.println("lemma kernel, " + where + ": " + problem.getMessage());
    }

    static void error(String where, Throwable problem) {
        ERR.println("lemma kernel, " + where + ":");
        problem.printStackTrace(ERR);
    }
}
