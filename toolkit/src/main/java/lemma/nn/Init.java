package lemma.nn;

import lemma.linalg.Linalg;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Initial distributions of parameters, in FLOAT32, named as in PyTorch's {@code nn.init}.
 *
 * <p>A weight {@code (out, in, kernel...)} has {@code fanIn = in * kernel elements} and {@code fanOut = out * kernel elements}.
 */
public final class Init {
    private Init() {}

    /** Which of the two numbers the variance is kept over: the inputs of the forward pass or those of the backward pass. */
    public enum Fan { IN, OUT }

    // ---- plain ----

    /** Uniform in [-bound, bound). */
    public static Tensor uniform(Random random, double bound, int... shape) {
        return random.uniform(Shape.of(shape), DType.FLOAT32).mul(2 * bound).sub(bound);
    }

    /** Normal with mean 0 and standard deviation {@code std}. */
    public static Tensor normal(Random random, double std, int... shape) {
        return random.normal(Shape.of(shape), DType.FLOAT32).mul(std);
    }

    /** Normal with mean 0 and standard deviation {@code std}, given that it lies in [low, high]; PyTorch's bounds are -2 and 2. */
    public static Tensor truncNormal(Random random, double std, double low, double high, int... shape) {
        return random.truncatedNormal(0, std, low, high, shape);
    }

    // ---- by fans ----

    /** The number of inputs of one output: of {@code (out, in, kernel...)} the product of all lengths but the first. */
    public static int fanIn(Shape shape) {
        return shape.dim(1) * kernel(shape);
    }

    /** The number of outputs that one input reaches. */
    public static int fanOut(Shape shape) {
        return shape.dim(0) * kernel(shape);
    }

    private static int kernel(Shape shape) {
        if (shape.rank() < 2) throw new IllegalArgumentException("Init: a weight of shape " + shape + " has no fans, expected (out, in, ...)");
        int n = 1;
        for (int i = 2; i < shape.rank(); i++) n = Math.multiplyExact(n, shape.dim(i));
        return n;
    }

    private static int fan(Shape shape, Fan fan) {
        return fan == Fan.IN ? fanIn(shape) : fanOut(shape);
    }

    /**
     * Uniform with {@code bound = gain sqrt(6 / (fanIn + fanOut))}.
     *
     * @see <a href="https://proceedings.mlr.press/v9/glorot10a.html">Glorot, Bengio (2010), Understanding the difficulty of training deep feedforward neural networks</a>
     */
    public static Tensor xavierUniform(Random random, double gain, Shape shape) {
        return uniform(random, gain * Math.sqrt(6.0 / (fanIn(shape) + (double) fanOut(shape))), shape.dims());
    }

    /** Uniform with {@code bound = sqrt(6 / (fanIn + fanOut))} of given fans, for a weight that holds several matrices. */
    public static Tensor xavierUniform(Random random, int fanIn, int fanOut, int... shape) {
        return uniform(random, Math.sqrt(6.0 / (fanIn + fanOut)), shape);
    }

    /** Normal with {@code std = gain sqrt(2 / (fanIn + fanOut))}. */
    public static Tensor xavierNormal(Random random, double gain, Shape shape) {
        return normal(random, gain * Math.sqrt(2.0 / (fanIn(shape) + (double) fanOut(shape))), shape.dims());
    }

    /**
     * Uniform with {@code bound = gain sqrt(3 / fan)}; for relu the gain is {@code sqrt(2)}, see {@link #gain}.
     *
     * @see <a href="https://arxiv.org/abs/1502.01852">He et al. (2015), Delving deep into rectifiers</a>
     */
    public static Tensor kaimingUniform(Random random, double gain, Fan fan, Shape shape) {
        return uniform(random, gain * Math.sqrt(3.0 / fan(shape, fan)), shape.dims());
    }

    /** Normal with {@code std = gain / sqrt(fan)}. */
    public static Tensor kaimingNormal(Random random, double gain, Fan fan, Shape shape) {
        return normal(random, gain / Math.sqrt(fan(shape, fan)), shape.dims());
    }

