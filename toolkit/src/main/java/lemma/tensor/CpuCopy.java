package lemma.tensor;

/** Copies between strided places, conversion, filling and joining. */
final class CpuCopy {
    private static final long GRAIN = 1 << 15;
    private static final int TILE = 16;
    /** Runs up to this length are copied by vectors. */
    private static final int SHORT = 512;

    private CpuCopy() {}

    /** {@code a} itself if it is contiguous, else a row-major copy that the caller gives back with {@link #drop}. */
    static Tensor contiguous(Tensor a) {
        return a.isContiguous() ? a : copyOf(a);
    }

    /** A row-major copy outside every scope, to be given back with {@link #drop}. */
    static Tensor copyOf(Tensor a) {
        Tensor c = temporary(a.shape(), a.dtype());
        copy(c, a);
        return c;
    }

    /** A tensor outside every scope, to be given back with {@link #drop}. */
    static Tensor temporary(Shape shape, DType dtype) {
        return new Tensor(CpuBackend.INSTANCE, MemoryPool.allocate(shape, dtype), shape, shape.strides(), 0, dtype);
    }

    static void drop(Tensor temporary) {
        temporary.storage().release();
    }

    /** Gives {@code c} back if it is a copy made of {@code a}. */
    static void drop(Tensor c, Tensor a) {
        if (c != a) drop(c);
    }

    static void copy(Tensor dst, Tensor src) {
        long n = dst.size();
        if (n == 0) return;
        int size = dst.dtype().bytes();
        Nest nest = Nest.of(dst.shape().raw(), dst.strides(), src.strides());
        long to = dst.address();
        long from = src.address();
        int inner = nest.rank - 1;
        if (nest.rank > 1 && nest.innerStride(1) != 1 && transposedAxis(nest) >= 0) {
            transposed(nest, transposedAxis(nest), size, to, from);
            return;
        }
        long ds = nest.strides[0][inner];
        long ss = nest.strides[1][inner];
        Threads.parallel(n, GRAIN, (lo, hi) -> nest.runs(lo, hi, (i, od, os, x, k) -> run(size, to + od * size, ds, from + os * size, ss, k)));
    }

    /** The axis along which the source lies side by side, when the destination does so along the last. */
    private static int transposedAxis(Nest nest) {
        if (nest.innerStride(0) != 1) return -1;
        for (int d = nest.rank - 2; d >= 0; d--) if (nest.strides[1][d] == 1 && nest.dims[d] > 3) return d;
        return -1;
    }

    private static void transposed(Nest nest, int axis, int size, long to, long from) {
        int inner = nest.rank - 1;
        long rows = nest.dims[axis];
        long columns = nest.dims[inner];
        int[] outer = new int[nest.rank - 2];
        long[] od = new long[outer.length];
        long[] os = new long[outer.length];
        long planes = 1;
        for (int d = 0, k = 0; d < inner; d++) {
            if (d == axis) continue;
            outer[k] = (int) nest.dims[d];
            od[k] = nest.strides[0][d];
            os[k++] = nest.strides[1][d];
            planes *= nest.dims[d];
        }
        Nest around = Nest.of(outer, od, os);
        long tiles = (rows + TILE - 1) / TILE;
        long dr = nest.strides[0][axis];
        long sc = nest.strides[1][inner];
        long grain = Math.max(1, GRAIN / (TILE * columns));
        Threads.parallel(planes * tiles, grain, (lo, hi) -> {
            for (long t = lo; t < hi; t++) {
                long r = t % tiles * TILE;
                long height = Math.min(TILE, rows - r);
                around.runs(t / tiles, t / tiles + 1, (i, d, s, x, k) ->
                        tileRow(size, to + (d + r * dr) * size, dr * size, from + (s + r) * size, sc * size, height, columns));
            }
        });
    }

    /** A band of {@code height} rows of the destination: side by side there along columns, in the source along rows. Strides in bytes. */
    private static void tileRow(int size, long to, long dr, long from, long sc, long height, long columns) {
        for (long c = 0; c < columns; c += TILE) {
            long width = Math.min(TILE, columns - c);
            if (size == 4) tile4(to + 4 * c, dr, from + c * sc, sc, height, width);
            else for (long r = 0; r < height; r++) run(size, to + r * dr + c * size, 1, from + r * size + c * sc, sc / size, width);
        }
    }

