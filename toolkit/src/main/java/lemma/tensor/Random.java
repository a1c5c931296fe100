package lemma.tensor;

import java.util.IdentityHashMap;
import java.util.Map;
import java.lang.ref.Reference;
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

    // ---- distributions; each element has random numbers of its own, and no gradient passes to the parameters ----

    private Tensor sample(CpuSampling.Law law, Shape shape, double... parameters) {
        Tensor[] p = new Tensor[parameters.length];
        for (int i = 0; i < p.length; i++) p[i] = Tensor.scalar(parameters[i], DType.FLOAT64);
        return sample(law, shape, DType.FLOAT32, p);
    }

    private Tensor sample(String op, CpuSampling.Law law, Tensor... parameters) {
        DType type = DType.FLOAT32;
        Shape shape = parameters[0].shape();
        Tensor[] p = new Tensor[parameters.length];
        for (int i = 0; i < p.length; i++) {
            if (parameters[i].dtype() == DType.FLOAT64) type = DType.FLOAT64;
            shape = Shape.broadcast(op, shape, parameters[i].shape());
            p[i] = parameters[i].detach().to(CpuBackend.INSTANCE);
        }
        return sample(law, shape, type, p);
    }

    private Tensor sample(CpuSampling.Law law, Shape shape, DType type, Tensor... parameters) {
        Tensor y = CpuBackend.INSTANCE.empty(shape, type);
        try {
            CpuSampling.sample(law, key, take(shape), y, parameters);
            return y;
        } finally {
            Reference.reachabilityFence(parameters);
            Reference.reachabilityFence(y);
        }
    }

    /** FLOAT32 numbers with density {@code rate exp(-rate x)}. */
    public Tensor exponential(double rate, int... shape) {
        return sample(CpuSampling::exponential, Shape.of(shape), rate);
    }

    /** As {@link #exponential(double, int...)} with parameters that broadcast, in their type. */
    public Tensor exponential(Tensor rate) {
        return sample("exponential", CpuSampling::exponential, rate);
    }

    /** FLOAT32 numbers with density proportional to {@code x^(concentration-1) exp(-rate x)}. */
    public Tensor gamma(double concentration, double rate, int... shape) {
        return sample(CpuSampling::gamma, Shape.of(shape), concentration, rate);
    }

    /** As {@link #gamma(double, double, int...)} with parameters that broadcast, in their type. */
    public Tensor gamma(Tensor concentration, Tensor rate) {
        return sample("gamma", CpuSampling::gamma, concentration, rate);
    }

    /** FLOAT32 sums of the squares of {@code df} standard normal numbers; df need not be whole. */
    public Tensor chiSquare(double df, int... shape) {
        return sample(CpuSampling::chiSquare, Shape.of(shape), df);
    }

    /** As {@link #chiSquare(double, int...)} with parameters that broadcast, in their type. */
    public Tensor chiSquare(Tensor df) {
        return sample("chiSquare", CpuSampling::chiSquare, df);
    }

    /** FLOAT32 numbers of Student's t distribution with {@code df} degrees of freedom. */
    public Tensor studentT(double df, int... shape) {
        return sample(CpuSampling::studentT, Shape.of(shape), df);
    }

    /** As {@link #studentT(double, int...)} with parameters that broadcast, in their type. */
    public Tensor studentT(Tensor df) {
        return sample("studentT", CpuSampling::studentT, df);
    }

    /** FLOAT32 numbers in [0, 1] with density proportional to {@code x^(a-1) (1-x)^(b-1)}. */
    public Tensor beta(double a, double b, int... shape) {
        return sample(CpuSampling::beta, Shape.of(shape), a, b);
    }

    /** As {@link #beta(double, double, int...)} with parameters that broadcast, in their type. */
    public Tensor beta(Tensor a, Tensor b) {
        return sample("beta", CpuSampling::beta, a, b);
    }

    /** FLOAT32 numbers with density {@code exp(-|x - loc| / scale) / (2 scale)}. */
    public Tensor laplace(double loc, double scale, int... shape) {
        return sample(CpuSampling::laplace, Shape.of(shape), loc, scale);
    }

    /** As {@link #laplace(double, double, int...)} with parameters that broadcast, in their type. */
    public Tensor laplace(Tensor loc, Tensor scale) {
        return sample("laplace", CpuSampling::laplace, loc, scale);
    }

    /** FLOAT32 numbers with density proportional to {@code 1 / (1 + ((x - loc) / scale)^2)}. */
    public Tensor cauchy(double loc, double scale, int... shape) {
        return sample(CpuSampling::cauchy, Shape.of(shape), loc, scale);
    }

    /** As {@link #cauchy(double, double, int...)} with parameters that broadcast, in their type. */
    public Tensor cauchy(Tensor loc, Tensor scale) {
        return sample("cauchy", CpuSampling::cauchy, loc, scale);
    }

    /** FLOAT32 numbers with distribution function {@code exp(-exp(-(x - loc) / scale))}. */
    public Tensor gumbel(double loc, double scale, int... shape) {
        return sample(CpuSampling::gumbel, Shape.of(shape), loc, scale);
    }

    /** As {@link #gumbel(double, double, int...)} with parameters that broadcast, in their type. */
    public Tensor gumbel(Tensor loc, Tensor scale) {
        return sample("gumbel", CpuSampling::gumbel, loc, scale);
    }

    /** FLOAT32 exponentials of normal numbers with this mean and standard deviation. */
    public Tensor logNormal(double mean, double std, int... shape) {
        return sample(CpuSampling::logNormal, Shape.of(shape), mean, std);
    }

    /** As {@link #logNormal(double, double, int...)} with parameters that broadcast, in their type. */
    public Tensor logNormal(Tensor mean, Tensor std) {
        return sample("logNormal", CpuSampling::logNormal, mean, std);
    }

    /** FLOAT32 normal numbers given that they lie in [low, high]. */
    public Tensor truncatedNormal(double mean, double std, double low, double high, int... shape) {
        return sample(CpuSampling::truncatedNormal, Shape.of(shape), mean, std, low, high);
    }

    /** As {@link #truncatedNormal(double, double, double, double, int...)} with parameters that broadcast, in their type. */
    public Tensor truncatedNormal(Tensor mean, Tensor std, Tensor low, Tensor high) {
        return sample("truncatedNormal", CpuSampling::truncatedNormal, mean, std, low, high);
    }

    /** FLOAT32 counts of a Poisson distribution, as whole numbers. */
    public Tensor poisson(double rate, int... shape) {
        return sample(CpuSampling::poisson, Shape.of(shape), rate);
    }

    /** As {@link #poisson(double, int...)} with parameters that broadcast, in their type. */
    public Tensor poisson(Tensor rate) {
        return sample("poisson", CpuSampling::poisson, rate);
    }

    /** FLOAT32 counts of successes in {@code n} trials of probability {@code p}, as whole numbers. */
    public Tensor binomial(double n, double p, int... shape) {
        return sample(CpuSampling::binomial, Shape.of(shape), n, p);
    }

    /** As {@link #binomial(double, double, int...)} with parameters that broadcast, in their type. */
    public Tensor binomial(Tensor n, Tensor p) {
        return sample("binomial", CpuSampling::binomial, n, p);
    }

    /** BOOL: true with the probability that {@code p} holds for each element. */
    public Tensor bernoulli(Tensor p) {
        Tensor host = p.detach().to(CpuBackend.INSTANCE);
        return sample(CpuSampling::bernoulli, host.shape(), DType.BOOL, host);
    }

    /**
     * Points of the simplex, last axis: density proportional to the product of {@code x_i^(concentration_i - 1)}. Made of logarithms, so
     * that small concentrations do not underflow.
     */
    public Tensor dirichlet(Tensor concentration) {
        if (concentration.rank() == 0) throw new IllegalArgumentException("dirichlet: the concentration is a scalar, expected (..., k)");
        Tensor logs = sample(CpuSampling::logGamma, concentration.shape(), DType.FLOAT64, concentration.detach().to(CpuBackend.INSTANCE));
        return logs.softmax(-1).to(concentration.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32);
    }

    // ---- choices ----

    /** INT64 (...): a class for each row of {@code logits (..., k)}, of probability {@code softmax(logits)}; -inf is never taken. */
    public Tensor categorical(Tensor logits) {
        if (logits.rank() == 0) throw new IllegalArgumentException("categorical: the logits are a scalar, expected (..., k)");
        Tensor scores = logits.detach().to(CpuBackend.INSTANCE).to(DType.FLOAT64);
        if (scores.size() > 0 && scores.max(-1).gt(Double.NEGATIVE_INFINITY).not().any().item() != 0) {
            throw new IllegalArgumentException("categorical: a row of the logits holds NaN or only -inf");
        }
        Tensor noise = sample(CpuSampling::gumbel, logits.shape(), DType.FLOAT64, Tensor.scalar(0, DType.FLOAT64), Tensor.scalar(1, DType.FLOAT64));
        return scores.add(noise).argmax(-1);
    }

    /**
     * INT64 (..., count): classes for each row of {@code weights (k) or (n, k)}, which need not add up to one. Without replacement no class
     * comes twice in a row, and each next one is drawn in proportion to the weights that are left.
     */
    public Tensor multinomial(Tensor weights, int count, boolean replacement) {
        Tensor w = weights.detach().to(CpuBackend.INSTANCE).to(DType.FLOAT64);
        if (w.rank() < 1 || w.rank() > 2) throw new IllegalArgumentException("multinomial: weights are " + w.shape() + ", expected (k) or (n, k)");
        boolean bad = w.size() > 0 && (w.isFinite().and(w.ge(0)).not().any().item() != 0 || w.sum(-1).gt(0).not().any().item() != 0);
        if (bad) throw new IllegalArgumentException("multinomial: weights must be finite, not negative, and not all 0 in a row");
        if (replacement) return withReplacement(w, count);
        long fewest = w.size() == 0 ? 0 : (long) w.countNonzero(-1).min().item();
        if (count < 0 || count > fewest) throw new IllegalArgumentException("multinomial: " + count + " of " + fewest + " classes that are not 0, without replacement");
        Tensor race = sample(CpuSampling::exponential, w.shape(), DType.FLOAT64, Tensor.scalar(1, DType.FLOAT64)).div(w);
        return race.argsort(-1, false).narrow(-1, 0, count);
    }

    private Tensor withReplacement(Tensor w, int count) {
        Tensor edges = w.cumsum(-1);
        int k = w.dim(-1);
        Tensor u = uniform(w.shape().with(-1, count), DType.FLOAT64).mul(edges.narrow(-1, k - 1, k));
        Tensor last = w.gt(0).to(DType.INT64).mul(Tensor.arange(k)).maxKeep(-1); // rounding may lead past the last class that can be taken
        return edges.searchSorted(u, true).minimum(last);
    }

    /** INT64: {@code count} of the numbers 0 to n - 1, all equally likely. */
    public Tensor choice(int n, int count, boolean replacement) {
        if (replacement) return integers(0, n, count);
        if (count < 0 || count > n) throw new IllegalArgumentException("choice: " + count + " of " + n + " without replacement");
        return permutation(n).narrow(0, 0, count);
    }

    /** The slices of {@code x} along its first axis in random order; differentiable. */
    public Tensor shuffle(Tensor x) {
        if (x.rank() == 0) throw new IllegalArgumentException("shuffle: a scalar has no axis");
        return x.indexSelect(0, permutation(x.dim(0)).to(x.backend()));
    }

    /** One uniform number in [0, 1). */
    public double nextDouble() {
        return uniform(Shape.SCALAR, DType.FLOAT64).item();
    }

    private static void checkFloat(String op, DType dtype) {
        if (!dtype.isFloat()) throw new IllegalArgumentException(op + ": dtype is " + dtype + ", expected FLOAT32 or FLOAT64");
    }
}
