package lemma.tensor;

/**
 * Draws from distributions. Each element has a sub-stream of its own, the blocks (counter + element, 0, 1, 2, ...) of {@link Philox} apart
 * from those of uniform and normal numbers, so that how many numbers one element takes changes no other, and neither do threads. All
 * arithmetic is in double precision and the same on every machine.
 */
final class CpuSampling {
    private static final long GRAIN = 1 << 9;
    private static final double UNIT_53 = 0x1p-53;
    /** From here on Poisson and binomial numbers are made by rejection, below by multiplying up or down. */
    private static final double REJECTION_FROM = 10;

    private CpuSampling() {}

    /** A distribution with up to four parameters. */
    @FunctionalInterface
    interface Law {
        double draw(Draws u, double... parameters);
    }

    /** The sub-stream of one element. */
    static final class Draws {
        private final long key;
        private final int[] words = new int[4];
        private long element;
        private int block;
        private boolean half;

        private Draws(long key) {
            this.key = key;
        }

        private void start(long e) {
            element = e;
            block = 0;
            half = false;
        }

        /** Uniform in [0, 1). */
        double uniform() {
            if (half) {
                half = false;
                return (word(2) >>> 11) * UNIT_53;
            }
            words[0] = (int) element;
            words[1] = (int) (element >>> 32);
            words[2] = block++;
            words[3] = 1;
            Philox.encrypt(words, (int) key, (int) (key >>> 32));
            half = true;
            return (word(0) >>> 11) * UNIT_53;
        }

        private long word(int at) {
            return words[at] & 0xFFFFFFFFL | (long) words[at + 1] << 32;
        }

        /** Uniform in (0, 1), neither end included. */
        double inside() {
            return Math.min(uniform() + 0.5 * UNIT_53, 1 - UNIT_53);
        }

        double normal() {
            double r = Math.sqrt(-2 * StrictMath.log(1 - uniform()));
            return r * StrictMath.cos(2 * Math.PI * uniform());
        }
    }

    /** Fills y; each parameter has one element or those of y. */
    static void sample(Law law, long key, long counter, Tensor y, Tensor... parameters) {
        int k = parameters.length;
        Tensor[] p = new Tensor[k];
        for (int i = 0; i < k; i++) p[i] = CpuCopy.contiguous(parameters[i].size() == 1 ? parameters[i] : parameters[i].expand(y.shape()));
        try {
            DType t = y.dtype();
            long to = y.address();
            long[] from = new long[k];
            for (int i = 0; i < k; i++) from[i] = p[i].address();
            Threads.parallel(y.size(), GRAIN, (lo, hi) -> {
                Draws draws = new Draws(key);
                double[] at = new double[k];
                for (long e = lo; e < hi; e++) {
                    for (int i = 0; i < k; i++) at[i] = Raw.real(p[i].dtype(), from[i], p[i].size() == 1 ? 0 : e);
                    draws.start(counter + e);
                    PlainLoops.put(t, to, e, law.draw(draws, at));
                }
            });
        } finally {
            for (int i = 0; i < k; i++) if (p[i].storage() != parameters[i].storage()) CpuCopy.drop(p[i]);
        }
    }

    private static double positive(String name, double v) {
        if (v > 0 && v < Double.POSITIVE_INFINITY) return v;
        throw new IllegalArgumentException(name + " is " + v + ", expected a finite number above 0");
    }

    private static double probability(String name, double v) {
        if (v >= 0 && v <= 1) return v;
        throw new IllegalArgumentException(name + " is " + v + ", expected 0 to 1");
    }

    // ---- by inversion ----

    static double exponential(Draws u, double... p) {
        return -StrictMath.log(u.inside()) / positive("exponential: rate", p[0]);
    }

    static double gumbel(Draws u, double... p) {
        return p[0] - positive("gumbel: scale", p[1]) * StrictMath.log(-StrictMath.log(u.inside()));
    }

    static double laplace(Draws u, double... p) {
        double v = u.inside() - 0.5;
        return p[0] - positive("laplace: scale", p[1]) * Math.signum(v) * StrictMath.log1p(-2 * Math.abs(v));
    }

    static double cauchy(Draws u, double... p) {
        return p[0] + positive("cauchy: scale", p[1]) * StrictMath.tan(Math.PI * (u.inside() - 0.5));
    }

    static double bernoulli(Draws u, double... p) {
        return u.uniform() < probability("bernoulli: p", p[0]) ? 1 : 0;
    }

    static double logNormal(Draws u, double... p) {
        return StrictMath.exp(p[0] + positive("logNormal: std", p[1]) * u.normal());
    }

    /** Mean, standard deviation and bounds; in the half where the distribution function is small. */
    static double truncatedNormal(Draws u, double... p) {
        double std = positive("truncatedNormal: std", p[1]);
        double low = (p[2] - p[0]) / std;
        double high = (p[3] - p[0]) / std;
        if (!(low < high)) throw new IllegalArgumentException("truncatedNormal: bounds " + p[2] + " and " + p[3] + ", expected the first below the second");
        double sign = low > 0 ? -1 : 1;
        double from = SpecialMath.ndtr(sign > 0 ? low : -high);
        double to = SpecialMath.ndtr(sign > 0 ? high : -low);
        if (!(from < to)) throw new IllegalArgumentException("truncatedNormal: bounds " + p[2] + " and " + p[3] + " lie too far in the tail of mean " + p[0] + ", std " + p[1]);
        double z = sign * SpecialMath.ndtri(from + u.inside() * (to - from));
        return Math.clamp(p[0] + std * z, p[2], p[3]);
    }

