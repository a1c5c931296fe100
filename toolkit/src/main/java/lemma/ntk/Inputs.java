package lemma.ntk;

import java.util.stream.IntStream;
import lemma.tensor.Tensor;

/**
 * Covariances of inputs, {@code K = x . x' / c} over the c channels, in the order of axes of {@link Covariance}: (h, w, n1, n2), or with
 * covariances between positions (h, h', w, w', n1, n2).
 */
final class Inputs {
    private Inputs() {}

    /** Of each example with itself: (h, w, n), or (h, h', w, w', n). */
    static Tensor ofExamples(Tensor x, boolean betweenPositions) {
        double scale = 1.0 / x.dim(1);
        Tensor front = positionsFirst(x);
        int positions = x.rank() - 2;
        if (!betweenPositions || positions == 0) return front.square().sum(-1).mul(scale);
        int[] d = front.shape().dims();
        Tensor rows = front.reshape(-1, d[positions], d[positions + 1]).movedim(1, 0);
        Tensor gram = rows.matmul(rows.transpose(1, 2)).mul(scale);
        return interleaved(gram.movedim(0, -1), d, positions, new int[] {d[positions]});
    }

    /** Of all pairs. */
    static Tensor ofPairs(Tensor x1, Tensor x2, boolean betweenPositions) {
        double scale = 1.0 / x1.dim(1);
        Tensor a = positionsFirst(x1);
        Tensor b = positionsFirst(x2);
        int positions = x1.rank() - 2;
        if (!betweenPositions || positions == 0) return a.matmul(b.transpose(-1, -2)).mul(scale);
        int[] d = a.shape().dims();
        int n1 = d[positions];
        int n2 = b.dim(-2);
        int c = x1.dim(1);
        int all = Math.toIntExact(a.size() / c / n1);
        Tensor gram = a.reshape(-1, c).matmul(b.reshape(-1, c).t()).mul(scale);
        return interleaved(gram.reshape(all, n1, all, n2).permute(0, 2, 1, 3), d, positions, new int[] {n1, n2});
    }

    /** Of all pairs of one set, with the very numbers of {@link #ofExamples} where both are one. */
    static Tensor ofSame(Tensor x, boolean betweenPositions) {
        Tensor one = Tensor.eye(x.dim(0)).gt(0).to(x.backend());
        return Tensor.where(one, ofExamples(x, betweenPositions).unsqueeze(-1), ofPairs(x, x, betweenPositions));
    }

    /** {@code (n, c, h, w)} to {@code (h, w, n, c)}. */
    private static Tensor positionsFirst(Tensor x) {
        return switch (x.rank()) {
            case 2 -> x;
            case 3 -> x.permute(2, 0, 1).contiguous();
            default -> x.permute(2, 3, 0, 1).contiguous();
        };
    }

    /** {@code (h w, h' w', ...)} to {@code (h, h', w, w', ...)}. */
    private static Tensor interleaved(Tensor gram, int[] d, int positions, int[] examples) {
        if (positions == 1) return gram.contiguous();
        int[] apart = IntStream.concat(IntStream.of(d[0], d[1], d[0], d[1]), IntStream.of(examples)).toArray();
        int[] order = examples.length == 1 ? new int[] {0, 2, 1, 3, 4} : new int[] {0, 2, 1, 3, 4, 5};
        return gram.reshape(apart).permute(order).contiguous();
    }

    /** The last {@code count} axes in front. */
    static Tensor examplesFirst(Tensor k, int count) {
        int rank = k.rank();
        if (rank == count) return k;
        return k.permute(IntStream.range(0, rank).map(i -> i < count ? rank - count + i : i - count).toArray()).contiguous();
    }

    /** Of (n1, n2, positions...) that of (n2, n1, ...); covariances between positions, two axes for each of {@code positions}, are exchanged too. */
    static Tensor mirrored(Tensor k, int positions) {
        Tensor t = k.transpose(0, 1);
        if (k.rank() == 2 + 2 * positions) for (int i = 0; i < positions; i++) t = t.transpose(2 + 2 * i, 3 + 2 * i);
        return t;
    }
}
