package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.ParameterizedTest;

/** Copies, selection, sums at indices, joining and sorting against plain loops over indices. */
class CpuIndexingTest {
    private static final CpuBackend CPU = CpuBackend.INSTANCE;
    private static final DType[] REAL = {DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64, DType.UINT8};

    @Test
    void copiesFollowStridesOnBothSides() {
        for (DType t : REAL) {
            for (int[] d : new int[][] {{3, 4, 5}, {17, 33, 2}, {1, 40, 37}, {64, 64, 1}, {2, 3, 0}}) {
                Tensor x = CPU.arange(0, 1, d[0] * d[1] * d[2], t).reshape(d);
                for (int[] order : new int[][] {{0, 1, 2}, {2, 1, 0}, {1, 0, 2}, {0, 2, 1}, {1, 2, 0}, {2, 0, 1}}) {
                    Tensor view = x.permute(order);
                    assertThat(CPU.cast(view, t).toDoubles()).isEqualTo(CpuElementwiseTest.values(view, view.shape()));
                    Tensor into = CPU.full(x.shape(), t, 1);
                    CPU.copyInto(into.permute(order), x.permute(order));
                    assertThat(into.toDoubles()).isEqualTo(x.toDoubles());
                    Tensor crossed = CPU.full(view.shape(), t, 1);
                    CPU.copyInto(crossed, view);
                    assertThat(crossed.toDoubles()).isEqualTo(CpuElementwiseTest.values(view, view.shape()));
                }
            }
        }
    }

    @Test
    void fillsAndRangesHoldTheirNumbers() {
        for (DType t : REAL) {
            assertThat(CPU.full(Shape.of(3), t, 5).toDoubles()).containsExactly(5, 5, 5);
            assertThat(CPU.full(Shape.of(70_001), t, 0).toDoubles()).containsOnly(0);
            assertThat(CPU.arange(2, 3, 4, t).toDoubles()).containsExactly(2, 5, 8, 11);
        }
        assertThat(CPU.full(Shape.of(2), DType.BOOL, 7).toBooleans()).containsExactly(true, true);
        assertThat(CPU.full(Shape.of(2), DType.FLOAT32, -0.0).toFloats()).containsExactly(-0f, -0f);
        assertThat(CPU.arange(3, -1, 4, DType.INT64).toLongs()).containsExactly(3, 2, 1, 0);
    }

