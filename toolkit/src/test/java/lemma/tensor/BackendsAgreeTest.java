package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation on both backends: dense, transposed, sliced and stretched arguments, broadcasting, empty and single-element axes. */
class BackendsAgreeTest {
    private static final Set<Unary> OF_INTEGERS = EnumSet.of(Unary.NEG, Unary.ABS, Unary.SIGN, Unary.SQUARE, Unary.RELU);
    private static final Set<Binary> OF_FLOATS = EnumSet.of(Binary.DIV, Binary.POW, Binary.ATAN2, Binary.RELU_GRAD, Binary.GELU_GRAD, Binary.GELU_TANH_GRAD,
            Binary.SILU_GRAD, Binary.TANH_GRAD, Binary.SIGMOID_GRAD);
    private static final Set<Binary> OF_BOOL = EnumSet.of(Binary.AND, Binary.OR, Binary.XOR);
    private static final List<DType> NUMBERS = List.of(DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64, DType.UINT8);

    /** Ways to lay the same shape out; each is applied on the backend under test. */
    private static final Map<String, UnaryOperator<Tensor>> LAYOUTS = layouts();

    private static Map<String, UnaryOperator<Tensor>> layouts() {
        Map<String, UnaryOperator<Tensor>> m = new LinkedHashMap<>();
        m.put("dense", t -> t);
        m.put("transposed", t -> reversed(reversed(t).contiguous()));
        m.put("every second", t -> Tensor.stack(List.of(t, t.zerosLike()), -1).get(last(t.rank(), Slice.at(0))));
        m.put("with offset", t -> Tensor.stack(List.of(t.zerosLike(), t), 0).get(1));
        m.put("stretched", t -> t.rank() == 0 || t.dim(0) == 0 ? t : t.narrow(0, 0, 1).expand(t.shape()));
        return m;
    }

    private static Tensor reversed(Tensor t) {
        int[] axes = new int[t.rank()];
        Arrays.setAll(axes, i -> axes.length - 1 - i);
        return t.permute(axes);
    }

    private static Slice[] last(int rank, Slice s) {
        Slice[] all = new Slice[rank + 1];
        Arrays.fill(all, Slice.all());
        all[rank] = s;
        return all;
    }

    private static Tensor numbers(DType type, long seed, int... shape) {
        Random random = Random.seed(seed);
        if (type == DType.BOOL) return random.bernoulli(0.5, shape);
        if (type.isFloat()) return random.normal(Shape.of(shape), type).mul(2);
        return random.integers(type == DType.UINT8 ? 0 : -6, 7, shape).to(type);
    }

