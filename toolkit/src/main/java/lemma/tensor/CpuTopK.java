package lemma.tensor;

import lemma.tensor.CpuReductions.Axis;

/** Positions of the k best elements along an axis: one pass with a heap of the best so far, over which vectors skip what cannot enter. */
final class CpuTopK {
    private static final long GRAIN = 1 << 13;

    private CpuTopK() {}

    static void topk(Tensor y, Tensor a, int axis, int k, boolean largest) {
        if (y.size() == 0) return;
        Tensor c = CpuCopy.contiguous(a);
        try {
            Axis x = new Axis(c, axis);
            DType t = a.dtype();
            long from = c.address();
            long to = y.address();
            Threads.parallel(x.outer * x.inner, Math.max(1, GRAIN / x.length), (lo, hi) -> {
                Best best = new Best(k);
                for (long r = lo; r < hi; r++) {
                    long outer = r / x.inner;
                    long inner = r % x.inner;
                    best.clear();
                    if (x.inner == 1 && t == DType.FLOAT32 && Vectors.AVAILABLE) best.takeRow(from + 4 * r * x.length, x.length, largest);
                    else best.take(t, from, outer * x.length * x.inner + inner, x.inner, 0, x.length, largest);
                    best.put(to + 8 * (outer * k * x.inner + inner), x.inner);
                }
            });
        } finally {
            CpuCopy.drop(c, a);
        }
    }

    /** The smallest keys so far and where they were met, the worst at the root of a heap; of equal keys the first met is the better. */
    private static final class Best {
        private final long[] keys;
        private final int[] at;
        private int size;

        Best(int k) {
            keys = new long[k];
            at = new int[k];
        }

        void clear() {
            size = 0;
        }

        /** Elements {@code lo} to {@code hi} of a line that starts at {@code first} and goes in steps of {@code stride}. */
        void take(DType t, long from, long first, long stride, long lo, long hi, boolean largest) {
            for (long i = lo; i < hi; i++) offer(CpuIndexing.key(t, from, first + i * stride, largest), (int) i);
        }

        void takeRow(long row, long n, boolean largest) {
            long filled = Math.min(n, keys.length);
            take(DType.FLOAT32, row, 0, 1, 0, filled, largest);
            for (long i = filled; i < n; ) {
                long next = FloatReduce.beyond(row, i, n, Raw.f32(row + 4L * at[0]), largest);
                i = Math.min(n, next + FloatMath.LANES);
                for (long j = next; j < i; j++) if (isBeyond(Raw.f32(row + 4 * j), Raw.f32(row + 4L * at[0]), largest)) take(DType.FLOAT32, row, 0, 1, j, j + 1, largest);
            }
        }

        // true for NaN
        private static boolean isBeyond(float v, float threshold, boolean above) {
            return above ? !(v <= threshold) : !(v >= threshold);
        }

        private void offer(long key, int position) {
            if (size < keys.length) {
                rise(size++, key, position);
            } else if (key < keys[0]) {
                sink(0, size, key, position);
            }
        }

        private boolean isWorse(long key, int position, int than) {
            return isWorse(key, position, keys[than], at[than]);
        }

        private void set(int i, long key, int position) {
            keys[i] = key;
            at[i] = position;
        }

        private void rise(int from, long key, int position) {
            int i = from;
            for (int parent = (i - 1) / 2; i > 0 && isWorse(key, position, parent); i = parent, parent = (i - 1) / 2) set(i, keys[parent], at[parent]);
            set(i, key, position);
        }

        private void sink(int from, int end, long key, int position) {
            int i = from;
            for (int child = 2 * i + 1; child < end; child = 2 * i + 1) {
                if (child + 1 < end && isWorse(keys[child + 1], at[child + 1], child)) child++;
                if (!isWorse(keys[child], at[child], key, position)) break;
                set(i, keys[child], at[child]);
                i = child;
            }
            set(i, key, position);
        }

        private static boolean isWorse(long key, int position, long otherKey, int otherPosition) {
            return key > otherKey || key == otherKey && position > otherPosition;
        }

        /** Writes the positions, best first. */
        void put(long to, long stride) {
            for (int end = size - 1; end > 0; end--) {
                long key = keys[end];
                int position = at[end];
                set(end, keys[0], at[0]);
                sink(0, end, key, position);
            }
            for (int i = 0; i < size; i++) Raw.i64(to + 8 * i * stride, at[i]);
        }
    }
}
