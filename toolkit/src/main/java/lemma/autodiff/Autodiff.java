package lemma.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import lemma.tensor.Batching;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.tensor.Tracing;
import lemma.tensor.Tree;

/**
 * Transformations of functions of tensors, as in JAX: gradients, products with Jacobians, Hessian-vector products. A transformation
 * takes a function and a point; what it records lives only during the call. They nest to any depth: the gradient of a gradient is
 * written as such.
 *
 * <p>The function must compute on the calling thread. Points are tensors or {@link Tree}s of tensors, such as the parameters of a
 * model; only FLOAT32 and FLOAT64 have gradients.
 */
public final class Autodiff {
    private Autodiff() {}

    /** A value and the gradient at the same point. */
    public record ValueAndGrad<P>(Tensor value, P grad) {}

    /** A value and a directional derivative. */
    public record Jvp(Tensor value, Tensor tangent) {}

    /** A value and the product of a cotangent with the Jacobian. */
    public record Vjp<P>(Tensor value, P cotangent) {}

    // ---- gradients of scalar functions ----

    /** {@code df/dx} of a function with a scalar value, in the shape of x. */
    public static Tensor grad(UnaryOperator<Tensor> f, Tensor x) {
        return valueAndGrad(f, x).grad();
    }

    /** {@code df/dp} of a function with a scalar value, in the structure of p. */
    public static <P extends Tree<P>> P grad(Function<P, Tensor> f, P p) {
        return valueAndGrad(f, p).grad();
    }

    /** {@code f(x)} and {@code df/dx}. */
    public static ValueAndGrad<Tensor> valueAndGrad(UnaryOperator<Tensor> f, Tensor x) {
        return Tracing.run(() -> {
            Tensor v = variable(x);
            Tensor y = scalar(f.apply(v));
            Tensor g = backward(y, y.detach().onesLike(), List.of(v)).getFirst();
            return new ValueAndGrad<>(out(y), out(g));
        });
    }

    /** {@code f(p)} and {@code df/dp}. */
    public static <P extends Tree<P>> ValueAndGrad<P> valueAndGrad(Function<P, Tensor> f, P p) {
        return Tracing.run(() -> {
            P v = p.map(Autodiff::variableIfFloat);
            Tensor y = scalar(f.apply(v));
            return new ValueAndGrad<>(out(y), pull(v, y, y.detach().onesLike()));
        });
    }

    // ---- all examples of a batch at once ----

    /** The loss of a batch of one example. */
    @FunctionalInterface
    public interface ExampleLoss<P> {
        /** A scalar, from parameters, an input {@code x (1, ...)} and a target {@code y (1, ...)}. */
        Tensor of(P p, Tensor x, Tensor y);
    }

    /**
     * The gradient of each example's loss, {@code g_i = d loss(p, x_i, y_i) / dp}, every tensor of shape (batch, ...parameter): for
     * gradient noise, influence, private training, Fisher matrices.
     *
     * <p>The loss is that of a batch of one, as a training loop writes it: {@code (p, x, y) -> Losses.crossEntropy(net.with(p).apply(x), y)}.
     * All examples run at once; their mean is the gradient of the mean loss. Random numbers drawn inside are the same for all examples.
     *
     * @param x inputs (batch, ...)
     * @param y targets (batch, ...)
     * @throws IllegalStateException if the function needs to look at a value that differs between examples, or updates running statistics as
     *     batch normalisation does in training: what depends on the rest of the batch has no gradient of one example
     */
    public static <P extends Tree<P>> P perExampleGrads(ExampleLoss<P> loss, P p, Tensor x, Tensor y) {
        if (x.rank() == 0 || y.rank() == 0 || x.dim(0) != y.dim(0)) throw new IllegalArgumentException("perExampleGrads: x is " + x.shape() + ", y " + y.shape() + "; the first axes must be the examples");
        return Scope.run(() -> Batching.run(x.dim(0), batch -> {
            Tensor one = batch.split(x).unsqueeze(0);
            Tensor target = batch.split(y).unsqueeze(0);
            P gradients = grad((P q) -> loss.of(q, one, target), p.map(batch::lift));
            return gradients.map(g -> batch.join(g).contiguous());
        }));
    }

