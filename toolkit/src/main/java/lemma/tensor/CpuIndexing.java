package lemma.tensor;

import java.util.Arrays;
import java.util.List;
import lemma.tensor.CpuReductions.Axis;

/** Selecting, gathering, adding at indices, joining and sorting. Sums at repeated indices go in the order of the indices. */
final class CpuIndexing {
    private static final long GRAIN = 1 << 14;

    private CpuIndexing() {}

    // ---- slices ----

    static void indexSelect(Tensor y, Tensor a, int axis, Tensor index) {
        long[] at = indices("indexSelect", index, a.dim(axis));
        if (y.size() == 0) return;
        Tensor c = CpuCopy.contiguous(a);
        try {
            Axis x = new Axis(c, axis);
            int size = a.dtype().bytes();
            long from = c.address();
            long to = y.address();
            long bytes = x.inner * size;
            if (x.inner == 1 && (size == 4 || size == 8)) {
                boolean backwards = Vectors.AVAILABLE && isBackwards(at, x.length);
                Threads.parallel(x.outer, Math.max(1, GRAIN / at.length), (lo, hi) -> {
                    for (long o = lo; o < hi; o++) {
                        long source = from + o * x.length * size;
                        if (!backwards) selectRow(size, source, to + o * at.length * size, at);
                        else if (size == 4) FloatLoops.reverse(source, to + o * x.length * size, x.length);
                        else DoubleLoops.reverse(source, to + o * x.length * size, x.length);
                    }
                });
                return;
            }
            Threads.parallel(x.outer * at.length, Math.max(1, GRAIN / x.inner), (lo, hi) -> {
                for (long r = lo; r < hi; r++) {
                    long source = from + (r / at.length * x.length + at[(int) (r % at.length)]) * bytes;
                    copy(size, source, to + r * bytes, bytes);
                }
            });
        } finally {
            CpuCopy.drop(c, a);
        }
    }

    /** Whether all {@code length} are named, the last first. */
    private static boolean isBackwards(long[] at, long length) {
        if (at.length != length) return false;
        for (int j = 0; j < at.length; j++) if (at[j] != length - 1 - j) return false;
        return true;
    }

    private static void selectRow(int size, long from, long to, long[] at) {
        if (size == 4) for (int j = 0; j < at.length; j++) Raw.i32(to + 4L * j, Raw.i32(from + 4 * at[j]));
        else for (int j = 0; j < at.length; j++) Raw.i64(to + 8L * j, Raw.i64(from + 8 * at[j]));
    }

    private static void copy(int size, long from, long to, long bytes) {
        if (bytes > size) Raw.copy(from, to, bytes);
        else if (size == 4) Raw.i32(to, Raw.i32(from));
        else if (size == 8) Raw.i64(to, Raw.i64(from));
        else Raw.copy(from, to, bytes);
    }

    private static long[] indices(String op, Tensor index, long length) {
        long[] at = new long[Math.toIntExact(index.size())];
        long from = index.address();
        long stride = index.rank() == 0 ? 1 : index.strides()[0];
        for (int i = 0; i < at.length; i++) {
            at[i] = Raw.i64(from + 8 * i * stride);
            if (at[i] < 0 || at[i] >= length) throw outOfRange(op, at[i], length);
        }
        return at;
    }

    private static IndexOutOfBoundsException outOfRange(String op, long index, long length) {
        return new IndexOutOfBoundsException(op + ": index " + index + " is not in [0, " + length + ")");
    }

    static void indexAdd(Tensor y, Tensor a, int axis, Tensor index) {
        CpuCopy.fill(y, 0);
        long[] at = indices("indexAdd", index, y.dim(axis));
        if (a.size() == 0) return;
        Tensor c = CpuCopy.contiguous(a);
        try {
            Axis x = new Axis(y, axis);
            long from = c.address();
            long to = y.address();
            DType t = a.dtype();
            long row = x.inner * t.bytes();
            // a task owns some rows of the result and looks for what belongs to them
            Threads.parallel(x.outer * x.length, Math.max(1, Math.max(GRAIN / x.inner, x.length / 8)), (lo, hi) -> {
                for (long o = lo / x.length; o <= (hi - 1) / x.length; o++) {
                    for (int j = 0; j < at.length; j++) {
                        long r = o * x.length + at[j];
                        if (r >= lo && r < hi) add(t, to + r * row, from + (o * at.length + j) * row, x.inner);
                    }
                }
            });
        } finally {
            CpuCopy.drop(c, a);
        }
    }

