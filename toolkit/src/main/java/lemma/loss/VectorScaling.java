package lemma.loss;

import java.util.Arrays;
import java.util.List;
import lemma.linalg.Linalg;
import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * A factor and an offset for each class, {@code softmax(a * h + b)}, chosen by the least cross-entropy on held-out data. Unlike one temperature it can
 * move confidence from one class to another, and so change predictions.
 *
 * <p>The cross-entropy is convex in (a, b): Newton's method, its Hessian made by three matrix products, damped until the loss falls.
 * Equal offsets for all classes change nothing; those of least length are taken, whose sum is 0.
 *
 * @param a factors, one a class
 * @param b offsets, one a class
 * @see <a href="https://arxiv.org/abs/1706.04599">Guo et al. (2017), On calibration of modern neural networks, section 4.2</a>
 */
public record VectorScaling(double[] a, double[] b) {
    private static final int STEPS = 200;
    private static final double NEAR = 1e-8;
    private static final double SINGULAR = 1e-13;

    public VectorScaling {
        a = a.clone();
        b = b.clone();
        if (a.length < 2 || a.length != b.length) throw new IllegalArgumentException("VectorScaling: " + a.length + " factors and " + b.length + " offsets; expected one of each a class, at least two classes");
    }

    private record Point(Tensor ab, double loss) {}

    /**
     * Fitted to logits (n, classes) and labels (n).
     *
     * @throws ArithmeticException if no finite factors are best: some classes are told apart without a mistake
     */
    public static VectorScaling fit(Tensor logits, Tensor labels) {
        Classes.check("VectorScaling", logits, labels);
        if (logits.dim(0) == 0 || logits.dim(1) < 2) throw new IllegalArgumentException("VectorScaling: logits are " + logits.shape() + ", expected (n, classes) with at least 1 and 2");
        if (!logits.isFinite().all().toBooleans()[0]) throw new IllegalArgumentException("VectorScaling: some logits are not finite");
        int classes = logits.dim(1);
        return Scope.run(() -> {
            Tensor raw = logits.detach().to(DType.FLOAT64);
            double scale = Math.max(raw.square().mean().sqrt().item(), Double.MIN_NORMAL);
            Tensor h = raw.div(scale);
            double[] ab = minimum(h, labels, labels.oneHot(classes).to(DType.FLOAT64)).ab.toDoubles();
            double[] a = Arrays.stream(ab, 0, classes).map(v -> v / scale).toArray();
            double[] b = Arrays.copyOfRange(ab, classes, 2 * classes);
            double mean = Arrays.stream(b).average().orElseThrow();
            return new VectorScaling(a, Arrays.stream(b).map(v -> v - mean).toArray());
        });
    }

    private static Point minimum(Tensor h, Tensor labels, Tensor hot) {
        int classes = h.dim(1);
        Tensor start = Tensor.concat(List.of(Tensor.ones(classes), Tensor.zeros(classes)), 0).to(DType.FLOAT64);
        Point now = at(start, h, labels);
        double damping = 1e-3;
        for (int i = 0; i < STEPS; i++) {
            Tensor p = scaled(now.ab, h).softmax(-1);
            Tensor off = p.sub(hot);
            Tensor slope = Tensor.concat(List.of(off.mul(h).mean(0), off.mean(0)), 0);
            Tensor hessian = hessian(p, h);
            Tensor step = Linalg.solve(hessian.add(Tensor.eye(2 * classes, DType.FLOAT64).mul(damping)), slope);
            Point next = at(now.ab.sub(step), h, labels);
            if (step.abs().max().item() < NEAR) return checked(next, hessian);
            boolean falls = next.loss <= now.loss + 1e-15 * Math.abs(now.loss);
            if (falls) now = next;
            damping = falls ? Math.max(damping / 10, 1e-15) : damping * 10;
        }
        throw none();
    }

    private static Point checked(Point minimum, Tensor hessian) {
        double[] curvatures = Linalg.eigh(hessian).values().toDoubles();
        if (!(curvatures[0] > SINGULAR * curvatures[curvatures.length - 1])) throw none();
        return minimum;
    }

    private static ArithmeticException none() {
        return new ArithmeticException("VectorScaling: no finite factors are best, since some classes are told apart without a mistake; fit on more held-out data, or one temperature");
    }

    private static Point at(Tensor ab, Tensor h, Tensor labels) {
        return new Point(ab, Losses.crossEntropy(scaled(ab, h), labels).item());
    }

    private static Tensor scaled(Tensor ab, Tensor h) {
        int classes = h.dim(1);
        return h.mul(ab.narrow(0, 0, classes)).add(ab.narrow(0, classes, 2 * classes));
    }

    /** {@code mean over rows of J^T (diag(p) - p p^T) J} with {@code J = (diag(h), I)}; without the direction of equal offsets, which is flat. */
    private static Tensor hessian(Tensor p, Tensor h) {
        Tensor ph = p.mul(h);
        Tensor both = Tensor.concat(List.of(ph, p), 1);
        int classes = h.dim(1);
        Tensor square = ph.mul(h).mean(0).diag(0);
        Tensor cross = ph.mean(0).diag(0);
        Tensor one = p.mean(0).diag(0);
        Tensor diagonal = Tensor.concat(List.of(Tensor.concat(List.of(square, cross), 1), Tensor.concat(List.of(cross, one), 1)), 0);
        Tensor offsets = Tensor.concat(List.of(Tensor.zeros(classes), Tensor.ones(classes)), 0).to(DType.FLOAT64).unsqueeze(1);
        return diagonal.sub(both.t().matmul(both).div(h.dim(0))).add(offsets.matmul(offsets.t()).div(classes));
    }

    /** {@code a * h + b} for logits (..., classes). */
    public Tensor apply(Tensor logits) {
        if (logits.rank() == 0 || logits.dim(-1) != a.length) throw new IllegalArgumentException("VectorScaling: logits are " + logits.shape() + ", expected (..., " + a.length + ")");
        return logits.mul(Tensor.of(a).to(logits.dtype())).add(Tensor.of(b).to(logits.dtype()));
    }

    @Override
    public String toString() {
        return "VectorScaling " + Arrays.toString(a) + " h + " + Arrays.toString(b);
    }
}