    /** As {@link #perExampleGrads(ExampleLoss, Tree, Tensor, Tensor)} for a loss without targets. */
    public static <P extends Tree<P>> P perExampleGrads(BiFunction<P, Tensor, Tensor> loss, P p, Tensor x) {
        return perExampleGrads((q, one, same) -> loss.apply(q, one), p, x, x);
    }

    /**
     * {@code f} of every row of x at once: {@code y[i] = f(x[i])}, rows along the first axis. It nests with itself and with every other
     * transformation. Random numbers drawn inside are the same for all rows.
     *
     * @throws IllegalStateException if f needs to look at a value that differs between rows
     */
    public static Tensor vmap(UnaryOperator<Tensor> f, Tensor x) {
        if (x.rank() == 0) throw new IllegalArgumentException("vmap: x is a scalar, expected an axis to map over");
        return Scope.run(() -> Batching.run(x.dim(0), batch -> batch.join(f.apply(batch.split(x))).contiguous()));
    }

    /** {@code f} of every member of a batch of trees at once: all tensors of p have the members along their first axis. */
    public static <P extends Tree<P>> Tensor vmap(Function<P, Tensor> f, P p) {
        if (p.tensors().isEmpty() || p.tensors().getFirst().rank() == 0) throw new IllegalArgumentException("vmap: p has no axis to map over");
        return Scope.run(() -> Batching.run(p.tensors().getFirst().dim(0), batch -> batch.join(f.apply(p.map(batch::split))).contiguous()));
    }

    // ---- products with the Jacobian ----

    /** {@code f(x)} and {@code u^T J}: u has the shape of the value, the product that of x. */
    public static Vjp<Tensor> vjp(UnaryOperator<Tensor> f, Tensor x, Tensor u) {
        return Tracing.run(() -> {
            Tensor v = variable(x);
            Tensor y = f.apply(v);
            checkSame("vjp", "u", u.shape(), "the value", y.shape());
            return new Vjp<>(out(y), out(backward(y, u, List.of(v)).getFirst()));
        });
    }

    /** {@code f(p)} and {@code u^T J}: u has the shape of the value, the product the structure of p. */
    public static <P extends Tree<P>> Vjp<P> vjp(Function<P, Tensor> f, P p, Tensor u) {
        return Tracing.run(() -> {
            P v = p.map(Autodiff::variableIfFloat);
            Tensor y = f.apply(v);
            checkSame("vjp", "u", u.shape(), "the value", y.shape());
            return new Vjp<>(out(y), pull(v, y, u));
        });
    }

    /**
     * {@code f(x)} and {@code J t}: t has the shape of x, the product that of the value. By two reverse passes: {@code u -> u^T J} is
     * linear, and its own vector-Jacobian product is {@code J t}.
     */
    public static Jvp jvp(UnaryOperator<Tensor> f, Tensor x, Tensor t) {
        checkSame("jvp", "the tangent", t.shape(), "x", x.shape());
        return Tracing.run(() -> {
            Pullback pullback = Tracing.run(() -> {
                Tensor v = variable(x);
                Tensor y = f.apply(v);
                Tensor u = y.detach().zerosLike().variable();
                return new Pullback(y, u, backward(y, u, List.of(v)));
            });
            return pullback.push(List.of(t));
        });
    }

    /** {@code f(p)} and {@code J t}: t has the structure of p, the product the shape of the value. */
    public static <P extends Tree<P>> Jvp jvp(Function<P, Tensor> f, P p, P t) {
        return Tracing.run(() -> {
            Pullback pullback = Tracing.run(() -> {
                P v = p.map(Autodiff::variableIfFloat);
                Tensor y = f.apply(v);
                Tensor u = y.detach().zerosLike().variable();
                return new Pullback(y, u, pull(v, y, u).tensors());
            });
            return pullback.push(t.tensors());
        });
    }

    /** {@code u -> u^T J}, recorded. */
    private record Pullback(Tensor y, Tensor u, List<Tensor> products) {
        Jvp push(List<Tensor> tangents) {
            Tensor inner = inner(products, tangents);
            return new Jvp(out(y), out(backward(inner, inner.detach().onesLike(), List.of(u)).getFirst()));
        }
    }