    private static void add(DType t, long acc, long v, long n) {
        if (t == DType.FLOAT32 && n > 4 && Vectors.AVAILABLE) FloatLoops.binary(Binary.ADD, acc, -1, v, -1, acc, n);
        else if (t == DType.FLOAT64 && n > 4 && Vectors.AVAILABLE) DoubleLoops.binary(Binary.ADD, acc, -1, v, -1, acc, n);
        else PlainReduce.accumulate(Reduction.SUM, t, acc, v, n);
    }

    // ---- elements ----

    static void gather(Tensor y, Tensor a, int axis, Tensor index) {
        if (y.size() == 0) return;
        Tensor c = CpuCopy.contiguous(a);
        Tensor d = CpuCopy.contiguous(index);
        try {
            Axis x = new Axis(c, axis);
            long count = d.rank() == 0 ? 1 : d.dim(axis);
            int size = a.dtype().bytes();
            long from = c.address();
            long at = d.address();
            long to = y.address();
            Threads.parallel(x.outer * count, Math.max(1, GRAIN / x.inner), (lo, hi) -> {
                if (size == 4 && x.inner == 1) gatherLast4(from, at, to, x.length, count, lo, hi);
                else if (size == 8 && x.inner == 1) gatherLast8(from, at, to, x.length, count, lo, hi);
                else for (long r = lo; r < hi; r++) {
                    long plane = from + r / count * x.length * x.inner * size;
                    long first = r * x.inner;
                    if (size == 4) gather4(plane, at + 8 * first, to + 4 * first, x);
                    else gatherAny(size, plane, at + 8 * first, to + size * first, x);
                }
            });
        } finally {
            CpuCopy.drop(c, a);
            CpuCopy.drop(d, index);
        }
    }

    // indices are compared without sign: one branch for those below 0 and those past the end

    private static void gatherLast4(long from, long at, long to, long length, long count, long lo, long hi) {
        for (long r = lo; r < hi; ) {
            long end = Math.min(hi, (r / count + 1) * count);
            long row = from + 4 * (r / count * length);
            for (; r < end; r++) {
                long j = Raw.i64(at + 8 * r);
                if (Long.compareUnsigned(j, length) >= 0) throw outOfRange("gather", j, length);
                Raw.i32(to + 4 * r, Raw.i32(row + 4 * j));
            }
        }
    }

    private static void gatherLast8(long from, long at, long to, long length, long count, long lo, long hi) {
        for (long r = lo; r < hi; ) {
            long end = Math.min(hi, (r / count + 1) * count);
            long row = from + 8 * (r / count * length);
            for (; r < end; r++) {
                long j = Raw.i64(at + 8 * r);
                if (Long.compareUnsigned(j, length) >= 0) throw outOfRange("gather", j, length);
                Raw.i64(to + 8 * r, Raw.i64(row + 8 * j));
            }
        }
    }

    private static void gather4(long plane, long at, long to, Axis x) {
        long inner = x.inner;
        for (long i = 0; i < inner; i++) {
            long j = Raw.i64(at + 8 * i);
            if (Long.compareUnsigned(j, x.length) >= 0) throw outOfRange("gather", j, x.length);
            Raw.i32(to + 4 * i, Raw.i32(plane + 4 * (j * inner + i)));
        }
    }

    private static void gatherAny(int size, long plane, long at, long to, Axis x) {
        for (long i = 0; i < x.inner; i++) {
            long j = Raw.i64(at + 8 * i);
            if (Long.compareUnsigned(j, x.length) >= 0) throw outOfRange("gather", j, x.length);
            copy(size, plane + (j * x.inner + i) * size, to + i * size, size);
        }
    }

