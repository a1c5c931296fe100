package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Fused row kernels against their definitions in double precision. */
class CpuRowsTest {
    private static final CpuBackend CPU = CpuBackend.INSTANCE;
    private static final DType[] FLOATS = {DType.FLOAT32, DType.FLOAT64};

    private static double tolerance(DType t) {
        return t == DType.FLOAT32 ? 2e-6 : 1e-13;
    }

    private static Tensor rows(int rows, int n, DType t, long seed) {
        return Random.seed(seed).normal(Shape.of(rows, n), DType.FLOAT64).mul(4).to(t);
    }

    private static double[] softmax(double[] x, int n) {
        double[] y = new double[x.length];
        for (int r = 0; r < x.length; r += n) {
            double max = Double.NEGATIVE_INFINITY;
            for (int i = r; i < r + n; i++) max = Math.max(max, x[i]);
            double sum = 0;
            for (int i = r; i < r + n; i++) sum += y[i] = StrictMath.exp(x[i] - max);
            for (int i = r; i < r + n; i++) y[i] /= sum;
        }
        return y;
    }

    private static void close(double[] got, double[] want, double tolerance) {
        assertThat(got).hasSameSizeAs(want);
        for (int i = 0; i < want.length; i++) assertThat(got[i]).as("at %s", i).isCloseTo(want[i], within(tolerance));
    }

    @Test
    void softmaxAndItsGradientsFollowTheDefinition() {
        for (DType t : FLOATS) {
            for (int n = 1; n <= 67; n++) {
                Tensor x = rows(3, n, t, n);
                Tensor g = rows(3, n, t, 100 + n);
                double[] p = softmax(x.toDoubles(), n);
                double[] gs = g.toDoubles();
                Tensor y = CPU.softmax(x);
                close(y.toDoubles(), p, tolerance(t));
                Tensor log = CPU.logSoftmax(x);
                double[] dx = new double[3 * n];
                double[] dl = new double[3 * n];
                for (int r = 0; r < 3; r++) {
                    double dot = 0;
                    double sum = 0;
                    for (int i = r * n; i < (r + 1) * n; i++) {
                        dot += gs[i] * p[i];
                        sum += gs[i];
                    }
                    for (int i = r * n; i < (r + 1) * n; i++) {
                        dx[i] = p[i] * (gs[i] - dot);
                        dl[i] = gs[i] - p[i] * sum;
                    }
                }
                double[] logs = log.toDoubles();
                for (int i = 0; i < 3 * n; i++) assertThat(logs[i]).isCloseTo(StrictMath.log(p[i]), within(20 * tolerance(t)));
                close(CPU.softmaxBackward(g, y).toDoubles(), dx, 10 * tolerance(t));
                close(CPU.logSoftmaxBackward(g, log).toDoubles(), dl, 40 * tolerance(t));
            }
        }
    }

    @Test
    void softmaxOfLongRowsAndViewsIsRight() {
        Tensor x = rows(4, 20_011, DType.FLOAT32, 1);
        close(CPU.softmax(x).toDoubles(), softmax(x.toDoubles(), 20_011), 5e-7);
        Tensor view = rows(33, 5, DType.FLOAT32, 2).t();
        close(CPU.softmax(view).toDoubles(), softmax(view.toDoubles(), 33), 1e-6);
    }

    @Test
    void infiniteRowsBehaveAsInPyTorch() {
        float inf = Float.POSITIVE_INFINITY;
        Tensor x = Tensor.of(new float[][] {{-inf, -inf}, {-inf, 0}, {inf, 0}, {Float.NaN, 0}});
        assertThat(CPU.softmax(x).toFloats()).containsExactly(Float.NaN, Float.NaN, 0, 1, Float.NaN, Float.NaN, Float.NaN, Float.NaN);
        assertThat(CPU.logSoftmax(x).toFloats()).startsWith(Float.NaN, Float.NaN, -inf, 0);
    }

    @Test
    void crossEntropyIsTheNegativeLogOfTheSoftmax() {
        for (DType t : FLOATS) {
            for (int n : new int[] {1, 2, 10, 16, 17, 1000}) {
                Tensor x = rows(5, n, t, n);
                Tensor labels = Tensor.of(new long[] {0, n - 1, n / 2, 0, n / 3});
                Tensor g = Tensor.of(new double[] {1, -2, 0.5, 0, 3}).to(t);
                double[] p = softmax(x.toDoubles(), n);
                Tensor[] out = CPU.crossEntropy(x, labels);
                double[] loss = out[0].toDoubles();
                double[] want = new double[5 * n];
                for (int r = 0; r < 5; r++) {
                    int label = (int) labels.toLongs()[r];
                    assertThat(loss[r]).isCloseTo(-StrictMath.log(p[r * n + label]), within(20 * tolerance(t)));
                    for (int i = 0; i < n; i++) want[r * n + i] = g.toDoubles()[r] * (p[r * n + i] - (i == label ? 1 : 0));
                }
                close(CPU.crossEntropyBackward(g, x, labels, out[1]).toDoubles(), want, 10 * tolerance(t));
                Tensor spread = Tensor.scalar(0.25).to(t).expand(5);
                assertThat(CPU.crossEntropyBackward(spread, x, labels, out[1]).toDoubles()[0]).isCloseTo(0.25 * (p[0] - 1), within(10 * tolerance(t)));
            }
        }
    }

    @Test
    void aLabelOutOfRangeIsQuoted() {
        Tensor x = rows(2, 3, DType.FLOAT32, 1);
        assertThatThrownBy(() -> CPU.crossEntropy(x, Tensor.of(new long[] {0, 3}))).isInstanceOf(IndexOutOfBoundsException.class).hasMessageContaining("label 3 of row 1");
        assertThatThrownBy(() -> CPU.crossEntropy(x, Tensor.of(new long[] {-1, 0}))).isInstanceOf(IndexOutOfBoundsException.class).hasMessageContaining("label -1 of row 0");
    }

