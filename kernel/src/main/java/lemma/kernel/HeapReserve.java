package lemma.kernel;

/**
 * Heap held back so that the kernel can answer, compile and run on after a cell has filled the rest: given up when a cell runs out
 * of memory, taken again once there is room to spare. Without it a variable that keeps the heap full could not even be set to null.
 */
final class HeapReserve {
    private static final int BYTES = (int) Math.min(16L << 20, Runtime.getRuntime().maxMemory() / 16);
    private static final int ROOM = 4; // reserves that must be free before one is taken again, so that the room is not lost at once

    @SuppressWarnings("unused") // held, never read
    private static volatile byte[] held = new byte[BYTES];

    private HeapReserve() {}

    /** Gives the reserve up when {@code thrown} says that the heap is full. */
    static void releaseOn(Throwable thrown) {
        if (thrown instanceof OutOfMemoryError) held = null;
    }

    /** Takes the reserve when it was given up and the heap has room again. */
    static void refill() {
        if (held != null) return;
        try {
            byte[][] room = new byte[ROOM][BYTES];
            held = room[0];
        } catch (OutOfMemoryError e) {
            held = null; // the next cell tries again
        }
    }
}
