package lemma.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lemma.tensor.Backend.Pool2d;

/** Padding, pooling and interpolation of the places behind the batch and the channels. */
final class Resampling {
    private Resampling() {}

    // ---- padding ----

    static Tensor pad(Tensor x, Functional.PadMode mode, double value, int... lengths) {
        if (lengths.length % 2 != 0 || lengths.length > 2 * x.rank()) {
            throw new IllegalArgumentException("pad: " + Arrays.toString(lengths) + " for x " + x.shape() + "; expected (before, after) for the last axis, then for the one before it...");
        }
        Tensor y = x;
        for (int i = 0; i < lengths.length; i += 2) {
            int axis = x.rank() - 1 - i / 2;
            if (lengths[i] == 0 && lengths[i + 1] == 0) continue;
            y = mode == Functional.PadMode.CONSTANT ? constant(y, axis, lengths[i], lengths[i + 1], value) : y.indexSelect(axis, index(y, mode, axis, lengths[i], lengths[i + 1]).to(x.backend()));
        }
        return y;
    }

    private static Tensor constant(Tensor x, int axis, int before, int after, double value) {
        int n = x.dim(axis);
        if (n + before + after < 0) throw new IllegalArgumentException("pad: " + before + " and " + after + " leave nothing of axis " + axis + " of x " + x.shape());
        Tensor kept = before < 0 || after < 0 ? x.narrow(axis, Math.max(0, -before), n + Math.min(0, after)) : x;
        if (before <= 0 && after <= 0) return kept;
        int first = Math.max(0, before);
        Slice[] at = new Slice[axis + 1];
        Arrays.fill(at, Slice.all());
        at[axis] = Slice.range(first, first + kept.dim(axis));
        return Views.embed(kept, kept.shape().with(axis, first + kept.dim(axis) + Math.max(0, after)), value, at);
    }

    private static Tensor index(Tensor x, Functional.PadMode mode, int axis, int before, int after) {
        int n = x.dim(axis);
        int most = mode == Functional.PadMode.REFLECT ? n - 1 : mode == Functional.PadMode.CIRCULAR ? n : Integer.MAX_VALUE;
        if (n == 0 || before > most || after > most || n + before + after < 0) {
            throw new IllegalArgumentException("pad: " + before + " and " + after + " by " + mode + " do not suit axis " + axis + " of x " + x.shape()
                    + (n == 0 ? ", which is empty" : "; it allows at most " + most));
        }
        long[] at = new long[n + before + after];
        for (int i = 0; i < at.length; i++) {
            int q = i - before;
            at[i] = switch (mode) {
                case REFLECT -> q < 0 ? -q : q < n ? q : 2 * (n - 1) - q;
                case CIRCULAR -> Math.floorMod(q, n);
                default -> Math.clamp(q, 0, n - 1);
            };
        }
        return Tensor.of(at);
    }

    // ---- pooling ----

    static Tensor maxPool1d(Tensor x, int kernel, int stride, int padding) {
        checkRow("maxPool1d", x);
        return Functional.maxPool2d(x.unsqueeze(2), new Pool2d(1, kernel, 1, stride, 0, padding)).squeeze(2);
    }

    static Tensor avgPool1d(Tensor x, int kernel, int stride, int padding) {
        checkRow("avgPool1d", x);
        return Functional.avgPool2d(x.unsqueeze(2), new Pool2d(1, kernel, 1, stride, 0, padding)).squeeze(2);
    }

    private static void checkRow(String op, Tensor x) {
        if (x.rank() != 3) throw new IllegalArgumentException(op + ": x is " + x.shape() + ", expected (n, c, l)");
    }

    static Tensor adaptiveAvgPool1d(Tensor x, int length) {
        checkRow("adaptiveAvgPool1d", x);
        return adaptive("adaptiveAvgPool1d", x, 2, length);
    }

    static Tensor adaptiveAvgPool2d(Tensor x, int h, int w) {
        if (x.rank() != 4) throw new IllegalArgumentException("adaptiveAvgPool2d: x is " + x.shape() + ", expected (n, c, h, w)");
        boolean even = h > 0 && w > 0 && x.dim(2) % h == 0 && x.dim(3) % w == 0 && x.dim(2) > 0 && x.dim(3) > 0;
        if (even && (h > 1 || w > 1)) {
            int kh = x.dim(2) / h;
            int kw = x.dim(3) / w;
            return Functional.avgPool2d(x, new Pool2d(kh, kw, kh, kw, 0, 0));
        }
        return adaptive("adaptiveAvgPool2d", adaptive("adaptiveAvgPool2d", x, 3, w), 2, h);
    }

