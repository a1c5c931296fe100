package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;

/** Reductions against sums over indices in double precision. */
class CpuReductionsTest {
    private static final CpuBackend CPU = CpuBackend.INSTANCE;
    private static final int[][] AXES_OF_3 = {{0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}, {0, 1, 2}};

    private static double[] reference(Tensor a, int[] axes, double start, DoubleBinaryOperator f) {
        int[] d = a.shape().dims();
        int[] kept = d.clone();
        for (int axis : axes) kept[axis] = 1;
        double[] x = CpuElementwiseTest.values(a, a.shape());
        double[] out = new double[(int) Shape.of(kept).size()];
        Arrays.fill(out, start);
        for (int i = 0; i < x.length; i++) {
            int rest = i;
            int at = 0;
            int step = 1;
            for (int k = d.length - 1; k >= 0; k--) {
                if (kept[k] > 1) at += rest % d[k] * step;
                step *= kept[k];
                rest /= d[k];
            }
            out[at] = f.applyAsDouble(out[at], x[i]);
        }
        return out;
    }

    private static void check(Tensor a, int[] axes) {
        double tolerance = a.dtype() == DType.FLOAT32 ? 2e-6 : 1e-13;
        double[] sum = reference(a, axes, 0, Double::sum);
        double[] size = reference(a, axes, 0, (s, v) -> s + Math.abs(v));
        double[] count = reference(a, axes, 0, (s, v) -> s + 1);
        double[] got = CPU.reduce(Reduction.SUM, a, axes).toDoubles();
        double[] mean = a.dtype().isFloat() ? CPU.reduce(Reduction.MEAN, a, axes).toDoubles() : null;
        for (int i = 0; i < sum.length; i++) {
            assertThat(got[i]).as("%s sum over %s at %s", a.shape(), Arrays.toString(axes), i).isCloseTo(sum[i], within(tolerance * size[i]));
            if (mean != null) assertThat(mean[i]).isCloseTo(sum[i] / count[i], within(tolerance * size[i] / count[i]));
        }
        assertThat(CPU.reduce(Reduction.MAX, a, axes).toDoubles()).isEqualTo(reference(a, axes, Double.NEGATIVE_INFINITY, Math::max));
        assertThat(CPU.reduce(Reduction.MIN, a, axes).toDoubles()).isEqualTo(reference(a, axes, Double.POSITIVE_INFINITY, Math::min));
    }