    /** Uniform with {@code bound = 1 / sqrt(fanIn)}: PyTorch's default for linear layers and convolutions. */
    public static Tensor fanInUniform(Random random, int fanIn, int... shape) {
        return uniform(random, 1 / Math.sqrt(fanIn), shape);
    }

    /** PyTorch's gain of an activation function, which keeps the size of signals: 5/3 for tanh, sqrt(2) for relu, 3/4 for selu. */
    public static double gain(Activation f) {
        return switch (f) {
            case IDENTITY, SIGMOID -> 1;
            case TANH -> 5.0 / 3;
            case RELU -> Math.sqrt(2);
            case LEAKY_RELU -> leakyReluGain(0.01);
            case SELU -> 0.75;
            default -> throw new IllegalArgumentException("Init.gain: there is no gain in use for " + f + "; give a number");
        };
    }

    /** {@code sqrt(2 / (1 + slope^2))}. */
    public static double leakyReluGain(double slope) {
        return Math.sqrt(2 / (1 + slope * slope));
    }

    // ---- with structure ----

    /**
     * A matrix, of the first axis by all others, whose shorter side is orthonormal, times {@code gain}; uniform among those.
     *
     * @see <a href="https://arxiv.org/abs/1312.6120">Saxe, McClelland, Ganguli (2014), Exact solutions to the nonlinear dynamics of learning</a>
     */
    public static Tensor orthogonal(Random random, double gain, Shape shape) {
        if (shape.rank() < 2) throw new IllegalArgumentException("Init.orthogonal: shape is " + shape + ", expected at least two axes");
        int rows = shape.dim(0);
        int columns = Math.toIntExact(shape.size() / Math.max(1, rows));
        Tensor normal = random.normal(Shape.of(Math.max(rows, columns), Math.min(rows, columns)), DType.FLOAT32);
        Linalg.Qr qr = Linalg.qr(normal);
        Tensor signs = Tensor.where(qr.r().diagonal(0).lt(0), Tensor.scalar(-1), Tensor.scalar(1));
        Tensor q = qr.q().mul(signs);
        return (rows < columns ? q.t() : q).mul(gain).reshape(shape);
    }

    /** A matrix of normal numbers in which a share {@code sparsity} of each column, rounded up, is zero. */
    public static Tensor sparse(Random random, double sparsity, double std, int rows, int columns) {
        if (!(sparsity >= 0 && sparsity <= 1)) throw new IllegalArgumentException("Init.sparse: sparsity is " + sparsity + ", expected 0 to 1");
        int zeros = (int) Math.ceil(sparsity * rows);
        Tensor rank = random.uniform(rows, columns).argsort(0, false).argsort(0, false);
        return normal(random, std, rows, columns).maskedFill(rank.lt(zeros), 0);
    }

    /** A convolution {@code (out, in, kernel...)} that hands its input on, channel by channel within each group, as far as there are channels. */
    public static Tensor dirac(int groups, Shape shape) {
        if (shape.rank() < 3 || shape.rank() > 5) throw new IllegalArgumentException("Init.dirac: shape is " + shape + ", expected (out, in, kernel...) with one to three axes of the kernel");
        if (groups < 1 || shape.dim(0) % groups != 0) throw new IllegalArgumentException("Init.dirac: groups " + groups + " does not divide the " + shape.dim(0) + " outputs of " + shape);
        int kernel = kernel(shape);
        int each = shape.dim(0) / groups;
        int middle = 0;
        for (int i = 2; i < shape.rank(); i++) middle = middle * shape.dim(i) + shape.dim(i) / 2;
        float[] w = new float[Math.toIntExact(shape.size())];
        for (int g = 0; g < groups; g++) {
            for (int c = 0; c < Math.min(each, shape.dim(1)); c++) w[((g * each + c) * shape.dim(1) + c) * kernel + middle] = 1;
        }
        return Tensor.of(w, shape.dims());
    }

    /** The identity as far as it goes: ones where row and column are equal. */
    public static Tensor eye(int rows, int columns) {
        return Tensor.arange(rows).unsqueeze(1).eq(Tensor.arange(columns)).to(DType.FLOAT32);
    }
}
