package lemma.tensor;

/**
 * Uniform and normal numbers from {@link Philox} by fixed arithmetic. Counter c is word {@code c % 4} of block {@code c / 4} for FLOAT32, and
 * the pair of words {@code c % 2} of block {@code c / 2} for FLOAT64. Normals are made by Box and Muller's transformation: of a pair
 * of words for two FLOAT32, of a whole block for two FLOAT64.
 */
final class CpuRandom {
    private static final long GRAIN = 1 << 12;
    private static final double TWO_PI = 2 * Math.PI;
    private static final double UNIT_53 = 0x1p-53;

    private CpuRandom() {}

    static void uniform(long key, long counter, Tensor y) {
        long to = y.address();
        boolean single = y.dtype() == DType.FLOAT32;
        Threads.parallel(y.size(), GRAIN, (lo, hi) -> {
            int[] words = new int[4];
            for (long i = lo; i < hi; ) {
                long c = counter + i;
                Philox.block(key, single ? c >>> 2 : c >>> 1, words);
                if (single) {
                    for (int w = (int) c & 3; w < 4 && i < hi; w++, i++) Raw.f32(to + 4 * i, (words[w] >>> 8) * 0x1p-24f);
                } else {
                    for (int w = (int) c & 1; w < 2 && i < hi; w++, i++) Raw.f64(to + 8 * i, (bits64(words, 2 * w) >>> 11) * UNIT_53);
                }
            }
        });
    }

    static void normal(long key, long counter, Tensor y) {
        long to = y.address();
        boolean single = y.dtype() == DType.FLOAT32;
        Threads.parallel(y.size(), GRAIN, (lo, hi) -> {
            int[] words = new int[4];
            double[] pair = new double[2];
            for (long i = lo; i < hi; ) {
                long c = counter + i;
                Philox.block(key, single ? c >>> 2 : c >>> 1, words);
                if (single) {
                    for (int w = (int) c & 3; w < 4 && i < hi; w++, i++) {
                        if (i == lo || (w & 1) == 0) boxMuller(((words[w & 2] & 0xFFFFFFFFL) + 1) * 0x1p-32, (words[w & 2 | 1] & 0xFFFFFFFFL) * 0x1p-32, pair);
                        Raw.f32(to + 4 * i, (float) pair[w & 1]);
                    }
                } else {
                    boxMuller(((bits64(words, 0) >>> 11) + 1) * UNIT_53, (bits64(words, 2) >>> 11) * UNIT_53, pair);
                    for (int w = (int) c & 1; w < 2 && i < hi; w++, i++) Raw.f64(to + 8 * i, pair[w]);
                }
            }
        });
    }

    private static long bits64(int[] words, int at) {
        return words[at] & 0xFFFFFFFFL | (long) words[at + 1] << 32;
    }

    /** Two independent normal numbers from u in (0, 1] and v in [0, 1). */
    private static void boxMuller(double u, double v, double[] pair) {
        double r = Math.sqrt(-2 * StrictMath.log(u));
        double angle = TWO_PI * v;
        pair[0] = r * StrictMath.cos(angle);
        pair[1] = r * StrictMath.sin(angle);
    }
}
