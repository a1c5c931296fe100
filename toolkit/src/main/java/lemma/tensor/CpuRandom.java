package lemma.tensor;

/**
 * Uniform and normal numbers from {@link Philox} by fixed arithmetic. Counter c is word {@code c % 4} of block {@code c / 4} for FLOAT32, and
 * the pair of words {@code c % 2} of block {@code c / 2} for FLOAT64. Normals are made by Box and Muller's transformation: of a pair
 * of words for two FLOAT32, of a whole block for two FLOAT64. {@link RandomLoops} makes the same bits by vectors;
 * it is called from lambdas, because a method reference would load it where there are no vectors.
 */
final class CpuRandom {
    static final double TWO_PI = 2 * Math.PI;

    private static final long GRAIN = 1 << 12;
    /** Fewer numbers than this are made one by one. */
    private static final long FEW = 64;
    private static final double UNIT_53 = 0x1p-53;

    private CpuRandom() {}

    /** Makes the numbers of whole blocks, whose words stand at an address, at another. */
    @FunctionalInterface
    private interface Piece {
        void make(long words, long to);
    }

    /** Makes the numbers from counter {@code from} up to {@code to} one by one, at an address. */
    @FunctionalInterface
    private interface Plain {
        void make(long from, long to, long address);
    }

    static void uniform(long key, long counter, Tensor y) {
        if (y.dtype() == DType.FLOAT32) fill(key, counter, y, 4, (words, to) -> RandomLoops.uniform32(words, to), (from, to, at) -> uniform32(key, from, to, at));
        else fill(key, counter, y, 2, (words, to) -> RandomLoops.uniform64(words, to), (from, to, at) -> uniform64(key, from, to, at));
    }

    static void normal(long key, long counter, Tensor y) {
        if (y.dtype() == DType.FLOAT32) fill(key, counter, y, 4, (words, to) -> RandomLoops.normal32(words, to), (from, to, at) -> normal32(key, from, to, at));
        else fill(key, counter, y, 2, (words, to) -> RandomLoops.normal64(words, to), (from, to, at) -> normal64(key, from, to, at));
    }

    private static void fill(long key, long counter, Tensor y, int perBlock, Piece piece, Plain plain) {
        long address = y.address();
        int size = y.dtype().bytes();
        Threads.parallel(y.size(), GRAIN, (lo, hi) -> {
            if (Vectors.AVAILABLE && hi - lo >= FEW) pieces(key, counter + lo, counter + hi, address + lo * size, perBlock, size, piece);
            else plain.make(counter + lo, counter + hi, address + lo * size);
        });
    }

    /** Whole pieces go to their place at once, the first and the last through memory of this thread's own. */
    private static void pieces(long key, long from, long to, long address, int perBlock, int size, Piece piece) {
        long words = Scratch.get().address(4);
        long own = words + Scratch.LARGE_BYTES / 2;
        long length = (long) perBlock * RandomLoops.BLOCKS;
        for (long c = from; c < to; ) {
            long skip = c % perBlock;
            long n = Math.min(length - skip, to - c);
            long at = address + (c - from) * size;
            RandomLoops.words(key, c / perBlock, words);
            piece.make(words, n == length ? at : own);
            if (n < length) Raw.copy(own + skip * size, at, n * size);
            c += n;
        }
    }

    private static void uniform32(long key, long from, long to, long address) {
        int[] words = new int[4];
        for (long c = from; c < to; ) {
            Philox.block(key, c >>> 2, words);
            for (int w = (int) c & 3; w < 4 && c < to; w++, c++) Raw.f32(address + 4 * (c - from), (words[w] >>> 8) * 0x1p-24f);
        }
    }

    private static void uniform64(long key, long from, long to, long address) {
        int[] words = new int[4];
        for (long c = from; c < to; ) {
            Philox.block(key, c >>> 1, words);
            for (int w = (int) c & 1; w < 2 && c < to; w++, c++) Raw.f64(address + 8 * (c - from), (bits64(words, 2 * w) >>> 11) * UNIT_53);
        }
    }

    private static void normal32(long key, long from, long to, long address) {
        int[] words = new int[4];
        for (long c = from; c < to; c++) {
            if (c == from || (c & 3) == 0) Philox.block(key, c >>> 2, words);
            int first = (int) c & 2;
            double r = radius(((words[first] & 0xFFFFFFFFL) + 1) * 0x1p-32);
            Raw.f32(address + 4 * (c - from), (float) turned(r, (words[first + 1] & 0xFFFFFFFFL) * 0x1p-32, c));
        }
    }

    private static void normal64(long key, long from, long to, long address) {
        int[] words = new int[4];
        for (long c = from; c < to; c++) {
            Philox.block(key, c >>> 1, words);
            double r = radius(((bits64(words, 0) >>> 11) + 1) * UNIT_53);
            Raw.f64(address + 8 * (c - from), turned(r, (bits64(words, 2) >>> 11) * UNIT_53, c));
        }
    }

    private static long bits64(int[] words, int at) {
        return words[at] & 0xFFFFFFFFL | (long) words[at + 1] << 32;
    }

    /** Length of a point of the plane whose coordinates are normal, from u in (0, 1]. */
    static double radius(double u) {
        return Math.sqrt(-2 * StrictMath.log(u));
    }

    /** The first coordinate of that point at even counters, the second at odd ones, from v in [0, 1). */
    private static double turned(double r, double v, long counter) {
        double angle = TWO_PI * v;
        return r * ((counter & 1) == 0 ? StrictMath.cos(angle) : StrictMath.sin(angle));
    }
}