    private static void tile4(long to, long dr, long from, long sc, long height, long width) {
        if (Vectors.AVAILABLE && height == TILE && width == TILE && FloatMath.LANES <= TILE) {
            int lanes = FloatMath.LANES;
            for (int r = 0; r < TILE; r += lanes) for (int c = 0; c < TILE; c += lanes) FloatTranspose.tile(to + r * dr + 4L * c, dr, from + 4L * r + c * sc, sc);
            return;
        }
        for (long r = 0; r < height; r++) {
            long row = to + r * dr;
            long column = from + 4 * r;
            for (int c = 0; c < width; c++) Raw.i32(row + 4L * c, Raw.i32(column + c * sc));
        }
    }

    /** n elements, strides in elements. */
    private static void run(int size, long to, long ds, long from, long ss, long n) {
        if (ds == 1 && ss == 1) {
            if (size == 4 && n <= SHORT && Vectors.AVAILABLE) FloatLoops.copy(from, to, n);
            else Raw.copy(from, to, n * size);
            return;
        }
        switch (size) {
            case 1 -> { for (long i = 0; i < n; i++) Raw.i8(to + i * ds, Raw.i8(from + i * ss)); }
            case 4 -> { for (long i = 0; i < n; i++) Raw.i32(to + 4 * i * ds, Raw.i32(from + 4 * i * ss)); }
            case 8 -> { for (long i = 0; i < n; i++) Raw.i64(to + 8 * i * ds, Raw.i64(from + 8 * i * ss)); }
            case 16 -> {
                for (long i = 0; i < n; i++) {
                    Raw.i64(to + 16 * i * ds, Raw.i64(from + 16 * i * ss));
                    Raw.i64(to + 16 * i * ds + 8, Raw.i64(from + 16 * i * ss + 8));
                }
            }
            default -> { for (long i = 0; i < n; i++) Raw.copy(from + size * i * ss, to + size * i * ds, size); }
        }
    }

    static void cast(Tensor y, Tensor a) {
        if (a.dtype() == y.dtype()) {
            copy(y, a);
            return;
        }
        Tensor c = contiguous(a);
        try {
            long from = c.address();
            long to = y.address();
            Threads.parallel(y.size(), GRAIN, (lo, hi) -> convert(a.dtype(), y.dtype(), from + lo * a.dtype().bytes(), to + lo * y.dtype().bytes(), hi - lo));
        } finally {
            drop(c, a);
        }
    }

    private static void convert(DType from, DType to, long x, long y, long n) {
        boolean truths = from == DType.FLOAT32 && to == DType.BOOL && Vectors.AVAILABLE;
        if (!truths || !FloatLoops.truths(x, y, n)) PlainLoops.cast(from, to, x, y, n);
    }

    static void fill(Tensor y, double value) {
        DType t = y.dtype();
        long to = y.address();
        if (value == 0 && Double.doubleToRawLongBits(value) == 0) {
            Threads.parallel(y.size() * t.bytes(), GRAIN * 8, (lo, hi) -> Raw.zero(to + lo, hi - lo));
            return;
        }
        switch (t) {
            case FLOAT32 -> fill32(to, y.size(), Float.floatToRawIntBits((float) value));
            case INT32 -> fill32(to, y.size(), (int) value);
            case FLOAT64 -> fill64(to, y.size(), Double.doubleToRawLongBits(value));
            case INT64 -> fill64(to, y.size(), (long) value);
            case BOOL -> Memory.ALL.asSlice(to, y.size()).fill((byte) (value != 0 ? 1 : 0));
            case UINT8 -> Memory.ALL.asSlice(to, y.size()).fill((byte) (long) value);
            case COMPLEX64, COMPLEX128 -> fillComplex(y, value);
        }
    }

    private static void fill32(long to, long n, int v) {
        long twice = v & 0xFFFFFFFFL | (long) v << 32;
        fill64(to, n / 2, twice);
        if ((n & 1) == 1) Raw.i32(to + 4 * (n - 1), v);
    }

    private static void fill64(long to, long n, long v) {
        Threads.parallel(n, GRAIN, (lo, hi) -> {
            if (Vectors.AVAILABLE) LongLoops.fill(to + 8 * lo, hi - lo, v);
            else for (long i = lo; i < hi; i++) Raw.i64(to + 8 * i, v);
        });
    }

    private static void fillComplex(Tensor y, double value) {
        DType part = y.dtype().toReal();
        for (long i = 0; i < y.size(); i++) {
            Raw.real(part, y.address(), 2 * i, value);
            Raw.real(part, y.address(), 2 * i + 1, 0);
        }
    }
}
