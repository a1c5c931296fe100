package lemma.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Indexing by tensors, masks, scattering, searching and counting. */
final class Selecting {
    private Selecting() {}

    // ---- masks ----

    static Tensor nonzero(Tensor a) {
        boolean[] set = a.toBooleans();
        int count = 0;
        for (boolean b : set) if (b) count++;
        int rank = a.rank();
        long[] at = new long[count * rank];
        int[] d = a.shape().raw();
        for (int i = 0, k = 0; i < set.length; i++) {
            if (!set[i]) continue;
            int rest = i;
            for (int axis = rank - 1; axis >= 0; axis--) {
                at[k * rank + axis] = rest % d[axis];
                rest /= d[axis];
            }
            k++;
        }
        return Tensor.of(at, count, rank).to(a.backend());
    }

    static Tensor maskedSelect(Tensor a, Tensor mask) {
        checkMask("maskedSelect", mask);
        Shape shape = Shape.broadcast("maskedSelect", a.shape(), mask.shape());
        Tensor index = nonzero(mask.expand(shape).reshape(-1)).reshape(-1);
        return a.expand(shape).reshape(-1).indexSelect(0, index);
    }

    private static void checkMask(String op, Tensor mask) {
        if (mask.dtype() != DType.BOOL) throw new IllegalArgumentException(op + ": the mask is " + mask.dtype() + ", expected BOOL; compare first, for example x.ne(0)");
    }

    // ---- indexing the first axes by tensors ----

    /** What index tensors name: positions in the first axes taken as one, and the shape they are laid out in. */
    private record Places(Tensor flat, Shape shape, int axes) {
        /** {@code a} with the indexed axes as one and the others as one. */
        Tensor rows(Tensor a) {
            return a.reshape(Shape.of(product(a, 0, axes), product(a, axes, a.rank())));
        }

        Shape result(Tensor a) {
            int[] d = Arrays.copyOf(shape.raw(), shape.rank() + a.rank() - axes);
            for (int i = axes; i < a.rank(); i++) d[shape.rank() + i - axes] = a.dim(i);
            return Shape.of(d);
        }
    }

    private static int product(Tensor a, int from, int to) {
        int n = 1;
        for (int i = from; i < to; i++) n = Math.multiplyExact(n, a.dim(i));
        return n;
    }

    private static Places places(String op, Tensor a, Tensor[] index) {
        List<Tensor> each = new ArrayList<>();
        for (Tensor i : index) {
            if (i.dtype() == DType.BOOL) each.addAll(columns(op, a, i, each.size()));
            else each.add(i);
        }
        if (each.isEmpty() || each.size() > a.rank()) throw new IllegalArgumentException(op + ": " + each.size() + " indices for shape " + a.shape() + ", expected 1 to " + a.rank());
        Shape shape = each.getFirst().shape();
        for (Tensor i : each) shape = Shape.broadcast(op, shape, i.shape());
        Tensor flat = null;
        for (int k = 0; k < each.size(); k++) {
            Tensor i = wrapped(op, each.get(k), a, k);
            flat = flat == null ? i : flat.mul(a.dim(k)).add(i);
        }
        return new Places(flat.expand(shape).reshape(Shape.of(Math.toIntExact(shape.size()))), shape, each.size());
    }

    private static List<Tensor> columns(String op, Tensor a, Tensor mask, int axis) {
        for (int i = 0; i < mask.rank(); i++) {
            if (axis + i >= a.rank() || mask.dim(i) != a.dim(axis + i)) {
                throw new IllegalArgumentException(op + ": a mask of shape " + mask.shape() + " does not fit axes " + axis + " and later of " + a.shape());
            }
        }
        return Rearranging.unbind(nonzero(mask), 1);
    }

    /** INT64 from 0 to length - 1: negative numbers count from the end. */
    private static Tensor wrapped(String op, Tensor index, Tensor a, int axis) {
        if (!index.dtype().isInteger()) throw new IllegalArgumentException(op + ": index " + axis + " is " + index.dtype() + ", expected integers or BOOL");
        Tensor i = index.to(DType.INT64);
        int n = a.dim(axis);
        if (i.size() == 0) return i;
        double low = Batching.allOf(i).min().item();
        double high = Batching.allOf(i).max().item();
        if (low < -n || high >= n) {
            throw new IndexOutOfBoundsException(op + ": index " + (long) (low < -n ? low : high) + " is out of range for axis " + axis + " of " + a.shape() + "; use " + -n + " to " + (n - 1));
        }
        return low >= 0 ? i : i.add(i.lt(0).to(DType.INT64).mul(n));
    }

    static Tensor get(Tensor a, Tensor... index) {
        Places at = places("get", a, index);
        return at.rows(a).indexSelect(0, at.flat).reshape(at.result(a));
    }

    static Tensor indexPut(Tensor a, Tensor[] index, Tensor values, boolean accumulate) {
        Places at = places("indexPut", a, index);
        if (at.flat.size() == 0) return a;
        Tensor rows = at.rows(a);
        Tensor source = values.to(a.dtype()).expand(at.result(a)).reshape(Shape.of((int) at.flat.size(), rows.dim(1)));
        if (accumulate) return indexAdd(rows, 0, at.flat, source).reshape(a.shape());
        Tensor last = at.flat.backend().lastNamed(at.flat, 0, Shape.of(rows.dim(0)));
        return Tensor.where(last.ge(0).unsqueeze(1), source.indexSelect(0, last.maximum(0)), rows).reshape(a.shape());
    }

