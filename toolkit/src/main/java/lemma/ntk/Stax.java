package lemma.ntk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import lemma.autodiff.Autodiff;
import lemma.optim.MuP.Role;
import lemma.tensor.Functional;
import lemma.tensor.Tensor;

/**
 * The layers of a {@link Network}, named as in neural-tangents:
 *
 * <pre>{@code
 * Network net = serial(dense(512, 1.5, 0.05), relu(), dense(512, 1.5, 0.05), relu(), dense(10, 1.5, 0.05));
 * NetworkKernel k = net.kernel(x1, x2);                      // k.nngp(), k.ntk()
 * Model finite = net.init(Random.seed(1), 784);       // parameters 0.weight, 0.bias, 2.weight, ...
 * }</pre>
 *
 * <p>{@code W_std} and {@code b_std} are standard deviations as in {@link Parametrization}, which is NTK unless given. Widths name those of the
 * finite network; kernels do not depend on them in the NTK parametrisation. {@code net.parametrized(Parametrization.MUP)} is the same network in another one.
 */
public final class Stax {
    private static final int NODES = 48;
    private static final double LAYER_NORM_EPS = 1e-12;

    private Stax() {}

    // ---- composition ----

    /** One after the other. */
    public static Network serial(Network... parts) {
        return new Serial(List.of(parts));
    }

    /** {@code x}. */
    public static Network identity() {
        return new Serial(List.of());
    }

    /**
     * {@code y = a(x) + b(x) + ...}: fan-out, branches, and their sum. At most one branch may be without weights, and branches with weights
     * end in a layer of weights, so that their outputs are independent with mean zero. A residual block is
     * {@code fanInSum(identity(), serial(relu(), dense(512, 1, 0)))}.
     */
    public static Network fanInSum(Network... branches) {
        return new FanIn(true, List.of(branches));
    }

    /** The channels of all branches side by side. */
    public static Network fanInConcat(Network... branches) {
        return new FanIn(false, List.of(branches));
    }

    // ---- layers of weights ----

    /** {@code y = W_std / sqrt(n) W x} with {@code W_std = 1} and without biases. */
    public static Network dense(int width) {
        return new DenseLayer(width, new Scales(1, Double.NaN, Parametrization.NTK));
    }

    /** {@code y = W_std / sqrt(n) W x + b_std b}. */
    public static Network dense(int width, double wStd, double bStd) {
        return dense(width, wStd, bStd, Parametrization.NTK);
    }

    /**
     * {@code y = W_std / sqrt(n) W x + b_std b} in another parametrisation: {@code K' = W_std^2 K + b_std^2},
     * {@code Theta' = K' + W_std^2 Theta}. A {@code b_std} of NaN means no biases.
     *
     * @param parametrization NTK or STANDARD; the others scale a layer by its place, see {@link Network#parametrized}
     * @throws IllegalArgumentException if {@code width < 1}, a standard deviation is negative or the parametrisation needs to know the place
     */
    public static Network dense(int width, double wStd, double bStd, Parametrization parametrization) {
        return new DenseLayer(width, new Scales(wStd, bStd, parametrization));
    }

    /** A convolution with windows of {@code size} along each axis, stride 1 and {@link Padding#VALID}. */
    public static Network conv(int channels, int size, double wStd, double bStd) {
        return conv(channels, size, 1, Padding.VALID, wStd, bStd);
    }

    /** A convolution over the one axis of sequences or the two of images. */
    public static Network conv(int channels, int size, int stride, Padding padding, double wStd, double bStd) {
        return conv(channels, size, stride, padding, wStd, bStd, Parametrization.NTK);
    }

    /**
     * A convolution over the one axis of sequences (c, l) or the two of images (c, h, w):
     * {@code K'(i, i') = W_std^2 mean_a K(s i + a, s i' + a) + b_std^2} over the offsets a of the window, s the stride.
     */
    public static Network conv(int channels, int size, int stride, Padding padding, double wStd, double bStd, Parametrization parametrization) {
        return new ConvLayer(channels, new Window(size, stride, padding), new Scales(wStd, bStd, parametrization));
    }