    /** Means over [floor(i n / length), ceil((i + 1) n / length)) of an axis. */
    private static Tensor adaptive(String op, Tensor x, int axis, int length) {
        int n = x.dim(axis);
        if (length < 1 || n < 1) throw new IllegalArgumentException(op + ": to " + length + " of axis " + axis + " of x " + x.shape() + "; both must be at least 1");
        if (length == 1) return x.meanKeep(axis);
        if (length == n) return x;
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            int from = (int) ((long) i * n / length);
            int to = (int) Math.ceilDiv((long) (i + 1) * n, length);
            parts.add(x.narrow(axis, from, to).meanKeep(axis));
        }
        return Tensor.concat(parts, axis);
    }

    // ---- interpolation ----

    static Tensor interpolate(Tensor x, Functional.Interpolation mode, boolean alignCorners, int[] size, double[] scale) {
        int places = x.rank() - 2;
        if (places < 1 || size.length != places) {
            throw new IllegalArgumentException("interpolate: x is " + x.shape() + ", size " + Arrays.toString(size) + "; expected (n, c, ...) and one length for each axis behind");
        }
        if (alignCorners && mode == Functional.Interpolation.NEAREST) throw new IllegalArgumentException("interpolate: alignCorners has no meaning for NEAREST");
        Tensor y = x;
        for (int i = 0; i < places; i++) {
            if (size[i] < 1 || x.dim(2 + i) < 1) throw new IllegalArgumentException("interpolate: from " + x.shape() + " to the size " + Arrays.toString(size) + "; lengths must be at least 1");
            double step = scale == null ? (double) x.dim(2 + i) / size[i] : 1 / scale[i];
            y = mode == Functional.Interpolation.NEAREST ? nearest(y, 2 + i, size[i], step) : linear(y, 2 + i, size[i], step, alignCorners);
        }
        return y;
    }

    private static Tensor nearest(Tensor x, int axis, int length, double step) {
        int n = x.dim(axis);
        if (length == n && step == 1) return x;
        long[] at = new long[length];
        // PyTorch's positions are single precision
        for (int i = 0; i < length; i++) at[i] = Math.min(n - 1, (long) Math.floor(i * (float) step));
        return x.indexSelect(axis, Tensor.of(at).to(x.backend()));
    }

    private static Tensor linear(Tensor x, int axis, int length, double step, boolean alignCorners) {
        int n = x.dim(axis);
        if (length == n && (alignCorners || step == 1)) return x;
        long[] low = new long[length];
        long[] high = new long[length];
        double[] part = new double[length];
        for (int i = 0; i < length; i++) {
            double at = alignCorners ? (length == 1 ? 0 : i * ((n - 1.0) / (length - 1))) : Math.max(0, step * (i + 0.5) - 0.5);
            low[i] = Math.min(n - 1, (long) at);
            high[i] = Math.min(n - 1, low[i] + 1);
            part[i] = Math.clamp(at - low[i], 0, 1);
        }
        int[] along = new int[x.rank() - axis];
        Arrays.fill(along, 1);
        along[0] = length;
        Tensor t = Tensor.of(part).to(x.dtype()).reshape(along).to(x.backend());
        Tensor a = x.indexSelect(axis, Tensor.of(low).to(x.backend()));
        Tensor b = x.indexSelect(axis, Tensor.of(high).to(x.backend()));
        return a.mul(t.rsub(1)).add(b.mul(t));
    }

    // ---- channels to places ----

    static Tensor pixelShuffle(Tensor x, int factor) {
        if (x.rank() < 3 || factor < 1 || x.dim(-3) % (factor * factor) != 0) {
            throw new IllegalArgumentException("pixelShuffle: x is " + x.shape() + ", factor " + factor + "; expected (..., c factor^2, h, w)");
        }
        int c = x.dim(-3) / (factor * factor);
        int h = x.dim(-2);
        int w = x.dim(-1);
        Tensor split = x.reshape(-1, c, factor, factor, h, w).permute(0, 1, 4, 2, 5, 3);
        return split.reshape(lastThree(x, c, h * factor, w * factor));
    }

    static Tensor pixelUnshuffle(Tensor x, int factor) {
        if (x.rank() < 3 || factor < 1 || x.dim(-2) % factor != 0 || x.dim(-1) % factor != 0) {
            throw new IllegalArgumentException("pixelUnshuffle: x is " + x.shape() + ", factor " + factor + "; expected (..., c, h, w) with h and w divisible by it");
        }
        int c = x.dim(-3);
        int h = x.dim(-2) / factor;
        int w = x.dim(-1) / factor;
        Tensor split = x.reshape(-1, c, h, factor, w, factor).permute(0, 1, 3, 5, 2, 4);
        return split.reshape(lastThree(x, c * factor * factor, h, w));
    }

    private static int[] lastThree(Tensor x, int c, int h, int w) {
        int[] d = x.shape().dims();
        d[d.length - 3] = c;
        d[d.length - 2] = h;
        d[d.length - 1] = w;
        return d;
    }
}