    static Tensor indexAdd(Tensor a, int axis, Tensor index, Tensor source) {
        int over = a.shape().axis("indexAdd", axis);
        if (index.rank() != 1 || !source.shape().equals(a.shape().with(over, index.dim(0)))) {
            throw new IllegalArgumentException("indexAdd: index " + index.shape() + " and source " + source.shape() + " do not fit axis " + axis + " of " + a.shape()
                    + "; expected (n) and the same shape with n along the axis");
        }
        return a.add(Indexing.indexAdd(source.to(a.dtype()), over, Indexing.integers("indexAdd", index), a.dim(over)));
    }

    static Tensor scatter(Tensor a, int axis, Tensor index, Tensor source) {
        int over = a.shape().axis("scatter", axis);
        Indexing.checkGather("scatter", a.shape(), over, index.shape());
        if (!index.shape().equals(source.shape())) throw new IllegalArgumentException("scatter: index has shape " + index.shape() + ", the source " + source.shape());
        if (index.size() == 0) return a;
        Tensor at = Indexing.integers("scatter", index);
        Tensor last = at.backend().lastNamed(at, over, a.shape());
        return Tensor.where(last.ge(0), source.to(a.dtype()).gather(over, last.maximum(0)), a);
    }

    static Tensor scatter(Tensor a, int axis, Tensor index, double value) {
        return scatter(a, axis, index, a.backend().full(Shape.SCALAR, a.dtype(), value).expand(index.shape()));
    }

    // ---- searching and counting ----

    static Tensor searchSorted(Tensor sorted, Tensor values, boolean right) {
        boolean shared = sorted.rank() == 1;
        if (sorted.rank() == 0 || !shared && (values.rank() != sorted.rank() || !values.shape().with(-1, 0).equals(sorted.shape().with(-1, 0)))) {
            throw new IllegalArgumentException("searchSorted: sorted is " + sorted.shape() + ", values " + values.shape() + "; expected a vector, or the same axes but the last");
        }
        DType type = DType.promote(sorted.dtype(), values.dtype());
        return Batching.backend(sorted, values).searchSorted(sorted.detach().to(type), values.detach().to(type), right);
    }

    static Tensor.Unique unique(Tensor a) {
        Tensor x = a.detach().reshape(-1);
        int n = x.dim(0);
        Tensor order = x.argsort(0, false);
        Tensor sorted = x.gather(0, order);
        Tensor first = a.backend().full(Shape.of(Math.min(n, 1)), DType.BOOL, 1);
        Tensor starts = n < 2 ? first : Tensor.concat(List.of(first, sorted.narrow(0, 1, n).ne(sorted.narrow(0, 0, n - 1))), 0);
        Tensor at = nonzero(starts).reshape(-1);
        Tensor rank = starts.to(DType.INT64).cumsum(0).sub(1);
        Tensor inverse = rank.scatterAdd(0, order, Shape.of(n)).reshape(a.shape());
        Tensor ends = Tensor.concat(List.of(at, a.backend().full(Shape.of(1), DType.INT64, n)), 0);
        return new Tensor.Unique(sorted.indexSelect(0, at), inverse, ends.diff(1, 0));
    }

    static Tensor bincount(Tensor a, Tensor weights, int minLength) {
        if (a.rank() != 1 || !a.dtype().isInteger()) throw new IllegalArgumentException("bincount: the numbers are " + a.dtype() + " " + a.shape() + ", expected a vector of integers");
        if (weights != null && !weights.shape().equals(a.shape())) throw new IllegalArgumentException("bincount: weights are " + weights.shape() + ", the numbers " + a.shape());
        Tensor all = Batching.allOf(a);
        if (all.size() > 0 && all.min().item() < 0) throw new IllegalArgumentException("bincount: " + (long) all.min().item() + " is negative; the numbers must be 0 or more");
        int bins = all.size() == 0 ? minLength : Math.max(minLength, Math.toIntExact((long) all.max().item() + 1));
        Tensor each = weights == null ? a.backend().full(a.shape(), DType.INT64, 1) : weights;
        return each.scatterAdd(0, a, Shape.of(bins));
    }

    static Tensor histc(Tensor a, int bins, double low, double high) {
        if (bins < 1) throw new IllegalArgumentException("histc: bins is " + bins + ", expected at least 1");
        if (!(low <= high) || Double.isInfinite(high - low)) throw new IllegalArgumentException("histc: range " + low + " to " + high + ", expected finite numbers, the first not larger");
        if (!a.dtype().isFloat()) throw new IllegalArgumentException("histc: dtype is " + a.dtype() + ", expected FLOAT32 or FLOAT64; convert with to(DType)");
        Tensor x = a.detach().reshape(-1);
        if (low == high && x.size() > 0) {
            double least = x.min().item();
            double most = x.max().item();
            if (least < most) return histc(a, bins, least, most);
        }
        if (low == high) return histc(a, bins, low - 1, high + 1);
        Tensor inside = x.ge(low).and(x.le(high));
        Tensor place = x.to(DType.FLOAT64).sub(low).mul(bins / (high - low)).maskedFill(inside.not(), 0);
        return inside.to(a.dtype()).scatterAdd(0, place.to(DType.INT64).minimum(bins - 1), Shape.of(bins));
    }
}