    static void scatterAdd(Tensor y, Tensor a, int axis, Tensor index) {
        CpuCopy.fill(y, 0);
        if (a.size() == 0) return;
        Tensor c = CpuCopy.contiguous(a);
        Tensor d = CpuCopy.contiguous(index);
        try {
            Axis x = new Axis(y, axis);
            long count = d.rank() == 0 ? 1 : d.dim(axis);
            DType t = a.dtype();
            long from = c.address();
            long at = d.address();
            long to = y.address();
            if (t == DType.FLOAT32 && x.inner == 1) {
                Threads.parallel(x.outer, Math.max(1, GRAIN / count), (lo, hi) -> {
                    for (long o = lo; o < hi; o++) scatterRow(to + 4 * o * x.length, from + 4 * o * count, at + 8 * o * count, count, x.length);
                });
                return;
            }
            Threads.parallel(x.outer, Math.max(1, GRAIN / (count * x.inner)), (lo, hi) -> {
                for (long k = lo * count * x.inner; k < hi * count * x.inner; k++) {
                    long j = Raw.i64(at + 8 * k);
                    if (Long.compareUnsigned(j, x.length) >= 0) throw outOfRange("scatterAdd", j, x.length);
                    long place = (k / (count * x.inner) * x.length + j) * x.inner + k % x.inner;
                    if (t.isFloat()) Raw.real(t, to, place, Raw.real(t, to, place) + Raw.real(t, from, k));
                    else Raw.integer(t, to, place, Raw.integer(t, to, place) + Raw.integer(t, from, k));
                }
            });
        } finally {
            CpuCopy.drop(c, a);
            CpuCopy.drop(d, index);
        }
    }

    private static void scatterRow(long to, long from, long index, long count, long length) {
        for (long k = 0; k < count; k++) {
            long j = Raw.i64(index + 8 * k);
            if (Long.compareUnsigned(j, length) >= 0) throw outOfRange("scatterAdd", j, length);
            Raw.f32(to + 4 * j, Raw.f32(to + 4 * j) + Raw.f32(from + 4 * k));
        }
    }

    static void lastNamed(Tensor y, int axis, Tensor index) {
        CpuCopy.fill(y, -1);
        if (index.size() == 0) return;
        Tensor d = CpuCopy.contiguous(index);
        try {
            Axis x = new Axis(y, axis);
            long count = d.rank() == 0 ? 1 : d.dim(axis);
            long at = d.address();
            long to = y.address();
            Threads.parallel(x.outer, Math.max(1, GRAIN / (count * x.inner)), (lo, hi) -> {
                for (long k = lo * count * x.inner; k < hi * count * x.inner; k++) {
                    long j = Raw.i64(at + 8 * k);
                    if (Long.compareUnsigned(j, x.length) >= 0) throw outOfRange("scatter", j, x.length);
                    Raw.i64(to + 8 * ((k / (count * x.inner) * x.length + j) * x.inner + k % x.inner), k / x.inner % count);
                }
            });
        } finally {
            CpuCopy.drop(d, index);
        }
    }

    // ---- searching ----

    static void searchSorted(Tensor y, Tensor sorted, Tensor values, boolean right) {
        if (y.size() == 0) return;
        Tensor c = CpuCopy.contiguous(sorted);
        Tensor d = CpuCopy.contiguous(values);
        try {
            DType t = c.dtype();
            long n = c.dim(-1);
            long perRow = c.rank() == 1 ? y.size() : d.dim(-1);
            long from = c.address();
            long at = d.address();
            long to = y.address();
            Threads.parallel(y.size(), 1 << 10, (lo, hi) -> {
                for (long i = lo; i < hi; i++) Raw.i64(to + 8 * i, place(t, from, i / perRow * n, n, at, i, right));
            });
        } finally {
            CpuCopy.drop(c, sorted);
            CpuCopy.drop(d, values);
        }
    }

