package lemma.tensor;

import java.util.Arrays;

/** Sums, extremes and what is made of them, and the gradient of each. */
final class Reductions {
    private Reductions() {}

    static Tensor reduce(Reduction op, Tensor a, int[] axes, boolean keep) {
        int[] over = axes(op.name().toLowerCase(), a, axes);
        Tensor x = operand(op, a);
        checkNotEmpty(op, x, over);
        Tensor y = Tensor.record(op.name().toLowerCase(), x.backend().reduce(op, x, over),
                (g, out) -> new Tensor[] {gradient(op, g, Views.forRule(x), out, over)}, x);
        return keep || over.length == 0 ? y : drop(y, over);
    }

    private static Tensor operand(Reduction op, Tensor a) {
        return switch (op) {
            case SUM, PROD -> a.dtype() == DType.BOOL || a.dtype() == DType.UINT8 || a.dtype() == DType.INT32 ? a.to(DType.INT64) : a;
            case MEAN -> a.dtype().isFloat() || a.dtype().isComplex() ? a : a.to(DType.FLOAT32);
            case MAX, MIN -> a;
            case ANY, ALL -> a.to(DType.BOOL);
        };
    }

    private static void checkNotEmpty(Reduction op, Tensor a, int[] axes) {
        if (op != Reduction.MAX && op != Reduction.MIN) return;
        for (int axis : axes) {
            if (a.dim(axis) == 0) throw new IllegalArgumentException(op.name().toLowerCase() + ": axis " + axis + " of " + a.shape() + " is empty and has no extreme");
        }
    }

    private static Tensor gradient(Reduction op, Tensor g, Tensor x, Tensor y, int[] axes) {
        return switch (op) {
            case SUM -> g.expand(x.shape());
            case MEAN -> g.mul(1.0 / count(x, axes)).expand(x.shape());
            case MAX, MIN -> {
                Tensor winners = x.detach().eq(y.detach()).to(g.dtype());
                yield winners.mul(g.div(winners.sumKeep(axes)));
            }
            default -> throw new IllegalStateException(op + " of a tracked tensor");
        };
    }

    private static long count(Tensor x, int[] axes) {
        long n = 1;
        for (int axis : axes) n *= x.dim(axis);
        return n;
    }

    private static int[] axes(String op, Tensor a, int[] axes) {
        if (axes.length == 0) {
            int[] all = new int[a.rank()];
            Arrays.setAll(all, i -> i);
            return all;
        }
        int[] sorted = Arrays.stream(axes).map(i -> a.shape().axis(op, i)).sorted().toArray();
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1]) throw new IllegalArgumentException(op + ": axis " + sorted[i] + " is named twice in " + Arrays.toString(axes));
        }
        return sorted;
    }

    private static Tensor drop(Tensor kept, int[] axes) {
        int[] d = new int[kept.rank() - axes.length];
        int n = 0;
        for (int i = 0; i < kept.rank(); i++) if (Arrays.binarySearch(axes, i) < 0) d[n++] = kept.dim(i);
        return kept.reshape(d);
    }

    /** Tracked products multiply halves, so that the gradient is right where factors are zero, to any order. */
    static Tensor prod(Tensor a, int[] axes) {
        int[] over = axes("prod", a, axes);
        if (!Views.isRecording(a)) return reduce(Reduction.PROD, a, axes, false);
        Tensor x = a;
        for (int axis : over) x = multiplyAlong(x, axis);
        return over.length == 0 ? x : drop(x, over);
    }

    private static Tensor multiplyAlong(Tensor x, int axis) {
        int n = x.dim(axis);
        if (n == 0) return x.backend().full(x.shape().with(axis, 1), x.dtype(), 1);
        if (n == 1) return x;
        int half = n / 2;
        Tensor pairs = x.narrow(axis, 0, half).mul(x.narrow(axis, half, 2 * half));
        Tensor product = multiplyAlong(pairs, axis);
        return n % 2 == 0 ? product : product.mul(x.narrow(axis, n - 1, n));
    }

    static Tensor var(Tensor a, int correction, int[] axes) {
        int[] over = axes("var", a, axes);
        long n = count(a, over);
        Tensor centred = a.sub(a.meanKeep(over));
        return centred.square().sum(over).div((double) Math.max(0, n - correction));
    }

    static Tensor arg(boolean largest, Tensor a, int axis) {
        String op = largest ? "argmax" : "argmin";
        int over = a.shape().axis(op, axis);
        if (a.dim(over) == 0) throw new IllegalArgumentException(op + ": axis " + axis + " of " + a.shape() + " is empty and has no extreme");
        return drop(a.backend().argReduce(largest, a.detach(), over), new int[] {over});
    }

    static Tensor logsumexp(Tensor a, int axis) {
        int[] over = {a.shape().axis("logsumexp", axis)};
        Tensor x = a.detach();
        Tensor top = x.maxKeep(over);
        Tensor shift = Tensor.where(top.abs().eq(Double.POSITIVE_INFINITY), top.zerosLike(), top);
        Tensor kept = x.sub(shift).exp().sumKeep(over).log().add(shift);
        Tensor y = Tensor.record("logsumexp", kept, (g, out) -> new Tensor[] {g.mul(Views.forRule(a).sub(out).exp())}, a);
        return drop(y, over);
    }

    static Tensor cumsum(Tensor a, int axis) {
        int over = a.shape().axis("cumsum", axis);
        Tensor x = operand(Reduction.SUM, a);
        return Tensor.record("cumsum", x.backend().cumsum(x, over), (g, y) -> new Tensor[] {g.flip(over).cumsum(over).flip(over)}, x);
    }
}
