package lemma.tensor;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Reductions. Axes are taken in the order they lie in memory; the last is either reduced, row by row, or kept, column by column.
 * How the work is cut depends on sizes alone, so that results do not depend on the number of threads.
 */
final class CpuReductions {
    /** Elements of one row that one task reduces. */
    private static final long ROW_BLOCK = 1 << 16;
    /** Columns that one task reduces. */
    private static final long COLUMN_TILE = 1024;
    /** Rows that are added up before their sum joins the total. */
    private static final int ROW_GROUP = 256;
    private static final long GRAIN = 1 << 14;

    private CpuReductions() {}

    static void reduce(Reduction op, Tensor y, Tensor a, int[] axes) {
        if (y.size() == 0) return;
        if (a.size() == 0) {
            CpuCopy.fill(y, ofNothing(op));
        } else if (a.dtype().isComplex()) {
            reduce(op, parts(y), parts(a), axes);
        } else if (op == Reduction.MEAN) {
            reduce(Reduction.SUM, y, a, axes);
            divide(y, a.size() / y.size());
        } else {
            arrange(op, y, a, axes);
        }
    }

    private static double ofNothing(Reduction op) {
        return switch (op) {
            case SUM, ANY -> 0;
            case PROD, ALL -> 1;
            case MEAN -> Double.NaN;
            case MAX, MIN -> throw new IllegalArgumentException(op + " of nothing");
        };
    }

    /** A complex tensor as real and imaginary parts along one axis more. */
    private static Tensor parts(Tensor a) {
        int rank = a.rank();
        int[] dims = Arrays.copyOf(a.shape().raw(), rank + 1);
        dims[rank] = 2;
        long[] strides = new long[rank + 1];
        for (int i = 0; i < rank; i++) strides[i] = 2 * a.strides()[i];
        strides[rank] = 1;
        DType part = a.dtype().toReal();
        return new Tensor(a.backend(), a.storage(), Shape.of(dims), strides, 2 * a.offset(), part);
    }

    private static void divide(Tensor y, long count) {
        long to = y.address();
        DType t = y.dtype();
        Threads.parallel(y.size(), GRAIN, (lo, hi) -> {
            for (long i = lo; i < hi; i++) Raw.real(t, to, i, Raw.real(t, to, i) / count);
        });
    }

