package lemma.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Matrix products, called on addresses: those that {@link PackedMatrix} takes by its panels, the others by OpenBLAS, which runs on the thread
 * that calls it while {@link Threads} shares the work out.
 */
final class Blas {
    private static final int ROW_MAJOR = 101;
    private static final int NO_TRANSPOSE = 111;
    private static final int TRANSPOSE = 112;
    private static final int UPPER = 121;
    /** Multiplications below which neither a second thread nor panels pay. */
    private static final long SPLIT = 1 << 18;
    private static final boolean PANELS = Vectors.AVAILABLE && FloatMath.STEP == 64;
    /** Rows and columns below which packing does not pay. */
    private static final int FEW = 8;

    private static final List<Path> FILES = files();
    private static final SymbolLookup SINGLE = SymbolLookup.libraryLookup(FILES.getFirst(), Arena.global());
    private static final MethodHandle SGEMM = gemm("cblas_sgemm", ValueLayout.JAVA_FLOAT);
    private static final MethodHandle DGEMM = gemm("cblas_dgemm", ValueLayout.JAVA_DOUBLE);
    /** Of complex numbers, alpha and beta by address. */
    private static final MethodHandle CGEMM = gemm("cblas_cgemm", ValueLayout.JAVA_LONG);
    private static final MethodHandle ZGEMM = gemm("cblas_zgemm", ValueLayout.JAVA_LONG);
    private static final MethodHandle DSYRK = dsyrk();
    /** Multiplications of a matrix with its own transpose from which it is shared among threads. */
    private static final long SHARED = 1 << 26;
    /** Rows of such a share. */
    private static final int BAND = 128;
    private static final int TILE = 32;
    private static final int LONG = 48;
    private static final MemorySegment COMPLEX_FACTORS = Arena.global().allocate(64, 16);

    static {
        COMPLEX_FACTORS.set(ValueLayout.JAVA_FLOAT, 0, 1);
        COMPLEX_FACTORS.set(ValueLayout.JAVA_DOUBLE, 32, 1);
        setThreads(SINGLE, 1);
    }

    private Blas() {}

