package lemma.ntk;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;
import org.hipparchus.analysis.solvers.BracketingNthOrderBrentSolver;

/**
 * The statistics of a random MLP {@code z^(l+1) = W s(z^l) + b}, {@code Var W = C_W / n, Var b = C_b}, layer by layer, to first order in 1/n. With
 * {@code <.>} the mean over {@code z ~ N(0, K)}:
 *
 * <ul>
 *   <li>the kernel {@code K' = C_b + C_W <s^2>};
 *   <li>susceptibilities {@code chi_par = C_W / (2 K^2) <s^2 (z^2 - K)>}, by which a change of K grows in a layer, and
 *       {@code chi_perp = C_W <s'^2>}, by which the distance of two near inputs does;
 *   <li>the four-point vertex {@code V' = chi_par^2 V + C_W^2 (<s^4> - <s^2>^2)}: {@code V / n} is the variance of the squared size of a layer's signals.
 * </ul>
 *
 * <p>Means are taken by the midpoint rule with {@value #STEP} standard deviations between nodes, whose error for smooth nonlinearities is that of
 * rounding, and which is exact for polynomials cut at 0.
 *
 * @see <a href="https://arxiv.org/abs/2106.10165">Roberts, Yaida, Hanin (2022), The principles of deep learning theory, chapters 4 and 5</a>
 */
public final class KernelRecursion {
    private static final double STEP = 0.05;
    private static final int NODES = 480;
    private static final Tensor PLACES = Tensor.arange((0.5 - NODES / 2) * STEP, NODES / 2 * STEP, STEP, DType.FLOAT64).keep();
    private static final Tensor WEIGHTS = PLACES.square().mul(-0.5).exp().mul(STEP / Math.sqrt(2 * Math.PI)).keep();
    private static final int EVALUATIONS = 200;

    private final UnaryOperator<Tensor> activation;
    private final double biasVariance;
    private final double weightVariance;

    private KernelRecursion(UnaryOperator<Tensor> activation, double biasVariance, double weightVariance) {
        this.activation = activation;
        this.biasVariance = biasVariance;
        this.weightVariance = weightVariance;
    }

    /**
     * A layer's statistics.
     *
     * @param depth 1 for the first layer of pre-activations
     * @param kernel K
     * @param vertex V
     * @param parallel chi_par at K
     * @param perpendicular chi_perp at K
     */
    public record Layer(int depth, double kernel, double vertex, double parallel, double perpendicular) {}

    /** The variances with which both susceptibilities are 1 at the kernel K, which is then a fixed point. */
    public record Critical(double biasVariance, double weightVariance, double kernel) {}

    /**
     * Of a nonlinearity s.
     *
     * @param activation element by element, differentiable
     * @param biasVariance C_b, at least 0
     * @param weightVariance C_W, at least 0
     */
    public static KernelRecursion of(UnaryOperator<Tensor> activation, double biasVariance, double weightVariance) {
        if (!(biasVariance >= 0 && weightVariance >= 0)) throw new IllegalArgumentException("KernelRecursion: C_b is " + biasVariance + ", C_W " + weightVariance + ", expected at least 0");
        return new KernelRecursion(activation, biasVariance, weightVariance);
    }

    /** Layers 1 to {@code depth} from the kernel of the first, whose vertex is 0. */
    public List<Layer> layers(double kernel, int depth) {
        if (!(kernel > 0) || depth < 1) throw new IllegalArgumentException("KernelRecursion: kernel " + kernel + ", depth " + depth + ", expected a positive kernel and at least one layer");
        List<Layer> layers = new ArrayList<>();
        double k = kernel;
        double v = 0;
        for (int l = 1; l <= depth; l++) {
            Means m = Means.of(activation, k);
            double parallel = weightVariance * m.growth;
            layers.add(new Layer(l, k, v, parallel, weightVariance * m.slope));
            v = parallel * parallel * v + weightVariance * weightVariance * (m.fourth - m.second * m.second);
            k = biasVariance + weightVariance * m.second;
        }
        return layers;
    }

    /**
     * The critical point with a kernel between {@code least} and {@code most}: {@code <s^2 (z^2 - K)> / 2K^2 = <s'^2>} there.
     *
     * @throws IllegalArgumentException if the difference of both sides has one sign at the ends, or C_b would be negative
     */
    public static Critical critical(UnaryOperator<Tensor> activation, double least, double most) {
        double kernel;
        try {
            kernel = new BracketingNthOrderBrentSolver(1e-14, 1e-12, 5).solve(EVALUATIONS, k -> difference(activation, k), least, most);
        } catch (org.hipparchus.exception.MathRuntimeException e) {
            throw new IllegalArgumentException("KernelRecursion.critical: no critical kernel between " + least + " and " + most + "; give ends at which chi_par / chi_perp is on both sides of 1", e);
        }
        Means m = Means.of(activation, kernel);
        double bias = kernel - m.second / m.slope;
        if (bias < 0) throw new IllegalArgumentException("KernelRecursion.critical: C_b would be " + bias + " at the kernel " + kernel + "; there is no critical point");
        return new Critical(bias, 1 / m.slope, kernel);
    }

    private static double difference(UnaryOperator<Tensor> activation, double kernel) {
        Means m = Means.of(activation, kernel);
        return m.growth - m.slope;
    }

    /** {@code <s^2>}, {@code <s^4>}, {@code <s'^2>} and {@code <s^2 (z^2 - K)> / 2K^2}. */
    private record Means(double second, double fourth, double slope, double growth) {
        static Means of(UnaryOperator<Tensor> f, double kernel) {
            return Scope.run(() -> {
                Tensor z = PLACES.mul(Math.sqrt(kernel));
                Tensor s2 = f.apply(z).square();
                Tensor slope = Autodiff.grad(x -> f.apply(x).sum(), z);
                return new Means(mean(s2), mean(s2.square()), mean(slope.square()), mean(s2.mul(z.square().sub(kernel))) / (2 * kernel * kernel));
            });
        }

        private static double mean(Tensor x) {
            return WEIGHTS.mul(x).sum().item();
        }
    }
}
