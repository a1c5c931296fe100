package lemma.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reshaping, transposing, slicing and broadcasting, and the gradient of each. */
final class Views {
    private Views() {}

    /** True if operations on these tensors are being recorded now. */
    static boolean isRecording(Tensor... inputs) {
        if (!Context.get().recording) return false;
        for (Tensor t : inputs) if (t.node != null) return true;
        return false;
    }

    /** A saved input as a rule may use it: tracked only while a higher derivative is recorded. */
    static Tensor forRule(Tensor saved) {
        return Context.get().recording ? saved : saved.detach();
    }

    static Tensor copy(Tensor a) {
        return Tensor.record("contiguous", a.backend().cast(a, a.dtype()), (g, y) -> new Tensor[] {g}, a);
    }

    static Tensor reshape(Tensor a, int... dims) {
        Shape to = resolve(a, dims);
        long[] strides = viewStrides(a, to);
        if (strides == null) return reshape(copy(a), to.raw());
        Shape from = a.shape();
        return Tensor.record("reshape", a.view(to, strides, a.offset()), (g, y) -> new Tensor[] {g.reshape(from)}, a);
    }

    private static Shape resolve(Tensor a, int[] dims) {
        int[] d = dims.clone();
        int unknown = -1;
        long known = 1;
        for (int i = 0; i < d.length; i++) {
            if (d[i] == -1) {
                if (unknown >= 0) throw new IllegalArgumentException("reshape: " + Arrays.toString(dims) + " has more than one -1");
                unknown = i;
            } else {
                known *= d[i];
            }
        }
        if (unknown >= 0) {
            if (known == 0 || a.size() % known != 0) throw new IllegalArgumentException("reshape: " + a.shape() + " does not divide into " + Arrays.toString(dims));
            d[unknown] = (int) (a.size() / known);
        }
        Shape to = Shape.of(d);
        if (to.size() != a.size()) throw new IllegalArgumentException("reshape: " + a.shape() + " has " + a.size() + " elements, " + to + " has " + to.size());
        return to;
    }

    /** Strides of the view of {@code a} in shape {@code to}, or null if only a copy will do. */
    private static long[] viewStrides(Tensor a, Shape to) {
        if (a.isContiguous()) return to.strides();
        int[] from = new int[a.rank()];
        long[] fromStrides = new long[a.rank()];
        int rank = 0;
        for (int k = 0; k < from.length; k++) {
            if (a.shape().raw()[k] == 1) continue;
            from[rank] = a.shape().raw()[k];
            fromStrides[rank++] = a.strides()[k];
        }
        int[] dims = to.raw();
        long[] strides = to.strides();
        // groups of old axes that lie without gaps must each be split exactly by new axes
        int j = dims.length - 1;
        for (int i = rank - 1; i >= 0; i--) {
            long group = from[i];
            long base = fromStrides[i];
            for (; i > 0 && fromStrides[i - 1] == fromStrides[i] * from[i]; i--) group *= from[i - 1];
            long filled = 1;
            for (; j >= 0 && filled < group; j--) {
                strides[j] = base * filled;
                filled *= dims[j];
            }
            if (filled != group) return null;
        }
        for (; j >= 0; j--) strides[j] = 1;
        return strides;
    }

    static Tensor flatten(Tensor a, int from) {
        if (a.rank() == 0) return a.reshape(1);
        int f = a.shape().axis("flatten", from);
        int[] d = Arrays.copyOf(a.shape().raw(), f + 1);
        long rest = 1;
        for (int i = f; i < a.rank(); i++) rest *= a.dim(i);
        d[f] = Math.toIntExact(rest);
        return reshape(a, d);
    }

    static Tensor permute(Tensor a, int... axes) {
        int rank = a.rank();
        if (axes.length != rank) throw new IllegalArgumentException("permute: " + Arrays.toString(axes) + " names " + axes.length + " axes of " + a.shape());
        int[] order = new int[rank];
        int[] inverse = new int[rank];
        Arrays.fill(inverse, -1);
        int[] dims = new int[rank];
        long[] strides = new long[rank];
        for (int i = 0; i < rank; i++) {
            order[i] = a.shape().axis("permute", axes[i]);
            if (inverse[order[i]] >= 0) throw new IllegalArgumentException("permute: axis " + axes[i] + " is named twice in " + Arrays.toString(axes));
            inverse[order[i]] = i;
            dims[i] = a.shape().raw()[order[i]];
            strides[i] = a.strides()[order[i]];
        }
        return Tensor.record("permute", a.view(Shape.of(dims), strides, a.offset()), (g, y) -> new Tensor[] {g.permute(inverse)}, a);
    }

    static Tensor transpose(Tensor a, int x, int y) {
        int i = a.shape().axis("transpose", x);
        int j = a.shape().axis("transpose", y);
        int[] axes = new int[a.rank()];
        for (int k = 0; k < axes.length; k++) axes[k] = k == i ? j : k == j ? i : k;
        return permute(a, axes);
    }

