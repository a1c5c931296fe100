package lemma.ntk;

import java.util.Arrays;
import lemma.tensor.Functional;
import lemma.tensor.Functional.PadMode;
import lemma.tensor.Slice;
import lemma.tensor.Tensor;

/** Windows along axes: {@code size} positions, one window every {@code stride}. */
record Window(int size, int stride, Padding padding) {
    Window {
        if (size < 1 || stride < 1) throw new IllegalArgumentException("Window: size " + size + ", stride " + stride + ", expected at least 1");
    }

    /** Number of windows along an axis of {@code length}. */
    int out(int length) {
        if (padding != Padding.VALID) return (length + stride - 1) / stride;
        if (length < size) throw new IllegalArgumentException("Window: size " + size + " does not fit into " + length + " positions; use a smaller one or Padding.SAME");
        return (length - size) / stride + 1;
    }

    private int missing(int length) {
        return padding == Padding.VALID ? 0 : Math.max(0, (out(length) - 1) * stride + size - length);
    }

    /** x with what its windows along {@code axes} meet beyond the edge. */
    Tensor padded(Tensor x, int... axes) {
        int[] lengths = new int[2 * x.rank()];
        boolean any = false;
        for (int axis : axes) {
            int missing = missing(x.dim(axis));
            lengths[2 * (x.rank() - 1 - axis)] = missing / 2;
            lengths[2 * (x.rank() - 1 - axis) + 1] = missing - missing / 2;
            any |= missing > 0;
        }
        return any ? Functional.pad(x, padding == Padding.CIRCULAR ? PadMode.CIRCULAR : PadMode.CONSTANT, 0, lengths) : x;
    }

    /** The sum over each window, which moves along all {@code axes} together, as the diagonal of their product. */
    Tensor sum(Tensor x, int... axes) {
        Tensor padded = padded(x, axes);
        Tensor sum = null;
        for (int a = 0; a < size; a++) {
            Slice[] part = new Slice[x.rank()];
            Arrays.fill(part, Slice.all());
            for (int axis : axes) part[axis] = Slice.range(a, a + (out(x.dim(axis)) - 1) * stride + 1, stride);
            Tensor next = padded.get(part);
            sum = sum == null ? next : sum.add(next);
        }
        return sum;
    }
}
