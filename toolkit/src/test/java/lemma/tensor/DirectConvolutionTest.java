package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import lemma.tensor.Backend.Conv2d;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The register-blocked convolution of FLOAT32 beside the unfolded one of FLOAT64, which PyTorch's numbers check. */
class DirectConvolutionTest {
    private static final Backend CPU = CpuBackend.INSTANCE;

    private static Tensor normal(long seed, int... shape) {
        return Random.seed(seed).normal(shape);
    }

    private static void near(String what, Tensor single, Tensor two, double tolerance) {
        double scale = two.size() == 0 ? 1 : Math.max(1, two.abs().max().item());
        assertThat(single.shape()).isEqualTo(two.shape());
        if (two.size() > 0) assertThat(single.to(DType.FLOAT64).sub(two).abs().max().item()).as(what).isLessThan(tolerance * scale);
    }

    private static void check(int n, int h, int w, int in, int out, int kh, int kw, Conv2d s) {
        if (h + 2 * s.padH() <= s.dilationH() * (kh - 1) || w + 2 * s.padW() <= s.dilationW() * (kw - 1)) return;
        Tensor x = normal(1, n, in * s.groups(), h, w);
        Tensor k = normal(2, out * s.groups(), in, kh, kw);
        Tensor b = normal(3, out * s.groups());
        Tensor y = CPU.conv2d(x.to(DType.FLOAT64), k.to(DType.FLOAT64), b.to(DType.FLOAT64), s);
        Tensor g = normal(4, y.shape().dims());
        Tensor g64 = g.to(DType.FLOAT64);
        String what = x.shape() + " by " + k.shape() + " " + s;
        near(what, CPU.conv2d(x, k, b, s), y, 3e-6);
        near(what, CPU.conv2dInput(g, k, x.shape(), s), CPU.conv2dInput(g64, k.to(DType.FLOAT64), x.shape(), s), 3e-6);
        near(what, CPU.conv2dKernel(g, x, k.shape(), s), CPU.conv2dKernel(g64, x.to(DType.FLOAT64), k.shape(), s), 3e-6);
    }

    @Property(tries = 400)
    void agreesWithTheUnfoldedConvolution(@ForAll @IntRange(min = 0, max = 9) int n, @ForAll @IntRange(min = 1, max = 20) int h, @ForAll @IntRange(min = 1, max = 20) int w,
            @ForAll @IntRange(min = 1, max = 5) int in, @ForAll @IntRange(min = 1, max = 19) int out, @ForAll @IntRange(min = 1, max = 4) int kernel,
            @ForAll @IntRange(min = 1, max = 3) int stride, @ForAll @IntRange(min = 0, max = 3) int pad, @ForAll @IntRange(min = 1, max = 3) int dilation, @ForAll @IntRange(min = 1, max = 3) int groups) {
        check(n, h, w, in, out, kernel, kernel % 3 + 1, new Conv2d(stride, (stride + h) % 3 + 1, pad, (pad + w) % 4, dilation, dilation % 2 + 1, groups));
    }

    @Example
    void agreesOnImagesThatAreCutIntoBands() {
        check(2, 70, 61, 20, 9, 3, 3, new Conv2d(1, 1, 1, 1, 1, 1, 1));
        check(1, 90, 130, 3, 5, 5, 7, new Conv2d(2, 2, 2, 3, 1, 1, 1));
        check(1, 64, 300, 33, 2, 3, 3, new Conv2d(1, 3, 2, 0, 2, 1, 2));
        check(1, 1, 5000, 2, 3, 1, 9, new Conv2d(1, 1, 0, 4, 1, 1, 1));
    }

    @Example
    void hasTheSameBitsOnAnyNumberOfThreads() {
        Conv2d s = new Conv2d(1, 1, 1, 1, 1, 1, 1);
        Tensor x = normal(1, 13, 5, 24, 17);
        Tensor k = normal(2, 11, 5, 3, 3);
        Tensor g = normal(3, 13, 11, 24, 17);
        same(() -> CPU.conv2d(x, k, null, s));
        same(() -> CPU.conv2dInput(g, k, x.shape(), s));
        same(() -> CPU.conv2dKernel(g, x, k.shape(), s));
    }

    private static void same(Supplier<Tensor> f) {
        float[] one = Threads.with(1, () -> f.get().toFloats());
        for (int threads : new int[] {2, 3, 4}) assertThat(Threads.with(threads, () -> f.get().toFloats())).isEqualTo(one);
    }

    /** Rows of a plane share their padding, so what stands behind a row must not come into its results. */
    @Example
    void infinityReachesTheWindowsThatHoldItAlone() {
        Tensor zeros = Tensor.zeros(1, 1, 9, 9);
        Tensor spike = zeros.indexPut(new Tensor[] {Tensor.of(new long[] {0}), Tensor.of(new long[] {0}), Tensor.of(new long[] {4}), Tensor.of(new long[] {8})}, Tensor.scalar(Double.POSITIVE_INFINITY), false);
        Tensor y = CPU.conv2d(spike, Tensor.ones(1, 1, 3, 3), null, new Conv2d(1, 1, 1, 1, 1, 1, 1));
        assertThat(y.eq(Double.POSITIVE_INFINITY).sum().item()).isEqualTo(6);
        assertThat(y.eq(0).sum().item()).isEqualTo(75);
    }
}