    static Tensor squeeze(Tensor a, int axis) {
        int i = a.shape().axis("squeeze", axis);
        if (a.dim(i) != 1) throw new IllegalArgumentException("squeeze: axis " + axis + " of " + a.shape() + " is " + a.dim(i) + ", expected 1");
        return a.get(along(a.rank(), i, Slice.at(0)));
    }

    static Tensor unsqueeze(Tensor a, int axis) {
        int rank = a.rank() + 1;
        int i = axis < 0 ? axis + rank : axis;
        if (i < 0 || i >= rank) throw new IllegalArgumentException("unsqueeze: axis " + axis + " is out of range for shape " + a.shape() + "; use " + -rank + " to " + (rank - 1));
        Slice[] s = new Slice[i + 1];
        Arrays.fill(s, Slice.all());
        s[i] = Slice.newAxis();
        return a.get(s);
    }

    private static Slice[] along(int rank, int axis, Slice slice) {
        Slice[] s = new Slice[rank];
        Arrays.fill(s, Slice.all());
        s[axis] = slice;
        return s;
    }

    static Tensor expand(Tensor a, Shape to) {
        if (to.equals(a.shape())) return a;
        int extra = to.rank() - a.rank();
        long[] strides = new long[to.rank()];
        for (int i = 0; i < to.rank(); i++) {
            if (i < extra) continue;
            int from = a.shape().raw()[i - extra];
            if (from != to.raw()[i] && from != 1) throw new IllegalArgumentException("expand: shape " + a.shape() + " does not broadcast to " + to);
            strides[i] = from == to.raw()[i] ? a.strides()[i - extra] : 0;
        }
        if (extra < 0) throw new IllegalArgumentException("expand: shape " + a.shape() + " does not broadcast to " + to);
        Shape from = a.shape();
        return Tensor.record("expand", a.view(to, strides, a.offset()), (g, y) -> new Tensor[] {g.sumTo(from)}, a);
    }

    static Tensor sumTo(Tensor a, Shape to) {
        if (to.equals(a.shape())) return a;
        int extra = a.rank() - to.rank();
        int[] axes = new int[a.rank()];
        int n = 0;
        for (int i = 0; i < a.rank(); i++) {
            if (i < extra || to.raw()[i - extra] == 1 && a.shape().raw()[i] != 1) axes[n++] = i;
        }
        Tensor s = n == 0 ? a : a.sumKeep(Arrays.copyOf(axes, n));
        return s.reshape(to);
    }

    // ---- slicing ----

    static Tensor slice(Tensor a, Slice... slices) {
        View v = View.of(a, slices);
        Shape from = a.shape();
        return Tensor.record("get", a.view(v.shape, v.strides, a.offset() + v.offset), (g, y) -> new Tensor[] {embed(g, from, 0, slices)}, a);
    }

    /** {@code value} in {@code shape} but {@code g} at {@code slices}: with 0 the transpose of slicing. */
    static Tensor embed(Tensor g, Shape shape, double value, Slice... slices) {
        Tensor full = g.backend().full(shape, g.dtype(), value);
        View v = View.of(full, slices);
        g.backend().copyInto(full.view(v.shape, v.strides, v.offset), g.detach());
        return Tensor.record("embed", full, (h, y) -> new Tensor[] {h.get(slices)}, g);
    }

    private record View(Shape shape, long[] strides, long offset) {
        static View of(Tensor a, Slice... slices) {
            List<Integer> dims = new ArrayList<>();
            List<Long> strides = new ArrayList<>();
            long offset = 0;
            int axis = 0;
            for (Slice s : slices) {
                if (s instanceof Slice.NewAxis) {
                    dims.add(1);
                    strides.add(1L);
                    continue;
                }
                if (axis == a.rank()) throw new IllegalArgumentException("get: more slices than the axes of " + a.shape());
                int n = a.shape().raw()[axis];
                long step = a.strides()[axis];
                switch (s) {
                    case Slice.At at -> offset += index(a, axis, at.index(), n) * step;
                    case Slice.Range r -> {
                        int from = clip(r.from(), n);
                        int to = Math.max(from, clip(r.to(), n));
                        dims.add((int) (((long) to - from + r.step() - 1) / r.step()));
                        strides.add(step * r.step());
                        offset += from == n ? 0 : from * step;
                    }
                    case Slice.NewAxis n0 -> throw new IllegalStateException(n0.name());
                }
                axis++;
            }
            for (; axis < a.rank(); axis++) {
                dims.add(a.shape().raw()[axis]);
                strides.add(a.strides()[axis]);
            }
            return new View(Shape.of(dims.stream().mapToInt(Integer::intValue).toArray()),
                    strides.stream().mapToLong(Long::longValue).toArray(), offset);
        }

        private static int index(Tensor a, int axis, int i, int n) {
            int k = i < 0 ? i + n : i;
            if (k < 0 || k >= n) throw new IndexOutOfBoundsException("get: index " + i + " is out of range for axis " + axis + " of " + a.shape());
            return k;
        }

        private static int clip(int i, int n) {
            int k = i < 0 ? i + n : i;
            return Math.max(0, Math.min(n, k));
        }
    }
}
