package lemma.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sums, extremes and what is made of them, and the gradient of each. */
final class Reductions {
    private Reductions() {}

    static Tensor reduce(Reduction op, Tensor a, int[] axes, boolean keep) {
        int[] over = axes(op.name().toLowerCase(), a, axes);
        if (a.dtype().isComplex() && (op == Reduction.MAX || op == Reduction.MIN)) throw new IllegalArgumentException(op.name().toLowerCase() + ": complex numbers have no order; take abs(), real() or imag() of " + a.dtype() + " " + a.shape() + " first");
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
        if (!Views.isRecording(a) && !a.dtype().isComplex()) return reduce(Reduction.PROD, a, axes, false);
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
        if (a.dtype().isComplex()) return cumsum(a.viewAsReal(), over).viewAsComplex();
        Tensor x = operand(Reduction.SUM, a);
        return Tensor.record("cumsum", x.backend().cumsum(x, over), (g, y) -> new Tensor[] {g.flip(over).cumsum(over).flip(over)}, x);
    }

    // ---- running products, extremes and logarithms of sums ----

    /** Tracked products double the reach of each element, so that the gradient is right where factors are zero, to any order. */
    static Tensor cumprod(Tensor a, int axis) {
        int over = a.shape().axis("cumprod", axis);
        if (!Views.isRecording(a) && !a.dtype().isComplex()) return a.backend().cumulate(Cumulative.PROD, operand(Reduction.PROD, a), over);
        Tensor y = a;
        int n = a.dim(over);
        for (int reach = 1; reach < n; reach *= 2) {
            y = Tensor.concat(List.of(y.narrow(over, 0, reach), y.narrow(over, reach, n).mul(y.narrow(over, 0, n - reach))), over);
        }
        return y;
    }

    static Tensor cumulativeExtreme(boolean largest, Tensor a, int axis) {
        int over = a.shape().axis(largest ? "cummax" : "cummin", axis);
        return a.gather(over, a.backend().cumulativeArg(largest, a.detach(), over));
    }

    static Tensor logcumsumexp(Tensor a, int axis) {
        int over = a.shape().axis("logcumsumexp", axis);
        if (!a.dtype().isFloat()) throw new IllegalArgumentException("logcumsumexp: dtype is " + a.dtype() + ", expected FLOAT32 or FLOAT64; convert with to(DType)");
        return Tensor.record("logcumsumexp", a.backend().cumulate(Cumulative.LOGSUMEXP, a.detach(), over), (g, y) -> {
            Tensor x = Views.forRule(a);
            return new Tensor[] {laterShares(g, x, y, over).sub(laterShares(g.neg(), x, y, over))};
        }, a);
    }

    /** {@code sum over j >= i of max(g_j, 0) exp(x_i - y_j)}, by logarithms. */
    private static Tensor laterShares(Tensor g, Tensor x, Tensor y, int axis) {
        Tensor positive = g.detach().gt(0);
        double lowest = g.dtype() == DType.FLOAT32 ? -Float.MAX_VALUE : -Double.MAX_VALUE;
        Tensor logs = Tensor.where(positive, g, g.detach().onesLike()).log().sub(y);
        Tensor terms = Tensor.where(positive, logs, logs.detach().zerosLike().add(lowest));
        return logcumsumexp(terms.flip(axis), axis).flip(axis).add(x).exp();
    }

    // ---- order statistics ----

    static Tensor countNonzero(Tensor a, int[] axes) {
        return a.detach().ne(0).sum(axes);
    }

    static Tensor median(Tensor a, int axis) {
        int over = a.shape().axis("median", axis);
        int n = a.dim(over);
        if (n == 0) throw new IllegalArgumentException("median: axis " + axis + " of " + a.shape() + " is empty and has no median");
        Tensor order = a.argsort(over, false);
        Tensor middle = order.narrow(over, (n - 1) / 2, (n - 1) / 2 + 1);
        Tensor last = order.narrow(over, n - 1, n); // a NaN, if there is one, is sorted to the end
        Tensor at = a.dtype().isFloat() ? Tensor.where(a.detach().gather(over, last).isNaN(), last, middle) : middle;
        return a.gather(over, at).squeeze(over);
    }

    static Tensor quantile(Tensor a, double[] q, int axis) {
        if (!a.dtype().isFloat()) throw new IllegalArgumentException("quantile: dtype is " + a.dtype() + ", expected FLOAT32 or FLOAT64; convert with to(DType)");
        int over = a.shape().axis("quantile", axis);
        int n = a.dim(over);
        if (n == 0) throw new IllegalArgumentException("quantile: axis " + axis + " of " + a.shape() + " is empty and has no quantile");
        Tensor sorted = a.sort(over, false);
        Tensor odd = sorted.detach().narrow(over, n - 1, n).isNaN();
        List<Tensor> each = new ArrayList<>();
        for (double p : q) {
            if (!(p >= 0 && p <= 1)) throw new IllegalArgumentException("quantile: q is " + p + ", expected 0 to 1");
            double place = p * (n - 1);
            int low = (int) Math.floor(place);
            int high = Math.min(n - 1, low + 1);
            Tensor value = sorted.narrow(over, low, low + 1).lerp(sorted.narrow(over, high, high + 1), place - low);
            each.add(value.maskedFill(odd, Double.NaN).squeeze(over));
        }
        return Tensor.stack(each, 0);
    }

    // ---- norms ----

    static Tensor vectorNorm(Tensor a, double p, int[] axes) {
        if (Double.isNaN(p)) throw new IllegalArgumentException("vectorNorm: the order is NaN");
        Tensor size = a.abs();
        if (p == Double.POSITIVE_INFINITY) return size.max(axes);
        if (p == Double.NEGATIVE_INFINITY) return size.min(axes);
        if (p == 0) return a.ne(0).to(a.dtype()).sum(axes);
        if (p == 1) return size.sum(axes);
        int[] over = axes("vectorNorm", a, axes);
        Tensor x = a.detach();
        Tensor kept = p == 2 ? x.square().sumKeep(over).sqrt() : x.abs().pow(p).sumKeep(over).pow(1 / p);
        Tensor y = Tensor.record("vectorNorm", kept, (g, out) -> new Tensor[] {g.mul(slopeOfNorm(Views.forRule(a), out, p))}, a);
        return over.length == 0 ? y : drop(y, over);
    }

    /** {@code sign(x) (|x| / norm)^(p - 1)}; 0 where the norm is 0, and where x is if p is less than 2. */
    private static Tensor slopeOfNorm(Tensor x, Tensor norm, double p) {
        Tensor flat = norm.detach().eq(0);
        Tensor divisor = Tensor.where(flat, norm.detach().onesLike(), norm);
        Tensor zero = x.detach().zerosLike();
        if (p == 2) return Tensor.where(flat, zero, x.div(divisor));
        Tensor none = x.detach().eq(0);
        Tensor ratio = Tensor.where(none, x.detach().onesLike(), x.abs()).div(divisor);
        return Tensor.where(flat.or(none), zero, ratio.pow(p - 1).mul(x.detach().sign()));
    }
}
