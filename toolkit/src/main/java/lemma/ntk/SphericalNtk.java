package lemma.ntk;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.linalg.Linalg;
import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * The NTK of deep networks on the unit sphere, for a nonlinearity given by its expansion {@code f = sum_k a_k h_k} in normalised Hermite polynomials
 * with {@code sum_k a_k^2 = 1}. With {@code g(r) = sum_k a_k^2 r^k}, the cosine r of two inputs and {@code S_0 = K_0 = r}:
 * {@code S_(l+1) = g(S_l), K_(l+1) = S_(l+1) + K_l g'(S_l)}.
 *
 * <p>What kernel regression with {@code K_L} becomes as L grows depends on three moments alone, {@code A = E f = a_0}, {@code A' = E f' = a_1} and
 * {@code B' = E f'^2 = g'(1)}; see {@link #limit}. Kernels are computed as logarithms, so that neither depth nor small cosines underflow.
 *
 * @see <a href="https://arxiv.org/abs/2204.14126">Radhakrishnan, Belkin, Uhler (2023), Wide and deep neural networks achieve optimality for classification</a>
 */
public final class SphericalNtk {
    private static final double NORM = 1e-9;
    private static final double NEGLIGIBLE = -40;
    private static final int MOST_LAYERS = 4000;

    /** What an infinitely deep network predicts with. */
    public enum Limit {
        /** A is not 0: the more frequent label, everywhere. */
        MAJORITY_VOTE,
        /** A and A' are 0: the label of the nearest training example. */
        NEAREST_NEIGHBOUR,
        /** A is 0, A' is not: the labels weighted by a kernel with a pole of {@link SphericalNtk#order} at distance 0. */
        SINGULAR_KERNEL
    }

    private final double[] coefficients;
    private final int lowest;

    private SphericalNtk(double[] coefficients) {
        this.coefficients = coefficients;
        this.lowest = IntStream.range(0, coefficients.length).filter(k -> coefficients[k] != 0).findFirst().orElseThrow();
    }

    /**
     * Of {@code a_0, a_1, ...}.
     *
     * @throws IllegalArgumentException if their squares do not add up to 1, or f is constant
     */
    public static SphericalNtk of(double... coefficients) {
        double sum = Arrays.stream(coefficients).map(a -> a * a).sum();
        if (!(Math.abs(sum - 1) <= NORM)) throw new IllegalArgumentException("SphericalNtk: the squares of " + Arrays.toString(coefficients) + " add up to " + sum + ", expected 1; divide by the root of their sum");
        if (Arrays.stream(coefficients).skip(1).allMatch(a -> a == 0)) throw new IllegalArgumentException("SphericalNtk: f is constant; give coefficients of h_1 or higher");
        return new SphericalNtk(coefficients.clone());
    }

    /**
     * {@code f = 2^(-d/4) h_1 + sqrt(1 - 2^(1 - d/2)) h_2 + 2^(-d/4) h_3}, whose kernel has a pole of order d: on a sphere of d dimensions the network
     * of infinite depth is Bayes-optimal.
     *
     * @param d at least 2
     */
    public static SphericalNtk optimal(int d) {
        if (d < 2) throw new IllegalArgumentException("SphericalNtk.optimal: dimension " + d + ", expected at least 2");
        double outer = Math.pow(2, -d / 4.0);
        return of(0, outer, Math.sqrt(1 - Math.pow(2, 1 - d / 2.0)), outer);
    }

    /** {@code a_0, a_1, ...}, as {@link Stax#hermite} takes them. */
    public double[] coefficients() {
        return coefficients.clone();
    }

    private double power(int k) {
        return coefficients[k] * coefficients[k];
    }

    /** {@code B' = E f'^2 = sum_k k a_k^2}, by which distances of near inputs grow in a layer. */
    public double gain() {
        return IntStream.range(0, coefficients.length).mapToDouble(k -> k * power(k)).sum();
    }

    /** What regression with the kernel becomes as depth grows. */
    public Limit limit() {
        if (coefficients[0] != 0) return Limit.MAJORITY_VOTE;
        return coefficients[1] == 0 ? Limit.NEAREST_NEIGHBOUR : Limit.SINGULAR_KERNEL;
    }

    /**
     * {@code alpha = -4 log A' / log B'} of {@link Limit#SINGULAR_KERNEL}: the limit behaves as {@code |x - x'|^-alpha}.
     *
     * @throws IllegalStateException if the limit has no pole
     */
    public double order() {
        checkSingular("order");
        return -4 * Math.log(Math.abs(coefficients[1])) / Math.log(gain());
    }

    private void checkSingular(String what) {
        if (limit() != Limit.SINGULAR_KERNEL || gain() <= 1) throw new IllegalStateException("SphericalNtk." + what + ": " + this + " has no singular kernel; that needs a_0 = 0, a_1 not 0 and a nonlinear f");
    }

    // ---- kernels ----

    /**
     * {@code log K_L}, element by element. With a pole, layers through which cosines stay below {@code e^-40} are taken in one step, so that L may be a million.
     *
     * @param cosines r, above 0 and at most 1
     * @param depth L, at least 0
     */
    public Tensor logKernel(Tensor cosines, int depth) {
        if (depth < 0) throw new IllegalArgumentException("SphericalNtk: depth " + depth + ", expected at least 0");
        return Scope.run(() -> {
            Tensor logs = logs(cosines);
            Tensor pole = logs.ge(0);
            return logKernel(Layer.first(logs.maskedFill(pole, -1)), depth).maskedFill(pole, logDiagonal(depth));
        });
    }

    /** {@code log sum_(l <= L) B'^l}. */
    private double logDiagonal(int depth) {
        double b = Math.log(gain());
        return b == 0 ? Math.log1p(depth) : (b > 0 ? depth * b : 0) + Math.log(Math.expm1(-Math.abs(b) * (depth + 1.0)) / Math.expm1(-Math.abs(b)));
    }

    private Tensor logKernel(Layer start, int depth) {
        Layer at = start;
        for (int l = 0; l < depth; l++) {
            if (lowest == 1 && at.s.max().item() < NEGLIGIBLE) return straight(at, depth - l);
            Layer before = at;
            at = Scope.run(() -> next(before));
        }
        return at.k;
    }

    /** Through layers in which {@code g(S) = a_1^2 S}: {@code K_(l+n) = a_1^2n (K_l + n S_l)}. */
    private Tensor straight(Layer at, int layers) {
        return at.k.logaddexp(at.s.add(Math.log(layers))).add(layers * Math.log(power(1)));
    }

    private record Layer(Tensor s, Tensor k) {
        static Layer first(Tensor logs) {
            return new Layer(logs, logs);
        }
    }

    private Layer next(Layer at) {
        Tensor s = logDual(at.s);
        return new Layer(s, s.logaddexp(at.k.add(logSlope(at.s))));
    }

    /** {@code log g(e^u) = m u + log(1 + sum_k a_k^2 (e^((k - m) u) - 1))} with the lowest degree m, exact where u is near 0. */
    private Tensor logDual(Tensor u) {
        return u.mul(lowest).add(beyond(u).log1p());
    }

    private Tensor beyond(Tensor u) {
        Tensor sum = u.zerosLike();
        for (int k = lowest + 1; k < coefficients.length; k++) if (power(k) != 0) sum = sum.add(u.mul(k - lowest).expm1().mul(power(k)));
        return sum;
    }

    /** {@code log g'(e^u)}. */
    private Tensor logSlope(Tensor u) {
        int m = Math.max(1, lowest);
        Tensor sum = u.zerosLike();
        for (int k = m; k < coefficients.length; k++) if (power(k) != 0) sum = sum.add(u.mul(k - m).exp().mul(k * power(k)));
        return u.mul(m - 1).add(sum.log());
    }

    /**
     * {@code log R}, {@code R = lim K_L / (A'^2L (L + 1)) = lim S_L / A'^2L}, element by element; infinite where r is 1.
     *
     * @throws IllegalStateException if the limit has no pole
     */
    public Tensor logLimit(Tensor cosines) {
        return Scope.run(() -> logLimitOf(logs(cosines)));
    }

    /** {@link #logLimit} from the logarithms of the cosines. */
    Tensor logLimitOf(Tensor logs) {
        checkSingular("logLimit");
        return Scope.run(() -> {
            Tensor u = logs;
            Tensor pole = u.ge(0);
            Tensor shift = Tensor.scalar(0, DType.FLOAT64);
            for (int l = 0; l < MOST_LAYERS && u.maskedFill(pole, Double.NEGATIVE_INFINITY).max().item() >= NEGLIGIBLE; l++) {
                Tensor before = u;
                u = Scope.run(() -> logDual(before));
                shift = shift.sub(Math.log(power(1)));
            }
            return u.add(shift).maskedFill(pole, Double.POSITIVE_INFINITY);
        });
    }

    static Tensor logs(Tensor cosines) {
        if (cosines.dtype() != DType.FLOAT64) throw new IllegalArgumentException("SphericalNtk: cosines are " + cosines.dtype() + ", expected FLOAT64");
        double least = cosines.min().item();
        double most = cosines.max().item();
        if (!(least > 0 && most <= 1 + NORM)) throw new IllegalArgumentException("SphericalNtk: cosines from " + least + " to " + most + ", expected above 0 and at most 1; take unit vectors with positive components");
        return cosines.minimum(1).log();
    }

    // ---- regression ----

    /**
     * {@code K(z, X) K(X, X)^-1 y} of the network of depth L, each number up to a positive factor of its own: the signs are the classes.
     *
     * @param x training inputs (n, d + 1), unit vectors
     * @param y labels -1 or 1 (n)
     * @param z test inputs (m, d + 1), unit vectors
     */
    public Tensor scores(Tensor x, Tensor y, Tensor z, int depth) {
        return Scope.run(() -> {
            Tensor one = Tensor.eye(x.dim(0)).gt(0);
            Tensor same = logKernel(x.matmul(x.t()).maskedFill(one, 1), depth);
            Tensor gram = same.sub(same.get(0, 0)).exp();
            Tensor cross = logKernel(z.matmul(x.t()), depth);
            return cross.sub(cross.maxKeep(1)).exp().matmul(GpRegression.of(gram, y, 0).weights());
        });
    }

    /** The regressor of {@link Limit#SINGULAR_KERNEL} at infinite depth, {@code sum_i R(z, x_i) y_i / sum_i R(z, x_i)}. */
    public SingularKernelRegression infinitelyDeep(Tensor x, Tensor y) {
        checkSingular("infinitelyDeep");
        return SingularKernelRegression.of(this, x, y);
    }

    @Override
    public String toString() {
        return "SphericalNtk" + Arrays.toString(coefficients);
    }
}
