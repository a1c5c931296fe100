package lemma.ntk;

import java.util.List;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * A layer {@code f(w . x + b)} as a product of features of the input alone and of the parameters alone, unbiased for every number m of random directions.
 * With {@code f(z) = E Re(c e^(i o z))} over frequencies {@code o > 0} and complex amplitudes c,
 * {@code f(w . x + b) = E Re(c e^(i o b) e^(i o w . x))}, and with {@code u = sqrt(i o) w, v = sqrt(i o) x} and a standard normal vector g
 * {@code e^(u . v) = E e^(g . u - u . u / 2) e^(g . v - v . v / 2)}.
 *
 * <p>Features are real, 2m of them, the real parts beside the imaginary ones.
 *
 * @see <a href="https://arxiv.org/abs/2310.13225">Sehanobish, Choromanski, Zhao, Dubey, Likhosherstov (2024), Scalable neural network kernels, section 3</a>
 */
public final class UniversalRandomFeatures {
    private final Tensor directions;
    private final Tensor roots;
    private final Tensor frequencies;
    private final Tensor real;
    private final Tensor imaginary;

    private UniversalRandomFeatures(Tensor directions, Tensor frequencies, Tensor real, Tensor imaginary) {
        this.directions = directions;
        this.frequencies = frequencies;
        this.roots = frequencies.mul(0.5).sqrt();
        this.real = real;
        this.imaginary = imaginary;
    }

    /**
     * Of any f with a Fourier transform, from m draws of its frequencies.
     *
     * @param inputs length d of x
     * @param frequencies o (m), above 0, FLOAT64
     * @param real of the amplitudes c (m)
     * @param imaginary of the amplitudes (m)
     */
    public static UniversalRandomFeatures of(int inputs, Tensor frequencies, Tensor real, Tensor imaginary, Random random) {
        if (inputs < 1 || frequencies.rank() != 1 || !frequencies.shape().equals(real.shape()) || !real.shape().equals(imaginary.shape())) {
            throw new IllegalArgumentException("UniversalRandomFeatures: " + inputs + " inputs, frequencies " + frequencies.shape() + ", amplitudes " + real.shape() + " and " + imaginary.shape() + "; expected at least 1 and three times (m)");
        }
        if (!(frequencies.min().item() > 0)) throw new IllegalArgumentException("UniversalRandomFeatures: frequency " + frequencies.min().item() + ", expected above 0; a real f needs positive ones only");
        return new UniversalRandomFeatures(random.normal(Shape.of(frequencies.dim(0), inputs), DType.FLOAT64), frequencies, real, imaginary);
    }

    /** Of the sine, {@code Re(-i e^(iz))}, with m directions. */
    public static UniversalRandomFeatures sin(int inputs, int m, Random random) {
        Tensor one = ones(m);
        return of(inputs, one, one.zerosLike(), one.neg(), random);
    }

    /** Of the cosine with m directions. */
    public static UniversalRandomFeatures cos(int inputs, int m, Random random) {
        Tensor one = ones(m);
        return of(inputs, one, one, one.zerosLike(), random);
    }

    /** Of {@code f(z) = e^(-z^2 / 2)}, whose frequencies are normal, with m directions. */
    public static UniversalRandomFeatures gaussian(int inputs, int m, Random random) {
        Tensor one = ones(m);
        return of(inputs, random.fork(1).normal(Shape.of(m), DType.FLOAT64).abs(), one, one.zerosLike(), random.fork(2));
    }

    private static Tensor ones(int m) {
        if (m < 1) throw new IllegalArgumentException("UniversalRandomFeatures: " + m + " directions, expected at least 1");
        return Tensor.full(Shape.of(m), DType.FLOAT64, 1);
    }

    /** Numbers in a row of features, 2m. */
    public int size() {
        return 2 * frequencies.dim(0);
    }

    /** Of inputs x (n, d): Phi (n, 2m). */
    public Tensor inputs(Tensor x) {
        return parts(x, Tensor.scalar(0, DType.FLOAT64), 1);
    }

    /** Of parameters w (k, d) and b (k): Psi (k, 2m), such that {@code Phi Psi^T} estimates {@code f(x . w + b)} (n, k). */
    public Tensor parameters(Tensor w, Tensor b) {
        Tensor turned = b.unsqueeze(1).mul(frequencies);
        Tensor plain = parts(w, turned, -1);
        int m = frequencies.dim(0);
        Tensor a = plain.narrow(1, 0, m);
        Tensor minus = plain.narrow(1, m, 2 * m);
        return Tensor.concat(List.of(a.mul(real).add(minus.mul(imaginary)), minus.mul(real).sub(a.mul(imaginary))), 1);
    }

    /** {@code e^(sqrt(i o) g . x - i o |x|^2 / 2 + i turn) / sqrt m}: the real parts, and the imaginary ones times {@code sign}. */
    private Tensor parts(Tensor x, Tensor turn, double sign) {
        if (x.rank() != 2 || x.dim(1) != directions.dim(1)) throw new IllegalArgumentException("UniversalRandomFeatures: " + x.shape() + ", expected rows of " + directions.dim(1));
        Tensor along = x.matmul(directions.t()).mul(roots);
        Tensor phase = along.sub(x.square().sumKeep(1).mul(frequencies).mul(0.5)).add(turn);
        Tensor size = along.exp().mul(1 / Math.sqrt(frequencies.dim(0)));
        return Tensor.concat(List.of(size.mul(phase.cos()), size.mul(phase.sin()).mul(sign)), 1);
    }
}
