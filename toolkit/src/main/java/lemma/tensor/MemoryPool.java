package lemma.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Blocks of memory outside the heap, aligned to 64 bytes and kept for reuse by size class: a fresh block costs page faults, a reused
 * one does not.
 *
 * <p>The budget is the system property {@code lemma.memory} (bytes, or with a suffix k, m, g), else 70 % of the machine's memory
 * less the heap's limit. When an allocation would pass it, unreachable tensors are collected and idle blocks returned to the system;
 * if that does not help, the error names the largest live tensors.
 */
public final class MemoryPool {
    /** Blocks from here on are listed by name when memory runs out. */
    private static final long NAMED = 1 << 20;
    private static final long SOFT_START = 1L << 30;
    private static final int CLASSES = 256;

    private static final Cleaner CLEANER = Cleaner.create();
    private static final Size[] SIZES = new Size[CLASSES];
    private static final AtomicLong IN_USE = new AtomicLong();
    private static final AtomicLong PEAK = new AtomicLong();
    private static final AtomicLong IDLE = new AtomicLong();
    private static final Set<Block> LARGE = ConcurrentHashMap.newKeySet();
    private static final long BUDGET = budgetFromSettings();
    private static volatile long softLimit = Math.min(SOFT_START, BUDGET / 2);

    static {
        for (int i = 0; i < CLASSES; i++) SIZES[i] = new Size();
    }

    private MemoryPool() {}

    /** Bytes in use by live tensors, those that the collector has not found yet included. */
    public static long bytesInUse() {
        return IN_USE.get();
    }

    /** Bytes that wait for reuse. */
    public static long bytesIdle() {
        return IDLE.get();
    }

    /** Begins to look for the peak of the bytes in use, which are returned; what nobody refers to goes first. */
    static synchronized long startPeak() {
        settle();
        long now = IN_USE.get();
        PEAK.set(now);
        return now;
    }

    /** Collects until the cleaner has given nothing back for a while: what it frees during a measurement would hide as much of the peak. */
    private static void settle() {
        System.gc();
        long before = IN_USE.get();
        for (int unchanged = 0, checks = 0; unchanged < 10 && checks < 150; unchanged++, checks++) {
            LockSupport.parkNanos(20_000_000);
            if (IN_USE.get() == before) continue;
            before = IN_USE.get();
            unchanged = 0;
        }
    }

    /** The most bytes in use since {@link #startPeak}. */
    static long peak() {
        return PEAK.get();
    }

    /** The most bytes that tensors may take. */
    public static long budget() {
        return BUDGET;
    }

    /** A block of memory and what it was taken for. */
    static final class Block {
        private final long address;
        private final long bytes;
        private final int sizeClass;
        private String label = "";
        private long lease;

        Block(long address, long bytes, int sizeClass) {
            this.address = address;
            this.bytes = bytes;
            this.sizeClass = sizeClass;
        }

        long address() {
            return address;
        }

        /** Number of the current use: a release for an earlier one does nothing. */
        long lease() {
            return lease;
        }
    }

    private static final class Size {
        final ArrayDeque<Block> idle = new ArrayDeque<>();

        synchronized Block poll() {
            return idle.pollFirst();
        }

        synchronized void push(Block b) {
            idle.addFirst(b);
        }
    }

    /** Memory for a tensor of {@code shape} and {@code dtype}, contents undefined. */
    static Storage.Host allocate(Shape shape, DType dtype) {
        long bytes = Math.multiplyExact(shape.size(), (long) dtype.bytes());
        int sizeClass = sizeClass(bytes);
        Block b = SIZES[sizeClass].poll();
        if (b != null) {
            IDLE.addAndGet(-b.bytes);
        } else {
            long rounded = classBytes(sizeClass);
            makeRoom(rounded, shape, dtype);
            b = new Block(Native.allocate(rounded), rounded, sizeClass);
        }
        long used = IN_USE.addAndGet(b.bytes);
        if (used > PEAK.get()) PEAK.accumulateAndGet(used, Math::max);
        if (b.bytes >= NAMED) {
            b.label = dtype + " " + shape;
            LARGE.add(b);
        }
        if (used > softLimit) collectSoftly();
        return new Storage.Host(b, bytes);
    }

    /** Returns {@code block} for reuse, if {@code lease} is still its current use. */
    static void release(Block block, long lease) {
        synchronized (block) {
            if (block.lease != lease) return;
            block.lease++;
        }
        if (block.bytes >= NAMED) LARGE.remove(block);
        IN_USE.addAndGet(-block.bytes);
        IDLE.addAndGet(block.bytes);
        SIZES[block.sizeClass].push(block);
    }