    @Test
    void slicesAreSelectedAndAddedBack() {
        Tensor x = CPU.arange(0, 1, 60, DType.FLOAT32).reshape(3, 4, 5);
        long[] at = {3, 0, 3, 1, 3};
        Tensor index = Tensor.of(at);
        for (Tensor a : new Tensor[] {x, CPU.arange(0, 1, 60, DType.FLOAT32).reshape(5, 4, 3).permute(2, 1, 0)}) {
            double[] v = CpuElementwiseTest.values(a, a.shape());
            double[] got = CPU.indexSelect(a, 1, index).toDoubles();
            double[] sum = new double[3 * 6 * 5];
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 5; j++) {
                    for (int k = 0; k < 5; k++) {
                        assertThat(got[(i * 5 + j) * 5 + k]).isEqualTo(v[(i * 4 + (int) at[j]) * 5 + k]);
                        sum[(i * 6 + (int) at[j]) * 5 + k] += got[(i * 5 + j) * 5 + k];
                    }
                }
            }
            assertThat(CPU.indexAdd(CPU.indexSelect(a, 1, index), 1, index, 6).toDoubles()).isEqualTo(sum);
        }
        assertThat(CPU.indexSelect(x, 2, Tensor.of(new long[] {4})).toFloats()).startsWith(4, 9, 14);
        assertThat(CPU.indexSelect(x, 0, Tensor.of(new long[] {})).size()).isZero();
        assertThatThrownBy(() -> CPU.indexSelect(x, 0, index)).isInstanceOf(IndexOutOfBoundsException.class).hasMessageContaining("3 is not in [0, 3)");
    }

    @Test
    void sumsAtRepeatedIndicesHaveTheSameBitsOnAnyNumberOfThreads() {
        Tensor g = Random.seed(1).normal(4001, 67);
        Tensor index = Random.seed(2).integers(0, 300, 4001);
        float[] one = Threads.with(1, () -> CPU.indexAdd(g, 0, index, 300).toFloats());
        for (int threads : new int[] {2, 4}) assertThat(Threads.with(threads, () -> CPU.indexAdd(g, 0, index, 300).toFloats())).isEqualTo(one);
        double[] sums = new double[300 * 67];
        long[] at = index.toLongs();
        double[] v = g.toDoubles();
        for (int j = 0; j < 4001; j++) for (int k = 0; k < 67; k++) sums[(int) at[j] * 67 + k] += v[j * 67 + k];
        for (int i = 0; i < sums.length; i++) assertThat((double) one[i]).isCloseTo(sums[i], org.assertj.core.api.Assertions.within(1e-5));
    }

    @Test
    void elementsAreGatheredAndScatteredBack() {
        Tensor x = CPU.arange(0, 1, 24, DType.FLOAT64).reshape(2, 3, 4);
        for (int axis = 0; axis < 3; axis++) {
            Shape s = x.shape().with(axis, 5);
            Tensor index = Random.seed(axis).integers(0, x.dim(axis), s.dims());
            long[] at = index.toLongs();
            double[] got = CPU.gather(x, axis, index).toDoubles();
            double[] back = new double[24];
            int[] d = s.dims();
            for (int i = 0; i < got.length; i++) {
                int[] c = {i / (d[1] * d[2]), i / d[2] % d[1], i % d[2]};
                c[axis] = (int) at[i];
                int place = (c[0] * 3 + c[1]) * 4 + c[2];
                assertThat(got[i]).isEqualTo(place);
                back[place] += i + 1;
            }
            Tensor ones = CPU.arange(1, 1, got.length, DType.FLOAT64).reshape(s);
            assertThat(CPU.scatterAdd(ones, axis, index, x.shape()).toDoubles()).isEqualTo(back);
            assertThat(CPU.scatterAdd(ones.to(DType.INT64), axis, index, x.shape()).toDoubles()).isEqualTo(back);
        }
        assertThatThrownBy(() -> CPU.gather(x, 0, CPU.full(x.shape(), DType.INT64, 2))).isInstanceOf(IndexOutOfBoundsException.class).hasMessageContaining("index 2 is not in [0, 2)");
    }

    @Test
    void partsJoinAlongEveryAxis() {
        for (DType t : REAL) {
            Tensor a = CPU.arange(0, 1, 6, t).reshape(2, 3);
            Tensor b = CPU.arange(6, 1, 6, t).reshape(3, 2).t();
            assertThat(CPU.concat(List.of(a, b), 0).toInts()).containsExactly(0, 1, 2, 3, 4, 5, 6, 8, 10, 7, 9, 11);
            assertThat(CPU.concat(List.of(a, b, a.narrow(1, 0, 0)), 1).toInts()).containsExactly(0, 1, 2, 6, 8, 10, 3, 4, 5, 7, 9, 11);
        }
    }

    @Test
    void sortingIsStableOnEveryTypeAndAxis() {
        for (DType t : REAL) {
            for (int n : new int[] {1, 2, 3, 10, 100, 1000}) {
                Tensor x = Random.seed(n).integers(t == DType.UINT8 ? 0 : -20, 20, 3, n).to(t);
                double[] v = x.toDoubles();
                for (boolean descending : new boolean[] {false, true}) {
                    long[] want = new long[3 * n];
                    for (int r = 0; r < 3; r++) {
                        int row = r * n;
                        Integer[] order = new Integer[n];
                        Arrays.setAll(order, i -> i);
                        Arrays.sort(order, Comparator.comparingDouble(i -> descending ? -v[row + i] : v[row + i]));
                        for (int i = 0; i < n; i++) want[row + i] = order[i];
                    }
                    assertThat(CPU.argsort(x, 1, descending).toLongs()).isEqualTo(want);
                    assertThat(CPU.argsort(x.t(), 0, descending).t().contiguous().toLongs()).isEqualTo(want);
                }
            }
        }
    }

    @Test
    void nanSortsAsTheLargestAndZerosAreEqual() {
        double inf = Double.POSITIVE_INFINITY;
        Tensor x = Tensor.of(new double[] {Double.NaN, 0.0, -inf, -0.0, inf, 1e-40, -1});
        for (Tensor y : new Tensor[] {x, x.to(DType.FLOAT32)}) {
            assertThat(CPU.argsort(y, 0, false).toLongs()).containsExactly(2, 6, 1, 3, 5, 4, 0);
            assertThat(CPU.argsort(y, 0, true).toLongs()).containsExactly(0, 4, 5, 1, 3, 6, 2);
        }
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"FLOAT32", "FLOAT64", "INT32", "INT64"})
    void turnsAndReversesRowsOfAnyLength(DType type) {
        for (int[] size : new int[][] {{1, 1}, {3, 70}, {16, 16}, {37, 50}, {64, 33}}) {
            Tensor x = CpuBackend.INSTANCE.arange(0, 1, size[0] * size[1], type).reshape(size[0], size[1]);
            double[] turned = x.t().contiguous().toDoubles();
            double[] reversed = x.flip(1).toDoubles();
            for (int i = 0; i < size[0]; i++) {
                for (int j = 0; j < size[1]; j++) {
                    assertThat(turned[j * size[0] + i]).as("%s of %s turned at %d, %d", type, x.shape(), i, j).isEqualTo(i * size[1] + j);
                    assertThat(reversed[i * size[1] + j]).as("%s of %s reversed at %d, %d", type, x.shape(), i, j).isEqualTo(i * size[1] + size[1] - 1 - j);
                }
            }
        }
    }
}
