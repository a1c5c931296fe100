package lemma.tensor;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A stream of random numbers from a counter-based generator (Philox 4x32-10): the same seed gives the same bits on any machine and
 * for any number of threads. Each call takes the next numbers; {@link #fork} gives independent streams, and {@link #state} with
 * {@link #of} continues one exactly where it stood.
 *
 * @see <a href="https://doi.org/10.1145/2063384.2063405">Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3</a>
 */
public final class Random {
    private final long key;
    private final AtomicLong counter;

    private Random(long key, long counter) {
        this.key = key;
        this.counter = new AtomicLong(counter);
    }

    /** The stream of a seed. */
    public static Random seed(long seed) {
        return new Random(seed, 0);
    }

    /** Where a stream stands: its key and the number of counters used. */
    public record State(long key, long counter) {}

    /** The stream at {@code state}. */
    public static Random of(State state) {
        return new Random(state.key(), state.counter());
    }

    /** Where this stream stands now. */
    public State state() {
        return new State(key, counter.get());
    }

    /** An independent stream for part {@code i} of the work; this stream does not move. */
    public Random fork(long i) {
        return new Random(mix(key + 0x9E3779B97F4A7C15L * (i + 1)), 0);
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }

    private long take(Shape shape) {
        // a call starts on a whole block of four, so that it does not depend on the lengths of calls before it within a block
        long first = counter.getAndAdd((shape.size() + 3) & -4L);
        Uses uses = Context.get().randoms;
        if (uses != null) uses.note(this, first);
        return first;
    }

    /** The streams that a stretch of work took numbers from, and where each stood before, so that it can run again with the same numbers. */
    static final class Uses {
        private final Map<Random, Long> before = new IdentityHashMap<>();
        private Uses outer;

        static Uses begin(Context c) {
            Uses uses = new Uses();
            uses.outer = c.randoms;
            c.randoms = uses;
            return uses;
        }

        void end(Context c) {
            c.randoms = outer;
            if (outer != null) before.forEach(outer::note);
        }

        private void note(Random random, long first) {
            before.putIfAbsent(random, first);
        }

        /** Runs {@code work} with the streams where they stood, and leaves them where they are. */
        <T> T replay(Supplier<T> work) {
            Map<Random, Long> now = new IdentityHashMap<>();
            before.forEach((random, first) -> now.put(random, random.counter.getAndSet(first)));
            try {
                return work.get();
            } finally {
                now.forEach((random, at) -> random.counter.set(at));
            }
        }
    }

    /** FLOAT32 standard normal numbers. */
    public Tensor normal(int... shape) {
        return normal(Shape.of(shape), DType.FLOAT32);
    }

    /** Standard normal numbers. */
    public Tensor normal(Shape shape, DType dtype) {
        checkFloat("normal", dtype);
        return CpuBackend.INSTANCE.normal(key, take(shape), shape, dtype);
    }

    /** FLOAT32 uniform numbers in [0, 1). */
    public Tensor uniform(int... shape) {
        return uniform(Shape.of(shape), DType.FLOAT32);
    }

    /** Uniform numbers in [0, 1). */
    public Tensor uniform(Shape shape, DType dtype) {
        checkFloat("uniform", dtype);
        return CpuBackend.INSTANCE.uniform(key, take(shape), shape, dtype);
    }

    /** INT64 numbers from {@code low} to {@code high}, which is excluded; the range may be at most 2^31 long. */
    public Tensor integers(long low, long high, int... shape) {
        if (high <= low || high - low > 1L << 31) throw new IllegalArgumentException("integers: range " + low + " to " + high + ", expected 1 to 2^31 numbers");
        Tensor u = uniform(Shape.of(shape), DType.FLOAT64);
        return u.mul((double) (high - low)).floor().to(DType.INT64).add((double) low);
    }

    /** BOOL: true with probability {@code p}. */
    public Tensor bernoulli(double p, int... shape) {
        if (!(p >= 0 && p <= 1)) throw new IllegalArgumentException("bernoulli: p is " + p + ", expected 0 to 1");
        return uniform(Shape.of(shape), DType.FLOAT64).lt(p);
    }

    /** INT64: the numbers 0 to n - 1 in random order. */
    public Tensor permutation(int n) {
        return uniform(Shape.of(n), DType.FLOAT64).argsort(0, false);
    }

    /** One uniform number in [0, 1). */
    public double nextDouble() {
        return uniform(Shape.SCALAR, DType.FLOAT64).item();
    }

    private static void checkFloat(String op, DType dtype) {
        if (!dtype.isFloat()) throw new IllegalArgumentException(op + ": dtype is " + dtype + ", expected FLOAT32 or FLOAT64");
    }
}
