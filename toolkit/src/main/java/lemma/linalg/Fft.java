package lemma.linalg;

import java.util.List;
import lemma.tensor.DType;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.tensor.Tracing;

/**
 * Discrete Fourier transforms with the names and the meaning of {@code torch.fft}: {@code y_k = sum_j x_j exp(-2 pi i j k / n)} along an axis, the
 * last unless one is named, with gradients to any order.
 *
 * <p>Lengths without factors other than 2, 3 and 5 are fastest; others, primes included, take about six times as long (Bluestein's
 * convolution). Many rows at once are faster than one by one. A length that is given cuts the axis or fills it up with zeros.
 *
 * <p>Complex numbers live in {@code CpuBackend} alone, and so do spectra.
 */
public final class Fft {
    /** Where the factor {@code 1/n} stands. */
    public enum Norm {
        /** {@code 1/n} on the inverse: the default. */
        BACKWARD,
        /** {@code 1/sqrt(n)} on both: the transform is unitary. */
        ORTHO,
        /** {@code 1/n} on the forward transform. */
        FORWARD;

        private double factor(int n, boolean inverse) {
            if (this == ORTHO) return 1 / Math.sqrt(n);
            return this == BACKWARD == inverse ? 1.0 / n : 1;
        }
    }

    private Fft() {}

    // ---- along one axis ----

    /** The transform of real or complex x; the result is complex. */
    public static Tensor fft(Tensor x) {
        return fft(x, -1, Norm.BACKWARD);
    }

    public static Tensor fft(Tensor x, int axis, Norm norm) {
        return fft(x, length("fft", x, axis), axis, norm);
    }

    /** The transform of x cut or filled up to length n along {@code axis}. */
    public static Tensor fft(Tensor x, int n, int axis, Norm norm) {
        return complex("fft", x, n, axis, norm, false);
    }

    /** The inverse of {@link #fft(Tensor)}. */
    public static Tensor ifft(Tensor x) {
        return ifft(x, -1, Norm.BACKWARD);
    }

    public static Tensor ifft(Tensor x, int axis, Norm norm) {
        return ifft(x, length("ifft", x, axis), axis, norm);
    }

    public static Tensor ifft(Tensor x, int n, int axis, Norm norm) {
        return complex("ifft", x, n, axis, norm, true);
    }

    /** Elements 0 to n / 2 of the transform of real x; the others are their conjugates in reverse. */
    public static Tensor rfft(Tensor x) {
        return rfft(x, -1, Norm.BACKWARD);
    }

    public static Tensor rfft(Tensor x, int axis, Norm norm) {
        return rfft(x, length("rfft", x, axis), axis, norm);
    }

    public static Tensor rfft(Tensor x, int n, int axis, Norm norm) {
        if (x.dtype().isComplex()) throw new IllegalArgumentException("rfft: the input is " + x.dtype() + ", expected real numbers; use fft");
        Tensor last = resized("rfft", x.dtype().isFloat() ? x : x.to(DType.FLOAT32), n, axis);
        return scaled(forward(last), norm.factor(n, false)).transpose(axis, -1);
    }

    /** The real inverse of {@link #rfft(Tensor)} of even length, {@code 2 (m - 1)} for m elements. */
    public static Tensor irfft(Tensor x) {
        return irfft(x, 2 * (length("irfft", x, -1) - 1));
    }

    /** The real inverse of length n; an odd length must be given. */
    public static Tensor irfft(Tensor x, int n) {
        return irfft(x, n, -1, Norm.BACKWARD);
    }

    public static Tensor irfft(Tensor x, int n, int axis, Norm norm) {
        checkLength("irfft", x, n);
        Tensor last = resized("irfft", x.to(x.dtype().toComplex()), n / 2 + 1, axis);
        return scaled(inverse(last, n), norm.factor(n, true)).transpose(axis, -1);
    }

    private static int length(String op, Tensor x, int axis) {
        return x.dim(x.shape().axis(op, axis));
    }

    private static void checkLength(String op, Tensor x, int n) {
        if (n < 1) throw new IllegalArgumentException(op + ": length " + n + " of " + x.shape() + ", expected at least 1");
    }

    /** {@code axis} last, cut or filled up to n. */
    private static Tensor resized(String op, Tensor x, int n, int axis) {
        checkLength(op, x, n);
        x.shape().axis(op, axis);
        Tensor last = x.transpose(axis, -1);
        int m = last.dim(-1);
        if (m == n) return last;
        if (m > n) return last.narrow(-1, 0, n);
        Tensor zeros = x.backend().full(last.shape().with(-1, n - m), x.dtype(), 0);
        return Tensor.concat(List.of(last, zeros), -1);
    }

    private static Tensor scaled(Tensor x, double factor) {
        return factor == 1 ? x : x.mul(factor);
    }

    private static Tensor complex(String op, Tensor x, int n, int axis, Norm norm, boolean inverse) {
        Tensor last = resized(op, x.to(x.dtype().toComplex()), n, axis);
        return scaled(turn(last, inverse), norm.factor(n, inverse)).transpose(axis, -1);
    }

    // ---- what has gradients; all of it linear ----

