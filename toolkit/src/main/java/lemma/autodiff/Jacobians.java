package lemma.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lemma.tensor.Batching;
import lemma.tensor.DType;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.tensor.Tracing;

/**
 * Jacobians of a recorded value. Reverse mode pulls unit vectors of the value back, forward mode pushes unit vectors of the variables
 * forward by differentiating the pullback; either takes {@value #CHUNK} of them at a time as one batch.
 */
final class Jacobians {
    private static final int CHUNK = 256;
    /** A push is a pass through the pullback, which is about twice as long as the function. */
    private static final int COST_OF_A_PUSH = 2;

    private Jacobians() {}

    /** {@code dy/dv} for each variable, of shape (shape of y, shape of v). */
    static List<Tensor> of(Tensor y, List<Tensor> variables) {
        long n = variables.stream().mapToLong(Tensor::size).sum();
        if (y.size() == 0 || n == 0) return variables.stream().map(v -> v.backend().full(joined(y.shape(), v.shape()), y.dtype(), 0)).toList();
        return COST_OF_A_PUSH * n < y.size() ? byColumns(y, variables, Math.toIntExact(n)) : byRows(y, variables);
    }

    private static List<Tensor> byRows(Tensor y, List<Tensor> variables) {
        int m = Math.toIntExact(y.size());
        List<List<Tensor>> chunks = new ArrayList<>();
        for (int from = 0; from < m; from += CHUNK) {
            Tensor units = units(from, Math.min(m, from + CHUNK), 0, y);
            chunks.add(Batching.run(units.dim(0), batch -> Autodiff.backward(List.of(y), List.of(batch.split(units)), variables).stream().map(batch::join).toList()));
        }
        List<Tensor> all = new ArrayList<>();
        for (int k = 0; k < variables.size(); k++) all.add(concat(chunks, k).reshape(joined(y.shape(), variables.get(k).shape())));
        return all;
    }

    private static List<Tensor> byColumns(Tensor y, List<Tensor> variables, int n) {
        Tensor u = y.detach().zerosLike().variable();
        List<Tensor> pullback = Tracing.run(() -> Autodiff.backward(List.of(y), List.of(u), variables));
        List<List<Tensor>> chunks = new ArrayList<>();
        for (int from = 0; from < n; from += CHUNK) {
            int first = from;
            int to = Math.min(n, from + CHUNK);
            chunks.add(Batching.run(to - from, batch -> List.of(batch.join(push(pullback, u, tangents(variables, first, to).stream().map(batch::split).toList())))));
        }
        Tensor columns = concat(chunks, 0).reshape(n, -1);
        List<Tensor> all = new ArrayList<>();
        int from = 0;
        for (Tensor v : variables) {
            int to = from + Math.toIntExact(v.size());
            all.add(columns.narrow(0, from, to).t().reshape(joined(y.shape(), v.shape())));
            from = to;
        }
        return all;
    }

    private static Tensor push(List<Tensor> pullback, Tensor u, List<Tensor> tangents) {
        return Autodiff.backward(pullback, tangents, List.of(u)).getFirst();
    }

    private static List<Tensor> tangents(List<Tensor> variables, int from, int to) {
        List<Tensor> parts = new ArrayList<>();
        int start = 0;
        for (Tensor v : variables) {
            parts.add(units(from, to, start, v));
            start += Math.toIntExact(v.size());
        }
        return parts;
    }

    /** Unit vectors from {@code from} to {@code to} as far as they lie in {@code like}, whose first element has number {@code start}. */
    private static Tensor units(int from, int to, int start, Tensor like) {
        Tensor row = Tensor.arange(from, to, 1, DType.INT64).reshape(-1, 1);
        Tensor column = Tensor.arange(start, start + like.size(), 1, DType.INT64).reshape(1, -1);
        return row.eq(column).to(like.dtype()).to(like.backend()).reshape(joined(Shape.of(to - from), like.shape()));
    }

    private static Tensor concat(List<List<Tensor>> chunks, int k) {
        return chunks.size() == 1 ? chunks.getFirst().get(k) : Tensor.concat(chunks.stream().map(c -> c.get(k)).toList(), 0);
    }

    private static Shape joined(Shape a, Shape b) {
        int[] d = Arrays.copyOf(a.dims(), a.rank() + b.rank());
        System.arraycopy(b.dims(), 0, d, a.rank(), b.rank());
        return Shape.of(d);
    }
}
