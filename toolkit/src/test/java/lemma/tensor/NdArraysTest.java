package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Tensors and ND4J arrays over the same memory. */
class NdArraysTest {
    private static INDArray counting(DataType type, char order, int... shape) {
        long[] s = Arrays.stream(shape).asLongStream().toArray();
        INDArray a = Nd4j.create(type, s, order);
        int n = (int) a.length();
        for (int i = 0; i < n; i++) a.putScalar(index(i, shape), type == DataType.BOOL ? i % 3 % 2 : i % 7);
        return a;
    }

    private static int[] index(int i, int[] shape) {
        int[] at = new int[shape.length];
        for (int k = shape.length - 1; k >= 0; k--) {
            at[k] = i % shape[k];
            i /= shape[k];
        }
        return at;
    }

    /** Elements by ND4J's own accessors, in row-major order. */
    private static double[] elements(INDArray a) {
        int[] shape = Arrays.stream(a.shape()).mapToInt(d -> (int) d).toArray();
        double[] out = new double[(int) a.length()];
        for (int i = 0; i < out.length; i++) out[i] = a.rank() == 0 ? a.getDouble(0) : a.getDouble(index(i, shape));
        return out;
    }

    private static void same(INDArray a) {
        Tensor t = Tensor.of(a);
        assertThat(t.shape().dims()).containsExactly(Arrays.stream(a.shape()).mapToInt(d -> (int) d).toArray());
        assertThat(t.toDoubles()).containsExactly(elements(a));
    }

    private static void same(Tensor t) {
        INDArray a = t.array();
        assertThat(a.shape()).containsExactly(Arrays.stream(t.shape().dims()).asLongStream().toArray());
        assertThat(elements(a)).containsExactly(t.toDoubles());
    }