    private static Tensor odd(DType type) {
        return Tensor.of(new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.0, -0.0, 1, -1, 0.5, 2.5, -2.5, 1e-8, 700}).to(type);
    }

    /** Runs on both and compares; arguments are laid out in every way. */
    private static void same(Function<Tensor[], Tensor> f, Tensor... x) {
        LAYOUTS.forEach((name, layout) -> {
            Tensor expected = f.apply(on(CpuBackend.INSTANCE, layout, x));
            Tensor actual = f.apply(on(Nd4jBackend.INSTANCE, layout, x));
            assertThat(actual.backend()).as(name).isSameAs(Nd4jBackend.INSTANCE);
            assertThat(actual.storage()).as(name).isInstanceOf(Storage.Array.class);
            compare(name + " " + shapes(x), actual, expected);
        });
    }

    private static String shapes(Tensor[] x) {
        return Arrays.stream(x).map(t -> t.dtype() + " " + t.shape()).toList().toString();
    }

    private static Tensor[] on(Backend backend, UnaryOperator<Tensor> layout, Tensor... x) {
        return Arrays.stream(x).map(t -> layout.apply(t.to(backend))).toArray(Tensor[]::new);
    }

    private static void compare(String what, Tensor actual, Tensor expected) {
        assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
        assertThat(actual.dtype()).as(what).isEqualTo(expected.dtype());
        double[] a = actual.toDoubles();
        double[] b = expected.toDoubles();
        double tolerance = expected.dtype() == DType.FLOAT32 ? 1e-6 : expected.dtype() == DType.FLOAT64 ? 1e-12 : 0;
        double scale = Math.max(1, Arrays.stream(b).filter(Double::isFinite).map(Math::abs).max().orElse(0));
        for (int i = 0; i < a.length; i++) {
            boolean close = a[i] == b[i] || Double.isNaN(a[i]) && Double.isNaN(b[i]) || Math.abs(a[i] - b[i]) <= tolerance * scale;
            if (!close) fail("%s: element %d is %s on nd4j, %s on cpu; all: %s against %s", what, i, a[i], b[i], Arrays.toString(a), Arrays.toString(b));
        }
    }

    // ---- element-wise ----

    static Stream<Arguments> unaries() {
        return Arrays.stream(Unary.values()).filter(op -> op != Unary.NOT).flatMap(op -> NUMBERS.stream()
                .filter(type -> type.isFloat() || OF_INTEGERS.contains(op)).map(type -> Arguments.of(op, type)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("unaries")
    void functionsOfOneArgument(Unary op, DType type) {
        for (int[] shape : List.of(new int[] {2, 3, 4}, new int[] {7}, new int[] {1, 1}, new int[] {}, new int[] {0}, new int[] {3, 0, 2})) {
            same(x -> x[0].backend().unary(op, x[0]), numbers(type, 1, shape));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("unaries")
    void functionsOfOneArgumentAtOddNumbers(Unary op, DType type) {
        if (type.isFloat()) same(x -> x[0].backend().unary(op, x[0]), odd(type));
    }

    @Test
    void logicalNot() {
        same(x -> x[0].not(), numbers(DType.BOOL, 2, 2, 3));
    }

    static Stream<Arguments> binaries() {
        return Arrays.stream(Binary.values()).flatMap(op -> OF_BOOL.contains(op) ? Stream.of(Arguments.of(op, DType.BOOL))
                : NUMBERS.stream().filter(type -> type.isFloat() || !OF_FLOATS.contains(op)).map(type -> Arguments.of(op, type)));
    }

    private static final List<int[][]> PAIRS = List.of(new int[][] {{2, 3}, {2, 3}}, new int[][] {{2, 1, 3}, {4, 1}}, new int[][] {{3}, {2, 3}}, new int[][] {{}, {2, 3}},
            new int[][] {{2, 3}, {}}, new int[][] {{}, {}}, new int[][] {{1, 1}, {1}}, new int[][] {{0, 3}, {1, 3}}, new int[][] {{2, 0}, {2, 1}});

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("binaries")
    void functionsOfTwoArguments(Binary op, DType type) {
        boolean fused = op.name().endsWith("_GRAD");
        for (int[][] pair : PAIRS) {
            if (fused && !Arrays.equals(pair[0], pair[1])) continue;
            Tensor b = numbers(type, 4, pair[1]);
            if ((op == Binary.MOD || op == Binary.FLOOR_DIV) && !type.isFloat()) b = b.abs().add(1).to(type);
            same(x -> x[0].backend().binary(op, x[0], x[1], Shape.broadcast("test", x[0].shape(), x[1].shape())), numbers(type, 3, pair[0]), b);
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("binaries")
    void functionsOfATensorAndANumber(Binary op, DType type) {
        if (type == DType.BOOL || op.name().endsWith("_GRAD")) return;
        double s = type.isFloat() ? 1.25 : 3;
        for (int[] shape : List.of(new int[] {2, 3}, new int[] {}, new int[] {0, 2})) {
            same(x -> x[0].backend().binary(op, x[0], s, false), numbers(type, 5, shape));
            Tensor divisor = numbers(type, 5, shape);
            if ((op == Binary.MOD || op == Binary.FLOOR_DIV) && !type.isFloat()) divisor = divisor.abs().add(1).to(type);
            same(x -> x[0].backend().binary(op, x[0], s, true), divisor);
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("binaries")
    void functionsOfTwoArgumentsAtOddNumbers(Binary op, DType type) {
        if (!type.isFloat() || op.name().endsWith("_GRAD") || op == Binary.MOD || op == Binary.FLOOR_DIV) return;
        Tensor x = odd(type);
        same(t -> t[0].backend().binary(op, t[0], t[1], Shape.of(12, 12)), x.reshape(12, 1), x.reshape(1, 12));
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, mode = EnumSource.Mode.EXCLUDE, names = {"COMPLEX64", "COMPLEX128"})
    void choiceAndCasts(DType type) {
        same(x -> Tensor.where(x[0], x[1], x[2]), numbers(DType.BOOL, 6, 2, 3), numbers(type, 7, 4, 2, 3), numbers(type, 8, 3));
        same(x -> Tensor.where(x[0], x[1], x[2]), numbers(DType.BOOL, 6, 0, 3), numbers(type, 7, 1, 3), numbers(type, 8, 1));
        for (DType to : DType.values()) {
            if (to.isComplex()) continue;
            Tensor from = to == DType.UINT8 && type != DType.BOOL ? numbers(type, 9, 2, 3).abs() : numbers(type, 9, 2, 3);
            same(x -> x[0].backend().cast(x[0], to), from);
        }
    }

    // ---- reductions ----

    static Stream<Arguments> reductions() {
        return Arrays.stream(Reduction.values()).flatMap(op -> switch (op) {
            case ANY, ALL -> Stream.of(Arguments.of(op, DType.BOOL));
            case MEAN -> Stream.of(Arguments.of(op, DType.FLOAT32), Arguments.of(op, DType.FLOAT64));
            case SUM, PROD -> Stream.of(DType.FLOAT32, DType.FLOAT64, DType.INT64).map(t -> Arguments.of(op, t));
            case MAX, MIN -> NUMBERS.stream().map(t -> Arguments.of(op, t));
        });
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("reductions")
    void reduce(Reduction op, DType type) {
        for (int[] axes : List.of(new int[] {0}, new int[] {1}, new int[] {2}, new int[] {0, 2}, new int[] {0, 1, 2})) {
            same(x -> x[0].backend().reduce(op, x[0], axes), numbers(type, 10, 2, 3, 4));
            same(x -> x[0].backend().reduce(op, x[0], axes), numbers(type, 10, 1, 3, 1));
        }
        same(x -> x[0].backend().reduce(op, x[0], new int[0]), numbers(type, 11));
        same(x -> x[0].backend().reduce(op, x[0], new int[] {1}), numbers(type, 12, 0, 3));
        if (op != Reduction.MAX && op != Reduction.MIN) same(x -> x[0].backend().reduce(op, x[0], new int[] {0}), numbers(type, 12, 0, 3));
    }

    @Test
    void extremesAndPositionsWithNaN() {
        Tensor x = Tensor.of(new double[] {1, Double.NaN, 3, 5, 5, 2, Double.NEGATIVE_INFINITY, Double.NaN, Double.NaN}, 3, 3);
        same(t -> t[0].max(1), x);
        same(t -> t[0].min(0), x);
        same(t -> t[0].argmax(1), x);
        same(t -> t[0].argmin(1), x);
        same(t -> t[0].argmax(0), x);
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"FLOAT32", "FLOAT64", "INT32", "INT64"})
    void positionsOrdersAndRunningSums(DType type) {
        for (int axis = 0; axis < 3; axis++) {
            int over = axis;
            same(x -> x[0].argmax(over), numbers(type, 13, 2, 5, 4));
            same(x -> x[0].argmin(over), numbers(type, 13, 2, 5, 4));
            same(x -> x[0].cumsum(over), numbers(type, 13, 2, 5, 4));
            same(x -> x[0].argsort(over, false), numbers(type, 13, 2, 5, 4));
            same(x -> x[0].sort(over, true), numbers(type, 13, 2, 5, 4));
        }
        same(x -> x[0].cumsum(0), numbers(type, 13, 0, 2));
    }

    // ---- indexing ----

    @ParameterizedTest
    @EnumSource(value = DType.class, mode = EnumSource.Mode.EXCLUDE, names = {"COMPLEX64", "COMPLEX128"})
    void indexing(DType type) {
        Tensor i = Tensor.of(new long[] {2, 0, 2, 1});
        Tensor x = numbers(type, 14, 3, 4, 2);
        same(t -> t[0].indexSelect(0, i.to(t[0].backend())), x);
        same(t -> t[0].indexSelect(1, i.to(t[0].backend())), x);
        same(t -> t[0].indexSelect(0, Tensor.arange(0).to(t[0].backend())), x);
        same(t -> t[0].flip(1), x);
        Tensor at = Random.seed(15).integers(0, 3, 5, 4, 2);
        same(t -> t[0].gather(0, at.to(t[0].backend())), x);
        same(t -> Tensor.concat(List.of(t[0], t[1], t[0]), 1), x, numbers(type, 16, 3, 0, 2));
        same(t -> Tensor.stack(List.of(t[0], t[1]), -1), x, numbers(type, 16, 3, 4, 2));
        same(t -> t[0].permute(2, 0, 1).reshape(2, -1), x);
        same(t -> t[0].get(Slice.all(), Slice.range(1, 4, 2), Slice.at(-1)), x);
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"FLOAT32", "FLOAT64", "INT64"})
    void adding(DType type) {
        Tensor at = Random.seed(17).integers(0, 3, 5, 4);
        same(t -> t[0].scatterAdd(1, at.to(t[0].backend()), Shape.of(5, 3)), numbers(type, 18, 5, 4));
        same(t -> t[0].scatterAdd(0, Tensor.of(new long[0], 0, 4).to(t[0].backend()), Shape.of(5, 4)), numbers(type, 18, 0, 4));
        Tensor rows = Tensor.of(new long[] {1, 1, 0, 1, 3});
        for (int axis = 0; axis < 3; axis++) {
            int over = axis;
            int[] shape = {2, 3, 4};
            shape[axis] = 5;
            same(t -> t[0].backend().indexAdd(t[0], over, rows.to(t[0].backend()), 6), numbers(type, 19, shape));
        }
    }

    /** Repeated positions in a large scatter must not race. */
    @Test
    void addingManyTimesAtOnePlace() {
        Tensor ones = Tensor.ones(200_000).to(Nd4jBackend.INSTANCE);
        Tensor zeros = Tensor.full(Shape.of(200_000), DType.INT64, 0).to(Nd4jBackend.INSTANCE);
        assertThat(ones.scatterAdd(0, zeros, Shape.of(3)).toDoubles()).containsExactly(200_000, 0, 0);
    }

    static Stream<Backend> backends() {
        return Stream.of(CpuBackend.INSTANCE, Nd4jBackend.INSTANCE);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void indicesOutOfRangeAreNamed(Backend backend) {
        Tensor x = numbers(DType.FLOAT32, 20, 3, 4).to(backend);
        for (long bad : new long[] {-1, 4}) {
            Tensor i = Tensor.of(new long[] {0, bad, 1}).to(backend);
            assertThatThrownBy(() -> x.indexSelect(1, i)).isInstanceOf(IndexOutOfBoundsException.class).hasMessageContaining("indexSelect").hasMessageContaining("" + bad);
            Tensor matrix = i.reshape(3, 1);
            assertThatThrownBy(() -> x.gather(1, matrix)).isInstanceOf(IndexOutOfBoundsException.class).hasMessageContaining("gather").hasMessageContaining("" + bad);
            assertThatThrownBy(() -> x.narrow(1, 0, 1).scatterAdd(1, matrix, Shape.of(3, 4)))
                    .isInstanceOf(IndexOutOfBoundsException.class).hasMessageContaining("scatterAdd").hasMessageContaining("" + bad);
            assertThatThrownBy(() -> Functional.crossEntropy(x, i)).isInstanceOf(IndexOutOfBoundsException.class).hasMessageContaining("crossEntropy").hasMessageContaining("" + bad);
        }
    }

    // ---- whole functions, with every layout of their arguments ----

    /** Those with a float argument; TorchFixturesTest runs the others on both backends too. */
    static Stream<Arguments> torchCases() {
        return TorchCases.all().stream().filter(c -> c.inputs().stream().anyMatch(TorchCases.Recorded::isFloat)).flatMap(c -> Stream.of(DType.FLOAT32, DType.FLOAT64).map(type -> Arguments.of(c, type)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("torchCases")
    void functionsOfPyTorch(TorchCases.Case c, DType type) {
        Tensor[] inputs = c.tensors(type, CpuBackend.INSTANCE);
        Function<Tensor[], Tensor> f = floats -> {
            Tensor[] x = inputs.clone();
            int n = 0;
            for (int i = 0; i < x.length; i++) x[i] = x[i].dtype().isFloat() ? floats[n++] : x[i].to(floats[0].backend());
            return c.op().apply(x);
        };
        same(f, Arrays.stream(inputs).filter(x -> x.dtype().isFloat()).toArray(Tensor[]::new));
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"FLOAT32", "FLOAT64"})
    void rowsOfEmptyTensors(DType type) {
        for (int[] shape : List.of(new int[] {0, 3}, new int[] {2, 0})) {
            same(x -> x[0].softmax(-1), numbers(type, 21, shape));
            same(x -> x[0].logSoftmax(-1), numbers(type, 21, shape));
            same(x -> Functional.layerNorm(x[0], null, null, 1e-5), numbers(type, 21, shape));
        }
        same(x -> x[0].matmul(x[1]), numbers(type, 22, 2, 0), numbers(type, 23, 0, 3));
        same(x -> x[0].matmul(x[1]), numbers(type, 22, 0, 2), numbers(type, 23, 2, 3));
        same(x -> Functional.linear(x[0], x[1], x[2]), numbers(type, 24, 0, 2), numbers(type, 25, 3, 2), numbers(type, 26, 3));
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"FLOAT32", "FLOAT64"})
    void fusedGradients(DType type) {
        Tensor x = numbers(type, 27, 3, 5);
        Tensor g = numbers(type, 28, 3, 5);
        same(t -> t[0].backend().softmaxBackward(t[0], t[1].softmax(-1)), g, x);
        same(t -> t[0].backend().logSoftmaxBackward(t[0], t[1].logSoftmax(-1)), g, x);
        Tensor w = numbers(type, 29, 5);
        for (int part = 0; part < 3; part++) {
            int k = part;
            same(t -> {
                Tensor[] out = t[0].backend().layerNorm(t[1], t[2], null, 1e-5);
                return t[0].backend().layerNormBackward(t[0], t[1], out[1], out[2], t[2])[k];
            }, g, x, w);
            same(t -> t[0].backend().layerNorm(t[1], t[2], t[2], 1e-5)[k], g, x, w);
            same(t -> t[0].backend().adam(t[0], t[1], t[2], t[3].square(), new Backend.AdamStep(0.1, 0.9, 0.99, 1e-8, 0.01, 0.19, 0.0199))[k], x, g, numbers(type, 30, 3, 5), numbers(type, 31, 3, 5));
        }
        Tensor labels = Tensor.of(new long[] {4, 0, 2});
        for (int part = 0; part < 2; part++) {
            int k = part;
            same(t -> t[0].backend().crossEntropy(t[0], labels.to(t[0].backend()))[k].to(type), x);
        }
        same(t -> t[0].backend().crossEntropyBackward(t[1].narrow(1, 0, 1).reshape(3), t[0], labels.to(t[0].backend()), t[0].logsumexp(1)), x, g);
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"FLOAT32", "FLOAT64"})
    void pooledPositions(DType type) {
        Tensor x = numbers(type, 32, 2, 3, 5, 4);
        Backend.Pool2d spec = new Backend.Pool2d(3, 2, 2, 1, 1, 1);
        same(t -> t[0].backend().maxPool2d(t[0], spec)[1], x);
        same(t -> t[0].backend().maxPool2d(t[0], spec)[1], x.mul(0).sub(Double.POSITIVE_INFINITY));
        same(t -> t[0].backend().maxPool2d(t[0], spec)[0], Tensor.where(x.gt(1.5), x.mul(Double.NaN), x));
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"FLOAT32", "FLOAT64"})
    void randomNumbersHaveTheSameBits(DType type) {
        Shape shape = Shape.of(5, 7);
        assertThat(Nd4jBackend.INSTANCE.normal(3, 8, shape, type).toDoubles()).containsExactly(CpuBackend.INSTANCE.normal(3, 8, shape, type).toDoubles());
        assertThat(Nd4jBackend.INSTANCE.uniform(3, 8, shape, type).toDoubles()).containsExactly(CpuBackend.INSTANCE.uniform(3, 8, shape, type).toDoubles());
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, mode = EnumSource.Mode.EXCLUDE, names = {"COMPLEX64", "COMPLEX128"})
    void making(DType type) {
        for (Shape shape : List.of(Shape.of(2, 3), Shape.SCALAR, Shape.of(0, 2))) {
            for (double value : new double[] {0, 1, 3}) compare("full", Nd4jBackend.INSTANCE.full(shape, type, value), CpuBackend.INSTANCE.full(shape, type, value));
            assertThat(Nd4jBackend.INSTANCE.empty(shape, type).shape()).isEqualTo(shape);
        }
        if (type != DType.BOOL) compare("arange", Nd4jBackend.INSTANCE.arange(2, 3, 5, type), CpuBackend.INSTANCE.arange(2, 3, 5, type));
        compare("arange of none", Nd4jBackend.INSTANCE.arange(2, 3, 0, type), CpuBackend.INSTANCE.arange(2, 3, 0, type));
    }

    @Test
    void sliceGradientsWriteIntoViews() {
        same(x -> lemma.autodiff.Autodiff.grad(t -> t.get(Slice.all(), Slice.range(0, 4, 2)).square().sum(), x[0]), numbers(DType.FLOAT64, 33, 3, 4));
    }

    // ---- fallbacks ----

    @Test
    void theHostFallbacksArePrinted() {
        List<String> names = new ArrayList<>();
        for (Nd4jBackend.HostFallback f : Nd4jBackend.hostFallbacks()) {
            assertThat(Nd4jBackend.INSTANCE.toString()).contains(f.op()).contains(f.reason());
            assertThat(f.reason()).isNotBlank();
            names.add(f.op());
        }
        assertThat(names).isSorted().doesNotHaveDuplicates();
    }

    /** Runs after every operation above has run: what went to the host is exactly what the list says. */
    @AfterAll
    static void theFallbacksTakenAreThoseListed() {
        assertThat(Nd4jBackend.INSTANCE.usedFallbacks()).containsExactlyInAnyOrderElementsOf(Nd4jBackend.hostFallbacks().stream().map(Nd4jBackend.HostFallback::op).toList());
    }
}
