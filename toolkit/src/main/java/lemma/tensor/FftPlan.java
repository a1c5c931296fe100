package lemma.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a discrete Fourier transform of one length runs: stages of radix 4, 2, 3 and 5 in Stockham's self-sorting order, or Bluestein's
 * convolution where the length has other factors.
 *
 * <p>Data stand as separate real and imaginary parts, element i of {@code lanes} transforms side by side. A stage of radix r takes
 * {@code x[q + s (p + m j)]}, j below r, to {@code y[q + s (r p + k)] = w^(p k) sum_j x_j exp(-2 pi i j k / r)}, with s products of the radices before.
 */
final class FftPlan {
    private static final int KEPT = 64;
    private static final int[] RADICES = {4, 2, 3, 5};
    private static final Map<Key, FftPlan> PLANS = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, FftPlan> eldest) {
            return size() > KEPT;
        }
    };

    private record Key(DType type, int n) {}

    /** {@code twiddles} is the address of r - 1 complex factors for each p. */
    record Stage(int radix, int m, int s, long twiddles) {}

    final int n;
    private final DType type;
    private final List<Stage> stages = new ArrayList<>();
    private final MemorySegment twiddles;
    private final FftPlan convolution;
    private final MemorySegment chirp;
    private final MemorySegment filter;
    private MemorySegment halfTurns;

    private FftPlan(DType type, int n) {
        this.type = type;
        this.n = n;
        List<Integer> radices = radices(n);
        if (radices != null) {
            twiddles = twiddles(radices);
            convolution = null;
            chirp = null;
            filter = null;
            return;
        }
        twiddles = null;
        convolution = of(type, smooth(Math.toIntExact(2L * n - 1)));
        chirp = chirp();
        filter = filter();
    }

    /** The plan for {@code n} of numbers of {@code type}, FLOAT32 or FLOAT64. */
    static FftPlan of(DType type, int n) {
        Key key = new Key(type, n);
        synchronized (PLANS) {
            FftPlan known = PLANS.get(key);
            if (known != null) return known;
        }
        FftPlan made = new FftPlan(type, n);
        synchronized (PLANS) {
            PLANS.putIfAbsent(key, made);
        }
        return made;
    }

    /** Elements of work space for one lane, of which a transform needs four. */
    int space() {
        return convolution == null ? n : convolution.n;
    }

    /** Factors {@code exp(-pi i k / n)}, k to n: for real sequences of length 2 n. */
    synchronized long halfTurns() {
        if (halfTurns == null) {
            halfTurns = allocate(2L * n + 2);
            for (int k = 0; k <= n; k++) put(halfTurns, k, root(k, 2L * n));
        }
        return halfTurns.address();
    }

    private static List<Integer> radices(int n) {
        List<Integer> found = new ArrayList<>();
        int rest = n;
        for (int r : RADICES) {
            for (; rest % r == 0; rest /= r) found.add(r);
        }
        return rest == 1 ? found : null;
    }

    /** The smallest number from {@code least} on without other factors than 2, 3 and 5. */
    private static int smooth(int least) {
        int n = least;
        while (radices(n) == null) n++;
        return n;
    }

    private MemorySegment allocate(long numbers) {
        return Arena.ofAuto().allocate(Math.max(1, numbers) * type.bytes(), 64);
    }

    private void put(MemorySegment to, long i, double[] root) {
        Raw.real(type, to.address(), 2 * i, root[0]);
        Raw.real(type, to.address(), 2 * i + 1, root[1]);
    }

    /** {@code exp(-2 pi i k / n)}, from an angle of at most an eighth of a turn. */
    static double[] root(long k, long n) {
        if (2 * k > n) {
            double[] w = root(n - k, n);
            return new double[] {w[0], -w[1]};
        }
        if (4 * k > n) {
            double[] w = root(n - 2 * k, 2 * n);
            return new double[] {-w[0], w[1]};
        }
        if (8 * k > n) {
            double[] w = root(n - 4 * k, 4 * n);
            return new double[] {-w[1], -w[0]};
        }
        double angle = 2 * Math.PI * k / n;
        return new double[] {StrictMath.cos(angle), -StrictMath.sin(angle)};
    }

    private MemorySegment twiddles(List<Integer> radices) {
        long count = 0;
        int length = n;
        for (int r : radices) {
            count += (long) length / r * (r - 1);
            length /= r;
        }
        MemorySegment table = allocate(2 * count);
        long at = 0;
        int s = 1;
        length = n;
        for (int r : radices) {
            int m = length / r;
            stages.add(new Stage(r, m, s, table.address() + 2 * at * type.bytes()));
            for (long p = 0; p < m; p++) {
                for (long k = 1; k < r; k++) put(table, at++, root(p * k % length, length));
            }
            length = m;
            s *= r;
        }
        return table;
    }

    // ---- Bluestein (1970): jk = (j^2 + k^2 - (k - j)^2) / 2 makes the sum a convolution ----

    private double[] chirp(long k) {
        return root(k * k % (2L * n), 2L * n);
    }

    private MemorySegment chirp() {
        MemorySegment c = allocate(2L * n);
        for (int k = 0; k < n; k++) put(c, k, chirp(k));
        return c;
    }

    /** The transform of the conjugate chirp, over the length of the convolution. */
    private MemorySegment filter() {
        int m = convolution.n;
        MemorySegment b = allocate(2L * m);
        MemorySegment work = allocate(4L * m);
        long[] parts = new long[4];
        for (int i = 0; i < 4; i++) parts[i] = work.address() + (long) i * m * type.bytes();
        for (int k = 0; k < n; k++) {
            double[] w = chirp(k);
            for (int at : new int[] {k, (m - k) % m}) {
                Raw.real(type, parts[0], at, w[0]);
                Raw.real(type, parts[1], at, -w[1]);
            }
        }
        convolution.forward(parts, 1);
        for (int k = 0; k < m; k++) put(b, k, new double[] {Raw.real(type, parts[0], k) / m, Raw.real(type, parts[1], k) / m});
        java.lang.ref.Reference.reachabilityFence(work);
        return b;
    }

    // ---- running ----

    /**
     * Transforms {@code lanes} sequences side by side, forward and without a factor. Parts are the addresses of real and imaginary parts and of
     * equally much work space; the result is at the first two of them, which may have changed places. With real and imaginary parts
     * exchanged before and after it is the inverse.
     */
    void forward(long[] parts, int lanes) {
        if (convolution == null) {
            for (Stage stage : stages) {
                run(stage, parts[0], parts[1], parts[2], parts[3], lanes);
                swap(parts, 0, 2);
                swap(parts, 1, 3);
            }
        } else {
            convolve(parts, lanes);
        }
        java.lang.ref.Reference.reachabilityFence(this);
    }

    static void swap(long[] parts, int i, int j) {
        long t = parts[i];
        parts[i] = parts[j];
        parts[j] = t;
    }

    private void run(Stage g, long xr, long xi, long yr, long yi, int lanes) {
        long width = (long) g.s * lanes;
        long whole = 0;
        if (Vectors.AVAILABLE) whole = type == DType.FLOAT32 ? FloatFft.stage(g, width, xr, xi, yr, yi) : DoubleFft.stage(g, width, xr, xi, yr, yi);
        if (whole < width) PlainFft.stage(type, g, width, whole, xr, xi, yr, yi);
    }

    private void convolve(long[] parts, int lanes) {
        int size = type.bytes();
        int m = convolution.n;
        multiply(parts, chirp, n, lanes);
        for (int i = 0; i < 2; i++) Raw.zero(parts[i] + (long) n * lanes * size, (long) (m - n) * lanes * size);
        convolution.forward(parts, lanes);
        multiply(parts, filter, m, lanes);
        swap(parts, 0, 1);
        swap(parts, 2, 3);
        convolution.forward(parts, lanes);
        swap(parts, 0, 1);
        swap(parts, 2, 3);
        multiply(parts, chirp, n, lanes);
    }

    private void multiply(long[] parts, MemorySegment factors, int count, int lanes) {
        for (long i = 0; i < count; i++) {
            double wr = Raw.real(type, factors.address(), 2 * i);
            double wi = Raw.real(type, factors.address(), 2 * i + 1);
            for (long q = i * lanes; q < (i + 1) * lanes; q++) {
                double re = Raw.real(type, parts[0], q);
                double im = Raw.real(type, parts[1], q);
                Raw.real(type, parts[0], q, re * wr - im * wi);
                Raw.real(type, parts[1], q, re * wi + im * wr);
            }
        }
    }
}