    // ---- from ND4J ----

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT", "DOUBLE", "INT", "LONG", "BOOL", "UBYTE"})
    void arraysOfEveryTypeAndOrder(DataType type) {
        for (char order : new char[] {'c', 'f'}) {
            INDArray a = counting(type, order, 3, 4, 5);
            same(a);
            same(a.get(NDArrayIndex.point(1)));
            same(a.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 2, 4), NDArrayIndex.interval(2, 5)));
            same(a.permute(2, 0, 1));
            same(a.get(NDArrayIndex.point(2)).get(NDArrayIndex.interval(1, 3)));
            same(a.slice(1, 1).transpose());
            same(a.get(NDArrayIndex.point(1)).getColumn(3));
            same(a.reshape(5, 12));
        }
        assertThat(Tensor.of(Nd4j.create(type, 2, 2)).dtype()).isEqualTo(NdArrays.dtype(type));
    }

    @Test
    void scalarsAndEmptyArrays() {
        assertThat(Tensor.of(Nd4j.scalar(2.5)).shape()).isEqualTo(Shape.SCALAR);
        assertThat(Tensor.of(Nd4j.scalar(2.5)).item()).isEqualTo(2.5);
        assertThat(Tensor.of(Nd4j.create(DataType.FLOAT, 2, 0, 3)).shape()).isEqualTo(Shape.of(2, 0, 3));
        assertThat(Tensor.of(Nd4j.empty(DataType.INT)).shape()).isEqualTo(Shape.of(0));
        assertThat(Tensor.of(Nd4j.empty(DataType.INT)).dtype()).isEqualTo(DType.INT32);
    }

    @Test
    void otherTypesAreRefusedByName() {
        assertThatThrownBy(() -> Tensor.of(Nd4j.create(DataType.HALF, 2))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("HALF").hasMessageContaining("castTo");
    }

    @Test
    void writingToTheArrayShowsInTheTensor() {
        INDArray whole = counting(DataType.FLOAT, 'f', 3, 4);
        INDArray part = whole.get(NDArrayIndex.interval(1, 3), NDArrayIndex.interval(2, 4));
        Tensor t = Tensor.of(part);
        whole.putScalar(2, 3, 42);
        assertThat(t.get(1, 1).item()).isEqualTo(42);
        part.addi(1);
        assertThat(t.toDoubles()).containsExactly(elements(part));
        assertThat(t.array()).isSameAs(part);
    }

    @Test
    void writingToATensorMadeFromAnArrayShowsInTheArray() {
        INDArray a = counting(DataType.DOUBLE, 'c', 2, 3);
        Tensor.of(a).get(1).array().assign(-1);
        assertThat(elements(a)).containsExactly(0, 1, 2, -1, -1, -1);
    }

    // ---- to ND4J ----

    @ParameterizedTest
    @EnumSource(value = DType.class, mode = EnumSource.Mode.EXCLUDE, names = {"COMPLEX64", "COMPLEX128"})
    void tensorsOfEveryTypeAndView(DType type) {
        for (Backend backend : List.of(CpuBackend.INSTANCE, Nd4jBackend.INSTANCE)) {
            Tensor t = Tensor.arange(60).mod(7).reshape(3, 4, 5).to(type).to(backend);
            assertThat(t.array().dataType()).isEqualTo(NdArrays.dataType(type));
            same(t);
            same(t.get(1));
            same(t.get(Slice.all(), Slice.range(1, 4, 2), Slice.from(2)));
            same(t.permute(2, 0, 1));
            same(t.narrow(0, 1, 2).expand(2, 4, 5));
            same(t.get(2, 3, 4));
            same(t.get(Slice.newAxis(), Slice.at(0), Slice.all(), Slice.newAxis()));
            same(t.narrow(1, 2, 2));
        }
    }

    @Test
    void arraysOfViewsComputeAsND4JsOwn() {
        Tensor t = Tensor.arange(24).reshape(2, 3, 4).to(DType.FLOAT64).permute(2, 0, 1);
        INDArray own = Nd4j.createFromArray(t.contiguous().toDoubles()).reshape(4, 2, 3);
        assertThat(elements(t.array().sum(1))).containsExactly(elements(own.sum(1)));
        assertThat(elements(t.array().add(own))).containsExactly(elements(own.mul(2)));
        assertThat(elements(t.array().dup('c'))).containsExactly(elements(own));
        assertThat(elements(t.array().dup('f'))).containsExactly(elements(own));
        Tensor m = Tensor.arange(6).reshape(2, 3).to(DType.FLOAT64);
        assertThat(elements(m.t().array().mmul(m.array()))).containsExactly(m.t().matmul(m).toDoubles());
    }

    @Test
    void writesGoBothWays() {
        for (Backend backend : List.of(CpuBackend.INSTANCE, Nd4jBackend.INSTANCE)) {
            Tensor t = Tensor.zeros(2, 3).to(backend);
            INDArray a = t.array();
            a.putScalar(1, 2, 5);
            assertThat(t.get(1, 2).item()).isEqualTo(5);
            t.get(0).array().assign(7);
            assertThat(elements(a)).containsExactly(7, 7, 7, 0, 0, 5);
        }
    }

    @Test
    void complexTensorsHaveNoArray() {
        assertThatThrownBy(() -> CpuBackend.INSTANCE.empty(Shape.of(2), DType.COMPLEX64).array()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("COMPLEX64");
    }

    // ---- who keeps what alive ----

    private static void collectAndAllocate() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            List<Tensor> others = new ArrayList<>();
            for (int k = 0; k < 200; k++) others.add(Tensor.full(Shape.of(1000), DType.FLOAT32, -1));
            assertThat(others.getLast().get(0).item()).isEqualTo(-1);
        }
    }

    private static INDArray onlyTheArray(double value) {
        return Tensor.full(Shape.of(1000), DType.FLOAT32, value).array();
    }

    @Test
    void anArrayKeepsTheMemoryOfItsTensor() {
        List<INDArray> arrays = new ArrayList<>();
        for (int i = 0; i < 20; i++) arrays.add(onlyTheArray(i));
        collectAndAllocate();
        for (int i = 0; i < 20; i++) assertThat(arrays.get(i).sumNumber().doubleValue()).isEqualTo(1000.0 * i);
    }

    @Test
    void aViewOfAnArrayKeepsTheMemoryOfItsTensor() {
        List<INDArray> rows = new ArrayList<>();
        for (int i = 0; i < 20; i++) rows.add(onlyTheArray(i).reshape(10, 100).get(NDArrayIndex.interval(2, 5), NDArrayIndex.interval(0, 50)).getRow(1));
        collectAndAllocate();
        for (int i = 0; i < 20; i++) assertThat(rows.get(i).sumNumber().doubleValue()).isEqualTo(50.0 * i);
    }

    @Test
    void aTensorKeepsItsArray() {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < 20; i++) tensors.add(Tensor.of(Nd4j.valueArrayOf(new long[] {1000}, (double) i, DataType.DOUBLE)).narrow(0, 10, 20));
        for (int i = 0; i < 5; i++) {
            System.gc();
            Nd4j.valueArrayOf(new long[] {1000}, -1.0, DataType.DOUBLE);
        }
        for (int i = 0; i < 20; i++) assertThat(tensors.get(i).sum().item()).isEqualTo(10.0 * i);
    }

    @Test
    void aScopeDoesNotRecycleWhatAnArrayUses() {
        INDArray[] escaped = new INDArray[1];
        Scope.run(() -> {
            escaped[0] = onlyTheArray(3);
        });
        Scope.run(() -> {
            for (int i = 0; i < 50; i++) Tensor.full(Shape.of(1000), DType.FLOAT32, -1);
        });
        assertThat(escaped[0].sumNumber().doubleValue()).isEqualTo(3000);
    }

    @Test
    void theMemoryOfAnUnreachableArrayIsUsedAgain() throws InterruptedException {
        System.gc();
        long before = MemoryPool.bytesInUse();
        for (int i = 0; i < 20; i++) Tensor.full(Shape.of(1 << 20), DType.FLOAT32, i).array();
        for (int i = 0; i < 50 && MemoryPool.bytesInUse() > before + (8L << 20); i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertThat(MemoryPool.bytesInUse()).isLessThan(before + (8L << 20));
    }

    // ---- moving ----

    @Test
    void movingCopies() {
        Tensor t = Tensor.arange(6).reshape(2, 3).to(DType.FLOAT64).t();
        Tensor there = t.to(Nd4jBackend.INSTANCE);
        assertThat(there.backend()).isSameAs(Nd4jBackend.INSTANCE);
        assertThat(there.toDoubles()).containsExactly(0, 3, 1, 4, 2, 5);
        there.array().assign(9);
        assertThat(t.toDoubles()).containsExactly(0, 3, 1, 4, 2, 5);
        assertThat(there.to(CpuBackend.INSTANCE).toDoubles()).containsOnly(9);
    }

    @Test
    void gradientsPassBetweenBackends() {
        Tensor g = lemma.autodiff.Autodiff.grad(x -> x.to(Nd4jBackend.INSTANCE).square().to(CpuBackend.INSTANCE).sum(), Tensor.of(new double[] {1, 2}));
        assertThat(g.backend()).isSameAs(CpuBackend.INSTANCE);
        assertThat(g.toDoubles()).containsExactly(2, 4);
    }

    @Test
    void backendsDoNotMixSilently() {
        assertThatThrownBy(() -> Tensor.ones(2).add(Tensor.ones(2).to(Nd4jBackend.INSTANCE))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cpu").hasMessageContaining("nd4j").hasMessageContaining("to(backend)");
    }
}
