package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Matrix products and convolutions against sums over indices in double precision. */
class CpuMatricesTest {
    private static final CpuBackend CPU = CpuBackend.INSTANCE;
    private static final DType[] FLOATS = {DType.FLOAT32, DType.FLOAT64};

    private static Tensor normal(long seed, DType t, int... shape) {
        return Random.seed(seed).normal(Shape.of(shape), DType.FLOAT64).to(t);
    }

    private static double tolerance(DType t, int terms) {
        return (t == DType.FLOAT32 ? 1e-6 : 1e-14) * 4 * Math.sqrt(terms) + (t == DType.FLOAT32 ? 1e-6 : 1e-15);
    }

    private static void check(Tensor a, Tensor b) {
        double[] x = CpuElementwiseTest.values(a, a.shape());
        double[] z = CpuElementwiseTest.values(b, b.shape());
        int m = a.dim(-2);
        int k = a.dim(-1);
        int n = b.dim(-1);
        Tensor y = CPU.matmul(a, b);
        double[] got = y.toDoubles();
        for (int i = 0; i < got.length; i++) {
            int batch = i / (m * n);
            double want = 0;
            for (int j = 0; j < k; j++) want += x[i / n * k + j] * z[(batch * k + j) * n + i % n];
            assertThat(got[i]).as("%s x %s at %s", a.shape(), b.shape(), i).isCloseTo(want, within(a.dtype().isFloat() ? tolerance(a.dtype(), k) : 0));
        }
    }

    @Test
    void productsOfEveryLayoutAreRight() {
        for (DType t : FLOATS) {
            for (int[] s : new int[][] {{1, 1, 1}, {1, 5, 3}, {5, 1, 3}, {5, 3, 1}, {2, 3, 4}, {17, 33, 9}, {64, 64, 64}, {70, 90, 130}, {8, 8, 8}, {11, 1030, 277}}) {
                Tensor a = normal(1, t, s[0], s[1]);
                Tensor b = normal(2, t, s[1], s[2]);
                check(a, b);
                check(normal(3, t, s[1], s[0]).t(), b);
                check(a, normal(4, t, s[2], s[1]).t());
                check(normal(3, t, s[1], s[0]).t(), normal(4, t, s[2], s[1]).t());
                check(normal(5, t, s[0], 2 * s[1]).get(Slice.all(), Slice.range(0, 2 * s[1], 2)), b);
                check(normal(6, t, 2 * s[0], s[1] + 3).get(Slice.range(0, 2 * s[0], 2), Slice.range(1, 1 + s[1])), b);
                check(normal(7, t, 1, s[1]).expand(s[0], s[1]), b);
                check(a, normal(8, t, s[1], 1).expand(s[1], s[2]));
            }
        }
    }

    @Test
    void batchesOfViewsAreRight() {
        for (DType t : FLOATS) {
            Tensor heads = normal(1, t, 2, 5, 3, 4).permute(0, 2, 1, 3);
            Tensor keys = normal(2, t, 2, 5, 3, 4).permute(0, 2, 3, 1);
            check(heads, keys);
            check(heads, normal(3, t, 4, 7).expand(2, 3, 4, 7));
            check(normal(3, t, 1, 3, 6, 5).expand(2, 3, 6, 5), heads);
            check(normal(4, t, 3, 170, 180), normal(5, t, 3, 180, 190));
        }
    }

    @Test
    void emptyProductsAreZerosOrNothing() {
        for (DType t : FLOATS) {
            assertThat(CPU.matmul(normal(1, t, 2, 0), normal(2, t, 0, 3)).toDoubles()).containsExactly(0, 0, 0, 0, 0, 0);
            assertThat(CPU.matmul(normal(1, t, 0, 2), normal(2, t, 2, 3)).size()).isZero();
            assertThat(CPU.matmul(normal(1, t, 2, 2, 3), normal(2, t, 2, 3, 0)).shape()).isEqualTo(Shape.of(2, 2, 0));
            assertThat(CPU.linear(normal(1, t, 2, 0), normal(2, t, 3, 0), Tensor.of(new double[] {1, 2, 3}).to(t)).toDoubles()).containsExactly(1, 2, 3, 1, 2, 3);
        }
    }

    @Test
    void integersMultiplyExactly() {
        check(CPU.arange(-10, 3, 24, DType.INT64).reshape(2, 3, 4), CPU.arange(7, -2, 40, DType.INT64).reshape(2, 5, 4).transpose(1, 2));
        check(CPU.arange(0, 1, 6, DType.INT32).reshape(2, 3), CPU.arange(0, 1, 6, DType.INT32).reshape(3, 2));
    }

