package lemma.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rolling, turning, repeating, cutting up and diagonals, and the gradient of each. */
final class Rearranging {
    private Rearranging() {}

    // ---- order ----

    static Tensor roll(Tensor a, int shift, int axis) {
        int over = a.shape().axis("roll", axis);
        int n = a.dim(over);
        int s = n == 0 ? 0 : Math.floorMod(shift, n);
        if (s == 0) return a;
        return Tensor.concat(List.of(a.narrow(over, n - s, n), a.narrow(over, 0, n - s)), over);
    }

    static Tensor roll(Tensor a, int[] shifts, int[] axes) {
        if (shifts.length != axes.length) throw new IllegalArgumentException("roll: shifts " + Arrays.toString(shifts) + " and axes " + Arrays.toString(axes) + " differ in number");
        Tensor y = a;
        for (int i = 0; i < axes.length; i++) y = roll(y, shifts[i], axes[i]);
        return y;
    }

    static Tensor flip(Tensor a, int[] axes) {
        int[] over = Arrays.stream(axes).map(i -> a.shape().axis("flip", i)).sorted().toArray();
        Tensor y = a;
        for (int i = 0; i < over.length; i++) {
            if (i > 0 && over[i] == over[i - 1]) throw new IllegalArgumentException("flip: axis " + over[i] + " is named twice in " + Arrays.toString(axes));
            y = Indexing.flip(y, over[i]);
        }
        return y;
    }

    static Tensor rot90(Tensor a, int turns, int from, int to) {
        int x = a.shape().axis("rot90", from);
        int y = a.shape().axis("rot90", to);
        if (x == y) throw new IllegalArgumentException("rot90: axes " + from + " and " + to + " of " + a.shape() + " are the same");
        return switch (Math.floorMod(turns, 4)) {
            case 1 -> a.flip(y).transpose(x, y);
            case 2 -> a.flip(x, y);
            case 3 -> a.flip(x).transpose(x, y);
            default -> a;
        };
    }

