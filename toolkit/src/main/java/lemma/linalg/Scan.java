package lemma.linalg;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import lemma.tensor.Batching;
import lemma.tensor.DType;
import lemma.tensor.Shape;
import lemma.tensor.Slice;
import lemma.tensor.Tensor;
import lemma.tensor.Tracing;

/** Scans along an axis: the linear recurrence of state-space models in one pass, and any associative operation. */
public final class Scan {
    private Scan() {}

    /**
     * {@code h_t = a_t h_(t-1) + b_t} along {@code axis} with {@code h_(-1) = 0}: a and b real or complex, of shapes that broadcast. One pass of
     * {@code O(n)} work forward and one backward; gradients to any order.
     */
    public static Tensor linearRecurrence(Tensor a, Tensor b, int axis) {
        return linearRecurrence(a, b, axis, false);
    }

    /** The same, or from the end, {@code h_t = a_t h_(t+1) + b_t}, if {@code reverse}. */
    public static Tensor linearRecurrence(Tensor a, Tensor b, int axis, boolean reverse) {
        DType type = DType.promote(a.dtype(), b.dtype());
        if (!type.hasGradient()) throw new IllegalArgumentException("linearRecurrence: a is " + a.dtype() + ", b is " + b.dtype() + "; expected floats or complex numbers, convert with to(DType)");
        Shape shape = Shape.broadcast("linearRecurrence", a.shape(), b.shape());
        return recurrence(a.to(type).expand(shape), b.to(type).expand(shape), shape.axis("linearRecurrence", axis), reverse);
    }

    /**
     * The same from a state h0 before the first step, of the shape of a step: that of b without {@code axis}, or one that broadcasts to it.
     */
    public static Tensor linearRecurrence(Tensor a, Tensor b, Tensor h0, int axis) {
        Shape shape = Shape.broadcast("linearRecurrence", a.shape(), b.shape());
        int over = shape.axis("linearRecurrence", axis);
        if (shape.dim(over) == 0) return linearRecurrence(a, b, over);
        Tensor factors = a.expand(shape);
        Tensor inputs = b.expand(shape);
        Tensor state = h0.expand(shape.without(over)).unsqueeze(over);
        Tensor first = inputs.narrow(over, 0, 1).add(factors.narrow(over, 0, 1).mul(state));
        return linearRecurrence(factors, Tensor.concat(List.of(first, inputs.narrow(over, 1, shape.dim(over))), over), over);
    }

    /** {@code lambda_t = g_t + conj(a_(t+1)) lambda_(t+1)} is the gradient in b, and {@code lambda_t conj(h_(t-1))} that in a. */
    private static Tensor recurrence(Tensor a, Tensor b, int axis, boolean reverse) {
        Tensor y = Batching.backend(a, b).linearRecurrence(a.detach(), b.detach(), axis, reverse);
        return Tracing.record("linearRecurrence", y, (g, h) -> {
            if (h.dim(axis) == 0) return new Tensor[] {g, g};
            Tensor back = recurrence(shifted(Tracing.forRule(a).conj(), axis, !reverse), g, axis, !reverse);
            return new Tensor[] {back.mul(shifted(h.conj(), axis, reverse)), back};
        }, a, b);
    }

    /** Element t is that at t + 1, or at t - 1 unless {@code forward}; zero where there is none. */
    private static Tensor shifted(Tensor x, int axis, boolean forward) {
        int n = x.dim(axis);
        Tensor zero = x.backend().full(x.shape().with(axis, 1), x.dtype(), 0);
        return Tensor.concat(forward ? List.of(x.narrow(axis, 1, n), zero) : List.of(zero, x.narrow(axis, 0, n - 1)), axis);
    }

    // ---- any associative operation ----

    /**
     * {@code y_0 = x_0, y_t = f(y_(t-1), x_t)} along {@code axis} for an associative f, which takes many elements at once: each of the two lists it
     * gets holds the same slices of the tensors in {@code x}, earlier elements first, and so does the list it returns. About 2 n applications
     * in 2 log2(n) calls; differentiable if f is.
     *
     * <p>For example, a linear recurrence: {@code f = (p, q) -> List.of(q.get(0).mul(p.get(0)), q.get(0).mul(p.get(1)).add(q.get(1)))}.
     *
     * @see <a href="https://www.cs.cmu.edu/~guyb/papers/Ble93.pdf">Blelloch (1990), Prefix sums and their applications</a>
     */
    public static List<Tensor> associativeScan(BinaryOperator<List<Tensor>> f, List<Tensor> x, int axis) {
        return associativeScan(f, x, axis, false);
    }

    /** The same, or from the end, {@code y_t = f(y_(t+1), x_t)}, if {@code reverse}. */
    public static List<Tensor> associativeScan(BinaryOperator<List<Tensor>> f, List<Tensor> x, int axis, boolean reverse) {
        if (x.isEmpty()) throw new IllegalArgumentException("associativeScan: no tensors given");
        int over = x.getFirst().shape().axis("associativeScan", axis);
        int n = x.getFirst().dim(over);
        for (Tensor t : x) {
            if (t.rank() <= over || t.dim(over) != n) throw new IllegalArgumentException("associativeScan: shapes " + x.getFirst().shape() + " and " + t.shape() + " differ in length along axis " + over);
        }
        if (!reverse) return scan(f, x, over);
        return flipped(scan(f, flipped(x, over), over), over);
    }

    private static List<Tensor> flipped(List<Tensor> x, int axis) {
        return x.stream().map(t -> t.flip(axis)).toList();
    }

    /** Pairs of neighbours are joined and scanned, which gives the elements at odd places; one step more gives those at even places. */
    private static List<Tensor> scan(BinaryOperator<List<Tensor>> f, List<Tensor> x, int axis) {
        int n = x.getFirst().dim(axis);
        if (n < 2) return x;
        List<Tensor> odd = scan(f, f.apply(every(x, axis, 0, n - 1), every(x, axis, 1, n)), axis);
        int pairs = n / 2;
        int later = (n + 1) / 2 - 1;
        if (later == 0) return joined(every(x, axis, 0, 1), odd, pairs, axis);
        List<Tensor> before = odd.stream().map(t -> t.narrow(axis, 0, later)).toList();
        List<Tensor> rest = f.apply(before, every(x, axis, 2, n));
        List<Tensor> even = new ArrayList<>();
        for (int i = 0; i < x.size(); i++) even.add(Tensor.concat(List.of(x.get(i).narrow(axis, 0, 1), rest.get(i)), axis));
        return joined(even, odd, pairs, axis);
    }

    /** Every second element from {@code from} to before {@code to}. */
    private static List<Tensor> every(List<Tensor> x, int axis, int from, int to) {
        Slice[] s = new Slice[axis + 1];
        java.util.Arrays.fill(s, Slice.all());
        s[axis] = Slice.range(from, to, 2);
        return x.stream().map(t -> t.get(s)).toList();
    }

    /** Elements of both in turn; there may be one more of {@code even}. */
    private static List<Tensor> joined(List<Tensor> even, List<Tensor> odd, int pairs, int axis) {
        List<Tensor> all = new ArrayList<>();
        for (int i = 0; i < even.size(); i++) {
            Tensor e = even.get(i);
            Tensor both = Tensor.stack(List.of(e.narrow(axis, 0, pairs), odd.get(i)), axis + 1).reshape(e.shape().with(axis, 2 * pairs));
            all.add(e.dim(axis) == pairs ? both : Tensor.concat(List.of(both, e.narrow(axis, pairs, pairs + 1)), axis));
        }
        return all;
    }
}