    private static long place(DType t, long sorted, long first, long n, long values, long i, boolean right) {
        long lo = 0;
        long hi = n;
        while (lo < hi) {
            long mid = lo + hi >>> 1;
            if (isBefore(t, sorted, first + mid, values, i, right)) lo = mid + 1;
            else hi = mid;
        }
        return lo;
    }

    /** NaN stands after every number. */
    private static boolean isBefore(DType t, long sorted, long k, long values, long i, boolean right) {
        if (!t.isFloat()) {
            long a = Raw.integer(t, sorted, k);
            long v = Raw.integer(t, values, i);
            return right ? a <= v : a < v;
        }
        double a = Raw.real(t, sorted, k);
        double v = Raw.real(t, values, i);
        return right ? !(a > v) : !(a >= v);
    }

    // ---- joining ----

    static void concat(Tensor y, List<Tensor> parts, int axis) {
        long from = 0;
        for (Tensor p : parts) {
            CpuCopy.copy(y.view(p.shape(), y.strides(), from * y.strides()[axis]), p);
            from += p.dim(axis);
        }
    }

    // ---- sorting ----

    static void argsort(Tensor y, Tensor a, int axis, boolean descending) {
        if (y.size() == 0) return;
        Tensor c = CpuCopy.contiguous(a);
        try {
            Axis x = new Axis(c, axis);
            int n = (int) x.length;
            DType t = a.dtype();
            long from = c.address();
            long to = y.address();
            Threads.parallel(x.outer * x.inner, Math.max(1, (1 << 10) / n), (lo, hi) -> {
                long[] keys = new long[n];
                int[] order = new int[n];
                for (long r = lo; r < hi; r++) {
                    long first = r / x.inner * n * x.inner + r % x.inner;
                    for (int i = 0; i < n; i++) keys[i] = key(t, from, first + i * x.inner, descending);
                    if (t.bytes() == 8) sortWide(keys, order);
                    else sortNarrow(keys, order);
                    for (int i = 0; i < n; i++) Raw.i64(to + 8 * (first + i * x.inner), order[i]);
                }
            });
        } finally {
            CpuCopy.drop(c, a);
        }
    }

    /** An integer whose order is that of the element; NaN is the largest, and both zeros are one. */
    static long key(DType t, long from, long i, boolean descending) {
        long k = switch (t) {
            case FLOAT32 -> {
                int bits = Float.floatToIntBits(Raw.f32(from + 4 * i) + 0f);
                yield bits ^ (bits >> 31 & Integer.MAX_VALUE);
            }
            case FLOAT64 -> {
                long bits = Double.doubleToLongBits(Raw.f64(from + 8 * i) + 0.0);
                yield bits ^ (bits >> 63 & Long.MAX_VALUE);
            }
            default -> Raw.integer(t, from, i);
        };
        return descending ? ~k : k;
    }

    /** Keys of 32 bits: key and position in one long. */
    private static void sortNarrow(long[] keys, int[] order) {
        for (int i = 0; i < keys.length; i++) keys[i] = keys[i] << 32 | i;
        Arrays.sort(keys);
        for (int i = 0; i < keys.length; i++) order[i] = (int) keys[i];
    }

    /** Merges runs of doubling length. */
    private static void sortWide(long[] keys, int[] order) {
        int n = keys.length;
        int[] a = new int[n];
        int[] b = order;
        for (int i = 0; i < n; i++) a[i] = i;
        for (int width = 1; width < n; width *= 2) {
            for (int lo = 0; lo < n; lo += 2 * width) merge(keys, a, b, lo, Math.min(lo + width, n), Math.min(lo + 2 * width, n));
            int[] swap = a;
            a = b;
            b = swap;
        }
        if (a != order) System.arraycopy(a, 0, order, 0, n);
    }

    private static void merge(long[] keys, int[] from, int[] to, int lo, int mid, int hi) {
        int i = lo;
        int j = mid;
        for (int k = lo; k < hi; k++) {
            boolean left = i < mid && (j >= hi || keys[from[i]] <= keys[from[j]]);
            to[k] = left ? from[i++] : from[j++];
        }
    }
}