    /** Releases the current use of {@code block} once {@code storage} is unreachable. */
    static void manage(Storage storage, Block block, long lease) {
        CLEANER.register(storage, () -> release(block, lease));
    }

    /** Gives all idle blocks back to the system. */
    public static void trim() {
        for (Size size : SIZES) {
            for (Block b = size.poll(); b != null; b = size.poll()) {
                IDLE.addAndGet(-b.bytes);
                Native.free(b.address);
            }
        }
    }

    // 64-byte steps up to 1 kB, then four classes an octave: at most 25 % is wasted
    static int sizeClass(long bytes) {
        if (bytes <= 1024) return (int) ((Math.max(bytes, 1) + 63) >> 6) - 1;
        int log = 63 - Long.numberOfLeadingZeros(bytes - 1);
        int quarter = (int) ((bytes - 1) >> (log - 2)) & 3;
        return 16 + (log - 10) * 4 + quarter;
    }

    static long classBytes(int sizeClass) {
        if (sizeClass < 16) return (sizeClass + 1) * 64L;
        int log = 10 + (sizeClass - 16) / 4;
        int quarter = (sizeClass - 16) % 4;
        return (1L << log) + (quarter + 1) * (1L << (log - 2));
    }

    private static synchronized void collectSoftly() {
        if (IN_USE.get() <= softLimit) return;
        collect(softLimit / 2);
        softLimit = Math.min(BUDGET, Math.max(SOFT_START, 2 * IN_USE.get()));
    }

    private static synchronized void makeRoom(long bytes, Shape shape, DType dtype) {
        if (IN_USE.get() + IDLE.get() + bytes <= BUDGET) return;
        trim();
        for (int tries = 0; tries < 3 && IN_USE.get() + bytes > BUDGET; tries++) collect(BUDGET - bytes);
        trim();
        if (IN_USE.get() + bytes <= BUDGET) return;
        String largest = LARGE.stream().sorted(Comparator.comparingLong((Block b) -> -b.bytes)).limit(5)
                .map(b -> b.label + " " + megabytes(b.bytes)).collect(Collectors.joining("; "));
        throw new TensorMemoryException("No room for " + dtype + " " + shape + " (" + megabytes(bytes) + "): live tensors take "
                + megabytes(IN_USE.get()) + " of a budget of " + megabytes(BUDGET) + ". Largest: " + (largest.isEmpty() ? "none over 1 MB" : largest)
                + ". Drop references, work inside a Scope, or raise -Dlemma.memory");
    }

    /** Runs the collector and waits a moment for the cleaner, until at most {@code target} bytes are in use. */
    private static void collect(long target) {
        System.gc();
        long end = System.nanoTime() + 300_000_000L;
        long before = Long.MAX_VALUE;
        while (IN_USE.get() > target && System.nanoTime() < end) {
            long now = IN_USE.get();
            if (now == before) break;
            before = now;
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static String megabytes(long bytes) {
        return String.format("%.1f MB", bytes / 1e6);
    }

    private static long budgetFromSettings() {
        String set = System.getProperty("lemma.memory");
        if (set != null) return parseBytes(set);
        var os = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long machine = os.getTotalMemorySize();
        return Math.max(256L << 20, (long) (0.7 * (machine - Math.min(Runtime.getRuntime().maxMemory(), machine / 2))));
    }

    static long parseBytes(String text) {
        String t = text.trim().toLowerCase();
        int shift = t.endsWith("k") ? 10 : t.endsWith("m") ? 20 : t.endsWith("g") ? 30 : 0;
        String digits = shift == 0 ? t : t.substring(0, t.length() - 1);
        try {
            return Math.multiplyExact(Long.parseLong(digits), 1L << shift);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("lemma.memory: '" + text + "' is not a number of bytes; write for example 8g", e);
        }
    }

    /** The system's aligned allocator. */
    private static final class Native {
        private static final Linker LINKER = Linker.nativeLinker();
        private static final java.lang.invoke.MethodHandle MALLOC = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("malloc"),
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
        private static final java.lang.invoke.MethodHandle FREE = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("free"),
                FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));

        // malloc everywhere, aligned by hand: the word before an aligned address holds what malloc returned
        static long allocate(long bytes) {
            try {
                long raw = (long) MALLOC.invokeExact(bytes + 128);
                if (raw == 0) throw new TensorMemoryException("The system has no " + megabytes(bytes) + " left; lower -Dlemma.memory or close other programs");
                long aligned = (raw + 64 + 63) & -64L;
                Memory.ALL.set(ValueLayout.JAVA_LONG, aligned - 8, raw);
                return aligned;
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("malloc", e);
            }
        }

        static void free(long address) {
            try {
                FREE.invokeExact(Memory.ALL.get(ValueLayout.JAVA_LONG, address - 8));
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("free", e);
            }
        }
    }
}
