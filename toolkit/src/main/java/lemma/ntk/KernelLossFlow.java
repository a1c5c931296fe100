package lemma.ntk;

import java.util.List;
import java.util.function.UnaryOperator;
import lemma.autodiff.Autodiff;
import lemma.loss.Losses;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Training on any loss with a constant tangent kernel: under gradient flow with learning rate eta the function moves by
 * {@code df/dt = -eta Theta(., X) dL/df(X)}, a differential equation that has a closed form for squared errors alone ({@link KernelGradientFlow}). It is solved by the
 * Runge-Kutta method of Dormand and Prince, orders 5 and 4, with steps whose estimated error stays below a tolerance times {@code 1 + |f|}.
 *
 * @param kernel Theta on the training set (n, n)
 * @param loss a number from the outputs (n, k), differentiable
 * @param learningRate eta, above 0
 * @param tolerance of a step, above 0
 * @see <a href="https://doi.org/10.1016/0771-050X(80)90013-3">Dormand, Prince (1980), A family of embedded Runge-Kutta formulae</a>
 */
public record KernelLossFlow(Tensor kernel, UnaryOperator<Tensor> loss, double learningRate, double tolerance) {
    private static final double[][] STAGES = {
        {1.0 / 5}, {3.0 / 40, 9.0 / 40}, {44.0 / 45, -56.0 / 15, 32.0 / 9}, {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
        {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656}, {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}};
    private static final double[] ERROR = {71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40};
    private static final int MOST_STEPS = 100_000;

    public KernelLossFlow {
        if (kernel.rank() != 2 || kernel.dim(0) != kernel.dim(1)) throw new IllegalArgumentException("KernelLossFlow: the kernel is " + kernel.shape() + ", expected (n, n)");
        if (!(learningRate > 0 && tolerance > 0)) throw new IllegalArgumentException("KernelLossFlow: learning rate " + learningRate + ", tolerance " + tolerance + ", expected both above 0");
    }

    /** Cross-entropy of classes, the mean over examples; labels (n). Learning rate 1, tolerance 1e-8. */
    public static KernelLossFlow crossEntropy(Tensor kernel, Tensor labels) {
        return new KernelLossFlow(kernel, f -> Losses.crossEntropy(f, labels), 1, 1e-8);
    }

    /** With learning rate eta. */
    public KernelLossFlow withLearningRate(double eta) {
        return new KernelLossFlow(kernel, loss, eta, tolerance);
    }

    /** The outputs on the training set at time t from {@code f0 (n, k)}. */
    public Tensor train(double t, Tensor f0) {
        return Scope.run(() -> solve(t, f0, kernel));
    }

    /**
     * The outputs at m other points at time t.
     *
     * @param cross Theta between those points and the training set (m, n)
     * @param f0 outputs on the training set at time 0 (n, k)
     * @param f0Test outputs at the points at time 0 (m, k)
     */
    public Tensor test(double t, Tensor cross, Tensor f0, Tensor f0Test) {
        return Scope.run(() -> {
            int n = kernel.dim(0);
            Tensor all = solve(t, Tensor.concat(List.of(f0, f0Test), 0), Tensor.concat(List.of(kernel, cross), 0));
            return all.narrow(0, n, all.dim(0));
        });
    }

    private Tensor slope(Tensor f, Tensor rows) {
        Tensor gradient = Autodiff.grad(loss, f.narrow(0, 0, kernel.dim(0)));
        return rows.matmul(gradient).mul(-learningRate);
    }

    private Tensor solve(double end, Tensor start, Tensor rows) {
        if (!(end >= 0) || Double.isInfinite(end)) throw new IllegalArgumentException("KernelLossFlow: time " + end + ", expected at least 0 and finite");
        Tensor f = start;
        double t = 0;
        double step = Math.min(end, 1e-3);
        for (int count = 0; t < end; count++) {
            if (count == MOST_STEPS) throw new ArithmeticException("KernelLossFlow: time " + t + " of " + end + " after " + MOST_STEPS + " steps; use a larger tolerance");
            Tensor at = f;
            double size = Math.min(step, end - t);
            Step next = Scope.run(() -> step(at, rows, size));
            if (next.error <= 1) {
                t += size;
                f = next.f;
            }
            step = size * Math.clamp(0.9 * Math.pow(Math.max(next.error, 1e-10), -0.2), 0.2, 5);
        }
        return f;
    }

    private record Step(Tensor f, double error) {}

    private Step step(Tensor f, Tensor rows, double size) {
        Tensor[] k = new Tensor[7];
        k[0] = slope(f, rows);
        Tensor next = f;
        for (int s = 0; s < 6; s++) {
            next = f.add(combined(k, STAGES[s]).mul(size));
            k[s + 1] = slope(next, rows);
        }
        double error = combined(k, ERROR).mul(size).abs().div(f.abs().add(1)).max().item() / tolerance;
        if (Double.isNaN(error)) throw new ArithmeticException("KernelLossFlow: outputs are not finite; check the kernel and the learning rate");
        return new Step(next, error);
    }

    private static Tensor combined(Tensor[] k, double[] weights) {
        Tensor sum = null;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] == 0) continue;
            Tensor part = k[i].mul(weights[i]);
            sum = sum == null ? part : sum.add(part);
        }
        return sum;
    }
}