    @Test
    void everyAxisAndLayoutAddsUp() {
        for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.INT64}) {
            Tensor x = Random.seed(1).normal(Shape.of(7, 5, 67), DType.FLOAT64).mul(100).to(type);
            for (int[] axes : AXES_OF_3) {
                check(x, axes);
                check(x.permute(2, 0, 1), axes);
                check(x.permute(1, 2, 0), axes);
                check(x.get(Slice.all(), Slice.all(), Slice.range(0, 67, 3)), axes);
                check(x.narrow(2, 1, 2), axes);
                check(x.narrow(0, 0, 1).expand(3, 5, 67), axes);
            }
        }
    }

    @Test
    void everyLengthAddsUp() {
        Tensor x = Random.seed(2).normal(3, 67);
        for (int n = 1; n <= 67; n++) {
            check(x.narrow(1, 0, n), new int[] {1});
            check(x.narrow(1, 0, n), new int[] {0});
            check(x.narrow(1, 0, n), new int[] {0, 1});
        }
    }

    @Test
    void longRowsAndTallColumnsKeepTheirPrecision() {
        for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
            check(Random.seed(3).uniform(Shape.of(1, 400_003), type), new int[] {1});
            check(Random.seed(4).uniform(Shape.of(100_003, 3), type), new int[] {0});
            check(Random.seed(5).uniform(Shape.of(1031, 1100), type), new int[] {0});
            check(Random.seed(5).uniform(Shape.of(17, 300, 19), type), new int[] {0, 2});
        }
    }

    @Test
    void bitsDoNotDependOnThreads() {
        Tensor x = Random.seed(6).normal(519, 1300);
        for (int[] axes : new int[][] {{0}, {1}, {0, 1}}) {
            float[] one = Threads.with(1, () -> CPU.reduce(Reduction.SUM, x, axes).toFloats());
            assertThat(Threads.with(2, () -> CPU.reduce(Reduction.SUM, x, axes).toFloats())).isEqualTo(one);
            assertThat(Threads.with(4, () -> CPU.reduce(Reduction.SUM, x, axes).toFloats())).isEqualTo(one);
        }
    }

    @Test
    void nothingReducesToTheNeutralElement() {
        Tensor none = CPU.empty(Shape.of(0, 2), DType.FLOAT32);
        assertThat(CPU.reduce(Reduction.SUM, none, new int[] {0}).toFloats()).containsExactly(0, 0);
        assertThat(CPU.reduce(Reduction.PROD, none, new int[] {0}).toFloats()).containsExactly(1, 1);
        assertThat(CPU.reduce(Reduction.MEAN, none, new int[] {0}).toFloats()).containsExactly(Float.NaN, Float.NaN);
        assertThat(CPU.reduce(Reduction.SUM, none, new int[] {1}).toFloats()).isEmpty();
        assertThat(CPU.reduce(Reduction.SUM, Tensor.scalar(3), new int[] {}).item()).isEqualTo(3);
    }

    @Test
    void nanWinsExtremes() {
        for (int n : new int[] {3, 20, 40}) {
            for (int at = 0; at < n; at++) {
                float[] v = new float[n];
                for (int i = 0; i < n; i++) v[i] = i;
                v[at] = Float.NaN;
                assertThat(CPU.reduce(Reduction.MAX, Tensor.of(v), new int[] {0}).item()).isNaN();
                assertThat(CPU.reduce(Reduction.MIN, Tensor.of(v), new int[] {0}).item()).isNaN();
                assertThat(CPU.argReduce(true, Tensor.of(v), 0).toLongs()).containsExactly(at);
                assertThat(CPU.argReduce(false, Tensor.of(v), 0).toLongs()).containsExactly(at);
            }
        }
    }

    @Test
    void booleansReduceByLogic() {
        Tensor x = Tensor.of(new boolean[] {true, false, false, false, true, true}, 3, 2);
        assertThat(CPU.reduce(Reduction.ANY, x, new int[] {1}).toBooleans()).containsExactly(true, false, true);
        assertThat(CPU.reduce(Reduction.ALL, x, new int[] {1}).toBooleans()).containsExactly(false, false, true);
        assertThat(CPU.reduce(Reduction.ALL, x, new int[] {0}).toBooleans()).containsExactly(false, false);
        assertThat(CPU.reduce(Reduction.ANY, x, new int[] {0, 1}).toBooleans()).containsExactly(true);
    }

    @Test
    void productsMultiply() {
        Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
        for (DType t : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.INT64}) {
            assertThat(CPU.reduce(Reduction.PROD, x.to(t), new int[] {1}).toInts()).containsExactly(6, 120);
            assertThat(CPU.reduce(Reduction.PROD, x.to(t), new int[] {0}).toInts()).containsExactly(4, 10, 18);
            assertThat(CPU.reduce(Reduction.PROD, CPU.full(Shape.of(29), t, 2), new int[] {0}).toInts()).containsExactly(1 << 29);
        }
    }

    @Test
    void complexNumbersAddPartByPart() {
        Tensor x = CPU.full(Shape.of(2, 3), DType.COMPLEX64, 1.5);
        assertThat(CPU.cast(CPU.reduce(Reduction.SUM, x, new int[] {1}), DType.FLOAT32).toFloats()).containsExactly(4.5f, 4.5f);
    }

    @Test
    void theFirstExtremeIsFoundAlongEveryAxis() {
        Tensor x = Tensor.of(new double[] {3, 1, 3, 0, 5, 5}, 2, 3);
        for (DType t : new DType[] {DType.FLOAT32, DType.INT32, DType.UINT8}) {
            assertThat(CPU.argReduce(true, x.to(t), 1).toLongs()).containsExactly(0, 1);
            assertThat(CPU.argReduce(false, x.to(t), 1).toLongs()).containsExactly(1, 0);
            assertThat(CPU.argReduce(true, x.to(t), 0).toLongs()).containsExactly(0, 1, 1);
            assertThat(CPU.argReduce(true, x.to(t).t(), 0).toLongs()).containsExactly(0, 1);
        }
    }

    @Test
    void runningSumsFollowTheirAxis() {
        Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
        for (DType t : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.INT64}) {
            assertThat(CPU.cumsum(x.to(t), 1).toInts()).containsExactly(1, 3, 6, 4, 9, 15);
            assertThat(CPU.cumsum(x.to(t), 0).toInts()).containsExactly(1, 2, 3, 5, 7, 9);
            assertThat(CPU.cumsum(x.to(t).t(), 0).toInts()).containsExactly(1, 4, 3, 9, 6, 15);
        }
    }

    @Test
    void anyAndAllOfLongRowsAreTakenInPieces() {
        Tensor last = Tensor.arange(300_001).eq(300_000);
        assertThat(last.any().item()).isEqualTo(1);
        assertThat(last.all().item()).isZero();
        assertThat(last.not().any().item()).isEqualTo(1);
        assertThat(last.or(last.not()).all().item()).isEqualTo(1);
    }
}
