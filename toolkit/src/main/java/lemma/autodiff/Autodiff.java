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
 * model; floats and complex numbers have gradients. That in a complex z is {@code dL/d(re z) + i dL/d(im z)} of a real L, as in PyTorch.
 */
public final class Autodiff {
    private static final long GRADIENTS_AT_ONCE = 1 << 23;

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
     * The Euclidean norm of each example's gradient over all tensors of p, (batch): what clipping, selection and the gradient noise scale
     * need. Gradients are made for so many examples at a time that they hold {@value #GRADIENTS_AT_ONCE} elements together, or for one.
     */
    public static <P extends Tree<P>> Tensor perExampleGradNorms(ExampleLoss<P> loss, P p, Tensor x, Tensor y) {
        long elements = floats(p).stream().mapToLong(Tensor::size).sum();
        int chunk = (int) Math.max(1, Math.min(x.dim(0), GRADIENTS_AT_ONCE / Math.max(1, elements)));
        List<Tensor> norms = new ArrayList<>();
        for (int from = 0; from < x.dim(0); from += chunk) {
            int first = from;
            int to = Math.min(x.dim(0), from + chunk);
            norms.add(Scope.run(() -> rowNorms(perExampleGrads(loss, p, x.narrow(0, first, to), y.narrow(0, first, to)))));
        }
        return Tensor.concat(norms, 0);
    }

    private static Tensor rowNorms(Tree<?> rows) {
        return floats(rows).stream().map(g -> g.reshape(g.dim(0), -1).square().sum(1)).reduce(Tensor::add).orElseThrow().sqrt();
    }

    /**
     * {@code f} of every row of x at once: {@code y[i] = f(x[i])}, rows along the first axis. It nests with itself and with every other
     * transformation: a derivative that f takes is that of its row, also in a point that the rows share. Random numbers drawn inside are the
     * same for all rows.
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
            checkDirection(products, tangents);
            return new Jvp(out(y), out(backward(products, tangents, List.of(u)).getFirst()));
        }
    }

    /**
     * The Jacobian of {@code f} at x, of shape (shape of the value, shape of x). f runs once; its rows (or, where x is so much smaller than
     * the value that this is less work, its columns) come many at a time from batched passes.
     */
    public static Tensor jacobian(UnaryOperator<Tensor> f, Tensor x) {
        return Tracing.run(() -> {
            Tensor v = variable(x);
            return out(Jacobians.of(f.apply(v), List.of(v)).getFirst());
        });
    }

    /** The Jacobian of {@code f} in every tensor of p: (shape of the value, shape of the tensor). */
    public static <P extends Tree<P>> P jacobian(Function<P, Tensor> f, P p) {
        return Tracing.run(() -> {
            P v = p.map(Autodiff::variableIfFloat);
            var parts = Jacobians.of(f.apply(v), floats(v)).iterator();
            return v.map(t -> t.dtype().hasGradient() ? out(parts.next()) : t.zerosLike());
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

    /** The Hessian matrix of a scalar function at p, of shape (n, n) over the n float elements of p in the order of {@code p.tensors()}. */
    public static <P extends Tree<P>> Tensor hessian(Function<P, Tensor> f, P p) {
        Tensor all = Tensor.concat(floats(p).stream().map(t -> t.reshape(-1)).toList(), 0);
        return hessian(x -> {
            int[] from = {0};
            return f.apply(p.map(t -> {
                if (!t.dtype().isFloat()) return t;
                int start = from[0];
                from[0] += Math.toIntExact(t.size());
                return x.narrow(0, start, from[0]).reshape(t.shape());
            }));
        }, all);
    }

    // ---- memory for time ----

    /**
     * {@code f(x)} without keeping what its gradient needs: the backward pass runs f again, with the same random numbers, and gets the same
     * gradients. Peak memory falls by the intermediates of f, the time of a training step rises by one run of f.
     *
     * <p>f may use other tracked tensors, such as the parameters of a layer; gradients flow to them. It must compute the same thing twice,
     * and what it makes beside its result is gone when it returns.
     *
     * @see <a href="https://arxiv.org/abs/1604.06174">Chen, Xu, Zhang, Guestrin (2016), Training deep nets with sublinear memory cost</a>
     */
    public static Tensor checkpoint(UnaryOperator<Tensor> f, Tensor x) {
        return Tracing.checkpoint(f, x);
    }

    // ---- pieces ----

    private static Tensor variable(Tensor x) {
        if (x.dtype().hasGradient()) return Batching.ofEachExample(x).variable();
        throw new IllegalArgumentException("Autodiff: the point is " + x.dtype() + " " + x.shape() + ", expected floats or complex numbers; convert with to(DType)");
    }

    private static Tensor variableIfFloat(Tensor x) {
        return x.dtype().hasGradient() ? Batching.ofEachExample(x).variable() : x;
    }

    private static Tensor scalar(Tensor y) {
        if (y.size() == 1 && y.dtype().isFloat()) return y;
        throw new IllegalArgumentException("Autodiff: the function gave " + y.dtype() + " " + y.shape() + ", expected one float; reduce it with mean() or sum(), or use vjp or jacobian");
    }

    private static <P extends Tree<P>> P pull(P variables, Tensor y, Tensor seed) {
        var gradients = backward(y, seed, floats(variables)).iterator();
        return variables.map(t -> t.dtype().hasGradient() ? out(gradients.next()) : t.zerosLike());
    }

    private static List<Tensor> floats(Tree<?> p) {
        return p.tensors().stream().filter(t -> t.dtype().hasGradient()).toList();
    }

    private static List<Tensor> backward(Tensor y, Tensor seed, List<Tensor> variables) {
        return backward(List.of(y), List.of(seed), variables);
    }

    /** Gradients with zeros where the value does not depend on a variable. */
    static List<Tensor> backward(List<Tensor> outputs, List<Tensor> seeds, List<Tensor> variables) {
        Tensor[] g = Tracing.backward(outputs, seeds, variables);
        for (int i = 0; i < g.length; i++) if (g[i] == null) g[i] = variables.get(i).detach().zerosLike();
        return Arrays.asList(g);
    }

    /** Outside the outermost transformation nothing is tracked. */
    private static Tensor out(Tensor t) {
        return Tracing.isNested() ? t : t.detach();
    }

    private static Tensor inner(List<Tensor> a, List<Tensor> b) {
        checkDirection(a, b);
        Tensor sum = null;
        for (int i = 0; i < a.size(); i++) {
            if (!a.get(i).dtype().hasGradient()) continue;
            Tensor part = parts(a.get(i)).mul(parts(b.get(i))).sum();
            sum = sum == null ? part : sum.add(part);
        }
        if (sum == null) throw new IllegalArgumentException("Autodiff: the point has no float tensors");
        return sum;
    }

    private static Tensor parts(Tensor x) {
        return x.dtype().isComplex() ? x.viewAsReal() : x;
    }

    private static void checkDirection(List<Tensor> point, List<Tensor> direction) {
        if (point.size() != direction.size()) throw new IllegalArgumentException("Autodiff: the direction has " + direction.size() + " tensors, the point " + point.size());
        for (int i = 0; i < point.size(); i++) {
            if (point.get(i).dtype().hasGradient()) checkSame("Autodiff", "tensor " + i + " of the direction", direction.get(i).shape(), "that of the point", point.get(i).shape());
        }
    }

    private static void checkSame(String op, String what, Shape a, String other, Shape b) {
        if (!a.equals(b)) throw new IllegalArgumentException(op + ": " + what + " has shape " + a + ", " + other + " " + b + "; they must be equal");
    }
}
