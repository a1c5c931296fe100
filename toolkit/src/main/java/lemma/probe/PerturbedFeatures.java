package lemma.probe;

import lemma.linalg.Linalg;
import lemma.nn.Params;
import lemma.optim.Lbfgs;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Features that stay near given ones:
 * {@code min 1/(2Kn) |H W^T - Y|^2 + lambda_W/(2K) |W|^2 + lambda_H/(2Kn) |H|^2 + beta/(2Kn) |H - H0|^2}, Y one-hot (Kn, K), K classes of n
 * examples. beta = 0 leaves the features free; a finite beta explains collapse that is not exact. What is left of the variability within
 * the classes is {@code H_w = beta H0_w (W^T W + (lambda_H + beta) I)^-1}, with the class means taken off H and H0.
 *
 * @param h0 (Kn, d), for example the features of the layer before
 * @param y (Kn) classes, all of the same size
 * @param weightDecay {@code lambda_W}, above 0
 * @param featureDecay {@code lambda_H}, at least 0
 * @param beta at least 0; featureDecay + beta above 0
 * @see <a href="https://arxiv.org/abs/2210.16658">Tirer, Huang, Niles-Weed (2023), Perturbation Analysis of Neural Collapse, eq. 3, theorems 3.2 and 4.1</a>
 */
public record PerturbedFeatures(Tensor h0, Tensor y, double weightDecay, double featureDecay, double beta) {
    private static final Lbfgs.Options OPTIONS = Lbfgs.Options.DEFAULT.withHistory(20).withMaxIterations(20_000).withGradientTolerance(1e-12).withValueTolerance(0);

    public PerturbedFeatures {
        h0 = Features.of("PerturbedFeatures", h0);
        int[][] rows = ClassRows.of("PerturbedFeatures", y, h0.dim(0), 1);
        for (int[] r : rows) if (r.length != rows[0].length) throw new IllegalArgumentException("PerturbedFeatures: classes have " + rows[0].length + " and " + r.length + " examples, expected equal sizes");
        if (!(weightDecay > 0 && featureDecay >= 0 && beta >= 0 && featureDecay + beta > 0)) {
            throw new IllegalArgumentException("PerturbedFeatures: weight decay " + weightDecay + ", feature decay " + featureDecay + ", beta " + beta + "; expected above 0, at least 0, at least 0, and not both of the last 0");
        }
    }

    /**
     * What an optimiser found.
     *
     * @param weight W (K, d)
     * @param features H (Kn, d)
     * @param objective its value
     * @param gradientNorm largest component of the gradient there
     */
    public record Solution(Tensor weight, Tensor features, double objective, double gradientNorm) {}

    /** L-BFGS on W and H together, from H0 and a small random W; stationary points other than the minimum are saddles. */
    public Solution solve(Random random) {
        Params start = Params.of("w", random.normal(Shape.of(classes(), h0.dim(1)), DType.FLOAT64).mul(0.1)).with("h", h0);
        Tensor targets = targets();
        int kn = h0.dim(0);
        Lbfgs.ParamsResult end = Lbfgs.minimize((Params p) -> {
            Tensor w = p.get("w");
            Tensor h = p.get("h");
            Tensor fit = h.matmul(w.t()).sub(targets).square().sum();
            Tensor all = fit.add(h.square().sum().mul(featureDecay)).add(h.sub(h0).square().sum().mul(beta)).div(2.0 * kn);
            return all.add(w.square().sum().mul(weightDecay / (2.0 * classes())));
        }, start, OPTIONS);
        return new Solution(end.params().get("w"), end.params().get("h"), end.value(), end.gradientNorm());
    }

    /** {@code beta (W^T W + (lambda_H + beta) I)^-1} (d, d): what variability within the classes is multiplied by. */
    public Tensor withinGain(Tensor weight) {
        return Scope.run(() -> {
            int d = h0.dim(1);
            Tensor a = weight.t().matmul(weight).add(Tensor.eye(d, DType.FLOAT64).mul(featureDecay + beta));
            return Linalg.solve(a, Tensor.eye(d, DType.FLOAT64).mul(beta));
        });
    }

    /** {@code |H_w - H0_w gain| / |H_w|} at a solution: 0 at every stationary point. */
    public double identityError(Solution at) {
        return Scope.run(() -> {
            Tensor measured = within(at.features());
            Tensor predicted = within(h0).matmul(withinGain(at.weight()).t());
            return measured.sub(predicted).norm().item() / measured.norm().item();
        });
    }

    /** Features (Kn, d) less the mean of their class. */
    public Tensor within(Tensor h) {
        return Scope.run(() -> h.sub(ClassStatistics.of(h, y, classes()).means().indexSelect(0, y.to(DType.INT64))));
    }

    /**
     * The flow of the features along the central path, {@code dH/dt = -((H W*^T - Y) W* + lambda_H H)} with the best classifier for the features,
     * {@code W*(H) = Y^T H (H^T H + n lambda_W I)^-1}, from H0 by fourth-order Runge-Kutta steps.
     *
     * @param nc1 {@code tr(Sigma_W) / tr(Sigma_B)} at the start and after each step
     * @param features H at the end
     */
    public record CentralPath(double[] nc1, Tensor features) {}

    /** The flow in {@code steps} steps of {@code dt}; beta has no part in it. */
    public CentralPath centralPath(double dt, int steps) {
        if (!(dt > 0) || steps < 1) throw new IllegalArgumentException("PerturbedFeatures.centralPath: dt " + dt + ", " + steps + " steps; expected both above 0");
        Tensor targets = targets();
        double[] nc1 = new double[steps + 1];
        Tensor h = h0;
        nc1[0] = nc1(h);
        for (int s = 1; s <= steps; s++) {
            Tensor now = h;
            h = Scope.run(() -> {
                Tensor a = velocity(now, targets);
                Tensor b = velocity(now.add(a.mul(dt / 2)), targets);
                Tensor c = velocity(now.add(b.mul(dt / 2)), targets);
                Tensor d = velocity(now.add(c.mul(dt)), targets);
                return now.add(a.add(b.mul(2)).add(c.mul(2)).add(d).mul(dt / 6));
            });
            nc1[s] = nc1(h);
        }
        return new CentralPath(nc1, h);
    }

    private Tensor velocity(Tensor h, Tensor targets) {
        Tensor w = bestClassifier(h, targets);
        return targets.sub(h.matmul(w.t())).matmul(w).sub(h.mul(featureDecay));
    }

    /** W* (K, d) of features h (Kn, d). */
    public Tensor bestClassifier(Tensor h) {
        return bestClassifier(h, targets());
    }

    private Tensor bestClassifier(Tensor h, Tensor targets) {
        int n = h.dim(0) / classes();
        Tensor a = h.t().matmul(h).add(Tensor.eye(h.dim(1), DType.FLOAT64).mul(n * weightDecay));
        return Linalg.solve(a, h.t().matmul(targets)).t();
    }

    private double nc1(Tensor h) {
        return new NeuralCollapse(ClassStatistics.of(h, y, classes())).nc1Traces();
    }

    private int classes() {
        return (int) y.max().item() + 1;
    }

    private Tensor targets() {
        return y.oneHot(classes()).to(DType.FLOAT64);
    }
}
