package lemma.nn;

import lemma.tensor.Backend;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * The transpose of a convolution in its input, which makes an image larger: stride s gives about s times the length.
 *
 * <p>Shapes: {@code x (n, in, h, w) -> (n, out, h', w')} with {@code h' = (h - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1};
 * {@code weight (in, out/groups, kernel, kernel)}, {@code bias (out)}. Both start uniform in {@code +-1/sqrt(out/groups kernel^2)}, as in PyTorch.
 */
public record ConvTranspose2d(int in, int out, int kernel, int stride, int padding, int outputPadding, int dilation, int groups, boolean bias) implements Module {
    public ConvTranspose2d {
        Convolving.check("ConvTranspose2d", in, out, kernel, stride, padding, dilation, groups);
        if (padding == Conv2d.SAME) throw new IllegalArgumentException("ConvTranspose2d: padding " + padding + ", expected at least 0");
        if (outputPadding < 0 || outputPadding >= Math.max(stride, dilation)) {
            throw new IllegalArgumentException("ConvTranspose2d: outputPadding " + outputPadding + ", expected at least 0 and less than the stride " + stride + " or the dilation " + dilation);
        }
    }

    public static ConvTranspose2d of(int in, int out, int kernel) {
        return new ConvTranspose2d(in, out, kernel, 1, 0, 0, 1, 1, true);
    }

    public ConvTranspose2d withStride(int stride) {
        return new ConvTranspose2d(in, out, kernel, stride, padding, outputPadding, dilation, groups, bias);
    }

    public ConvTranspose2d withPadding(int padding) {
        return new ConvTranspose2d(in, out, kernel, stride, padding, outputPadding, dilation, groups, bias);
    }

    public ConvTranspose2d withOutputPadding(int outputPadding) {
        return new ConvTranspose2d(in, out, kernel, stride, padding, outputPadding, dilation, groups, bias);
    }

    public ConvTranspose2d withDilation(int dilation) {
        return new ConvTranspose2d(in, out, kernel, stride, padding, outputPadding, dilation, groups, bias);
    }

    public ConvTranspose2d withGroups(int groups) {
        return new ConvTranspose2d(in, out, kernel, stride, padding, outputPadding, dilation, groups, bias);
    }

    public ConvTranspose2d withoutBias() {
        return new ConvTranspose2d(in, out, kernel, stride, padding, outputPadding, dilation, groups, false);
    }

    @Override
    public Params params(Random random) {
        return Convolving.params(random, out / groups * kernel * kernel, out, bias, in, out / groups, kernel, kernel);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 4 || x.dim(1) != in) throw new IllegalArgumentException("ConvTranspose2d: x is " + x.shape() + ", expected (n, " + in + ", h, w)");
        return Functional.convTranspose2d(x, at.param("weight"), at.paramOrNull("bias"), new Backend.Conv2d(stride, stride, padding, padding, dilation, dilation, groups), outputPadding, outputPadding);
    }
}