    /**
     * A convolutional network whose patches do not overlap, on sequences (c, 2^levels): units see one position, then the units of two neighbours, level by level up to
     * all, each layer with relu and {@code W_std = sqrt 2} and without biases, and a dense layer on top. With {@code m} the mean over two children
     * {@code K' = k_1(m(K)), Theta' = K' + m(Theta) k_0(m(K))}, k_0 and k_1 the arc-cosine kernels.
     *
     * @see <a href="https://arxiv.org/abs/2208.01003">Cagnetta, Favero, Wyart (2023), What can be learnt with wide convolutional neural networks?, section 3</a>
     */
    public static Network hierarchicalConv(int channels, int levels) {
        if (levels < 0) throw new IllegalArgumentException("Stax.hierarchicalConv: " + levels + " levels, expected at least 0");
        double he = Math.sqrt(2);
        List<Network> parts = new ArrayList<>(List.of(conv(channels, 1, 1, Padding.VALID, he, Double.NaN), relu()));
        for (int l = 0; l < levels; l++) parts.addAll(List.of(conv(channels, 2, 2, Padding.VALID, he, Double.NaN), relu()));
        parts.addAll(List.of(flatten(), dense(1, he, Double.NaN)));
        return new Serial(parts);
    }

    // ---- layers without weights ----

    /** Means over windows that do not overlap. */
    public static Network avgPool(int size) {
        return avgPool(size, size, Padding.VALID);
    }

    /** Means over windows; padding counts as zeros. */
    public static Network avgPool(int size, int stride, Padding padding) {
        return new Pooling(new Window(size, stride, padding));
    }

    /** The mean over all positions: (c, h, w) to (c). */
    public static Network globalAvgPool() {
        return new GlobalPooling();
    }

    /** All positions as channels: (c, h, w) to (c h w). Its kernel is the mean over equal positions. */
    public static Network flatten() {
        return new Flattening();
    }

    /** Channels at each position normalised to mean 0 and variance 1, right behind a layer of weights: {@code K' = K / sqrt(v1 v2)}. */
    public static Network layerNorm() {
        return layerNorm(LAYER_NORM_EPS);
    }

    /** As {@link #layerNorm()} with {@code eps} added to each variance. */
    public static Network layerNorm(double eps) {
        return new Normalizing(eps);
    }

    /**
     * Units zeroed with probability p and the rest divided by {@code 1 - p}, as {@link lemma.nn.Dropout} in training: {@code K' = K / (1 - p)} between an
     * example and itself, and at one position, else {@code K' = K}; so for Theta.
     *
     * @param p at least 0 and less than 1
     */
    public static Network dropout(double p) {
        if (!(p >= 0 && p < 1)) throw new IllegalArgumentException("Stax.dropout: p is " + p + ", expected 0 to less than 1");
        return new DropoutLayer(p);
    }

    /**
     * Self-attention over all positions of (c, l) or (c, h, w), without positional embeddings, in the NTK parametrisation unless {@link Network#parametrized}:
     * {@code y = ovStd / sqrt(heads d c) [A_1 V_1, ..., A_heads V_heads] W + b_std b}, {@code V_h = x W_h}, A_h by {@link AttentionWeights}. Kernels are those
     * of infinitely many heads of infinite width; for the tied weights they take the covariances between all positions of each example.
     *
     * @param width d of each head's queries, keys and values; in {@link Parametrization#MUP} heads grow, and d stays
     * @param qkStd standard deviation of the weights of queries times that of keys
     * @param ovStd standard deviation of the weights of outputs times that of values
     * @param bStd of the biases; NaN for none
     * @see <a href="https://arxiv.org/abs/2006.10540">Hron et al. (2020), Infinite attention: NNGP and NTK for deep attention networks</a>
     */
    public static Network selfAttention(int channels, int heads, int width, AttentionWeights weights, double qkStd, double ovStd, double bStd) {
        return new AttentionLayer(channels, heads, width, weights, qkStd, ovStd, bStd, Parametrization.NTK, Role.FIXED);
    }

    // ---- nonlinearities ----

    /** {@code max(x, 0)}. */
    public static Network relu() {
        return new Elementwise("relu", Tensor::relu, DualActivation.abRelu(0, 1));
    }

    /** {@code alpha min(x, 0) + max(x, 0)}. */
    public static Network leakyRelu(double alpha) {
        return new Elementwise("leakyRelu(" + alpha + ")", x -> Functional.leakyRelu(x, alpha), DualActivation.abRelu(alpha, 1));
    }

    /** {@code |x|}. */
    public static Network abs() {
        return new Elementwise("abs", Tensor::abs, DualActivation.abRelu(-1, 1));
    }

