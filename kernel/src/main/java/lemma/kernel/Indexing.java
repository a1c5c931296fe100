package lemma.kernel;

import java.util.concurrent.TimeUnit;
import jdk.jshell.SourceCodeAnalysis;

/**
 * When JShell may list the classes of the JDK and of every jar, from which it answers what an unknown name could mean. It would do so in
 * the background of a session's first seconds and take a core from the first cells; it is let do so when no cell has run for a second, or
 * when an answer is waited for.
 */
final class Indexing {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK_MILLIS = 20;
    private static final String ANY_CLASS = "Object";

    private boolean busy = true;
    private boolean wanted;
    private long idleSince;
    private volatile boolean done;

    /** A cell begins. */
    synchronized void cellBegins() {
        busy = true;
    }

    /** No cell runs. */
    synchronized void cellEnded() {
        busy = false;
        idleSince = System.nanoTime();
        notifyAll();
    }

    private synchronized void want() {
        wanted = true;
        notifyAll();
    }

    /** Waits, at most some seconds, until {@code analysis} knows all classes by their simple names. */
    void await(SourceCodeAnalysis analysis) {
        want();
        long start = System.nanoTime();
        try {
            while (!done && System.nanoTime() - start < LIMIT_NANOS) {
                done = analysis.listQualifiedNames(ANY_CLASS, ANY_CLASS.length()).isUpToDate();
                if (!done) Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the answer is a poorer one
        }
    }

    /** On the thread that lists them: returns when that may begin. */
    synchronized void awaitTurn() {
        try {
            while (!wanted) {
                long left = PAUSE_NANOS - (System.nanoTime() - idleSince);
                if (!busy && left <= 0) return;
                if (busy) wait();
                else TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // JShell ends its thread
        }
    }
}
