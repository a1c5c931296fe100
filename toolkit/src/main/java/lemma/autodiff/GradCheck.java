package lemma.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import lemma.tensor.DType;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.tensor.Tree;

/**
 * Compares derivatives with finite differences in FLOAT64, element by element.
 *
 * <p>Order 1 compares the gradient of {@code p1(x) = sum(w * f(x))}, with fixed weights w of mixed sign, with differences of p1; order k
 * does the same for {@code pk(x) = sum(w * grad p(k-1)(x))}. The differences are central with one Richardson step,
 * {@code (8 (p(x+h) - p(x-h)) - (p(x+2h) - p(x-2h))) / 12h}, whose error is {@code O(h^4)}, with {@code h = 5e-4 max(1, |x|)}: of smooth
 * functions of moderate size they are right to about ten digits. Near a kink, such as relu at 0, they mean nothing.
 *
 * <pre>{@code
 * GradCheck.of((x, w) -> x.matmul(w).tanh()).withOrder(2).check(x, w).assertOk();
 * }</pre>
 */
public final class GradCheck {
    private static final double STEP = 5e-4;

    private final Function<List<Tensor>, Tensor> f;
    private final int order;
    private final double tolerance;

    private GradCheck(Function<List<Tensor>, Tensor> f, int order, double tolerance) {
        this.f = f;
        this.order = order;
        this.tolerance = tolerance;
    }

    /** Of a function of one tensor; first order, tolerance 1e-7. */
    public static GradCheck of(UnaryOperator<Tensor> f) {
        return ofAll(x -> {
            checkCount(1, x.size());
            return f.apply(x.getFirst());
        });
    }

    /** Of a function of two tensors; first order, tolerance 1e-7. */
    public static GradCheck of(BinaryOperator<Tensor> f) {
        return ofAll(x -> {
            checkCount(2, x.size());
            return f.apply(x.get(0), x.get(1));
        });
    }

    /** Of a function of a list of tensors; first order, tolerance 1e-7. */
    public static GradCheck ofAll(Function<List<Tensor>, Tensor> f) {
        return new GradCheck(f, 1, 1e-7);
    }

    /** All orders from 1 to {@code order}. */
    public GradCheck withOrder(int order) {
        if (order < 1) throw new IllegalArgumentException("GradCheck: order is " + order + ", expected at least 1");
        return new GradCheck(f, order, tolerance);
    }

    /** The largest error that passes, {@code |a - d| / max(1, |a|, |d|)} of a derivative a and its finite difference d. */
    public GradCheck withTolerance(double tolerance) {
        if (!(tolerance > 0)) throw new IllegalArgumentException("GradCheck: tolerance is " + tolerance + ", expected above 0");
        return new GradCheck(f, order, tolerance);
    }

    /**
     * The worst element over all orders.
     *
     * @param order order of the derivative
     * @param argument which argument of the function, from 0
     * @param element index of the element, one number an axis
     * @param derivative what automatic differentiation gave
     * @param difference what finite differences gave
     * @param error {@code |a - d| / max(1, |a|, |d|)}; infinite where one is not a finite number
     * @param tolerance the largest error that passes
     */
    public record Report(int order, int argument, List<Integer> element, double derivative, double difference, double error, double tolerance) {
        /** True if every derivative agrees. */
        public boolean isOk() {
            return error <= tolerance;
        }

        /**
         * Throws unless every derivative agrees.
         *
         * @throws AssertionError naming the worst element
         */
        public Report assertOk() {
            if (!isOk()) throw new AssertionError(toString());
            return this;
        }

        @Override
        public String toString() {
            return "GradCheck " + (isOk() ? "passed" : "failed") + ": worst at order " + order + ", argument " + argument + ", element " + element
                    + ": derivative " + derivative + ", finite difference " + difference + ", error " + error + ", tolerance " + tolerance;
        }
    }

