package lemma.ntk;

import lemma.linalg.Linalg;
import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Training on {@code L = sum_i |f(x_i) - y_i|^2 / 2n} with a constant tangent kernel, in closed form. Under gradient flow with learning rate eta
 * the function moves by {@code df/dt = -eta/n Theta(., X)(f(X) - y)}, so
 * {@code f_t(X) = y + exp(-eta Theta t / n)(f_0(X) - y)} and
 * {@code f_t(x) = f_0(x) + Theta(x, X) Theta^-1 (I - exp(-eta Theta t / n))(y - f_0(X))}. Gradient descent in steps has
 * {@code (I - eta Theta / n)^t} in place of the exponential.
 *
 * @see <a href="https://arxiv.org/abs/1806.07572">Jacot, Gabriel, Hongler (2018), Neural tangent kernel, section 5</a>
 * @see <a href="https://arxiv.org/abs/1902.06720">Lee et al. (2019), Wide neural networks of any depth evolve as linear models</a>
 */
public final class KernelGradientFlow {
    private final Tensor kernel;
    private final Tensor y;
    private final Linalg.Eigh eigen;
    private final double rate;
    private final boolean steps;

    private KernelGradientFlow(Tensor kernel, Tensor y, Linalg.Eigh eigen, double rate, boolean steps) {
        this.kernel = kernel;
        this.y = y;
        this.eigen = eigen;
        this.rate = rate;
        this.steps = steps;
    }

    /**
     * With learning rate 1.
     *
     * @param kernel Theta on the training set (n, n)
     * @param y targets (n) or (n, k)
     */
    public static KernelGradientFlow of(Tensor kernel, Tensor y) {
        if (kernel.rank() != 2 || kernel.dim(0) != kernel.dim(1) || y.rank() < 1 || y.dim(0) != kernel.dim(0) || y.rank() > 2) {
            throw new IllegalArgumentException("KernelGradientFlow: the kernel is " + kernel.shape() + ", y " + y.shape() + "; expected (n, n) and (n) or (n, k)");
        }
        return new KernelGradientFlow(kernel, y, Linalg.eigh(kernel), 1, false);
    }

    /** With learning rate eta. */
    public KernelGradientFlow withLearningRate(double eta) {
        if (!(eta > 0)) throw new IllegalArgumentException("KernelGradientFlow: learning rate " + eta + ", expected above 0");
        return new KernelGradientFlow(kernel, y, eigen, eta, steps);
    }

    /** Gradient descent in place of gradient flow: times are numbers of steps. It converges while {@link #largestLearningRate} is not reached. */
    public KernelGradientFlow inSteps() {
        return new KernelGradientFlow(kernel, y, eigen, rate, true);
    }

    /** {@code 2 n / lambda_max}: gradient descent with larger learning rates diverges. */
    public double largestLearningRate() {
        return 2.0 * y.dim(0) / eigen.values().max().item();
    }

    /** {@code eta lambda_i / n}, ascending: how fast the error along each eigenvector of the kernel decays under gradient flow. */
    public Tensor rates() {
        return eigen.values().mul(rate / y.dim(0));
    }

    /** The eigenvectors of the kernel, one in each column, in the order of {@link #rates}. */
    public Tensor eigenvectors() {
        return eigen.vectors();
    }

    /** The function on the training set at time t from {@code f0}, of the shape of y; t may be infinite. */
    public Tensor train(double t, Tensor f0) {
        checkTime(t);
        return Scope.run(() -> y.add(along(left(t), columns(f0.sub(y))).reshape(y.shape())));
    }

    /**
     * The function at m other points at time t.
     *
     * @param cross Theta between those points and the training set (m, n)
     * @param f0 the function on the training set at time 0, of the shape of y
     * @param f0Test the function at the points at time 0, (m) or (m, k)
     */
    public Tensor test(double t, Tensor cross, Tensor f0, Tensor f0Test) {
        checkTime(t);
        return Scope.run(() -> f0Test.add(cross.matmul(along(learnt(t), columns(y.sub(f0)))).reshape(f0Test.shape())));
    }

    /**
     * Mean and covariance over infinitely wide networks, trained with this kernel from random parameters: with
     * {@code A = Theta(x, X) Theta^-1 (I - exp(-eta Theta t / n))} the mean {@code A y} and the covariance
     * {@code K(x, x') + A K(X, X) A^T - A K(X, x') - K(x, X) A^T}.
     *
     * @param cross Theta between m points and the training set (m, n)
     * @param nngp K on the training set (n, n)
     * @param nngpCross K between the points and the training set (m, n)
     * @param nngpTest K between the points (m, m)
     */
    public Gaussian ensemble(double t, Tensor cross, Tensor nngp, Tensor nngpCross, Tensor nngpTest) {
        checkTime(t);
        return Scope.run(() -> {
            Tensor a = along(learnt(t), cross.t()).t();
            Tensor mixed = a.matmul(nngpCross.t());
            Tensor covariance = nngpTest.add(a.matmul(nngp).matmul(a.t())).sub(mixed).sub(mixed.t());
            return new Gaussian(a.matmul(y), covariance);
        });
    }

    private static void checkTime(double t) {
        if (!(t >= 0)) throw new IllegalArgumentException("KernelGradientFlow: time " + t + ", expected at least 0");
    }

    private Tensor columns(Tensor x) {
        return x.reshape(y.dim(0), -1);
    }

    /** {@code V g V^T x}. */
    private Tensor along(Tensor g, Tensor x) {
        return eigen.vectors().matmul(eigen.vectors().t().matmul(x).mul(g.unsqueeze(1)));
    }

    /** What is left of each error: {@code exp(-s t)} or {@code (1 - s)^t} for the rates s. */
    private Tensor left(double t) {
        Tensor s = rates();
        if (t == Double.POSITIVE_INFINITY) return s.zerosLike();
        return steps ? power(s, t) : s.mul(-t).exp();
    }

    private static Tensor power(Tensor s, double t) {
        if (t != Math.rint(t)) throw new IllegalArgumentException("KernelGradientFlow: " + t + " steps, expected a whole number");
        Tensor size = s.rsub(1).abs().pow(t);
        return t % 2 == 0 ? size : Tensor.where(s.gt(1), size.neg(), size);
    }

    /** {@code (1 - left) / lambda}, without cancellation where lambda is small: its limit there is {@code eta t / n}. */
    private Tensor learnt(double t) {
        Tensor lambda = eigen.values();
        double perUnit = rate / y.dim(0);
        if (t == Double.POSITIVE_INFINITY) return lambda.reciprocal();
        Tensor gone = steps ? left(t).rsub(1) : lambda.mul(-t * perUnit).expm1().neg();
        Tensor tiny = lambda.abs().mul(t * perUnit).lt(lambda.dtype() == DType.FLOAT64 ? 1e-12 : 1e-5);
        return Tensor.where(tiny, lambda.onesLike().mul(t * perUnit), gone.div(lambda));
    }
}