    /** {@code a min(x, 0) + b max(x, 0)}. */
    public static Network abRelu(double a, double b) {
        return new Elementwise("abRelu(" + a + ", " + b + ")", x -> x.minimum(0).mul(a).add(x.maximum(0).mul(b)), DualActivation.abRelu(a, b));
    }

    /** {@code erf(x)}. */
    public static Network erf() {
        return new Elementwise("erf", Tensor::erf, DualActivation.erf());
    }

    /** {@code x Phi(x)}, Phi the normal distribution function. */
    public static Network gelu() {
        return new Elementwise("gelu", Tensor::gelu, DualActivation.gelu());
    }

    /** {@code sin(x)}. */
    public static Network sin() {
        return new Elementwise("sin", Tensor::sin, DualActivation.sin());
    }

    /** {@code cos(x)}. */
    public static Network cos() {
        return new Elementwise("cos", Tensor::cos, DualActivation.cos());
    }

    /** {@code a sin(b x + c)}. */
    public static Network sin(double a, double b, double c) {
        return new Elementwise("sin(" + a + ", " + b + ", " + c + ")", x -> x.mul(b).add(c).sin().mul(a), DualActivation.sin(a, b, c));
    }

    /**
     * Random Fourier features {@code sqrt 2 sin(sqrt(2 gamma) x + pi/4)}: behind a layer of weights of variance 1 on inputs of n numbers the kernel is
     * {@code exp(-gamma |x - x'|^2 / n)}.
     *
     * @see <a href="https://papers.nips.cc/paper/3182-random-features-for-large-scale-kernel-machines">Rahimi, Recht (2007), Random features</a>
     */
    public static Network rbf(double gamma) {
        if (!(gamma > 0)) throw new IllegalArgumentException("Stax.rbf: gamma is " + gamma + ", expected a positive number");
        return sin(Math.sqrt(2), Math.sqrt(2 * gamma), Math.PI / 4);
    }

    /** {@code a exp(b x)}. */
    public static Network exp(double a, double b) {
        return new Elementwise("exp(" + a + ", " + b + ")", x -> x.mul(b).exp().mul(a), DualActivation.exp(a, b));
    }

    /** {@code a exp(-b x^2)}. */
    public static Network gaussian(double a, double b) {
        return new Elementwise("gaussian(" + a + ", " + b + ")", x -> x.square().mul(-b).exp().mul(a), DualActivation.gaussian(a, b));
    }

    /** {@code max(x, 0)^degree}, degree 0 to 3; 0 is the step function, through which nothing is learnt. */
    public static Network rectifiedMonomial(int degree) {
        UnaryOperator<Tensor> f = degree == 0 ? x -> x.gt(0).to(x.dtype()) : x -> x.relu().pow(degree);
        return new Elementwise("rectifiedMonomial(" + degree + ")", f, DualActivation.rectifiedMonomial(degree));
    }

    /** {@code sum_k a_k h_k(x)}, h_k the Hermite polynomials that are orthonormal under the standard normal distribution; exact at every variance. */
    public static Network hermite(double... a) {
        if (a.length == 0) throw new IllegalArgumentException("Stax.hermite: no coefficients, expected at least a_0");
        double[] coefficients = a.clone();
        UnaryOperator<Tensor> f = x -> Hermite.series(x, coefficients);
        return elementwise("hermite" + Arrays.toString(a), f, DualActivation.quadrature(f, x -> Hermite.slope(x, coefficients), a.length));
    }

    /**
     * Any nonlinearity, by Gauss-Hermite quadrature with {@value #NODES} nodes in each direction.
     *
     * @param f element by element, differentiable by {@link Autodiff}
     */
    public static Network elementwise(String name, UnaryOperator<Tensor> f) {
        return elementwise(name, f, NODES);
    }

    /** As {@link #elementwise(String, UnaryOperator)} with {@code nodes} in each direction: smooth functions need few, a kink needs many. */
    public static Network elementwise(String name, UnaryOperator<Tensor> f, int nodes) {
        UnaryOperator<Tensor> slope = x -> Autodiff.grad(z -> f.apply(z).sum(), x);
        return new Elementwise(name, f, DualActivation.quadrature(f, slope, nodes));
    }

    /** Any nonlinearity with what it does to covariances. */
    public static Network elementwise(String name, UnaryOperator<Tensor> f, DualActivation dual) {
        return new Elementwise(name, f, dual);
    }
}
