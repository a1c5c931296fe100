package lemma.tensor;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The one pool of threads that kernels share. Its size is the system property {@code lemma.threads}, else the number of processors.
 *
 * <p>A loop is cut into equal chunks whose bounds depend on its length and the number of threads alone; the calling thread and the
 * workers take them in turn. A loop inside a loop, or while another thread's loop runs, takes the same chunks one after another on its
 * own thread, so that its result does not depend on what else runs.
 */
public final class Threads {
    /** How often a thread looks for the others' chunks before it lets other threads in. */
    private static final int SPINS = 1_000;
    /** How often an idle worker looks for a loop before it sleeps: a third of a millisecond, since to wake it costs about as much as a small loop. */
    private static final int IDLE_SPINS = 10_000;
    private static final int CHUNKS_PER_THREAD = 2;
    private static final AtomicBoolean BUSY = new AtomicBoolean();
    private static final int MOST = 256;
    private static final Worker[] WORKERS = new Worker[MOST - 1];
    private static volatile int count = sizeFromSettings();
    private static volatile Job current;

    private Threads() {}

    /** A stretch of a loop. */
    @FunctionalInterface
    interface Range {
        void run(long from, long to);
    }

    /** How many threads a loop of the calling thread uses. */
    public static int count() {
        return Context.get().alone ? 1 : count;
    }

    /**
     * Runs {@code work} with its loops on the calling thread alone, whatever the process as a whole is set to: for several pieces of work
     * at once, each with the bits that it has with {@code set(1)}.
     */
    public static <T> T alone(Supplier<T> work) {
        Context context = Context.get();
        boolean before = context.alone;
        context.alone = true;
        try {
            return work.get();
        } finally {
            context.alone = before;
        }
    }

    /** Lets loops use {@code threads} threads from now on, in this process as a whole. */
    public static synchronized void set(int threads) {
        count = checked("Threads", threads);
    }

    private static int checked(String what, int threads) {
        if (threads >= 1 && threads <= MOST) return threads;
        throw new IllegalArgumentException(what + ": " + threads + " threads, expected 1 to " + MOST);
    }

    /** Runs {@code work} with loops on {@code threads} threads, for this process as a whole: to compare, or to leave processors free. */
    public static synchronized <T> T with(int threads, Supplier<T> work) {
        int before = count;
        set(threads);
        try {
            return work.get();
        } finally {
            count = before;
        }
    }

    /** Runs {@code body} over {@code [0, n)} in chunks of at least {@code grain}. */
    static void parallel(long n, long grain, Range body) {
        int threads = count();
        if (n <= grain || threads == 1) {
            if (n > 0) body.run(0, n);
            return;
        }
        Job job = new Job(n, grain, threads, body);
        if (Thread.currentThread() instanceof Worker || !BUSY.compareAndSet(false, true)) {
            job.work();
            job.rethrow();
            return;
        }
        try {
            publish(job, Math.min(threads - 1, WORKERS.length));
            job.work();
            job.await();
        } finally {
            current = null;
            BUSY.set(false);
        }
    }

    private static void publish(Job job, int helpers) {
        current = job;
        for (int i = 0; i < helpers; i++) worker(i).wake();
    }

    private static Worker worker(int i) {
        if (WORKERS[i] == null) {
            WORKERS[i] = new Worker(i);
            WORKERS[i].start();
        }
        return WORKERS[i];
    }

    private static final class Job {
        private final long n;
        private final long chunk;
        private final int chunks;
        private final Range body;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger left;
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Job(long n, long grain, int threads, Range body) {
            long pieces = Math.min((n + grain - 1) / grain, (long) CHUNKS_PER_THREAD * threads);
            long size = (n + pieces - 1) / pieces;
            this.n = n;
            this.chunk = grain < 64 ? size : (size + 63) & -64L;
            this.chunks = (int) ((n + chunk - 1) / chunk);
            this.left = new AtomicInteger(chunks);
            this.body = body;
        }

        void work() {
            for (int c = next.getAndIncrement(); c < chunks; c = next.getAndIncrement()) {
                try {
                    body.run(c * chunk, Math.min(n, (c + 1) * chunk));
                } catch (Throwable t) {
                    failure.compareAndSet(null, t);
                } finally {
                    left.decrementAndGet();
                }
            }
        }

        void await() {
            for (int spins = 0; left.get() > 0; spins++) {
                if (spins < SPINS) Thread.onSpinWait();
                else Thread.yield();
            }
            rethrow();
        }

        void rethrow() {
            switch (failure.get()) {
                case null -> { }
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }

    private static final class Worker extends Thread {
        private volatile boolean parked;

        Worker(int i) {
            super(null, null, "lemma-worker-" + i, 4L << 20);
            setDaemon(true);
        }

        void wake() {
            if (parked) LockSupport.unpark(this);
        }

        @Override
        public void run() {
            Job last = null;
            int idle = 0;
            while (true) {
                Job job = current;
                if (job != null && job != last) {
                    last = job;
                    idle = 0;
                    job.work();
                } else if (idle++ < IDLE_SPINS) {
                    Thread.onSpinWait();
                } else {
                    last = null;
                    park(job);
                    idle = 0;
                }
            }
        }

        private void park(Job seen) {
            parked = true;
            if (current == seen) LockSupport.park(this);
            parked = false;
        }
    }

    private static int sizeFromSettings() {
        int processors = Runtime.getRuntime().availableProcessors();
        return checked("lemma.threads", Integer.getInteger("lemma.threads", Math.min(processors, MOST)));
    }
}
