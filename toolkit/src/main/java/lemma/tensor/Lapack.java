package lemma.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Factorizations of OpenBLAS's LAPACK, called on addresses of column-major matrices. LAPACK keeps work areas on the stack and overruns
 * that of an ordinary Java thread, so calls belong inside {@link #parallel}, whose threads have large ones. Matrices of a batch, and small
 * ones, run on one thread each. A single large one runs on as many as {@link Threads} counts, by a second OpenBLAS, because its number of
 * threads holds for a whole library and that of {@link Blas} must stay one.
 */
final class Lapack {
    private static final int COLUMN_MAJOR = 102;
    private static final int ROW_MAJOR = 101;
    private static final int LEFT = 141;
    private static final int UPPER = 121;
    private static final int LOWER = 122;
    private static final int NO_TRANSPOSE = 111;
    private static final int NON_UNIT = 131;
    private static final int UNIT = 132;
    private static final long STACK = 64L << 20;
    private static final byte QUERY_BLOCK = 64;
    /** Rows from which a matrix is worth several threads. */
    private static final int LARGE = 256;

    private static final ExecutorService LARGE_STACKS = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
        Thread t = new LargeStack(work);
        t.setDaemon(true);
        return t;
    });

    private static final Library ALONE = new Library(Blas.single());

    private static final class LargeStack extends Thread {
        Library openblas = ALONE;

        LargeStack(Runnable work) {
            super(null, work, "lemma-lapack", STACK);
        }
    }

    /** The library for single large matrices, loaded when the first comes; null if there is no second one. */
    private static final class Several {
        static final Library THREADED = Blas.second() == null ? null : new Library(Blas.second());
    }

    /** The routines of one OpenBLAS. */
    private static final class Library {
        final SymbolLookup symbols;
        final Routines floats;
        final Routines doubles;

        Library(SymbolLookup symbols) {
            this.symbols = symbols;
            floats = new Routines(symbols, 's');
            doubles = new Routines(symbols, 'd');
        }
    }

    private Lapack() {}

    /** The routines of one precision; i is an int, c a character, p an address. */
    private static final class Routines {
        final MethodHandle syevd;
        final MethodHandle sbevd;
        final MethodHandle gesdd;
        final MethodHandle potrf;
        final MethodHandle getrf;
        final MethodHandle getrs;
        final MethodHandle geqrf;
        final MethodHandle orgqr;
        final MethodHandle trsm;

        Routines(SymbolLookup symbols, char precision) {
            syevd = lapack(symbols, precision + "syevd", "icc" + "ipi" + "p" + "pipi");
            sbevd = lapack(symbols, precision + "sbevd_2stage", "icc" + "ii" + "pi" + "p" + "pi" + "pipi");
            gesdd = lapack(symbols, precision + "gesdd", "ic" + "ii" + "pi" + "p" + "pipi" + "pip");
            potrf = lapack(symbols, precision + "potrf", "ici" + "pi");
            getrf = lapack(symbols, precision + "getrf", "iii" + "pip");
            getrs = lapack(symbols, precision + "getrs", "icii" + "pip" + "pi");
            geqrf = lapack(symbols, precision + "geqrf", "iii" + "pi" + "p" + "pi");
            orgqr = lapack(symbols, precision + "orgqr", "iiii" + "pi" + "p" + "pi");
            MemoryLayout number = precision == 's' ? ValueLayout.JAVA_FLOAT : ValueLayout.JAVA_DOUBLE;
            var i = ValueLayout.JAVA_INT;
            var p = ValueLayout.JAVA_LONG;
            trsm = Linker.nativeLinker().downcallHandle(symbols.findOrThrow("cblas_" + precision + "trsm"), FunctionDescriptor.ofVoid(i, i, i, i, i, i, i, number, p, i, p, i));
        }

        private static MethodHandle lapack(SymbolLookup symbols, String name, String arguments) {
            MemoryLayout[] layouts = arguments.chars().mapToObj(c -> switch (c) {
                case 'i' -> ValueLayout.JAVA_INT;
                case 'c' -> ValueLayout.JAVA_BYTE;
                default -> ValueLayout.JAVA_LONG;
            }).toArray(MemoryLayout[]::new);
            return Linker.nativeLinker().downcallHandle(symbols.findOrThrow("LAPACKE_" + name + "_work"), FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts));
        }
    }

    private static Routines of(DType type) {
        Library openblas = Thread.currentThread() instanceof LargeStack thread ? thread.openblas : ALONE;
        return type == DType.FLOAT32 ? openblas.floats : openblas.doubles;
    }

    /**
     * Runs {@code body} over the {@code n} matrices of a batch, whose shorter side is {@code order}, in as many equal chunks as there are
     * threads, each on a thread with a large stack.
     */
    static void parallel(long n, int order, Threads.Range body) {
        int threads = Threads.count();
        if (n == 1 && order >= LARGE && threads > 1 && Several.THREADED != null) several(threads, body);
        else chunks(n, body);
    }

    /** One matrix at a time, so that no other changes the number of threads meanwhile. */
    private static synchronized void several(int threads, Threads.Range body) {
        Blas.setThreads(Several.THREADED.symbols, threads);
        chunks(1, (from, to) -> {
            LargeStack thread = (LargeStack) Thread.currentThread();
            thread.openblas = Several.THREADED;
            try {
                body.run(from, to);
            } finally {
                thread.openblas = ALONE;
            }
        });
    }

    /** On a thread with a large stack, by the library that has no other. */
    static void alone(Runnable body) {
        chunks(1, (from, to) -> body.run());
    }

    private static void chunks(long n, Threads.Range body) {
        long chunks = Math.min(n, Threads.count());
        List<Future<?>> running = new ArrayList<>();
        for (long c = 0; c < chunks; c++) {
            long from = c * n / chunks;
            long to = (c + 1) * n / chunks;
            running.add(LARGE_STACKS.submit(() -> body.run(from, to)));
        }
        Throwable failure = null;
        for (Future<?> f : running) {
            Throwable t = await(f);
            if (failure == null) failure = t;
        }
        switch (failure) {
            case null -> { }
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    /** Waits to the end even if interrupted: the memory is in use until then. */
    private static Throwable await(Future<?> f) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    f.get();
                    return null;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    return e.getCause();
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    @FunctionalInterface
    private interface Call {
        int run() throws Throwable;
    }

    private static int call(String routine, Call call) {
        int info;
        try {
            info = call.run();
        } catch (Throwable e) {
            throw new IllegalStateException(routine, e);
        }
        if (info < 0) throw new IllegalStateException(routine + ": argument " + -info + " is not legal");
        return info;
    }

    /** Numbers of work space that {@link #syevd} needs, and integers. */
    static long[] syevdWork(int n, boolean vectors) {
        return vectors ? new long[] {1 + 6L * n + 2L * n * n, 3 + 5L * n} : new long[] {2L * n + (QUERY_BLOCK + 2L) * n + 1, 1};
    }

    /** Eigenvalues ascending into {@code w}; a becomes the eigenvectors if asked for. Reads the upper triangle of a, columns {@code n} apart. */
    static int syevd(DType type, boolean vectors, int n, long a, long w, long work, long[] sizes, long iwork) {
        return call("syevd", () -> (int) of(type).syevd.invokeExact(COLUMN_MAJOR, (byte) (vectors ? 'V' : 'N'), (byte) 'U', n, a, n, w,
                work, Math.toIntExact(sizes[0]), iwork, Math.toIntExact(sizes[1])));
    }

    /** Eigenvalues ascending into {@code w}, of a band whose diagonal and {@code width} elements below it are the columns of a (width + 1, n), which is overwritten. */
    static int sbevd(DType type, int n, int width, long a, long w) {
        try (Arena arena = Arena.ofConfined()) {
            long integers = arena.allocate(8).address();
            long size = arena.allocate(8).address();
            sbevd(type, n, width, a, w, size, -1, integers);
            int numbers = (int) Raw.real(type, size, 0);
            return sbevd(type, n, width, a, w, arena.allocate((long) numbers * type.bytes(), 64).address(), numbers, integers);
        }
    }

    private static int sbevd(DType type, int n, int width, long a, long w, long work, int size, long integers) {
        return call("sbevd", () -> (int) of(type).sbevd.invokeExact(COLUMN_MAJOR, (byte) 'N', (byte) 'L', n, width, a, width + 1, w, w, 1, work, size, integers, 1));
    }

    /** Numbers of work space that {@link #gesdd} needs. */
    static long gesddWork(int m, int n) {
        long least = Math.min(m, n);
        long most = Math.max(m, n);
        return 4 * least * least + 7 * least + Math.max(most, 4 * least * least + 4 * least) + QUERY_BLOCK * (most + least);
    }

    /** Singular value decomposition of a (m, n), which is overwritten. Job 'A', 'S' or 'N' as LAPACK names them. */
    static int gesdd(DType type, char job, int m, int n, long a, long s, long u, long vt, int ldvt, long work, long size, long iwork) {
        return call("gesdd", () -> (int) of(type).gesdd.invokeExact(COLUMN_MAJOR, (byte) job, m, n, a, m, s, u, m, vt, ldvt, work, Math.toIntExact(size), iwork));
    }

    /** Upper factor of a; the order of the leading minor that is not positive, or 0. */
    static int potrf(DType type, int n, long a) {
        return call("potrf", () -> (int) of(type).potrf.invokeExact(COLUMN_MAJOR, (byte) 'U', n, a, n));
    }

    /** LU with row exchanges of a (m, n); the first pivot (from 1) that is zero, or 0. */
    static int getrf(DType type, int m, int n, long a, long pivots) {
        return call("getrf", () -> (int) of(type).getrf.invokeExact(COLUMN_MAJOR, m, n, a, m, pivots));
    }

    /** Solves with the factors of {@link #getrf} in place of b. */
    static void getrs(DType type, boolean transposed, int n, int columns, long lu, long pivots, long b) {
        call("getrs", () -> (int) of(type).getrs.invokeExact(COLUMN_MAJOR, (byte) (transposed ? 'T' : 'N'), n, columns, lu, n, pivots, b, n));
    }

    /** Numbers of work space that {@link #geqrf} and {@link #orgqr} need. */
    static long qrWork(int m, int n) {
        return (long) QUERY_BLOCK * Math.max(1, Math.max(m, n));
    }

    /** Columns {@code ld} apart. */
    static void geqrf(DType type, int m, int n, long a, int ld, long tau, long work, long size) {
        call("geqrf", () -> (int) of(type).geqrf.invokeExact(COLUMN_MAJOR, m, n, a, ld, tau, work, Math.toIntExact(size)));
    }

    /** The first n columns of the product of k reflections, in place. */
    static void orgqr(DType type, int m, int n, int k, long a, long tau, long work, long size) {
        call("orgqr", () -> (int) of(type).orgqr.invokeExact(COLUMN_MAJOR, m, n, k, a, m, tau, work, Math.toIntExact(size)));
    }

    /** Solves with the row-major triangle a in place of the row-major b (n, columns). */
    static void trsm(DType type, boolean upper, boolean unit, int n, int columns, long a, long b) {
        int triangle = upper ? UPPER : LOWER;
        int diagonal = unit ? UNIT : NON_UNIT;
        call("trsm", () -> {
            if (type == DType.FLOAT32) of(type).trsm.invokeExact(ROW_MAJOR, LEFT, triangle, NO_TRANSPOSE, diagonal, n, columns, 1f, a, n, b, columns);
            else of(type).trsm.invokeExact(ROW_MAJOR, LEFT, triangle, NO_TRANSPOSE, diagonal, n, columns, 1.0, a, n, b, columns);
            return 0;
        });
    }
}
