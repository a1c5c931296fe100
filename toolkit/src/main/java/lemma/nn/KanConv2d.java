package lemma.nn;

import lemma.tensor.Backend;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A convolution whose kernel entries are functions: each window of the image, {@code channels kernel kernel} numbers, goes through a layer of
 * edges, {@code y_j = sum_i phi_ji(window_i)}.
 *
 * <p>Shapes: {@code x (n, channels, h, w) -> (n, out, h', w')} with {@code h' = (h + 2 padding - kernel) / stride + 1}; parameters are those of the
 * edges under {@code edges}.
 *
 * @param edges layer from {@code channels kernel kernel} numbers, such as {@link KanLinear} or {@link SelectableKanLinear}
 * @see <a href="https://arxiv.org/abs/2408.08338">Yang et al. (2024), Activation space selectable Kolmogorov-Arnold networks, S-ConvKAN</a>
 */
public record KanConv2d(Module edges, int channels, int kernel, int stride, int padding) implements Module {
    public KanConv2d {
        Convolving.check("KanConv2d", channels, 1, kernel, stride, Math.max(0, padding), 1, 1);
        if (padding < 0) throw new IllegalArgumentException("KanConv2d: padding " + padding + ", expected at least 0");
    }

    /** Edges of one basis. */
    public static KanConv2d of(int channels, int out, int kernel, KanBasis basis) {
        return over(KanLinear.of(channels * kernel * kernel, out, basis), channels, kernel);
    }

    /** Any layer of edges from {@code channels kernel kernel} numbers. */
    public static KanConv2d over(Module edges, int channels, int kernel) {
        return new KanConv2d(edges, channels, kernel, 1, 0);
    }

    public KanConv2d withStride(int stride) {
        return new KanConv2d(edges, channels, kernel, stride, padding);
    }

    /** With zeros around the image. */
    public KanConv2d withPadding(int padding) {
        return new KanConv2d(edges, channels, kernel, stride, padding);
    }

    KanConv2d withEdges(Module other) {
        return new KanConv2d(other, channels, kernel, stride, padding);
    }

    @Override
    public Params params(Random random) {
        return Params.EMPTY.withChild("edges", edges.params(random));
    }

    @Override
    public Params state() {
        return Params.EMPTY.withChild("edges", edges.state());
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 4 || x.dim(1) != channels) throw new IllegalArgumentException("KanConv2d: x is " + x.shape() + ", expected (n, " + channels + ", h, w)");
        Backend.Conv2d spec = new Backend.Conv2d(stride, stride, padding, padding, 1, 1, 1);
        Tensor windows = Functional.unfold(x, kernel, kernel, spec).transpose(1, 2);
        Tensor y = edges.forward(windows, at.child("edges")).transpose(1, 2);
        return y.reshape(x.dim(0), y.dim(1), positions(x.dim(2)), positions(x.dim(3)));
    }

    private int positions(int length) {
        return (length + 2 * padding - kernel) / stride + 1;
    }
}
