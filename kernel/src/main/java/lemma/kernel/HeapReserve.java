package lemma.kernel;

import java.util.function.Supplier;

/**
 * Heap held back so that the kernel can answer, compile and run on after a cell has filled the rest. Without it a variable that
 * keeps the heap full could not even be set to null.
 *
 * <p>Of the two parts one is given up when a cell runs out of memory, the other when the kernel itself does; both are taken again
 * once there is room to spare.
 */
final class HeapReserve {
    private static final int PARTS = 2;
    private static final int BYTES = (int) Math.min(16L << 20, Runtime.getRuntime().maxMemory() / 16);
    private static final int ROOM = 3; // parts that must be free besides those taken, so that the room is not lost at once
    private static final int PATIENT_TRIES = 5; // for the running cell to fail, or to let go of what it holds
    private static final int TRIES = 200;
    private static final long PAUSE_MILLIS = 50;

    @SuppressWarnings("unused") // held, never read
    private static byte[][] held = new byte[PARTS][BYTES];

    private HeapReserve() {}

    /** Gives one part up when {@code thrown} says that the heap is full. */
    static void releaseOn(Throwable thrown) {
        if (thrown instanceof OutOfMemoryError) release();
    }

    private static synchronized void release() {
        int part = 0;
        while (part < PARTS - 1 && held[part] == null) part++;
        held[part] = null;
    }

    /** Takes what was given up when the heap has room for it again. */
    static synchronized void refill() {
        if (held[PARTS - 1] != null && held[0] != null) return;
        try {
            byte[][] room = new byte[PARTS + ROOM][BYTES];
            System.arraycopy(room, 0, held, 0, PARTS);
        } catch (OutOfMemoryError e) {
            return; // before the next cell it is tried again
        }
    }

    /**
     * What {@code task} returns, tried again for ten seconds while the heap is full: for threads of the kernel, which must outlive
     * a cell that takes all. A task that failed must have changed nothing.
     */
    static <T> T insist(Supplier<T> task) {
        for (int tries = 1; ; tries++) {
            try {
                return task.get();
            } catch (OutOfMemoryError e) {
                if (tries == TRIES) throw e;
                if (tries >= PATIENT_TRIES) release();
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("the kernel's own threads are never interrupted", e);
        }
    }
}
