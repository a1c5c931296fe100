package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.hipparchus.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Element-wise kernels against StrictMath and Hipparchus in double precision. */
class CpuElementwiseTest {
    private static final CpuBackend CPU = CpuBackend.INSTANCE;
    private static final Map<Unary, DoubleUnaryOperator> UNARY = new EnumMap<>(Unary.class);
    private static final Map<Binary, DoubleBinaryOperator> BINARY = new EnumMap<>(Binary.class);

    static {
        UNARY.put(Unary.NEG, x -> -x);
        UNARY.put(Unary.ABS, Math::abs);
        UNARY.put(Unary.SIGN, Math::signum);
        UNARY.put(Unary.SQUARE, x -> x * x);
        UNARY.put(Unary.SQRT, StrictMath::sqrt);
        UNARY.put(Unary.RSQRT, x -> 1 / StrictMath.sqrt(x));
        UNARY.put(Unary.RECIPROCAL, x -> 1 / x);
        UNARY.put(Unary.FLOOR, StrictMath::floor);
        UNARY.put(Unary.CEIL, StrictMath::ceil);
        UNARY.put(Unary.ROUND, StrictMath::rint);
        UNARY.put(Unary.EXP, StrictMath::exp);
        UNARY.put(Unary.EXPM1, StrictMath::expm1);
        UNARY.put(Unary.LOG, StrictMath::log);
        UNARY.put(Unary.LOG1P, StrictMath::log1p);
        UNARY.put(Unary.SIN, StrictMath::sin);
        UNARY.put(Unary.COS, StrictMath::cos);
        UNARY.put(Unary.TAN, StrictMath::tan);
        UNARY.put(Unary.ASIN, StrictMath::asin);
        UNARY.put(Unary.ACOS, StrictMath::acos);
        UNARY.put(Unary.ATAN, StrictMath::atan);
        UNARY.put(Unary.SINH, StrictMath::sinh);
        UNARY.put(Unary.COSH, StrictMath::cosh);
        UNARY.put(Unary.TANH, StrictMath::tanh);
        UNARY.put(Unary.ERF, CpuElementwiseTest::erf);
        UNARY.put(Unary.SIGMOID, x -> 1 / (1 + StrictMath.exp(-x)));
        UNARY.put(Unary.SOFTPLUS, x -> x > 40 ? x : StrictMath.log1p(StrictMath.exp(x)));
        UNARY.put(Unary.RELU, x -> x < 0 ? 0 : x);
        UNARY.put(Unary.SILU, x -> x / (1 + StrictMath.exp(-x)));
        UNARY.put(Unary.GELU, x -> x * 0.5 * Erf.erfc(-x / Math.sqrt(2)));
        UNARY.put(Unary.GELU_TANH, x -> x * 0.5 * (1 + StrictMath.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))));
        BINARY.put(Binary.ADD, Double::sum);
        BINARY.put(Binary.SUB, (a, b) -> a - b);
        BINARY.put(Binary.MUL, (a, b) -> a * b);
        BINARY.put(Binary.DIV, (a, b) -> a / b);
        BINARY.put(Binary.POW, StrictMath::pow);
        BINARY.put(Binary.MAXIMUM, Math::max);
        BINARY.put(Binary.MINIMUM, Math::min);
        BINARY.put(Binary.MOD, (a, b) -> a - b * StrictMath.floor(a / b));
        BINARY.put(Binary.ATAN2, StrictMath::atan2);
        BINARY.put(Binary.RELU_GRAD, (g, x) -> x > 0 ? g : 0);
        BINARY.put(Binary.GELU_GRAD, (g, x) -> g * (0.5 * Erf.erfc(-x / Math.sqrt(2)) + x * StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI)));
        BINARY.put(Binary.GELU_TANH_GRAD, (g, x) -> g * slope(UNARY.get(Unary.GELU_TANH), x));
        BINARY.put(Binary.SILU_GRAD, (g, x) -> g * slope(UNARY.get(Unary.SILU), x));
        BINARY.put(Binary.TANH_GRAD, (g, y) -> g * (1 - y * y));
        BINARY.put(Binary.SIGMOID_GRAD, (g, y) -> g * y * (1 - y));
    }

    private static double erf(double x) {
        return Double.isNaN(x) ? x : Erf.erf(x);
    }

    private static double slope(DoubleUnaryOperator f, double x) {
        double h = 1e-4;
        return (8 * (f.applyAsDouble(x + h) - f.applyAsDouble(x - h)) - (f.applyAsDouble(x + 2 * h) - f.applyAsDouble(x - 2 * h))) / (12 * h);
    }

    static Stream<Unary> unaries() {
        return UNARY.keySet().stream();
    }

    static Stream<Binary> binaries() {
        return BINARY.keySet().stream();
    }

    static double[] numbers(int n, long seed) {
        SplittableRandom r = new SplittableRandom(seed);
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            double spread = switch (i % 4) {
                case 0 -> 30;
                case 1 -> 1e-3;
                case 2 -> StrictMath.exp(r.nextDouble(-30, 30));
                default -> 3;
            };
            x[i] = (float) (spread * r.nextDouble(-1, 1));
        }
        return x;
    }

    private static Tensor tensor(double[] x, DType type, int... shape) {
        return Tensor.of(x, shape).to(type);
    }

    /** What the function's own error may be, in units of the last place of its result or of 1e-37 where that is larger. */
    private static double ulps(Unary op, DType type) {
        return switch (op) {
            case NEG, ABS, SIGN, SQUARE, SQRT, RECIPROCAL, FLOOR, CEIL, ROUND, RELU -> 0.5;
            case TANH, SIGMOID, SOFTPLUS -> type == DType.FLOAT32 ? 2.2 : 3;
            case SILU -> type == DType.FLOAT32 ? 2.6 : 4;
            case ERF -> type == DType.FLOAT32 ? 2 : 30; // Hipparchus is right to 3e-15 only
            default -> 2;
        };
    }

    @ParameterizedTest
    @MethodSource("unaries")
    void functionsAreRightToAFewUnitsInTheLastPlace(Unary op) {
        if (op == Unary.GELU || op == Unary.GELU_TANH) return;
        double[] x = numbers(4003, 1);
        float[] got = CPU.unary(op, tensor(x, DType.FLOAT32)).toFloats();
        double[] wide = CPU.unary(op, tensor(x, DType.FLOAT64)).toDoubles();
        for (int i = 0; i < x.length; i++) {
            double want = UNARY.get(op).applyAsDouble(x[i]);
            if (Double.isNaN(want)) {
                assertThat(got[i]).as("%s(%s)", op, x[i]).isNaN();
                assertThat(wide[i]).as("%s(%s)", op, x[i]).isNaN();
                continue;
            }
            if (Float.isInfinite((float) want)) assertThat(got[i]).as("%s(%s)", op, x[i]).isEqualTo((float) want);
            else assertThat(Math.abs(got[i] - want)).as("%s(%s) is %s, got %s", op, x[i], want, got[i]).isLessThanOrEqualTo(1e-37 + (ulps(op, DType.FLOAT32) + 1e-6) * Math.ulp((float) want));
            if (Double.isInfinite(want)) assertThat(wide[i]).as("%s(%s)", op, x[i]).isEqualTo(want);
            else assertThat(Math.abs(wide[i] - want)).as("%s(%s) is %s, got %s", op, x[i], want, wide[i]).isLessThanOrEqualTo(ulps(op, DType.FLOAT64) * Math.ulp(want));
        }
    }

    /** Arguments and values of 50 digits, rounded, made with mpmath 1.3. */
    static Stream<Arguments> exactValues() {
        return Stream.of(
                Arguments.of(Unary.ERF, new double[] {1e-09, -0.03, 0.5, 0.999, 1.001, -1.7, 2.5, 3.9, 5.2, -5.9},
                        new double[] {1.1283791670955127e-09, -0.03384122234173543, 0.5204998778130465, 0.8422852702064969, 0.8431154854780762, -0.9837904585907745, 0.999593047982555, 0.9999999652077514, 0.9999999999998075, -0.9999999999999999}),
                Arguments.of(Unary.GELU, new double[] {1e-07, -0.4, 0.8, 1.9, -2.3, -5.5, -8.25, -12.5, -25.0, -37.0},
                        new double[] {5.00000039894228e-08, -0.13783130335587035, 0.6305156811332827, 1.8454385363495964, -0.02466545304985436, -1.0444259356238245e-07, -6.533774209580044e-16, -4.665705373597142e-35, -7.641741765956403e-137, -2.1184613523340935e-298}),
                Arguments.of(Unary.SIN, new double[] {1e-06, 0.7, -1.5707963267948966, 3.141592653589793, 22.0, -355.0, 1000.5, 65536.25, -99999.5, 52174.0},
                        new double[] {9.999999999998333e-07, 0.644217687237691, -1.0, 1.2246467991473532e-16, -0.008851309290403876, 3.014435335948845e-05, 0.9952739571052135, 0.4919660395423557, -0.5104916150747798, -0.9999999999848337}),
                Arguments.of(Unary.COS, new double[] {1e-06, 0.7, -1.5707963267948966, 4.71238898038469, 22.0, -355.0, 1000.5, 65536.25, -99999.5, 52174.0},
                        new double[] {0.9999999999995, 0.7648421872844885, 6.123233995736766e-17, -1.8369701987210297e-16, -0.9999608263946371, -0.999999999545659, 0.09710690144438526, -0.8706143899207096, -0.8598827309222711, 5.507508792203807e-06}),
                Arguments.of(Unary.LOG1P, new double[] {1e-17, -1e-09, 0.0001, -0.2928, 0.41, -0.75, -0.999999, 3.5, 1000000.0, 1e+300},
                        new double[] {1e-17, -1.0000000005000001e-09, 9.999500033330834e-05, -0.3464417676587034, 0.3435897043900769, -1.3862943611198906, -13.815510557935518, 1.5040773967762742, 13.815511557963774, 690.7755278982137}),
                Arguments.of(Unary.SOFTPLUS, new double[] {-700.0, -40.0, -3.25, -1e-08, 0.3, 2.0, 17.5, 36.0, 800.0, -0.7},
                        new double[] {9.85967654375977e-305, 4.248354255291589e-18, 0.038041371687783126, 0.6931471755599453, 0.8543552444685271, 2.1269280110429727, 17.50000002510999, 36.0, 800.0, 0.4031860488854579}));
    }

    @ParameterizedTest
    @MethodSource("exactValues")
    void functionsOfFloat64AreRightToTwoUnitsInTheLastPlace(Unary op, double[] x, double[] want) {
        double[] got = CPU.unary(op, tensor(x, DType.FLOAT64)).toDoubles();
        // gelu is a product whose second factor may be off by two units of its own
        double ulps = op == Unary.GELU ? 4 : 2;
        for (int i = 0; i < x.length; i++) {
            assertThat(Math.abs(got[i] - want[i])).as("%s(%s) is %s, got %s", op, x[i], want[i], got[i]).isLessThanOrEqualTo(ulps * Math.ulp(want[i]));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Unary.class, names = {"GELU", "GELU_TANH"})
    void geluIsRightToAFewUnitsOfItsArgument(Unary op) {
        double[] x = numbers(4003, 2);
        float[] got = CPU.unary(op, tensor(x, DType.FLOAT32)).toFloats();
        double[] wide = CPU.unary(op, tensor(x, DType.FLOAT64)).toDoubles();
        for (int i = 0; i < x.length; i++) {
            double want = UNARY.get(op).applyAsDouble(x[i]);
            assertThat(Math.abs(got[i] - want)).as("%s(%s) is %s, got %s", op, x[i], want, got[i]).isLessThanOrEqualTo(1e-37 + 4 * Math.ulp((float) x[i]));
            assertThat(Math.abs(wide[i] - want)).as("%s(%s) is %s, got %s", op, x[i], want, wide[i]).isLessThanOrEqualTo(1e-15 * Math.abs(x[i]));
        }
    }

    @Test
    void edgesAreThoseOfPyTorch() {
        float inf = Float.POSITIVE_INFINITY;
        Tensor x = Tensor.of(new float[] {Float.NaN, inf, -inf, 0f, -0f});
        assertThat(CPU.unary(Unary.EXP, x).toFloats()).containsExactly(Float.NaN, inf, 0, 1, 1);
        assertThat(CPU.unary(Unary.LOG, x).toFloats()).containsExactly(Float.NaN, inf, Float.NaN, -inf, -inf);
        assertThat(CPU.unary(Unary.LOG1P, x).toFloats()).containsExactly(Float.NaN, inf, Float.NaN, 0f, -0f);
        assertThat(CPU.unary(Unary.EXPM1, x).toFloats()).containsExactly(Float.NaN, inf, -1, 0f, -0f);
        assertThat(CPU.unary(Unary.TANH, x).toFloats()).containsExactly(Float.NaN, 1, -1, 0f, -0f);
        assertThat(CPU.unary(Unary.ERF, x).toFloats()).containsExactly(Float.NaN, 1, -1, 0f, -0f);
        assertThat(CPU.unary(Unary.SIGMOID, x).toFloats()).containsExactly(Float.NaN, 1, 0, 0.5f, 0.5f);
        assertThat(CPU.unary(Unary.RELU, x).toFloats()).containsExactly(Float.NaN, inf, 0, 0f, -0f);
        assertThat(CPU.unary(Unary.SIN, x).toFloats()).containsExactly(Float.NaN, Float.NaN, Float.NaN, 0f, -0f);
        assertThat(CPU.unary(Unary.SQRT, x).toFloats()).containsExactly(Float.NaN, inf, Float.NaN, 0f, -0f);
        assertThat(CPU.unary(Unary.LOG, Tensor.of(new float[] {1e-40f})).toFloats()[0]).isEqualTo((float) StrictMath.log(1e-40f));
        assertThat(CPU.unary(Unary.EXP, Tensor.of(new float[] {-100f})).toFloats()[0]).isEqualTo((float) StrictMath.exp(-100));
        assertThat(CPU.unary(Unary.SIN, Tensor.of(new float[] {1e6f, 1e20f})).toFloats()).containsExactly((float) StrictMath.sin(1e6), (float) StrictMath.sin(1e20f));
    }

    @ParameterizedTest
    @MethodSource("binaries")
    void functionsOfTwoArgumentsAreRight(Binary op) {
        double[] a = numbers(1003, 3);
        double[] b = numbers(1003, 4);
        for (int i = 0; i < b.length; i++) {
            if (op == Binary.POW) a[i] = Math.abs(a[i]);
            if (op == Binary.POW || op == Binary.MOD) b[i] = (float) (b[i] % 4 + 5);
            if (op == Binary.GELU_TANH_GRAD || op == Binary.SILU_GRAD) b[i] = (float) (b[i] % 20);
        }
        float[] got = CPU.binary(op, tensor(a, DType.FLOAT32), tensor(b, DType.FLOAT32), Shape.of(a.length)).toFloats();
        double[] wide = CPU.binary(op, Tensor.of(a), Tensor.of(b), Shape.of(a.length)).toDoubles();
        for (int i = 0; i < a.length; i++) {
            double want = BINARY.get(op).applyAsDouble(a[i], b[i]);
            if (Float.isInfinite((float) want)) continue;
            double scale = op.name().endsWith("GRAD") ? Math.abs(a[i]) * Math.max(1, op == Binary.TANH_GRAD || op == Binary.SIGMOID_GRAD ? b[i] * b[i] : 1) : Math.abs(want);
            double narrow = op == Binary.MOD ? 1e-6 * Math.abs(b[i]) : 2e-6 * scale + 1e-37;
            boolean numerical = op == Binary.GELU_TANH_GRAD || op == Binary.SILU_GRAD;
            assertThat(Math.abs(got[i] - want)).as("%s(%s, %s) is %s, got %s", op, a[i], b[i], want, got[i]).isLessThanOrEqualTo(narrow + (op == Binary.MOD ? 1e-15 * Math.abs(a[i]) : 0));
            assertThat(Math.abs(wide[i] - want)).as("%s(%s, %s) is %s, got %s", op, a[i], b[i], want, wide[i]).isLessThanOrEqualTo((numerical ? 1e-10 : 2e-15) * Math.max(scale, Math.abs(a[i])));
        }
    }

    @Test
    void maximumAndMinimumPassNaNOn() {
        Tensor a = Tensor.of(new float[] {Float.NaN, 1, 2});
        Tensor b = Tensor.of(new float[] {0, Float.NaN, 3});
        assertThat(CPU.binary(Binary.MAXIMUM, a, b, Shape.of(3)).toFloats()).containsExactly(Float.NaN, Float.NaN, 3);
        assertThat(CPU.binary(Binary.MINIMUM, a, b, Shape.of(3)).toFloats()).containsExactly(Float.NaN, Float.NaN, 2);
        assertThat(CPU.binary(Binary.NE, a, a, Shape.of(3)).toBooleans()).containsExactly(true, false, false);
    }

    @Test
    void everyLengthHasTheBitsOfALongRun() {
        double[] x = numbers(100, 5);
        for (Unary op : Unary.values()) {
            if (op == Unary.NOT) continue;
            float[] all = CPU.unary(op, tensor(x, DType.FLOAT32)).toFloats();
            double[] wide = CPU.unary(op, tensor(x, DType.FLOAT64)).toDoubles();
            for (int n = 0; n <= 67; n++) {
                assertThat(CPU.unary(op, tensor(x, DType.FLOAT32).narrow(0, 3, 3 + n)).toFloats()).as("%s of %s", op, n).isEqualTo(java.util.Arrays.copyOfRange(all, 3, 3 + n));
                assertThat(CPU.unary(op, tensor(x, DType.FLOAT64).narrow(0, 3, 3 + n)).toDoubles()).as("%s of %s", op, n).isEqualTo(java.util.Arrays.copyOfRange(wide, 3, 3 + n));
            }
        }
    }

    @Test
    void tailsLeaveTheirNeighboursAlone() {
        for (int n = 0; n <= 67; n++) {
            Tensor room = Tensor.full(Shape.of(80), DType.FLOAT32, 7);
            CPU.copyInto(room.narrow(0, 5, 5 + n), Tensor.full(Shape.of(n), DType.FLOAT32, 1));
            float[] got = room.toFloats();
            for (int i = 0; i < 80; i++) assertThat(got[i]).isEqualTo(i >= 5 && i < 5 + n ? 1f : 7f);
        }
    }

    @Test
    void bitsDoNotDependOnThreads() {
        Tensor x = Random.seed(3).normal(100_003);
        Tensor y = Random.seed(4).normal(100_003);
        for (Unary op : new Unary[] {Unary.EXP, Unary.GELU, Unary.SIN}) {
            float[] one = Threads.with(1, () -> CPU.unary(op, x).toFloats());
            assertThat(Threads.with(2, () -> CPU.unary(op, x).toFloats())).isEqualTo(one);
            assertThat(Threads.with(4, () -> CPU.unary(op, x).toFloats())).isEqualTo(one);
        }
        float[] one = Threads.with(1, () -> CPU.binary(Binary.DIV, x, y, x.shape()).toFloats());
        assertThat(Threads.with(4, () -> CPU.binary(Binary.DIV, x, y, x.shape()).toFloats())).isEqualTo(one);
    }

    @Test
    void bitsDoNotDependOnCompilation() {
        Tensor x = Random.seed(5).normal(83);
        Tensor g = Random.seed(6).normal(83);
        for (Unary op : UNARY.keySet()) {
            float[] first = CPU.unary(op, x).toFloats();
            Scope.run(() -> {
                for (int i = 0; i < 20_000; i++) Scope.run(() -> CPU.unary(op, x));
            });
            assertThat(CPU.unary(op, x).toFloats()).as("%s", op).isEqualTo(first);
        }
        float[] softmax = CPU.softmax(x).toFloats();
        float[] gradient = CPU.binary(Binary.GELU_GRAD, g, x, x.shape()).toFloats();
        double sum = CPU.reduce(Reduction.SUM, x, new int[] {0}).item();
        for (int i = 0; i < 20_000; i++) {
            Scope.run(() -> {
                CPU.softmax(x);
                CPU.binary(Binary.GELU_GRAD, g, x, x.shape());
                CPU.reduce(Reduction.SUM, x, new int[] {0});
            });
        }
        assertThat(CPU.softmax(x).toFloats()).isEqualTo(softmax);
        assertThat(CPU.binary(Binary.GELU_GRAD, g, x, x.shape()).toFloats()).isEqualTo(gradient);
        assertThat(CPU.reduce(Reduction.SUM, x, new int[] {0}).item()).isEqualTo(sum);
    }

    @Test
    void everyLayoutGivesWhatIndicesSay() {
        int[][] shapesA = {{4, 5, 6}, {5, 6}, {6}, {1}, {4, 1, 6}, {4, 5, 1}, {1, 5, 1}, {}};
        for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64, DType.UINT8}) {
            Tensor full = CPU.arange(1, 1, 120, type).reshape(4, 5, 6);
            Tensor turned = CPU.arange(1, 1, 120, type).reshape(6, 5, 4).permute(2, 1, 0);
            Tensor stepped = CPU.arange(1, 1, 240, type).reshape(4, 5, 12).get(Slice.all(), Slice.all(), Slice.range(0, 12, 2));
            for (int[] s : shapesA) {
                Tensor part = CPU.arange(1, 1, (int) Shape.of(s).size(), type).reshape(Shape.of(s));
                for (Tensor other : new Tensor[] {full, turned, stepped}) {
                    check(Binary.SUB, other, part, (x, y) -> x - y);
                    check(Binary.SUB, part, other, (x, y) -> x - y);
                    check(Binary.LT, part, other, (x, y) -> x < y ? 1 : 0);
                }
            }
            check(Binary.MUL, turned, stepped, (x, y) -> x * y);
            check(Binary.ADD, full.narrow(1, 0, 0), full.narrow(1, 0, 0), Double::sum);
        }
    }

    private static void check(Binary op, Tensor a, Tensor b, DoubleBinaryOperator f) {
        Shape shape = Shape.broadcast("test", a.shape(), b.shape());
        double[] got = CPU.binary(op, a, b, shape).toDoubles();
        double[] x = values(a, shape);
        double[] y = values(b, shape);
        for (int i = 0; i < got.length; i++) {
            double want = f.applyAsDouble(x[i], y[i]);
            if (a.dtype() == DType.UINT8 && !op.isLogical()) want = (long) want & 255;
            assertThat(got[i]).as("%s %s %s %s at %s", a.dtype(), a.shape(), op, b.shape(), i).isEqualTo(want);
        }
    }

    /** The elements that broadcasting to {@code shape} shows, index by index. */
    static double[] values(Tensor a, Shape shape) {
        int[] d = shape.dims();
        double[] out = new double[(int) shape.size()];
        long[] strides = Nest.broadcast(a, shape);
        for (int i = 0; i < out.length; i++) {
            long at = 0;
            int rest = i;
            for (int k = d.length - 1; k >= 0; k--) {
                at += rest % d[k] * strides[k];
                rest /= d[k];
            }
            out[i] = Raw.real(a.dtype(), a.address(), at);
        }
        java.lang.ref.Reference.reachabilityFence(a);
        return out;
    }

    @Test
    void scalarsStandOnEitherSide() {
        Tensor x = Tensor.of(new float[] {1, 2, 4}).expand(5, 3).t();
        assertThat(CPU.binary(Binary.DIV, x, 8, true).t().contiguous().narrow(0, 0, 1).toFloats()).containsExactly(8, 4, 2);
        assertThat(CPU.binary(Binary.DIV, x, 2, false).t().contiguous().narrow(0, 4, 5).toFloats()).containsExactly(0.5f, 1, 2);
        assertThat(CPU.binary(Binary.POW, x, 3, false).t().contiguous().narrow(0, 1, 2).toFloats()).containsExactly(1, 8, 64);
        assertThat(CPU.binary(Binary.GE, Tensor.of(new long[] {1, 2, Long.MAX_VALUE}), 2, false).toBooleans()).containsExactly(false, true, true);
    }

    @Test
    void integersDivideWithRemaindersLikePython() {
        Tensor a = Tensor.of(new int[] {7, -7, 7, -7});
        Tensor b = Tensor.of(new int[] {3, 3, -3, -3});
        assertThat(CPU.binary(Binary.MOD, a, b, a.shape()).toInts()).containsExactly(1, 2, -2, -1);
        assertThat(CPU.binary(Binary.MOD, a.to(DType.FLOAT32), b.to(DType.FLOAT32), a.shape()).toFloats()).containsExactly(1, 2, -2, -1);
        assertThat(CPU.binary(Binary.POW, b, Tensor.of(new int[] {4}), b.shape()).toInts()).containsExactly(81, 81, 81, 81);
        assertThatThrownBy(() -> CPU.binary(Binary.MOD, a, 0, false)).isInstanceOf(ArithmeticException.class).hasMessageContaining("modulo 0");
    }

    @Test
    void whereTakesFromEitherSideAsTheConditionSays() {
        Tensor c = Tensor.of(new boolean[] {true, false, true}, 3);
        Tensor a = CPU.arange(0, 1, 6, DType.FLOAT32).reshape(3, 2).t();
        Tensor b = Tensor.scalar(-1);
        assertThat(CPU.where(c, a, b, Shape.of(2, 3)).toFloats()).containsExactly(0, -1, 4, 1, -1, 5);
        for (DType type : new DType[] {DType.UINT8, DType.INT64, DType.FLOAT64}) {
            assertThat(CPU.where(c, CPU.full(Shape.of(3), type, 2), CPU.full(Shape.SCALAR, type, 3), Shape.of(3)).toInts()).containsExactly(2, 3, 2);
        }
    }

    @Test
    void conversionsTruncateAndSayTrueForWhatIsNotZero() {
        Tensor x = Tensor.of(new double[] {-1.7, 0, 1.7, 300.2}, 2, 2).t();
        assertThat(CPU.cast(x, DType.INT32).toInts()).containsExactly(-1, 1, 0, 300);
        assertThat(CPU.cast(x, DType.BOOL).toBooleans()).containsExactly(true, true, false, true);
        assertThat(CPU.cast(x, DType.FLOAT32).toFloats()).containsExactly(-1.7f, 1.7f, 0f, 300.2f);
        assertThat(CPU.cast(CPU.cast(x, DType.COMPLEX64), DType.FLOAT64).toDoubles()).containsExactly(-1.7f, 1.7f, 0f, 300.2f);
        assertThat(CPU.cast(Tensor.of(new long[] {(1L << 53) + 1}), DType.INT64).toLongs()).containsExactly((1L << 53) + 1);
    }
}