    static Tensor movedim(Tensor a, int from, int to) {
        int x = a.shape().axis("movedim", from);
        int y = a.shape().axis("movedim", to);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < a.rank(); i++) if (i != x) order.add(i);
        order.add(y, x);
        return a.permute(order.stream().mapToInt(Integer::intValue).toArray());
    }

    // ---- repetition ----

    static Tensor repeat(Tensor a, int... times) {
        if (times.length < a.rank()) {
            throw new IllegalArgumentException("repeat: " + Arrays.toString(times) + " names " + times.length + " axes, the shape " + a.shape() + " has " + a.rank() + "; use tile to leave the first ones alone");
        }
        for (int t : times) if (t < 0) throw new IllegalArgumentException("repeat: " + Arrays.toString(times) + " has a negative number");
        int rank = times.length;
        int[] from = new int[2 * rank];
        int[] wide = new int[2 * rank];
        int[] to = new int[rank];
        for (int i = 0; i < rank; i++) {
            int k = i - (rank - a.rank());
            int n = k < 0 ? 1 : a.dim(k);
            from[2 * i] = 1;
            from[2 * i + 1] = n;
            wide[2 * i] = times[i];
            wide[2 * i + 1] = n;
            to[i] = Math.multiplyExact(times[i], n);
        }
        return a.reshape(Shape.of(from)).expand(wide).reshape(Shape.of(to));
    }

    static Tensor tile(Tensor a, int... times) {
        int[] all = new int[Math.max(times.length, a.rank())];
        Arrays.fill(all, 1);
        System.arraycopy(times, 0, all, all.length - times.length, times.length);
        return repeat(a, all);
    }

    static Tensor repeatInterleave(Tensor a, int times, int axis) {
        if (times < 0) throw new IllegalArgumentException("repeatInterleave: times is " + times + ", expected at least 0");
        int over = a.shape().axis("repeatInterleave", axis);
        int[] wide = new int[a.rank() + 1];
        for (int i = 0; i < wide.length; i++) wide[i] = i <= over ? a.dim(i) : i == over + 1 ? times : a.dim(i - 1);
        return a.unsqueeze(over + 1).expand(wide).reshape(a.shape().with(over, Math.multiplyExact(a.dim(over), times)));
    }

    static Tensor repeatInterleave(Tensor a, Tensor times, int axis) {
        int over = a.shape().axis("repeatInterleave", axis);
        if (times.rank() != 1 || times.dim(0) != a.dim(over) || !times.dtype().isInteger()) {
            throw new IllegalArgumentException("repeatInterleave: times is " + times.dtype() + " " + times.shape() + ", expected integers [" + a.dim(over) + "] for axis " + axis + " of " + a.shape());
        }
        List<Long> index = new ArrayList<>();
        int[] counts = times.toInts();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] < 0) throw new IllegalArgumentException("repeatInterleave: number " + i + " of times is " + counts[i] + ", expected at least 0");
            for (int k = 0; k < counts[i]; k++) index.add((long) i);
        }
        return a.indexSelect(over, Tensor.of(index.stream().mapToLong(Long::longValue).toArray()).to(a.backend()));
    }

    // ---- parts ----

    static List<Tensor> split(Tensor a, int length, int axis) {
        if (length < 1) throw new IllegalArgumentException("split: length is " + length + ", expected at least 1");
        int over = a.shape().axis("split", axis);
        int n = a.dim(over);
        List<Tensor> parts = new ArrayList<>();
        for (int from = 0; from < n || parts.isEmpty(); from += length) parts.add(a.narrow(over, from, Math.min(n, from + length)));
        return parts;
    }

    static List<Tensor> split(Tensor a, int[] lengths, int axis) {
        int over = a.shape().axis("split", axis);
        if (Arrays.stream(lengths).anyMatch(n -> n < 0) || Arrays.stream(lengths).sum() != a.dim(over)) {
            throw new IllegalArgumentException("split: lengths " + Arrays.toString(lengths) + " do not add up to axis " + axis + " of " + a.shape());
        }
        List<Tensor> parts = new ArrayList<>();
        int from = 0;
        for (int n : lengths) {
            parts.add(a.narrow(over, from, from + n));
            from += n;
        }
        return parts;
    }

    static List<Tensor> chunk(Tensor a, int parts, int axis) {
        if (parts < 1) throw new IllegalArgumentException("chunk: parts is " + parts + ", expected at least 1");
        int n = a.dim(a.shape().axis("chunk", axis));
        return n == 0 ? split(a, new int[parts], axis) : split(a, (n + parts - 1) / parts, axis);
    }

    static List<Tensor> unbind(Tensor a, int axis) {
        int over = a.shape().axis("unbind", axis);
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < a.dim(over); i++) parts.add(a.narrow(over, i, i + 1).squeeze(over));
        return parts;
    }

    static List<Tensor> meshgrid(List<Tensor> axes) {
        int rank = axes.size();
        int[] all = new int[rank];
        for (int i = 0; i < rank; i++) {
            if (axes.get(i).rank() > 1) throw new IllegalArgumentException("meshgrid: tensor " + i + " has shape " + axes.get(i).shape() + ", expected a vector");
            all[i] = (int) axes.get(i).size();
        }
        List<Tensor> grids = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            int[] one = new int[rank];
            Arrays.fill(one, 1);
            one[i] = all[i];
            grids.add(axes.get(i).reshape(Shape.of(one)).expand(all));
        }
        return grids;
    }

    static Tensor diff(Tensor a, int order, int axis) {
        if (order < 0) throw new IllegalArgumentException("diff: order is " + order + ", expected at least 0");
        int over = a.shape().axis("diff", axis);
        Tensor y = a;
        for (int k = 0; k < order && y.dim(over) > 0; k++) {
            int n = y.dim(over);
            Tensor next = y.narrow(over, 1, n);
            Tensor before = y.narrow(over, 0, n - 1);
            y = a.dtype() == DType.BOOL ? next.xor(before) : next.sub(before);
        }
        return y;
    }

    // ---- diagonals ----

    static Tensor diagonal(Tensor a, int offset, int axis1, int axis2) {
        int x = a.shape().axis("diagonal", axis1);
        int y = a.shape().axis("diagonal", axis2);
        if (x == y) throw new IllegalArgumentException("diagonal: axes " + axis1 + " and " + axis2 + " of " + a.shape() + " are the same");
        Shape from = a.shape();
        return Tensor.record("diagonal", viewOfDiagonal(a, offset, x, y), (g, out) -> new Tensor[] {embed(g, from, offset, x, y)}, a);
    }

    private static Tensor viewOfDiagonal(Tensor a, int offset, int x, int y) {
        int[] d = new int[a.rank() - 1];
        long[] s = new long[d.length];
        int n = 0;
        for (int i = 0; i < a.rank(); i++) {
            if (i == x || i == y) continue;
            d[n] = a.dim(i);
            s[n++] = a.strides()[i];
        }
        int rows = a.dim(x) - Math.max(0, -offset);
        int columns = a.dim(y) - Math.max(0, offset);
        d[n] = Math.max(0, Math.min(rows, columns));
        s[n] = a.strides()[x] + a.strides()[y];
        long start = d[n] == 0 ? 0 : Math.max(0, -offset) * a.strides()[x] + Math.max(0, offset) * a.strides()[y];
        return a.view(Shape.of(d), s, a.offset() + start);
    }

    /** Zeros of {@code shape} with {@code g} on a diagonal: the transpose of {@link #diagonal}. */
    private static Tensor embed(Tensor g, Shape shape, int offset, int x, int y) {
        Tensor zeros = g.backend().full(shape, g.dtype(), 0);
        g.backend().copyInto(viewOfDiagonal(zeros, offset, x, y), g.detach());
        return Tensor.record("diagEmbed", zeros, (h, out) -> new Tensor[] {diagonal(h, offset, x, y)}, g);
    }

    static Tensor diagEmbed(Tensor a, int offset) {
        if (a.rank() == 0) throw new IllegalArgumentException("diagEmbed: a scalar has no axis to put on a diagonal");
        int n = a.dim(-1) + Math.abs(offset);
        int[] d = Arrays.copyOf(a.shape().raw(), a.rank() + 1);
        d[a.rank() - 1] = n;
        d[a.rank()] = n;
        return embed(a, Shape.of(d), offset, a.rank() - 1, a.rank());
    }

    static Tensor diag(Tensor a, int offset) {
        if (a.rank() == 1) return diagEmbed(a, offset);
        if (a.rank() == 2) return diagonal(a, offset, 0, 1);
        throw new IllegalArgumentException("diag: shape " + a.shape() + ", expected a vector or a matrix; use diagonal for more axes");
    }

    /** INT64 (2, n): rows and columns of the triangle, row by row. */
    static Tensor triangleIndices(boolean lower, int rows, int columns, int offset) {
        List<Long> r = new ArrayList<>();
        List<Long> c = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            int from = lower ? 0 : Math.clamp((long) i + offset, 0, columns);
            int to = lower ? Math.clamp((long) i + offset + 1, 0, columns) : columns;
            for (int j = from; j < to; j++) {
                r.add((long) i);
                c.add((long) j);
            }
        }
        long[] both = new long[2 * r.size()];
        for (int k = 0; k < r.size(); k++) {
            both[k] = r.get(k);
            both[r.size() + k] = c.get(k);
        }
        return Tensor.of(both, 2, r.size());
    }

    // ---- products ----

    static Tensor outer(Tensor a, Tensor b) {
        if (a.rank() != 1 || b.rank() != 1) throw new IllegalArgumentException("outer: shapes " + a.shape() + " and " + b.shape() + ", expected two vectors");
        return a.unsqueeze(1).mul(b);
    }

    static Tensor kron(Tensor a, Tensor b) {
        int rank = Math.max(a.rank(), b.rank());
        int[] x = new int[2 * rank];
        int[] y = new int[2 * rank];
        int[] to = new int[rank];
        for (int i = 0; i < rank; i++) {
            x[2 * i] = i < rank - a.rank() ? 1 : a.dim(i - (rank - a.rank()));
            y[2 * i + 1] = i < rank - b.rank() ? 1 : b.dim(i - (rank - b.rank()));
            x[2 * i + 1] = 1;
            y[2 * i] = 1;
            to[i] = Math.multiplyExact(x[2 * i], y[2 * i + 1]);
        }
        return a.reshape(Shape.of(x)).mul(b.reshape(Shape.of(y))).reshape(Shape.of(to));
    }
}
