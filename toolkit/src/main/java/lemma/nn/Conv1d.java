package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Functional.PadMode;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * One-dimensional cross-correlation.
 *
 * <p>Shapes: {@code x (n, in, l) -> (n, out, l')} with {@code l' = (l + 2 padding - dilation (kernel - 1) - 1) / stride + 1};
 * {@code weight (out, in/groups, kernel)}, {@code bias (out)}. Both start uniform in {@code +-1/sqrt(in/groups kernel)}.
 */
public record Conv1d(int in, int out, int kernel, int stride, int padding, int dilation, int groups, boolean bias, PadMode paddingMode) implements Module {
    public Conv1d {
        Convolving.check("Conv1d", in, out, kernel, stride, padding, dilation, groups);
    }

    public static Conv1d of(int in, int out, int kernel) {
        return new Conv1d(in, out, kernel, 1, 0, 1, 1, true, PadMode.CONSTANT);
    }

    public Conv1d withStride(int stride) {
        return new Conv1d(in, out, kernel, stride, padding, dilation, groups, bias, paddingMode);
    }

    /** {@link Conv2d#SAME} keeps the length. */
    public Conv1d withPadding(int padding) {
        return new Conv1d(in, out, kernel, stride, padding, dilation, groups, bias, paddingMode);
    }

    /** With padding {@link Conv2d#SAME}. */
    public Conv1d withSamePadding() {
        return withPadding(Conv2d.SAME);
    }

    public Conv1d withDilation(int dilation) {
        return new Conv1d(in, out, kernel, stride, padding, dilation, groups, bias, paddingMode);
    }

    public Conv1d withGroups(int groups) {
        return new Conv1d(in, out, kernel, stride, padding, dilation, groups, bias, paddingMode);
    }

    /** What the padding holds: zeros (CONSTANT), or what the image holds near its edge. */
    public Conv1d withPaddingMode(PadMode paddingMode) {
        return new Conv1d(in, out, kernel, stride, padding, dilation, groups, bias, paddingMode);
    }

    public Conv1d withoutBias() {
        return new Conv1d(in, out, kernel, stride, padding, dilation, groups, false, paddingMode);
    }

    @Override
    public Params params(Random random) {
        return Convolving.params(random, in / groups * kernel, out, bias, out, in / groups, kernel);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 3 || x.dim(1) != in) throw new IllegalArgumentException("Conv1d: x is " + x.shape() + ", expected (n, " + in + ", l)");
        int own = Convolving.own(kernel, padding, dilation, paddingMode);
        Tensor z = own < 0 ? Convolving.padded(x, 1, kernel, padding, dilation, paddingMode) : x;
        return Functional.conv1d(z, at.param("weight"), at.paramOrNull("bias"), stride, Math.max(0, own), dilation, groups);
    }
}
