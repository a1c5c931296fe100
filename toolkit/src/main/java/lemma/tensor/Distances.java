package lemma.tensor;

import java.util.List;

/** Lengths, angles and distances of vectors, and sums over looked-up rows. */
final class Distances {
    private Distances() {}

    static Tensor normalize(Tensor x, double p, int axis, double eps) {
        int over = x.shape().axis("normalize", axis);
        return x.div(x.vectorNorm(p, over).unsqueeze(over).maximum(eps));
    }

    static Tensor cosineSimilarity(Tensor a, Tensor b, int axis, double eps) {
        Shape shape = Shape.broadcast("cosineSimilarity", a.shape(), b.shape());
        int over = shape.axis("cosineSimilarity", axis);
        Tensor x = a.expand(shape);
        Tensor y = b.expand(shape);
        Tensor lengths = x.vectorNorm(2, over).maximum(eps).mul(y.vectorNorm(2, over).maximum(eps));
        return x.mul(y).sum(over).div(lengths);
    }

    /** {@code |a_i - b_j|} of rows: a (..., n, d), b (..., m, d). */
    static Tensor cdist(Tensor a, Tensor b, double p) {
        check(a, b);
        return a.unsqueeze(-2).sub(b.unsqueeze(-3)).vectorNorm(p, -1);
    }

    private static void check(Tensor a, Tensor b) {
        if (a.rank() < 2 || b.rank() < 2 || a.dim(-1) != b.dim(-1)) {
            throw new IllegalArgumentException("cdist: shapes " + a.shape() + " and " + b.shape() + ", expected (..., n, d) and (..., m, d)");
        }
    }

    /** By {@code |a|^2 + |b|^2 - 2 a.b}; where that is not positive the distance and its gradient are zero. */
    static Tensor cdistByProducts(Tensor a, Tensor b) {
        check(a, b);
        Tensor squares = a.square().sumKeep(-1).add(b.square().sumKeep(-1).t()).sub(a.matmul(b.t()).mul(2));
        Tensor none = squares.detach().le(0);
        return squares.maskedFill(none, 1).sqrt().maskedFill(none, 0);
    }

    // ---- bags ----

    static Tensor embeddingBag(Tensor index, Tensor table, Functional.Bag mode) {
        if (index.rank() != 2) throw new IllegalArgumentException("embeddingBag: index is " + index.shape() + ", expected (bags, length); give offsets for bags of other lengths");
        Tensor rows = Functional.embedding(index, table);
        if (index.dim(1) == 0) return rows.sum(1);
        return switch (mode) {
            case SUM -> rows.sum(1);
            case MEAN -> rows.mean(1);
            case MAX -> rows.max(1);
        };
    }

    /** Bag i holds what stands from offset i up to the next; an empty bag gives zeros. */
    static Tensor embeddingBag(Tensor index, Tensor offsets, Tensor table, Functional.Bag mode) {
        if (index.rank() != 1 || offsets.rank() != 1) throw new IllegalArgumentException("embeddingBag: index is " + index.shape() + ", offsets " + offsets.shape() + ", expected two vectors");
        int[] starts = offsets.toInts();
        int bags = starts.length;
        long[] counts = new long[bags];
        long[] bag = new long[index.dim(0)];
        for (int i = 0; i < bags; i++) {
            int end = i + 1 < bags ? starts[i + 1] : bag.length;
            if (i == 0 && starts[0] != 0 || starts[i] > end) throw new IllegalArgumentException("embeddingBag: offset " + i + " is " + starts[i] + "; they must begin with 0, not fall, and stay within " + bag.length);
            counts[i] = end - starts[i];
            for (int k = starts[i]; k < end; k++) bag[k] = i;
        }
        Tensor rows = Functional.embedding(index, table);
        if (mode == Functional.Bag.MAX) return largest(rows, starts, counts);
        Tensor sums = Indexing.indexAdd(rows, 0, Tensor.of(bag).to(rows.backend()), bags);
        Tensor divisor = Tensor.of(counts).maximum(1).to(rows.dtype()).to(rows.backend()).unsqueeze(1);
        return mode == Functional.Bag.SUM ? sums : sums.div(divisor);
    }

    /** By a table of bags filled up with rows of -inf. */
    private static Tensor largest(Tensor rows, int[] starts, long[] counts) {
        int longest = 1;
        for (long c : counts) longest = (int) Math.max(longest, c);
        long[] at = new long[starts.length * longest];
        boolean[] missing = new boolean[at.length];
        for (int i = 0; i < at.length; i++) {
            missing[i] = i % longest >= counts[i / longest];
            at[i] = missing[i] ? rows.dim(0) : starts[i / longest] + i % longest;
        }
        Tensor last = rows.backend().full(Shape.of(1, rows.dim(1)), rows.dtype(), Double.NEGATIVE_INFINITY);
        Tensor filled = Tensor.concat(List.of(rows, last), 0).indexSelect(0, Tensor.of(at).to(rows.backend()));
        Tensor empty = Tensor.of(missing, starts.length, longest).all(1).to(rows.backend()).unsqueeze(1);
        return filled.reshape(starts.length, longest, rows.dim(1)).max(1).maskedFill(empty, 0);
    }
}