    private static void arrange(Reduction op, Tensor y, Tensor a, int[] axes) {
        int rank = a.rank();
        long[] in = a.strides();
        long[] out = y.strides().clone();
        for (int axis : axes) out[axis] = 0;
        for (int i = 0; i < rank; i++) if (y.shape().raw()[i] == 1) out[i] = 0;
        Integer[] order = new Integer[rank];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingLong(i -> in[i] == 0 ? Long.MIN_VALUE : -Math.abs(in[i])));
        int[] dims = new int[rank];
        long[] from = new long[rank];
        long[] to = new long[rank];
        for (int i = 0; i < rank; i++) {
            dims[i] = a.shape().raw()[order[i]];
            from[i] = in[order[i]];
            to[i] = out[order[i]];
        }
        Nest nest = Nest.of(dims, from, to);
        if (nest.innerStride(0) == 1) {
            run(op, y, a, nest);
            return;
        }
        Tensor c = CpuCopy.copyOf(a);
        try {
            arrange(op, y, c, axes);
        } finally {
            CpuCopy.drop(c);
        }
    }

    private static void run(Reduction op, Tensor y, Tensor a, Nest nest) {
        int inner = nest.rank - 1;
        boolean innerReduced = nest.strides[1][inner] == 0 || nest.innerLength() == 1;
        int[] kept = new int[inner];
        int[] reduced = new int[inner];
        long[] keptIn = new long[inner];
        long[] keptOut = new long[inner];
        long[] reducedIn = new long[inner];
        int k = 0;
        int r = 0;
        for (int d = 0; d < inner; d++) {
            if (nest.strides[1][d] == 0) {
                reduced[r] = (int) nest.dims[d];
                reducedIn[r++] = nest.strides[0][d];
            } else {
                kept[k] = (int) nest.dims[d];
                keptIn[k] = nest.strides[0][d];
                keptOut[k++] = nest.strides[1][d];
            }
        }
        long[] rows = offsets(Nest.of(Arrays.copyOf(reduced, r), reducedIn), 0);
        Nest around = Nest.of(Arrays.copyOf(kept, k), keptIn, keptOut);
        long[] ins = offsets(around, 0);
        long[] outs = offsets(around, 1);
        if (innerReduced) rows(op, y, a, rows, ins, outs, nest.innerLength());
        else columns(op, y, a, rows, ins, outs, nest.innerLength(), nest.strides[1][inner]);
    }

    /** Where each element of the nest stands, in elements. */
    private static long[] offsets(Nest nest, int operand) {
        long count = 1;
        for (int d = 0; d < nest.rank; d++) count *= nest.dims[d];
        long[] at = new long[Math.toIntExact(count)];
        if (count == 1) return at;
        long step = nest.innerStride(operand);
        nest.runs(0, count, (i, o0, o1, o2, n) -> {
            long o = operand == 0 ? o0 : o1;
            for (int j = 0; j < n; j++) at[(int) i + j] = o + j * step;
        });
        return at;
    }

    // ---- the last axis is reduced ----

    private static void rows(Reduction op, Tensor y, Tensor a, long[] rows, long[] ins, long[] outs, long n) {
        DType t = a.dtype();
        int size = t.bytes();
        long from = a.address();
        long to = y.address();
        int blocks = (int) ((n + ROW_BLOCK - 1) / ROW_BLOCK);
        if (ins.length >= 16 || (long) ins.length * rows.length * n <= GRAIN) {
            Threads.parallel(ins.length, Math.max(1, GRAIN / (rows.length * n)), (lo, hi) -> {
                for (int i = (int) lo; i < hi; i++) {
                    Total total = new Total(op, t);
                    for (long row : rows) total.take(from + (ins[i] + row) * size, n);
                    total.put(to, outs[i]);
                }
            });
            return;
        }
        int each = rows.length * blocks;
        Total[] partial = new Total[ins.length * each];
        long grain = Math.max(1, GRAIN / Math.min(n, ROW_BLOCK));
        Threads.parallel(partial.length, grain, (lo, hi) -> {
            for (int p = (int) lo; p < hi; p++) {
                long start = p % blocks * ROW_BLOCK;
                long row = ins[p / each] + rows[p / blocks % rows.length] + start;
                partial[p] = new Total(op, t);
                partial[p].take(from + row * size, Math.min(ROW_BLOCK, n - start));
            }
        });
        for (int i = 0; i < ins.length; i++) {
            Total total = partial[i * each];
            for (int p = 1; p < each; p++) total.join(partial[i * each + p]);
            total.put(to, outs[i]);
        }
    }

    /** What has been reduced so far: floats in a double, integers and booleans in a long. */
    private static final class Total {
        private final Reduction op;
        private final DType type;
        private double real;
        private long whole;

        Total(Reduction op, DType type) {
            this.op = op;
            this.type = type;
            this.real = PlainReduce.identity(op);
            this.whole = PlainReduce.wholeIdentity(op);
        }

        void take(long address, long n) {
            if (type == DType.FLOAT32 && Vectors.AVAILABLE) real = PlainReduce.join(op, real, FloatReduce.row(op, address, n));
            else if (type == DType.FLOAT64 && Vectors.AVAILABLE) real = PlainReduce.join(op, real, DoubleReduce.row(op, address, n));
            else if (type.isFloat()) real = PlainReduce.join(op, real, PlainReduce.row(op, type, address, n));
            else if (type == DType.INT64 && op == Reduction.SUM && Vectors.AVAILABLE) whole += LongLoops.sum(address, n);
            else whole = PlainReduce.join(op, whole, PlainReduce.wholeRow(op, type, address, n));
        }

        void join(Total other) {
            if (type.isFloat()) real = PlainReduce.join(op, real, other.real);
            else whole = PlainReduce.join(op, whole, other.whole);
        }

        void put(long to, long i) {
            if (type.isFloat()) Raw.real(type, to, i, real);
            else Raw.integer(type, to, i, whole);
        }
    }

    // ---- the last axis is kept ----

    private static void columns(Reduction op, Tensor y, Tensor a, long[] rows, long[] ins, long[] outs, long n, long outStride) {
        DType t = a.dtype();
        int size = t.bytes();
        long from = a.address();
        int group = (int) Math.max(ROW_GROUP, ROW_BLOCK / n);
        int groups = (rows.length + group - 1) / group;
        long width = n * ins.length;
        Storage.Host partial = MemoryPool.allocate(Shape.of(groups + 1, Math.toIntExact(width)), t);
        try {
            long acc = partial.address;
            long tiles = (n + COLUMN_TILE - 1) / COLUMN_TILE;
            long grain = Math.max(1, GRAIN / (Math.min(group, rows.length) * Math.min(n, COLUMN_TILE)));
            Threads.parallel(ins.length * tiles * groups, grain, (lo, hi) -> {
                for (long task = lo; task < hi; task++) {
                    int g = (int) (task % groups);
                    long start = task / groups % tiles * COLUMN_TILE;
                    int i = (int) (task / groups / tiles);
                    long length = Math.min(COLUMN_TILE, n - start);
                    long into = acc + (g * width + i * n + start) * size;
                    columnGroup(op, t, from + (ins[i] + start) * size, rows, g * group, Math.min(rows.length, (g + 1) * group), into, length);
                }
            });
            for (int g = 1; g < groups; g++) accumulate(op, t, acc, acc + g * width * size, width);
            for (int i = 0; i < ins.length; i++) spread(size, acc + i * n * size, y.address() + outs[i] * size, outStride, n);
        } finally {
            partial.release();
        }
    }

    private static void columnGroup(Reduction op, DType t, long from, long[] rows, int lo, int hi, long acc, long n) {
        int size = t.bytes();
        Raw.copy(from + rows[lo] * size, acc, n * size);
        int r = lo + 1;
        if (op == Reduction.SUM && t == DType.FLOAT32 && Vectors.AVAILABLE) {
            for (; r + 4 <= hi; r += 4) {
                FloatReduce.addFour(acc, from + 4 * rows[r], from + 4 * rows[r + 1], from + 4 * rows[r + 2], from + 4 * rows[r + 3], n);
            }
        }
        for (; r < hi; r++) accumulate(op, t, acc, from + rows[r] * size, n);
    }

    private static void accumulate(Reduction op, DType t, long acc, long row, long n) {
        if (t == DType.FLOAT32 && Vectors.AVAILABLE) FloatReduce.accumulate(op, acc, row, n);
        else if (t == DType.FLOAT64 && Vectors.AVAILABLE) DoubleReduce.accumulate(op, acc, row, n);
        else PlainReduce.accumulate(op, t, acc, row, n);
    }

    private static void spread(int size, long from, long to, long stride, long n) {
        if (stride == 1) Raw.copy(from, to, n * size);
        else for (long i = 0; i < n; i++) Raw.copy(from + i * size, to + i * stride * size, size);
    }

    // ---- along one axis ----

    static void argReduce(boolean largest, Tensor y, Tensor a, int axis) {
        Tensor c = CpuCopy.contiguous(a);
        try {
            Axis x = new Axis(c, axis);
            DType t = a.dtype();
            long from = c.address();
            long to = y.address();
            long sign = largest ? 1 : -1;
            Threads.parallel(x.outer * x.inner, Math.max(1, GRAIN / x.length), (lo, hi) -> {
                for (long i = lo; i < hi; i++) {
                    long first = i / x.inner * x.length * x.inner + i % x.inner;
                    long best = t.isFloat() ? PlainReduce.position(sign, t, from, first, x.length, x.inner) : PlainReduce.wholePosition(largest, t, from, first, x.length, x.inner);
                    Raw.i64(to + 8 * i, best);
                }
            });
        } finally {
            CpuCopy.drop(c, a);
        }
    }

    static void cumsum(Tensor y, Tensor a, int axis) {
        Tensor c = CpuCopy.contiguous(a);
        try {
            Axis x = new Axis(c, axis);
            long from = c.address();
            long to = y.address();
            DType t = a.dtype();
            Threads.parallel(x.outer * x.inner, Math.max(1, GRAIN / Math.max(1, x.length)), (lo, hi) -> {
                for (long i = lo; i < hi; i++) {
                    long first = i / x.inner * x.length * x.inner + i % x.inner;
                    PlainReduce.runningSum(t, from, to, first, x.length, x.inner);
                }
            });
        } finally {
            CpuCopy.drop(c, a);
        }
    }

    static void cumulate(Cumulative op, Tensor y, Tensor a, int axis) {
        alongEachLine(y, a, axis, (t, from, to, first, x) -> {
            switch (op) {
                case PROD -> PlainReduce.runningProduct(t, from, to, first, x.length, x.inner);
                case LOGSUMEXP -> PlainReduce.runningLogSumExp(t, from, to, first, x.length, x.inner);
            }
        });
    }

    static void cumulativeArg(boolean largest, Tensor y, Tensor a, int axis) {
        alongEachLine(y, a, axis, (t, from, to, first, x) -> PlainReduce.runningPosition(largest, t, from, to, first, x.length, x.inner));
    }

    /** What is done with one line along an axis, whose first element has the flat index {@code first}. */
    @FunctionalInterface
    private interface Line {
        void run(DType type, long from, long to, long first, Axis axis);
    }

    private static void alongEachLine(Tensor y, Tensor a, int axis, Line line) {
        Tensor c = CpuCopy.contiguous(a);
        try {
            Axis x = new Axis(c, axis);
            long from = c.address();
            long to = y.address();
            DType t = a.dtype();
            Threads.parallel(x.outer * x.inner, Math.max(1, GRAIN / Math.max(1, x.length)), (lo, hi) -> {
                for (long i = lo; i < hi; i++) line.run(t, from, to, i / x.inner * x.length * x.inner + i % x.inner, x);
            });
        } finally {
            CpuCopy.drop(c, a);
        }
    }

    /** A contiguous tensor seen as (outer, length, inner) around one axis. */
    static final class Axis {
        final long outer;
        final long length;
        final long inner;

        Axis(Tensor a, int axis) {
            int[] d = a.shape().raw();
            long o = 1;
            long i = 1;
            for (int k = 0; k < axis; k++) o *= d[k];
            for (int k = axis + 1; k < d.length; k++) i *= d[k];
            outer = o;
            length = d.length == 0 ? 1 : d[axis];
            inner = i;
        }
    }
}