    @Test
    void linearIsTheProductWithTheTransposePlusTheBias() {
        for (DType t : FLOATS) {
            for (int n : new int[] {1, 10, 130}) {
                Tensor x = normal(1, t, 65, 33);
                Tensor w = normal(2, t, n, 33);
                Tensor b = normal(3, t, n);
                double[] want = CPU.matmul(x, w.t()).toDoubles();
                double[] bias = b.toDoubles();
                double[] got = CPU.linear(x, w, b).toDoubles();
                double[] turned = CPU.linear(normal(4, t, 33, 65).t(), w, null).toDoubles();
                double[] wantTurned = CPU.matmul(normal(4, t, 33, 65).t(), w.t()).toDoubles();
                for (int i = 0; i < got.length; i++) {
                    assertThat(got[i]).isCloseTo(want[i] + bias[i % n], within(tolerance(t, 33)));
                    assertThat(turned[i]).isCloseTo(wantTurned[i], within(tolerance(t, 33)));
                }
            }
        }
    }

    // ---- convolution ----

    private static final Backend.Conv2d[] SPECS = {
        new Backend.Conv2d(1, 1, 0, 0, 1, 1, 1), new Backend.Conv2d(1, 1, 1, 1, 1, 1, 1), new Backend.Conv2d(2, 1, 1, 2, 1, 1, 1),
        new Backend.Conv2d(1, 2, 2, 1, 2, 1, 1), new Backend.Conv2d(1, 1, 1, 1, 1, 1, 2), new Backend.Conv2d(3, 3, 0, 2, 1, 2, 2)};

    private static Tensor direct(Tensor x, Tensor k, Tensor b, Backend.Conv2d s) {
        int oh = Backend.Conv2d.out(x.dim(2), k.dim(2), s.strideH(), s.padH(), s.dilationH());
        int ow = Backend.Conv2d.out(x.dim(3), k.dim(3), s.strideW(), s.padW(), s.dilationW());
        double[] y = new double[x.dim(0) * k.dim(0) * oh * ow];
        double[] xs = CpuElementwiseTest.values(x, x.shape());
        double[] ks = CpuElementwiseTest.values(k, k.shape());
        int[] at = new int[4];
        for (int i = 0; i < y.length; i++) {
            int q = i;
            at[3] = q % ow;
            q /= ow;
            at[2] = q % oh;
            q /= oh;
            at[1] = q % k.dim(0);
            at[0] = q / k.dim(0);
            int group = at[1] / (k.dim(0) / s.groups());
            if (b != null) y[i] = b.toDoubles()[at[1]];
            for (int c = 0; c < k.dim(1); c++) {
                for (int u = 0; u < k.dim(2); u++) {
                    for (int v = 0; v < k.dim(3); v++) {
                        int r = at[2] * s.strideH() - s.padH() + u * s.dilationH();
                        int w = at[3] * s.strideW() - s.padW() + v * s.dilationW();
                        if (r < 0 || r >= x.dim(2) || w < 0 || w >= x.dim(3)) continue;
                        y[i] += xs[((at[0] * x.dim(1) + group * k.dim(1) + c) * x.dim(2) + r) * x.dim(3) + w] * ks[((at[1] * k.dim(1) + c) * k.dim(2) + u) * k.dim(3) + v];
                    }
                }
            }
        }
        return Tensor.of(y, x.dim(0), k.dim(0), oh, ow);
    }

    private static double dot(Tensor a, Tensor b) {
        double[] x = a.toDoubles();
        double[] y = b.toDoubles();
        double s = 0;
        for (int i = 0; i < x.length; i++) s += x[i] * y[i];
        return s;
    }

    @Test
    void convolutionsAndTheirGradientsAgreeWithTheSumOverIndices() {
        for (DType t : FLOATS) {
            for (Backend.Conv2d s : SPECS) {
                for (int[] d : new int[][] {{1, 4, 7, 8}, {5, 4, 9, 6}, {19, 2, 6, 6}}) {
                    for (int kernel : new int[] {1, 3}) {
                        Tensor x = normal(1, t, d);
                        Tensor k = normal(2, t, 6, d[1] / s.groups(), kernel, Math.min(kernel, 2));
                        Tensor b = normal(3, t, 6);
                        Tensor want = direct(x, k, b, s);
                        double[] got = CPU.conv2d(x, k, b, s).toDoubles();
                        for (int i = 0; i < got.length; i++) assertThat(got[i]).as("%s of %s by %s", s, x.shape(), k.shape()).isCloseTo(want.toDoubles()[i], within(tolerance(t, 60)));
                        // <g, conv(x, k)> is linear in x and in k
                        Tensor g = normal(4, t, want.shape().dims());
                        Tensor v = normal(5, t, x.shape().dims());
                        Tensor u = normal(6, t, k.shape().dims());
                        assertThat(dot(CPU.conv2dInput(g, k, x.shape(), s), v)).isCloseTo(dot(g, direct(v, k, null, s)), within(tolerance(t, 1) * 300));
                        assertThat(dot(CPU.conv2dKernel(g, x, k.shape(), s), u)).isCloseTo(dot(g, direct(x, u, null, s)), within(tolerance(t, 1) * 300));
                    }
                }
            }
        }
    }