    @Test
    void layerNormAndItsGradientFollowTheDefinition() {
        double eps = 1e-5;
        for (DType t : FLOATS) {
            for (int n : new int[] {1, 2, 3, 15, 16, 17, 31, 48, 67, 128, 5000}) {
                int m = 37;
                Tensor x = rows(m, n, t, n).add(3);
                Tensor g = rows(m, n, t, 50 + n);
                Tensor w = rows(1, n, t, 60 + n).reshape(n);
                Tensor b = rows(1, n, t, 70 + n).reshape(n);
                double[] xs = x.toDoubles();
                double[] gs = g.toDoubles();
                double[] ws = w.toDoubles();
                double[] bs = b.toDoubles();
                double[] y = new double[m * n];
                double[] dx = new double[m * n];
                double[] dw = new double[n];
                double[] db = new double[n];
                for (int r = 0; r < m; r++) {
                    double mean = 0;
                    double var = 0;
                    for (int i = 0; i < n; i++) mean += xs[r * n + i] / n;
                    for (int i = 0; i < n; i++) var += Math.pow(xs[r * n + i] - mean, 2) / n;
                    double s = 1 / Math.sqrt(var + eps);
                    double c1 = 0;
                    double c2 = 0;
                    for (int i = 0; i < n; i++) {
                        double hat = (xs[r * n + i] - mean) * s;
                        y[r * n + i] = hat * ws[i] + bs[i];
                        c1 += gs[r * n + i] * ws[i] / n;
                        c2 += gs[r * n + i] * ws[i] * hat / n;
                        dw[i] += gs[r * n + i] * hat;
                        db[i] += gs[r * n + i];
                    }
                    for (int i = 0; i < n; i++) dx[r * n + i] = s * (gs[r * n + i] * ws[i] - c1 - (xs[r * n + i] - mean) * s * c2);
                }
                Tensor[] out = CPU.layerNorm(x, w, b, eps);
                close(out[0].toDoubles(), y, 30 * tolerance(t));
                Tensor[] back = CPU.layerNormBackward(g, x, out[1], out[2], w);
                close(back[0].toDoubles(), dx, (n == 1 ? 1e5 : 200) * tolerance(t) * (n == 2 ? 100 : 1));
                close(back[1].toDoubles(), dw, 300 * tolerance(t));
                close(back[2].toDoubles(), db, 100 * tolerance(t));
                Tensor[] bare = CPU.layerNorm(x.t().contiguous().t(), null, null, eps);
                close(bare[0].mul(w).add(b).toDoubles(), y, 30 * tolerance(t));
                Tensor[] plain = CPU.layerNormBackward(g.mul(w), x, out[1], out[2], null);
                close(plain[0].toDoubles(), dx, (n == 1 ? 1e5 : 200) * tolerance(t) * (n == 2 ? 100 : 1));
                assertThat(plain[1]).isNull();
                close(CPU.layerNorm(x, w, null, eps)[0].add(b).toDoubles(), y, 30 * tolerance(t));
            }
        }
    }

    @Test
    void adamTakesTheStepOfItsEquations() {
        Backend.AdamStep s = new Backend.AdamStep(1e-2, 0.9, 0.99, 1e-8, 0.1, 1 - 0.9, 1 - 0.99);
        for (DType t : FLOATS) {
            int n = 131;
            Tensor p = rows(1, n, t, 1);
            Tensor g = rows(1, n, t, 2);
            Tensor m = rows(1, n, t, 3);
            Tensor v = rows(1, n, t, 4).square();
            Tensor[] out = CPU.adam(p, g, m, v, s);
            double[][] in = {p.toDoubles(), g.toDoubles(), m.toDoubles(), v.toDoubles()};
            for (int i = 0; i < n; i++) {
                double m1 = 0.9 * in[2][i] + 0.1 * in[1][i];
                double v1 = 0.99 * in[3][i] + 0.01 * in[1][i] * in[1][i];
                double p1 = in[0][i] * (1 - 1e-3) - 1e-2 * (m1 / 0.1) / (Math.sqrt(v1 / 0.01) + 1e-8);
                assertThat(out[0].toDoubles()[i]).isCloseTo(p1, within(10 * tolerance(t)));
                assertThat(out[1].toDoubles()[i]).isCloseTo(m1, within(10 * tolerance(t)));
                assertThat(out[2].toDoubles()[i]).isCloseTo(v1, within(100 * tolerance(t)));
            }
        }
    }

    @Test
    void bitsDoNotDependOnThreads() {
        Tensor x = rows(515, 129, DType.FLOAT32, 5);
        Tensor g = rows(515, 129, DType.FLOAT32, 6);
        Tensor w = rows(1, 129, DType.FLOAT32, 7).reshape(129);
        Tensor[] norm = CPU.layerNorm(x, w, w, 1e-5);
        float[][] one = Threads.with(1, () -> results(x, g, w, norm));
        for (int threads : new int[] {2, 4}) assertThat(Threads.with(threads, () -> results(x, g, w, norm))).isDeepEqualTo(one);
    }

    private static float[][] results(Tensor x, Tensor g, Tensor w, Tensor[] norm) {
        Tensor[] back = CPU.layerNormBackward(g, x, norm[1], norm[2], w);
        return new float[][] {CPU.softmax(x).toFloats(), back[0].toFloats(), back[1].toFloats(), back[2].toFloats()};
    }
}
