package lemma.kernel;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Notes for whoever runs the kernel, on the standard error of its process; cells print elsewhere. */
final class Log {
    private static final PrintStream ERR = new PrintStream(new FileOutputStream(FileDescriptor.err), true);

    private static final int MAX_NAME = 60;
    private static final Map<String, AtomicLong> TIMES = new ConcurrentHashMap<>();

    private Log() {}

    static void warn(String where, Throwable problem) {
        long times = count(where);
        if (isShown(times)) ERR.println("lemma kernel, " + where + more(times) + ": " + problem.getMessage());
    }

    static void error(String where, Throwable problem) {
        long times = count(where);
        if (!isShown(times)) return;
        ERR.println("lemma kernel, " + where + more(times) + ":");
        problem.printStackTrace(ERR);
    }

    private static long count(String where) {
        return TIMES.computeIfAbsent(where.length() > MAX_NAME ? where.substring(0, MAX_NAME) : where, name -> new AtomicLong()).incrementAndGet();
    }

    /** A peer that sends nonsense without end shall not fill the disk: the first ten of a kind are told, then every tenth, hundredth, ... */
    private static boolean isShown(long times) {
        long step = 1;
        while (step * 10 < times) step *= 10;
        return times % step == 0;
    }

    private static String more(long times) {
        return times <= 10 ? "" : " (" + times + " times)";
    }
}
