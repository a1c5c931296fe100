package lemma.kernel;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Stops one cell: at once where its own code runs, prints or waits; again every half second, since library code may swallow the
 * first interrupt, and waits for sockets and pipes do not see it; and after a grace period with an honest note, since a call inside a native library cannot be stopped.
 */
final class Interruption {
    private static final long AGAIN_MILLIS = 500;
    private static final int GRACE = 6;

    private final Engine engine;
    private final Consumer<String> warn;
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean requested;

    Interruption(Engine engine, Consumer<String> warn) {
        this.engine = engine;
        this.warn = warn;
    }

    /** The cell is over. */
    void end() {
        ended.countDown();
    }

    /** Stops the cell when it still runs {@code millis} from now; a negative number sets no limit. */
    void requestAfter(long millis) {
        if (millis < 0) return;
        Thread.ofPlatform().name("timeout").daemon().start(() -> {
            try {
                if (ended.await(millis, TimeUnit.MILLISECONDS)) return;
                warn.accept("The cell ran longer than the " + millis + " ms that LEMMA_TIMEOUT allows.\n");
                request();
            } catch (InterruptedException e) {
                throw new IllegalStateException("this thread belongs to the kernel and is never interrupted", e);
            }
        });
    }

    synchronized void request() {
        engine.interrupt();
        if (requested) return;
        requested = true;
        Thread.ofPlatform().name("interrupt").daemon().start(this::insist);
    }

    private void insist() {
        try {
            for (int tries = 1; !ended.await(AGAIN_MILLIS, TimeUnit.MILLISECONDS); tries++) {
                engine.execution().endSystemWait();
                if (tries == GRACE) warn.accept(stuck());
                if (tries < GRACE) engine.interrupt();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("this thread belongs to the kernel and is never interrupted", e);
        }
    }

    private String stuck() {
        StackTraceElement[] stack = engine.execution().stack();
        String where = stack.length == 0 ? "" : " in " + Tracebacks.plain(stack[0].toString());
        return "The cell has not stopped: it runs" + where + ", which cannot be interrupted from outside. It ends when that call returns; "
                + "restart the kernel to end it now.\n";
    }
}