    /**
     * Compares the derivatives at a point.
     *
     * @throws IllegalArgumentException if an argument is not FLOAT64 or there is nothing to check
     */
    public Report check(Tensor... point) {
        for (int i = 0; i < point.length; i++) {
            if (point[i].dtype() != DType.FLOAT64) throw new IllegalArgumentException("GradCheck: argument " + i + " is " + point[i].dtype() + ", expected FLOAT64; convert with to(DType.FLOAT64)");
        }
        if (Arrays.stream(point).allMatch(x -> x.size() == 0)) throw new IllegalArgumentException("GradCheck: the point has no elements");
        Report worst = null;
        Function<Point, Tensor> p = x -> weighted(f.apply(x.tensors()));
        for (int k = 1; k <= order; k++) {
            Report r = compare(k, p, new Point(List.of(point)));
            if (worst == null || r.error > worst.error) worst = r;
            Function<Point, Tensor> lower = p;
            p = x -> sumOfWeighted(Autodiff.grad(lower, x).tensors());
        }
        return worst;
    }

    private record Point(List<Tensor> tensors) implements Tree<Point> {
        @Override
        public Point map(UnaryOperator<Tensor> g) {
            return new Point(tensors.stream().map(g).toList());
        }

        Point with(int i, Tensor x) {
            List<Tensor> other = new ArrayList<>(tensors);
            other.set(i, x);
            return new Point(other);
        }
    }

    private Report compare(int k, Function<Point, Tensor> p, Point point) {
        List<Tensor> gradients = Autodiff.grad(p, point).tensors();
        Report worst = null;
        for (int i = 0; i < gradients.size(); i++) {
            Tensor x = point.tensors().get(i);
            double[] derivatives = gradients.get(i).toDoubles();
            double[] at = x.toDoubles();
            for (int e = 0; e < at.length; e++) {
                double d = difference(p, point, i, at, e);
                double error = Math.abs(derivatives[e] - d) / Math.max(1, Math.max(Math.abs(derivatives[e]), Math.abs(d)));
                if (Double.isNaN(error)) error = Double.POSITIVE_INFINITY;
                if (worst == null || error > worst.error) worst = new Report(k, i, index(e, x.shape()), derivatives[e], d, error, tolerance);
            }
        }
        return worst;
    }

    private static double difference(Function<Point, Tensor> p, Point point, int argument, double[] at, int e) {
        double h = STEP * Math.max(1, Math.abs(at[e]));
        double near = value(p, point, argument, at, e, h) - value(p, point, argument, at, e, -h);
        double far = value(p, point, argument, at, e, 2 * h) - value(p, point, argument, at, e, -2 * h);
        return (8 * near - far) / (12 * h);
    }

    private static double value(Function<Point, Tensor> p, Point point, int argument, double[] at, int e, double step) {
        double[] moved = at.clone();
        moved[e] += step;
        Tensor x = point.tensors().get(argument);
        return p.apply(point.with(argument, Tensor.of(moved).reshape(x.shape()).to(x.backend()))).item();
    }

    private static List<Integer> index(int e, Shape shape) {
        Integer[] at = new Integer[shape.rank()];
        int rest = e;
        for (int k = shape.rank() - 1; k >= 0; k--) {
            at[k] = rest % shape.dim(k);
            rest /= shape.dim(k);
        }
        return List.of(at);
    }

    private static Tensor sumOfWeighted(List<Tensor> parts) {
        return parts.stream().map(GradCheck::weighted).reduce(Tensor::add).orElseThrow();
    }

    /** {@code sum(w * y)} with weights in [-1, 1] that repeat in no axis. */
    private static Tensor weighted(Tensor y) {
        double[] w = new double[Math.toIntExact(y.size())];
        Arrays.setAll(w, i -> Math.cos(1 + 1.7 * i + 0.01 * i * i));
        return y.mul(Tensor.of(w).reshape(y.shape()).to(y.backend())).sum();
    }

    private static void checkCount(int expected, int given) {
        if (given != expected) throw new IllegalArgumentException("GradCheck: the function takes " + expected + " tensors, the point has " + given);
    }
}
