package lemma.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import lemma.tensor.CpuBackend;
import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.tensor.Tree;

/**
 * A symmetric matrix that is known by its products with vectors: the Hessian of a loss, its Gauss-Newton part, a Fisher matrix. What
 * {@link Lanczos}, {@link Hutchinson}, {@link PowerIteration} and {@link ConjugateGradient} work on. A vector holds the float elements of
 * the parameters in their order, flat.
 */
public final class SymmetricOperator {
    private final int size;
    private final UnaryOperator<Tensor> product;

    private SymmetricOperator(int size, UnaryOperator<Tensor> product) {
        if (size < 1) throw new IllegalArgumentException("SymmetricOperator: size is " + size + ", expected at least 1");
        this.size = size;
        this.product = product;
    }

    /** The operator with {@code product}, which takes and gives FLOAT64 vectors of {@code size} elements and must be linear and symmetric. */
    public static SymmetricOperator of(int size, UnaryOperator<Tensor> product) {
        return new SymmetricOperator(size, product);
    }

    /** A matrix that is there; only its symmetric part {@code (A + A^T) / 2} counts. */
    public static SymmetricOperator of(Tensor matrix) {
        if (matrix.rank() != 2 || matrix.dim(0) != matrix.dim(1)) throw new IllegalArgumentException("SymmetricOperator: the matrix is " + matrix.shape() + ", expected (n, n)");
        Tensor a = matrix.to(DType.FLOAT64);
        Tensor symmetric = a.add(a.t()).mul(0.5);
        return new SymmetricOperator(a.dim(0), symmetric::matmul);
    }

    /** The Hessian of a scalar function at p. */
    public static <P extends Tree<P>> SymmetricOperator hessian(Function<P, Tensor> f, P p) {
        return new SymmetricOperator(count(p), v -> flat(Autodiff.hvp(f, p, like(p, v))));
    }

    /**
     * The Gauss-Newton matrix {@code J^T H J} of {@code loss(outputs(p))}, with the Jacobian J of the outputs and the Hessian H of the loss in
     * them. For the mean cross-entropy of softmax outputs and for squared errors it is the Fisher matrix (with unit variance).
     *
     * @see <a href="https://jmlr.org/papers/v21/17-678.html">Martens (2020), New insights and perspectives on the natural gradient method, sections 8, 9</a>
     */
    public static <P extends Tree<P>> SymmetricOperator gaussNewton(Function<P, Tensor> outputs, UnaryOperator<Tensor> loss, P p) {
        return new SymmetricOperator(count(p), v -> {
            Autodiff.Jvp forward = Autodiff.jvp(outputs, p, like(p, v));
            Tensor curved = Autodiff.hvp(loss, forward.value(), forward.tangent());
            return flat(Autodiff.vjp(outputs, p, curved).cotangent());
        });
    }

    /** The empirical Fisher matrix {@code sum_i g_i g_i^T / n} of gradients of n examples, as {@link Autodiff#perExampleGrads} gives them. */
    public static <P extends Tree<P>> SymmetricOperator empiricalFisher(P perExample) {
        List<Tensor> rows = floats(perExample);
        int n = rows.getFirst().dim(0);
        Tensor g = Tensor.concat(rows.stream().map(t -> t.reshape(n, -1)).toList(), 1);
        return new SymmetricOperator(g.dim(1), v -> g.matmul(v.to(g.dtype()).to(g.backend())).matmul(g).div(n));
    }

    /** {@code A + shift I}, for example a damped Hessian. */
    public SymmetricOperator plus(double shift) {
        return new SymmetricOperator(size, v -> product.apply(v).to(DType.FLOAT64).add(v.mul(shift)));
    }

    /** {@code A v}, FLOAT64. */
    public Tensor apply(Tensor v) {
        if (!v.shape().equals(Shape.of(size))) throw new IllegalArgumentException("SymmetricOperator: v is " + v.shape() + ", expected [" + size + "]");
        Tensor y = product.apply(v.to(DType.FLOAT64));
        if (!y.shape().equals(v.shape())) throw new IllegalArgumentException("SymmetricOperator: the product of " + v.shape() + " is " + y.shape() + "; they must be equal");
        return y.to(DType.FLOAT64);
    }

    double[] apply(double[] v) {
        return Scope.run(() -> apply(Tensor.of(v)).toDoubles());
    }

    /** Length of the vectors. */
    public int size() {
        return size;
    }

    /** The vector of the float elements of p, FLOAT64: a gradient, for example, for {@link ConjugateGradient}. */
    public static Tensor flat(Tree<?> p) {
        return Tensor.concat(floats(p).stream().map(t -> t.to(CpuBackend.INSTANCE).to(DType.FLOAT64).reshape(-1)).toList(), 0);
    }

    /** The inverse of {@link #flat}: the elements of {@code v} in the structure and the types of p; integers in p become zeros. */
    public static <P extends Tree<P>> P like(P p, Tensor v) {
        if (!v.shape().equals(Shape.of(count(p)))) throw new IllegalArgumentException("SymmetricOperator: v is " + v.shape() + ", the parameters have " + count(p) + " elements");
        int[] from = {0};
        return p.map(t -> {
            if (!t.dtype().isFloat()) return t.zerosLike();
            int start = from[0];
            from[0] += Math.toIntExact(t.size());
            return v.narrow(0, start, from[0]).reshape(t.shape()).to(t.dtype()).to(t.backend());
        });
    }

    private static List<Tensor> floats(Tree<?> p) {
        List<Tensor> floats = new ArrayList<>(p.tensors());
        floats.removeIf(t -> !t.dtype().isFloat());
        if (floats.isEmpty()) throw new IllegalArgumentException("SymmetricOperator: there are no float tensors");
        return floats;
    }

    private static int count(Tree<?> p) {
        return Math.toIntExact(floats(p).stream().mapToLong(Tensor::size).sum());
    }

    // ---- vectors ----

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }

    static double norm(double[] a) {
        return Math.sqrt(dot(a, a));
    }

    /** {@code to += scale from}. */
    static void axpy(double scale, double[] from, double[] to) {
        for (int i = 0; i < to.length; i++) to[i] += scale * from[i];
    }

    static double[] scaled(double[] a, double factor) {
        return Arrays.stream(a).map(x -> x * factor).toArray();
    }
}