    @Test
    void convolutionReadsViews() {
        Tensor x = normal(1, DType.FLOAT32, 3, 8, 8, 2).permute(0, 3, 1, 2);
        Tensor k = normal(2, DType.FLOAT32, 3, 3, 2, 5).permute(3, 2, 0, 1);
        Tensor want = direct(x, k, null, SPECS[1]);
        double[] got = CPU.conv2d(x, k, null, SPECS[1]).toDoubles();
        for (int i = 0; i < got.length; i++) assertThat(got[i]).isCloseTo(want.toDoubles()[i], within(1e-5));
    }

    @Test
    void kernelGradientsHaveTheSameBitsOnAnyNumberOfThreads() {
        Tensor x = normal(1, DType.FLOAT32, 13, 3, 16, 16);
        Tensor g = normal(2, DType.FLOAT32, 13, 8, 16, 16);
        float[] one = Threads.with(1, () -> CPU.conv2dKernel(g, x, Shape.of(8, 3, 3, 3), SPECS[1]).toFloats());
        for (int threads : new int[] {2, 4}) assertThat(Threads.with(threads, () -> CPU.conv2dKernel(g, x, Shape.of(8, 3, 3, 3), SPECS[1]).toFloats())).isEqualTo(one);
    }

    @Test
    void poolingTakesTheLargestAndTheMeanOfWindows() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, -9, -9, -9, -9, -9, -9, -9, -9}, 1, 1, 4, 4);
        Backend.Pool2d halves = new Backend.Pool2d(2, 2, 2, 2, 0, 0);
        Tensor[] max = CPU.maxPool2d(x, halves);
        assertThat(max[0].toFloats()).containsExactly(6, 8, -9, -9);
        assertThat(max[1].toLongs()).containsExactly(5, 7, 8, 10);
        assertThat(CPU.avgPool2d(x, halves).toFloats()).containsExactly(3.5f, 5.5f, -9, -9);
        Backend.Pool2d padded = new Backend.Pool2d(3, 3, 2, 2, 1, 1);
        assertThat(CPU.maxPool2d(x.to(DType.FLOAT64), padded)[0].toDoubles()).containsExactly(6, 8, 6, 8);
        assertThat(CPU.maxPool2d(CPU.full(Shape.of(1, 1, 2, 2), DType.FLOAT32, -3), padded)[0].toFloats()).containsExactly(-3);
        assertThat(CPU.avgPool2d(x, padded).toFloats()[0]).isCloseTo(14f / 9, within(1e-6f));
    }

    @Test
    void theGradientOfMeanPoolingIsItsTranspose() {
        for (Backend.Pool2d s : new Backend.Pool2d[] {new Backend.Pool2d(2, 2, 2, 2, 0, 0), new Backend.Pool2d(3, 2, 1, 2, 1, 1)}) {
            Tensor x = normal(1, DType.FLOAT64, 2, 3, 6, 6);
            Tensor y = CPU.avgPool2d(x, s);
            Tensor g = normal(2, DType.FLOAT64, y.shape().dims());
            assertThat(dot(CPU.avgPool2dInput(g, x.shape(), s), x)).isCloseTo(dot(g, y), within(1e-10));
        }
    }

    @ParameterizedTest
    @CsvSource({"64, 300", "33, 2000", "200, 200", "200, 199", "3, 40000", "300, 800", "700, 150"})
    void aMatrixTimesItsOwnTransposeIsTheProductWithACopy(int n, int k) {
        Tensor wide = Random.seed(n).normal(Shape.of(k, n + 5), DType.FLOAT64).narrow(1, 2, n + 2);
        Tensor tall = Random.seed(n).normal(Shape.of(n, k), DType.FLOAT64);
        for (Tensor a : new Tensor[] {wide.t(), wide.contiguous().t(), tall}) {
            Tensor copy = a.t().add(0);
            Tensor own = a.matmul(a.t());
            assertThat(own.sub(a.matmul(copy)).abs().max().item()).isLessThan(1e-12 * k);
            if (k < Math.min(n, 48)) continue;
            assertThat(own.sub(own.t()).abs().max().item()).isZero();
            assertThat(Arrays.equals(Threads.with(3, () -> a.matmul(a.t())).toDoubles(), Threads.with(1, () -> a.matmul(a.t())).toDoubles())).isTrue();
        }
    }
}