    // ---- the gamma family ----

    /** Logarithm of a gamma number: no underflow for small shapes. */
    static double logGamma(Draws u, double... p) {
        double a = positive("concentration", p[0]);
        if (a >= 1) return StrictMath.log(largeGamma(u, a));
        return StrictMath.log(largeGamma(u, a + 1)) + StrictMath.log(u.inside()) / a;
    }

    /** Marsaglia and Tsang (2000): the cube of a normal number, for shapes from 1. */
    private static double largeGamma(Draws u, double a) {
        double d = a - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = u.normal();
            double root = 1 + c * x;
            if (root <= 0) continue;
            double v = root * root * root;
            if (StrictMath.log(u.inside()) < 0.5 * x * x + d - d * v + d * StrictMath.log(v)) return d * v;
        }
    }

    /** Concentration and rate. */
    static double gamma(Draws u, double... p) {
        double rate = positive("gamma: rate", p[1]);
        return (p[0] >= 1 ? largeGamma(u, positive("gamma: concentration", p[0])) : StrictMath.exp(logGamma(u, p[0]))) / rate;
    }

    static double chiSquare(Draws u, double... p) {
        return 2 * gamma(u, 0.5 * positive("chiSquare: df", p[0]), 1);
    }

    static double studentT(Draws u, double... p) {
        double z = u.normal();
        return z * Math.sqrt(positive("studentT: df", p[0]) / chiSquare(u, p[0]));
    }

    static double beta(Draws u, double... p) {
        double x = logGamma(u, p[0]);
        double y = logGamma(u, p[1]);
        return 1 / (1 + StrictMath.exp(y - x));
    }

    // ---- counts ----

    static double poisson(Draws u, double... p) {
        double rate = p[0];
        if (!(rate >= 0 && rate < 1e15)) throw new IllegalArgumentException("poisson: rate is " + rate + ", expected 0 to 1e15");
        if (rate >= REJECTION_FROM) return largePoisson(u, rate);
        double threshold = StrictMath.exp(-rate);
        double product = u.uniform();
        int k = 0;
        for (; product > threshold; k++) product *= u.uniform();
        return k;
    }

    /** Hörmann (1993), transformed rejection with squeeze, algorithm PTRS. */
    private static double largePoisson(Draws u, double rate) {
        double b = 0.931 + 2.53 * Math.sqrt(rate);
        double a = -0.059 + 0.02483 * b;
        double inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
        double squeeze = 0.9277 - 3.6224 / (b - 2);
        while (true) {
            double v = u.uniform() - 0.5;
            double w = u.inside();
            double s = 0.5 - Math.abs(v);
            double k = Math.floor((2 * a / s + b) * v + rate + 0.43);
            if (s >= 0.07 && w <= squeeze) return k;
            if (k < 0 || s < 0.013 && w > s) continue;
            double bound = k * StrictMath.log(rate) - rate - SpecialMath.gammaln(k + 1);
            if (StrictMath.log(w * inverseAlpha / (a / (s * s) + b)) <= bound) return k;
        }
    }

    /** Number of trials and probability. */
    static double binomial(Draws u, double... p) {
        double n = p[0];
        double q = probability("binomial: p", p[1]);
        if (!(n >= 0 && n < 1e15 && n == Math.rint(n))) throw new IllegalArgumentException("binomial: n is " + n + ", expected a whole number from 0 to 1e15");
        if (q > 0.5) return n - fewer(u, n, 1 - q);
        return fewer(u, n, q);
    }

    private static double fewer(Draws u, double n, double p) {
        if (p == 0 || n == 0) return 0;
        if (n * p >= REJECTION_FROM) return largeBinomial(u, n, p);
        double odds = p / (1 - p);
        double start = StrictMath.exp(n * StrictMath.log1p(-p));
        while (true) {
            double probability = start;
            double rest = u.uniform();
            for (double k = 0; k <= n; k++) {
                if (rest < probability) return k;
                rest -= probability;
                probability *= odds * (n - k) / (k + 1);
            }
        }
    }

    /** Hörmann (1993), transformed rejection with squeeze, algorithm BTRS. */
    private static double largeBinomial(Draws u, double n, double p) {
        double spread = Math.sqrt(n * p * (1 - p));
        double b = 1.15 + 2.53 * spread;
        double a = -0.0873 + 0.0248 * b + 0.01 * p;
        double c = n * p + 0.5;
        double squeeze = 0.92 - 4.2 / b;
        double alpha = (2.83 + 5.1 / b) * spread;
        double logOdds = StrictMath.log(p / (1 - p));
        double m = Math.floor((n + 1) * p);
        double h = SpecialMath.gammaln(m + 1) + SpecialMath.gammaln(n - m + 1);
        while (true) {
            double v = u.uniform() - 0.5;
            double w = u.inside();
            double s = 0.5 - Math.abs(v);
            double k = Math.floor((2 * a / s + b) * v + c);
            if (k < 0 || k > n) continue;
            if (s >= 0.07 && w <= squeeze) return k;
            double bound = h - SpecialMath.gammaln(k + 1) - SpecialMath.gammaln(n - k + 1) + (k - m) * logOdds;
            if (StrictMath.log(w * alpha / (a / (s * s) + b)) <= bound) return k;
        }
    }
}