    /** The Jacobian of {@code f} at x, of shape (shape of the value, shape of x), one reverse pass an element of the value. */
    public static Tensor jacobian(UnaryOperator<Tensor> f, Tensor x) {
        return Tracing.run(() -> {
            Tensor v = variable(x);
            Tensor y = f.apply(v);
            int n = Math.toIntExact(y.size());
            List<Tensor> rows = new ArrayList<>(n);
            Tensor units = Tensor.eye(n, y.dtype()).to(y.backend());
            for (int i = 0; i < n; i++) rows.add(backward(y, units.get(i).reshape(y.shape()), List.of(v)).getFirst());
            int[] shape = concat(y.shape(), x.shape());
            return out(n == 0 ? Tensor.full(Shape.of(shape), y.dtype(), 0) : Tensor.stack(rows, 0).reshape(shape));
        });
    }

    // ---- second order ----

    /** {@code H v} with the Hessian H of a scalar function at x. */
    public static Tensor hvp(UnaryOperator<Tensor> f, Tensor x, Tensor v) {
        checkSame("hvp", "v", v.shape(), "x", x.shape());
        return vjp(z -> grad(f, z), x, v).cotangent();
    }

    /** {@code H v} with the Hessian H of a scalar function at p; v has the structure of p. */
    public static <P extends Tree<P>> P hvp(Function<P, Tensor> f, P p, P v) {
        List<Tensor> direction = v.tensors();
        return grad((P z) -> inner(grad(f, z).tensors(), direction), p);
    }

    /** The Hessian of a scalar function at x, of shape (shape of x, shape of x). */
    public static Tensor hessian(UnaryOperator<Tensor> f, Tensor x) {
        return jacobian(z -> grad(f, z), x);
    }

    // ---- pieces ----

    private static Tensor variable(Tensor x) {
        if (x.dtype().isFloat()) return x.variable();
        throw new IllegalArgumentException("Autodiff: the point is " + x.dtype() + " " + x.shape() + ", expected FLOAT32 or FLOAT64; convert with to(DType)");
    }

    private static Tensor variableIfFloat(Tensor x) {
        return x.dtype().isFloat() ? x.variable() : x;
    }

    private static Tensor scalar(Tensor y) {
        if (y.size() == 1 && y.dtype().isFloat()) return y;
        throw new IllegalArgumentException("Autodiff: the function gave " + y.dtype() + " " + y.shape() + ", expected one float; reduce it with mean() or sum(), or use vjp or jacobian");
    }

    private static <P extends Tree<P>> P pull(P variables, Tensor y, Tensor seed) {
        List<Tensor> all = variables.tensors();
        List<Tensor> floats = all.stream().filter(t -> t.dtype().isFloat()).toList();
        var gradients = backward(y, seed, floats).iterator();
        return variables.map(t -> t.dtype().isFloat() ? out(gradients.next()) : t.zerosLike());
    }

    /** Gradients with zeros where the value does not depend on a variable. */
    private static List<Tensor> backward(Tensor y, Tensor seed, List<Tensor> variables) {
        Tensor[] g = Tracing.backward(y, seed, variables);
        for (int i = 0; i < g.length; i++) if (g[i] == null) g[i] = variables.get(i).detach().zerosLike();
        return Arrays.asList(g);
    }

    /** Outside the outermost transformation nothing is tracked. */
    private static Tensor out(Tensor t) {
        return Tracing.isNested() ? t : t.detach();
    }

    private static Tensor inner(List<Tensor> a, List<Tensor> b) {
        if (a.size() != b.size()) throw new IllegalArgumentException("Autodiff: the direction has " + b.size() + " tensors, the point " + a.size());
        Tensor sum = null;
        for (int i = 0; i < a.size(); i++) {
            if (!a.get(i).dtype().isFloat()) continue;
            checkSame("Autodiff", "tensor " + i + " of the direction", b.get(i).shape(), "that of the point", a.get(i).shape());
            Tensor part = a.get(i).mul(b.get(i)).sum();
            sum = sum == null ? part : sum.add(part);
        }
        if (sum == null) throw new IllegalArgumentException("Autodiff: the point has no float tensors");
        return sum;
    }

    private static void checkSame(String op, String what, Shape a, String other, Shape b) {
        if (!a.equals(b)) throw new IllegalArgumentException(op + ": " + what + " has shape " + a + ", " + other + " " + b + "; they must be equal");
    }

    private static int[] concat(Shape a, Shape b) {
        int[] d = Arrays.copyOf(a.dims(), a.rank() + b.rank());
        System.arraycopy(b.dims(), 0, d, a.rank(), b.rank());
        return d;
    }
}