    /** The transpose conjugate of a transform turns the other way. */
    private static Tensor turn(Tensor x, boolean inverse) {
        return Tracing.record(inverse ? "ifft" : "fft", x.backend().fft(x.detach(), inverse), (g, y) -> new Tensor[] {turn(g, !inverse)}, x);
    }

    private static Tensor forward(Tensor x) {
        int n = x.dim(-1);
        return Tracing.record("rfft", x.backend().rfft(x.detach()), (g, y) -> new Tensor[] {inverse(g.mul(weights(g, n, 0.5)), n)}, x);
    }

    private static Tensor inverse(Tensor x, int n) {
        return Tracing.record("irfft", x.backend().irfft(x.detach(), n), (g, y) -> new Tensor[] {forward(g).mul(weights(y, n, 2))}, x);
    }

    /** 1 for the elements of a half spectrum that stand for themselves, {@code inner} for those that stand for two. */
    private static Tensor weights(Tensor like, int n, double inner) {
        Tensor k = like.backend().arange(0, 1, n / 2 + 1, DType.INT64);
        Tensor alone = k.eq(0).or(k.mul(2).eq(n));
        DType type = like.dtype().toReal();
        return Tensor.where(alone, like.backend().full(Shape.SCALAR, type, 1), like.backend().full(Shape.SCALAR, type, inner));
    }

    // ---- along two axes ----

    /** {@link #fft(Tensor)} along the last two axes. */
    public static Tensor fft2(Tensor x) {
        return fft(fft(x), -2, Norm.BACKWARD);
    }

    /** {@link #ifft(Tensor)} along the last two axes. */
    public static Tensor ifft2(Tensor x) {
        return ifft(ifft(x), -2, Norm.BACKWARD);
    }

    /** {@link #rfft(Tensor)} along the last axis, then {@link #fft(Tensor)} along the one before. */
    public static Tensor rfft2(Tensor x) {
        return fft(rfft(x), -2, Norm.BACKWARD);
    }

    /** The real inverse of {@link #rfft2} with a last axis of length n. */
    public static Tensor irfft2(Tensor x, int n) {
        return irfft(ifft(x, -2, Norm.BACKWARD), n);
    }

    // ---- frequencies ----

    /** FLOAT64 frequencies {@code [0, 1, ..., -2, -1] / (n d)} of the elements of {@link #fft(Tensor)} for samples {@code d} apart. */
    public static Tensor fftfreq(int n, double d) {
        double[] f = new double[n];
        for (int i = 0; i < n; i++) f[i] = (i < (n + 1) / 2 ? i : i - n) / (n * d);
        return Tensor.of(f);
    }

    /** FLOAT64 frequencies {@code [0, 1, ..., n / 2] / (n d)} of the elements of {@link #rfft(Tensor)}. */
    public static Tensor rfftfreq(int n, double d) {
        double[] f = new double[n / 2 + 1];
        for (int i = 0; i < f.length; i++) f[i] = i / (n * d);
        return Tensor.of(f);
    }

    /** Frequency zero moved to the middle of each axis named, or of all. */
    public static Tensor fftshift(Tensor x, int... axes) {
        return shifted(x, false, axes);
    }

    /** The inverse of {@link #fftshift}. */
    public static Tensor ifftshift(Tensor x, int... axes) {
        return shifted(x, true, axes);
    }

    private static Tensor shifted(Tensor x, boolean back, int... axes) {
        Tensor y = x;
        int count = axes.length == 0 ? x.rank() : axes.length;
        for (int i = 0; i < count; i++) {
            int axis = x.shape().axis("fftshift", axes.length == 0 ? i : axes[i]);
            int n = x.dim(axis);
            int cut = back ? n / 2 : (n + 1) / 2;
            y = Tensor.concat(List.of(y.narrow(axis, cut, n), y.narrow(axis, 0, cut)), axis);
        }
        return y;
    }

    // ---- convolution ----

    /**
     * The causal convolution {@code y_t = sum_(s <= t) k_s u_(t-s)} along the last axis of real u (..., n) and k (..., m), whose other axes broadcast,
     * in {@code O(n log n)}: result (..., n). The long convolution of state-space models; for kernels of a few elements conv1d is faster.
     */
    public static Tensor causalConvolve(Tensor u, Tensor k) {
        int n = length("causalConvolve", u, -1);
        int m = Math.min(n, length("causalConvolve", k, -1));
        if (m == 0) throw new IllegalArgumentException("causalConvolve: u is " + u.shape() + ", k is " + k.shape() + "; neither may be empty");
        int whole = nextFast(Math.addExact(n, m - 1));
        Tensor product = rfft(u, whole, -1, Norm.BACKWARD).mul(rfft(k.narrow(-1, 0, m), whole, -1, Norm.BACKWARD));
        return irfft(product, whole).narrow(-1, 0, n);
    }

    /** The smallest even number from n on without other factors than 2, 3 and 5. */
    private static int nextFast(int n) {
        int m = n + n % 2;
        while (!isFast(m)) m += 2;
        return m;
    }

    private static boolean isFast(int n) {
        int rest = n;
        for (int r : new int[] {2, 3, 5}) while (rest % r == 0) rest /= r;
        return rest == 1;
    }
}