    /** The library as it was unpacked: the file itself, and a second one of the same content where there is one. */
    private static List<Path> files() {
        Path folder = Path.of(Loader.load(openblas_nolapack.class)).getParent();
        try (var files = Files.list(folder)) {
            List<Path> found = files.filter(f -> f.getFileName().toString().startsWith("libopenblas") && !Files.isSymbolicLink(f)).sorted().toList();
            if (found.isEmpty()) throw new IllegalStateException("No libopenblas in " + folder + ": the natives of org.bytedeco:openblas for this platform are missing from the class path");
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + folder + ", where OpenBLAS was unpacked", e);
        }
    }

    /** A second OpenBLAS in this process, whose number of threads is its own; null where the platform's files give none. */
    static SymbolLookup second() {
        if (FILES.size() < 2) return null;
        SymbolLookup second = SymbolLookup.libraryLookup(FILES.get(1), Arena.global());
        boolean apart = second.findOrThrow("cblas_dgemm").address() != SINGLE.findOrThrow("cblas_dgemm").address();
        return apart ? second : null;
    }

    /** The OpenBLAS that runs on the calling thread alone. */
    static SymbolLookup single() {
        return SINGLE;
    }

    private static MethodHandle gemm(String name, MemoryLayout number) {
        var i = ValueLayout.JAVA_INT;
        var p = ValueLayout.JAVA_LONG;
        return Linker.nativeLinker().downcallHandle(SINGLE.findOrThrow(name),
                FunctionDescriptor.ofVoid(i, i, i, i, i, i, number, p, i, p, i, number, p, i));
    }

    private static MethodHandle dsyrk() {
        var i = ValueLayout.JAVA_INT;
        var p = ValueLayout.JAVA_LONG;
        var number = ValueLayout.JAVA_DOUBLE;
        return Linker.nativeLinker().downcallHandle(SINGLE.findOrThrow("cblas_dsyrk"), FunctionDescriptor.ofVoid(i, i, i, i, i, number, p, i, number, p, i));
    }

    static void setThreads(SymbolLookup library, int n) {
        MethodHandle set = Linker.nativeLinker().downcallHandle(library.findOrThrow("openblas_set_num_threads"), FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
        try {
            set.invokeExact(n);
        } catch (Throwable e) {
            throw new IllegalStateException("openblas_set_num_threads", e);
        }
    }

    /** A matrix in memory: element (i, j) at {@code address + (i ld + j) size}, or (j, i) there when transposed. */
    record Matrix(long address, int ld, boolean transposed) {
        /** The part from row {@code i}, column {@code j} on. */
        Matrix from(long i, long j, int size) {
            return new Matrix(address + (transposed ? j * ld + i : i * ld + j) * size, ld, transposed);
        }

        Matrix transpose() {
            return new Matrix(address, ld, !transposed);
        }
    }

    /** Whether {@link PackedMatrix} is faster: needs vectors as wide as its panels are made for, and products worth having it compiled. */
    static boolean packs(DType type, long m, int n, int k) {
        return type == DType.FLOAT32 && PANELS && m >= FEW && n >= FEW && k >= FEW && m * n * k >= SPLIT;
    }

    /** {@code c = a b + beta c} for a (m, k), b (k, n), c (m, n) with rows {@code ldc} apart; shared among threads. */
    static void multiply(DType type, int m, int n, int k, Matrix a, Matrix b, double beta, long c, int ldc) {
        if (packs(type, m, n, k)) {
            PackedMatrix.multiply(m, n, k, a, b, beta, c, ldc, true);
            return;
        }
        if (type == DType.FLOAT64 && beta == 0 && isOwnTranspose(m, n, k, a, b)) {
            withOwnTranspose(n, k, a, c, ldc);
            return;
        }
        int threads = Threads.count();
        if (threads == 1 || (long) m * n * k < SPLIT) {
            one(type, m, n, k, a, b, beta, c, ldc);
            return;
        }
        int size = type.bytes();
        if (m >= n) {
            Threads.parallel(m, (m + threads - 1) / threads, (lo, hi) ->
                    one(type, (int) (hi - lo), n, k, a.from(lo, 0, size), b, beta, c + lo * ldc * size, ldc));
        } else {
            Threads.parallel(n, (n + threads - 1) / threads, (lo, hi) ->
                    one(type, m, (int) (hi - lo), k, a, b.from(0, lo, size), beta, c + lo * size, ldc));
        }
    }

    /** Whether b is the transpose of a, and long enough that to copy half of the result costs less than to multiply. */
    private static boolean isOwnTranspose(int m, int n, int k, Matrix a, Matrix b) {
        return m == n && k >= Math.min(n, LONG) && (long) m * n * k >= SPLIT && a.address == b.address && a.ld == b.ld && a.transposed != b.transposed;
    }

    /** {@code c = a a^T}: the half above the diagonal, the other half copied. Large ones are shared out in bands of rows. */
    private static void withOwnTranspose(int n, int k, Matrix a, long c, int ldc) {
        MemorySegment out = MemorySegment.ofAddress(c).reinterpret(8L * ((n - 1L) * ldc + n));
        if ((long) n * n * k < SHARED) {
            halfWithOwnTranspose(n, k, a, c, ldc);
            mirror(out, ldc, 0, n, n);
            return;
        }
        int bands = (n + BAND - 1) / BAND;
        Threads.parallel(bands, 1, (from, to) -> {
            for (long band = from; band < to; band++) {
                int lo = (int) band * BAND;
                int hi = Math.min(n, lo + BAND);
                Matrix rows = a.from(lo, 0, 8);
                halfWithOwnTranspose(hi - lo, k, rows, c + 8L * lo * (ldc + 1L), ldc);
                if (hi < n) one(DType.FLOAT64, hi - lo, n - hi, k, rows, a.from(hi, 0, 8).transpose(), 0, c + 8L * ((long) lo * ldc + hi), ldc);
                mirror(out, ldc, lo, hi, n);
            }
        });
    }

    private static void halfWithOwnTranspose(int n, int k, Matrix a, long c, int ldc) {
        try {
            DSYRK.invokeExact(ROW_MAJOR, UPPER, a.transposed ? TRANSPOSE : NO_TRANSPOSE, n, k, 1.0, a.address, a.ld, 0.0, c, ldc);
        } catch (Throwable e) {
            throw new IllegalStateException("syrk of " + n + " x " + k, e);
        }
    }

    /** Copies rows {@code lo} to {@code hi}, right of the diagonal, to the columns below it; in tiles, which stay in the cache. */
    private static void mirror(MemorySegment out, int ldc, int lo, int hi, int n) {
        for (int top = lo; top < hi; top += TILE) {
            for (int left = top; left < n; left += TILE) {
                for (long j = left; j < Math.min(n, left + TILE); j++) {
                    for (long i = top; i < Math.min(j, Math.min(hi, top + TILE)); i++) out.setAtIndex(ValueLayout.JAVA_DOUBLE, j * ldc + i, out.getAtIndex(ValueLayout.JAVA_DOUBLE, i * ldc + j));
                }
            }
        }
    }

    /** The same on the calling thread alone. */
    static void one(DType type, int m, int n, int k, Matrix a, Matrix b, double beta, long c, int ldc) {
        if (packs(type, m, n, k)) {
            PackedMatrix.multiply(m, n, k, a, b, beta, c, ldc, false);
            return;
        }
        int ta = a.transposed ? TRANSPOSE : NO_TRANSPOSE;
        int tb = b.transposed ? TRANSPOSE : NO_TRANSPOSE;
        try {
            if (type.isComplex()) complex(type, ta, tb, m, n, k, a, b, beta, c, ldc);
            else if (type == DType.FLOAT32) SGEMM.invokeExact(ROW_MAJOR, ta, tb, m, n, k, 1f, a.address, a.ld, b.address, b.ld, (float) beta, c, ldc);
            else DGEMM.invokeExact(ROW_MAJOR, ta, tb, m, n, k, 1.0, a.address, a.ld, b.address, b.ld, beta, c, ldc);
        } catch (Throwable e) {
            throw new IllegalStateException("gemm of " + m + " x " + k + " x " + n, e);
        }
    }

    private static void complex(DType type, int ta, int tb, int m, int n, int k, Matrix a, Matrix b, double beta, long c, int ldc) throws Throwable {
        boolean single = type == DType.COMPLEX64;
        int size = single ? 4 : 8;
        long one = COMPLEX_FACTORS.address() + (single ? 0 : 32);
        long zero = one + 2L * size;
        long scale = beta == 0 ? zero : one;
        if (single) CGEMM.invokeExact(ROW_MAJOR, ta, tb, m, n, k, one, a.address, a.ld, b.address, b.ld, scale, c, ldc);
        else ZGEMM.invokeExact(ROW_MAJOR, ta, tb, m, n, k, one, a.address, a.ld, b.address, b.ld, scale, c, ldc);
    }
}
