package lemma.tensor;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.impl.reduce.same.Prod;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.api.ops.impl.transforms.same.Ceil;
import org.nd4j.linalg.api.ops.impl.transforms.same.Floor;
import org.nd4j.linalg.api.ops.impl.transforms.strict.ACos;
import org.nd4j.linalg.api.ops.impl.transforms.strict.ASin;
import org.nd4j.linalg.api.ops.impl.transforms.strict.ATan;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Cos;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Cosh;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Expm1;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log1p;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Rint;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sin;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sinh;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tan;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Tensors as ND4J arrays and ND4J's operations, on whatever device ND4J runs: a cross-check of {@link CpuBackend}, and the way to CUDA.
 * It is slower than CpuBackend on a CPU.
 *
 * <p>Operations that ND4J lacks or gets wrong run on the host instead; {@link #hostFallbacks()} lists every one with the reason.
 */
public final class Nd4jBackend implements Backend {
    public static final Nd4jBackend INSTANCE = new Nd4jBackend();

    /** An operation that runs on the host, and why. */
    public record HostFallback(String op, String reason) {
        @Override
        public String toString() {
            return String.format("%-20s %s", op, reason);
        }
    }

    private static final Map<String, HostFallback> FALLBACKS = List.of(
            new HostFallback("cholesky", "ND4J rejects good matrices"),
            new HostFallback("eigh", "ND4J has none for batches, and its own takes minutes at n = 1000"),
            new HostFallback("fft", "ND4J has none"),
            new HostFallback("linearRecurrence", "ND4J has no scan"),
            new HostFallback("lu", "ND4J has none for batches, and its inverse takes over 25 s at n = 1000"),
            new HostFallback("luSolve", "follows lu"),
            new HostFallback("qr", "ND4J's takes over 25 s at n = 1000"),
            new HostFallback("solveTriangular", "ND4J's has no unit diagonal and no check of it"),
            new HostFallback("svd", "ND4J's throws from n = 16 on"),
            new HostFallback("argsort", "ND4J sorts values; it has no stable order of indices"),
            new HostFallback("complex numbers", "ND4J has none; they lie in its arrays as pairs of real numbers"),
            new HostFallback("cumulate", "ND4J's cumprod takes floats only, and it has no running logarithm of a sum"),
            new HostFallback("cumulativeArg", "ND4J has no running extremes"),
            new HostFallback("cumsum of integers", "ND4J's cumsum takes floats only"),
            new HostFallback("normal", "ND4J's generators give other bits for another thread count or device; ours are counter-based"),
            new HostFallback("searchSorted", "ND4J has no search in sorted rows"),
            new HostFallback("special", "ND4J has few special functions, and those it has lose digits"),
            new HostFallback("topk", "ND4J's top_k takes the last axis only and leaves the order of NaN and of equal elements open"),
            new HostFallback("uniform", "ND4J's generators give other bits for another thread count or device; ours are counter-based"))
            .stream().collect(Collectors.toUnmodifiableMap(HostFallback::op, Function.identity()));

    private static final double INV_SQRT_2PI = 0.3989422804014327;
    private static final double SQRT_2_OVER_PI = 0.7978845608028654;
    private static final double GELU_CUBIC = 0.044715;

    private final Set<String> usedFallbacks = ConcurrentHashMap.newKeySet();

    private Nd4jBackend() {}

    @Override
    public String name() {
        return "nd4j";
    }

    /** The operations that run on the host, by name. */
    public static List<HostFallback> hostFallbacks() {
        return FALLBACKS.values().stream().sorted((a, b) -> a.op().compareTo(b.op())).toList();
    }

    /** ND4J's backend and the operations that run on the host instead. */
    @Override
    public String toString() {
        return "Nd4jBackend on " + Nd4j.getBackend().getClass().getSimpleName() + "; on the host:\n"
                + hostFallbacks().stream().map(f -> "  " + f).collect(Collectors.joining("\n"));
    }

    /** The fallbacks taken so far in this process. */
    Set<String> usedFallbacks() {
        return Set.copyOf(usedFallbacks);
    }

    /** The one way to the host: runs {@code work} there on copies of {@code inputs} and brings the result back. */
    private Tensor fallback(String op, Function<List<Tensor>, Tensor> work, Tensor... inputs) {
        if (!FALLBACKS.containsKey(op)) throw new IllegalStateException("Nd4jBackend: " + op + " is not in the list of host fallbacks");
        usedFallbacks.add(op);
        return work.apply(Arrays.stream(inputs).map(t -> t.to(CpuBackend.INSTANCE)).toList()).to(this);
    }

    private Tensor complex(Function<List<Tensor>, Tensor> work, Tensor... inputs) {
        return fallback("complex numbers", work, inputs);
    }

    private Tensor[] fallbackAll(String op, Function<List<Tensor>, Tensor[]> work, Tensor... inputs) {
        if (!FALLBACKS.containsKey(op)) throw new IllegalStateException("Nd4jBackend: " + op + " is not in the list of host fallbacks");
        usedFallbacks.add(op);
        Tensor[] results = work.apply(Arrays.stream(inputs).map(t -> t.to(CpuBackend.INSTANCE)).toList());
        return Arrays.stream(results).map(t -> t.to(this)).toArray(Tensor[]::new);
    }

    // ---- arrays and tensors ----

    /** A dense row-major array of the elements of {@code t}: its own memory if it lies so, else a copy. */
    private static INDArray in(Tensor t) {
        t.storage().checkLive(t.shape(), t.dtype());
        INDArray flat = ((Storage.Array) t.storage()).flat();
        if (t.isContiguous()) return NdArrays.strided(flat.data(), dims(t.shape()), t.shape().strides(), t.offset());
        long[] dims = dims(t.shape());
        boolean stretched = false;
        for (int i = 0; i < dims.length; i++) {
            if (t.strides()[i] != 0 || dims[i] == 1) continue;
            dims[i] = 1;
            stretched = true;
        }
        INDArray dense = NdArrays.strided(flat.data(), dims, t.strides(), t.offset()).dup('c');
        return stretched ? broadcast(dense, t.shape()) : dense;
    }

    private static INDArray broadcast(INDArray a, Shape to) {
        if (Arrays.equals(a.shape(), dims(to))) return a;
        return run("broadcast_to", out(a.dataType(), to), a, Nd4j.createFromArray(dims(to)));
    }

    private static long[] dims(Shape s) {
        return Arrays.stream(s.raw()).asLongStream().toArray();
    }

    private static INDArray out(DataType type, Shape shape) {
        return Nd4j.createUninitialized(type, dims(shape), 'c');
    }

    private static INDArray out(DataType type, long... shape) {
        return Nd4j.createUninitialized(type, shape, 'c');
    }

    /** A tensor over a dense array that nobody else holds. */
    Tensor own(INDArray array, Shape shape, DType dtype) {
        INDArray dense = array.ordering() == 'c' && array.offset() == 0 && array.data().length() == shape.size() ? array : array.dup('c');
        return Tensor.fresh(this, new Storage.Array(dense), shape, dtype);
    }

    private Tensor own(INDArray array, Tensor like) {
        return own(array, like.shape(), like.dtype());
    }

    /** Runs an operation of ND4J's library into {@code out}. */
    private static INDArray run(String op, INDArray out, INDArray... inputs) {
        Nd4j.exec(DynamicCustomOp.builder(op).addInputs(inputs).addOutputs(out).build());
        Reference.reachabilityFence(inputs);
        return out;
    }

    private static INDArray run(String op, INDArray out, INDArray[] inputs, int[] integers, boolean... flags) {
        var builder = DynamicCustomOp.builder(op).addInputs(inputs).addOutputs(out).addIntegerArguments(integers);
        if (flags.length > 0) builder.addBooleanArguments(flags);
        Nd4j.exec(builder.build());
        Reference.reachabilityFence(inputs);
        return out;
    }

    private static INDArray like(INDArray a) {
        return out(a.dataType(), a.shape());
    }

    /** A function of each element into a new array: the eager methods of {@code Nd4j.nn()} and {@code Nd4j.math()} overwrite their argument. */
    private static INDArray map(BiFunction<INDArray, INDArray, Op> op, INDArray a) {
        INDArray y = like(a);
        Nd4j.exec(op.apply(a, y));
        Reference.reachabilityFence(a);
        return y;
    }

    private static INDArray pair(String op, INDArray a, INDArray b) {
        return run(op, out(a.dataType(), pairShape(a, b)), a, b);
    }

    private static INDArray test(String op, INDArray a, INDArray b) {
        return run(op, out(DataType.BOOL, pairShape(a, b)), a, b);
    }

    private static long[] pairShape(INDArray a, INDArray b) {
        Shape x = Shape.of(Arrays.stream(a.shape()).mapToInt(i -> (int) i).toArray());
        Shape y = Shape.of(Arrays.stream(b.shape()).mapToInt(i -> (int) i).toArray());
        return dims(Shape.broadcast("nd4j", x, y));
    }

    private static INDArray number(INDArray like, double v) {
        return filled(like.dataType(), v, new long[0]);
    }

    private static INDArray filled(DataType type, double v, long... shape) {
        INDArray a = out(type, shape);
        if (type == DataType.BOOL) return a.assign(v != 0);
        return type.isFPType() ? a.assign(v) : a.assign((long) v);
    }

    /** {@code cond ? a : b}, all of one shape. */
    private static INDArray choose(INDArray cond, INDArray a, INDArray b) {
        return run("select", like(a), cond, a, b);
    }

    private static INDArray isNaN(INDArray a) {
        return test("not_equals", a, a);
    }

    /** The shape of complex numbers as pairs of real ones. */
    private static Shape pairs(Shape shape) {
        int[] d = Arrays.copyOf(shape.raw(), shape.rank() + 1);
        d[shape.rank()] = 2;
        return Shape.of(d);
    }

    // ---- making ----

    @Override
    public Tensor empty(Shape shape, DType dtype) {
        if (dtype.isComplex()) return Complex.complexView(empty(pairs(shape), dtype.toReal()));
        INDArray flat = out(NdArrays.dataType(dtype), Math.max(1, shape.size()));
        return Tensor.fresh(this, new Storage.Array(flat), shape, dtype);
    }

    @Override
    public Tensor full(Shape shape, DType dtype, double value) {
        if (dtype.isComplex()) return complex(t -> CpuBackend.INSTANCE.full(shape, dtype, value));
        INDArray flat = filled(NdArrays.dataType(dtype), value, Math.max(1, shape.size()));
        return Tensor.fresh(this, new Storage.Array(flat), shape, dtype);
    }

    @Override
    public Tensor arange(double start, double step, int n, DType dtype) {
        if (dtype.isComplex()) return complex(t -> CpuBackend.INSTANCE.arange(start, step, n, dtype));
        if (n == 0) return empty(Shape.of(0), dtype);
        double[] x = new double[n];
        for (int i = 0; i < n; i++) x[i] = start + i * step;
        return own(Nd4j.createFromArray(x).castTo(NdArrays.dataType(dtype)), Shape.of(n), dtype);
    }

    @Override
    public Tensor cast(Tensor a, DType dtype) {
        if (a.dtype().isComplex() || dtype.isComplex()) return complex(t -> CpuBackend.INSTANCE.cast(t.getFirst(), dtype), a);
        if (a.size() == 0) return empty(a.shape(), dtype);
        INDArray x = in(a);
        if (dtype == a.dtype()) return own(x.dup('c'), a.shape(), dtype);
        if (dtype == DType.BOOL) return own(test("not_equals", x, number(x, 0)), a.shape(), dtype);
        return own(x.castTo(NdArrays.dataType(dtype)), a.shape(), dtype);
    }

    @Override
    public void copyInto(Tensor dst, Tensor src) {
        if (dst.dtype().isComplex()) {
            copyInto(Complex.realView(dst), Complex.realView(src));
            return;
        }
        if (dst.size() == 0) return;
        NdArrays.strided(((Storage.Array) dst.storage()).flat(), dst).assign(in(src));
    }

    // ---- element-wise ----

    @Override
    public Tensor unary(Unary op, Tensor a) {
        if (a.dtype().isComplex()) return complex(t -> CpuBackend.INSTANCE.unary(op, t.getFirst()), a);
        if (a.size() == 0) return empty(a.shape(), a.dtype());
        Tensor y = own(unary(op, in(a)), a);
        Reference.reachabilityFence(a);
        return y;
    }

    private static INDArray unary(Unary op, INDArray x) {
        return switch (op) {
            case NEG -> pair("subtract", number(x, 0), x);
            case ABS -> map(Abs::new, x);
            case SIGN -> sign(x);
            case SQUARE -> pair("multiply", x, x);
            case SQRT -> map(Sqrt::new, x);
            case RSQRT -> map(RSqrt::new, x);
            case RECIPROCAL -> pair("divide", number(x, 1), x);
            case FLOOR -> x.dataType().isFPType() ? map(Floor::new, x) : x.dup('c');
            case CEIL -> x.dataType().isFPType() ? map(Ceil::new, x) : x.dup('c');
            case ROUND -> x.dataType().isFPType() ? map(Rint::new, x) : x.dup('c');
            case EXP -> map(Exp::new, x);
            case EXPM1 -> map(Expm1::new, x);
            case LOG -> map(Log::new, x);
            case LOG1P -> map(Log1p::new, x);
            case SIN -> map(Sin::new, x);
            case COS -> map(Cos::new, x);
            case TAN -> map(Tan::new, x);
            case ASIN -> map(ASin::new, x);
            case ACOS -> map(ACos::new, x);
            case ATAN -> map(ATan::new, x);
            case SINH -> map(Sinh::new, x);
            case COSH -> map(Cosh::new, x);
            case TANH -> map(Tanh::new, x);
            case ERF -> map(Erf::new, x);
            case SIGMOID -> map(Sigmoid::new, x);
            case SOFTPLUS -> pair("add", positivePart(x), map(Log1p::new, map(Exp::new, map(Abs::new, x).neg())));
            case RELU -> positivePart(x);
            case GELU -> x.mul(normalCdf(x));
            case GELU_TANH -> x.mul(0.5).mul(geluTanhInner(x).add(1));
            case SILU -> x.mul(map(Sigmoid::new, x));
            case CONJ -> x.dup('c');
            case NOT -> run("boolean_not", like(x), x);
        };
    }

    private static INDArray sign(INDArray x) {
        INDArray zero = number(x, 0);
        INDArray s = pair("subtract", test("greater", x, zero).castTo(x.dataType()), test("less", x, zero).castTo(x.dataType()));
        return x.dataType().isFPType() ? choose(isNaN(x), x, s) : s;
    }

    private static INDArray positivePart(INDArray x) {
        INDArray zeros = filled(x.dataType(), 0, x.shape());
        return choose(test("less_equal", x, zeros), zeros, x);
    }

    private static INDArray normalCdf(INDArray x) {
        return map(Erf::new, x.mul(Math.sqrt(0.5))).add(1).mul(0.5);
    }

    private static INDArray geluTanhInner(INDArray x) {
        return map(Tanh::new, x.mul(x).mul(x).mul(GELU_CUBIC).add(x).mul(SQRT_2_OVER_PI));
    }

    @Override
    public Tensor binary(Binary op, Tensor a, Tensor b, Shape shape) {
        if (a.dtype().isComplex()) return complex(t -> CpuBackend.INSTANCE.binary(op, t.get(0), t.get(1), shape), a, b);
        DType type = op.isLogical() ? DType.BOOL : a.dtype();
        if (shape.size() == 0) return empty(shape, type);
        Tensor y = own(binary(op, in(a), in(b)), shape, type);
        Reference.reachabilityFence(a);
        Reference.reachabilityFence(b);
        return y;
    }

    @Override
    public Tensor binary(Binary op, Tensor a, double s, boolean scalarFirst) {
        if (a.dtype().isComplex()) return complex(t -> CpuBackend.INSTANCE.binary(op, t.getFirst(), s, scalarFirst), a);
        DType type = op.isLogical() ? DType.BOOL : a.dtype();
        if (a.size() == 0) return empty(a.shape(), type);
        INDArray x = in(a);
        INDArray v = number(x, s);
        Tensor y = own(scalarFirst ? binary(op, v, x) : binary(op, x, v), a.shape(), type);
        Reference.reachabilityFence(a);
        return y;
    }

    private static INDArray binary(Binary op, INDArray a, INDArray b) {
        return switch (op) {
            case ADD -> pair("add", a, b);
            case SUB -> pair("subtract", a, b);
            case MUL -> pair("multiply", a, b);
            case DIV -> pair("divide", a, b);
            case POW -> pair("Pow", a, b);
            case MAXIMUM -> extreme("maximum", a, b);
            case MINIMUM -> extreme("minimum", a, b);
            case MOD -> pair("floormod", a, b);
            case FLOOR_DIV -> floorDiv(a, b);
            case ATAN2 -> pair("tf_atan2", a, b);
            case RELU_GRAD -> choose(test("less_equal", b, number(b, 0)), filled(a.dataType(), 0, a.shape()), a);
            case GELU_GRAD -> a.mul(normalCdf(b).add(b.mul(map(Exp::new, b.mul(b).mul(-0.5)).mul(INV_SQRT_2PI))));
            case GELU_TANH_GRAD -> {
                INDArray t = geluTanhInner(b);
                INDArray inner = b.mul(b).mul(3 * GELU_CUBIC).add(1).mul(SQRT_2_OVER_PI);
                yield a.mul(t.add(1).mul(0.5).add(b.mul(0.5).mul(t.mul(t).rsub(1)).mul(inner)));
            }
            case SILU_GRAD -> {
                INDArray s = map(Sigmoid::new, b);
                yield a.mul(s.mul(b.mul(s.rsub(1)).add(1)));
            }
            case TANH_GRAD -> a.mul(b.mul(b).rsub(1));
            case SIGMOID_GRAD -> a.mul(b.mul(b.rsub(1)));
            case EQ -> test("equals", a, b);
            case NE -> test("not_equals", a, b);
            case LT -> test("less", a, b);
            case LE -> test("less_equal", a, b);
            case GT -> test("greater", a, b);
            case GE -> test("greater_equal", a, b);
            case AND -> test("boolean_and", a, b);
            case OR -> test("boolean_or", a, b);
            case XOR -> test("not_equals", a, b);
        };
    }

    /** ND4J's floordiv truncates integers and rounds quotients of floats before it takes the floor. */
    private static INDArray floorDiv(INDArray a, INDArray b) {
        INDArray q = pair("divide", pair("subtract", a, pair("floormod", a, b)), b);
        if (!q.dataType().isFPType()) return q;
        INDArray plain = pair("divide", a, b);
        INDArray none = test("equals", b, number(b, 0));
        return choose(broadcast(none, Shape.of(Arrays.stream(q.shape()).mapToInt(i -> (int) i).toArray())), plain, map(Rint::new, q));
    }

    /** ND4J's extremes drop NaN. */
    private static INDArray extreme(String op, INDArray a, INDArray b) {
        INDArray y = pair(op, a, b);
        if (!y.dataType().isFPType()) return y;
        Shape shape = Shape.of(Arrays.stream(y.shape()).mapToInt(i -> (int) i).toArray());
        INDArray x = broadcast(a, shape);
        INDArray z = broadcast(b, shape);
        return choose(isNaN(x), x, choose(isNaN(z), z, y));
    }

    @Override
    public Tensor special(SpecialFunction f, Shape shape, Tensor... x) {
        return fallback("special", t -> CpuBackend.INSTANCE.special(f, shape, t.toArray(Tensor[]::new)), x);
    }

    @Override
    public Tensor where(Tensor cond, Tensor a, Tensor b, Shape shape) {
        if (a.dtype().isComplex()) return complex(t -> CpuBackend.INSTANCE.where(t.get(0), t.get(1), t.get(2), shape), cond, a, b);
        if (shape.size() == 0) return empty(shape, a.dtype());
        return own(choose(broadcast(in(cond), shape), broadcast(in(a), shape), broadcast(in(b), shape)), shape, a.dtype());
    }

    // ---- reductions ----

    @Override
    public Tensor reduce(Reduction op, Tensor a, int[] axes) {
        if (a.dtype().isComplex()) return complex(t -> CpuBackend.INSTANCE.reduce(op, t.getFirst(), axes), a);
        Shape shape = a.shape();
        for (int axis : axes) shape = shape.with(axis, 1);
        if (shape.size() == 0) return empty(shape, a.dtype());
        if (a.size() == 0) return full(shape, a.dtype(), ofNothing(op));
        if (axes.length == 0) return cast(a, a.dtype());
        return own(reduce(op, in(a), axes, shape), shape, a.dtype());
    }

    private static double ofNothing(Reduction op) {
        return switch (op) {
            case SUM, ANY -> 0;
            case PROD, ALL -> 1;
            case MEAN, MAX, MIN -> Double.NaN;
        };
    }

    private static INDArray reduce(Reduction op, INDArray x, int[] axes, Shape shape) {
        return switch (op) {
            case SUM -> fold("reduce_sum", x, axes, shape);
            case MEAN -> fold("reduce_mean", x, axes, shape);
            case PROD -> x.dataType().isFPType() ? fold("reduce_prod", x, axes, shape) : Nd4j.exec(new Prod(x, out(x.dataType(), shape), true, axes));
            case MAX -> extreme("reduce_max", x, axes, shape);
            case MIN -> extreme("reduce_min", x, axes, shape);
            case ANY -> fold("reduce_max", x.castTo(DataType.INT), axes, shape).castTo(DataType.BOOL);
            case ALL -> fold("reduce_min", x.castTo(DataType.INT), axes, shape).castTo(DataType.BOOL);
        };
    }

    private static INDArray fold(String op, INDArray x, int[] axes, Shape shape) {
        return run(op, out(x.dataType(), shape), new INDArray[] {x}, axes, true);
    }

    /** ND4J's extremes drop NaN. */
    private static INDArray extreme(String op, INDArray x, int[] axes, Shape shape) {
        boolean bytes = x.dataType() == DataType.BOOL || x.dataType() == DataType.UBYTE; // ND4J's least byte is wrong
        if (bytes) return fold(op, x.castTo(DataType.INT), axes, shape).castTo(x.dataType());
        INDArray y = fold(op, x, axes, shape);
        if (!x.dataType().isFPType()) return y;
        INDArray any = fold("reduce_max", isNaN(x).castTo(DataType.INT), axes, shape).castTo(DataType.BOOL);
        return choose(any, filled(x.dataType(), Double.NaN, y.shape()), y);
    }

    private static INDArray rows(String op, INDArray x) {
        int last = x.rank() - 1;
        long[] shape = x.shape().clone();
        shape[last] = 1;
        return run(op, out(x.dataType(), shape), new INDArray[] {x}, new int[] {last}, true);
    }

    @Override
    public Tensor argReduce(boolean largest, Tensor a, int axis) {
        Shape shape = a.shape().with(axis, 1);
        if (shape.size() == 0) return empty(shape, DType.INT64);
        INDArray x = in(a);
        if (a.dtype() == DType.BOOL) x = x.castTo(DataType.INT);
        return own(position(largest, x, axis, dims(shape)), shape, DType.INT64);
    }

    /** Position of the first extreme along {@code axis}; the first NaN counts as one, which ND4J skips. */
    private static INDArray position(boolean largest, INDArray x, int axis, long[] shape) {
        INDArray y = run(largest ? "argmax" : "argmin", out(DataType.LONG, shape), new INDArray[] {x}, new int[] {axis}, true);
        if (!x.dataType().isFPType()) return y;
        INDArray odd = isNaN(x).castTo(DataType.INT);
        INDArray any = run("reduce_max", out(DataType.INT, shape), new INDArray[] {odd}, new int[] {axis}, true).castTo(DataType.BOOL);
        return choose(any, run("argmax", out(DataType.LONG, shape), new INDArray[] {odd}, new int[] {axis}, true), y);
    }

    @Override
    public Tensor cumsum(Tensor a, int axis) {
        if (a.dtype().isComplex()) return complex(t -> CpuBackend.INSTANCE.cumsum(t.getFirst(), axis), a);
        if (a.size() == 0) return empty(a.shape(), a.dtype());
        if (!a.dtype().isFloat()) return fallback("cumsum of integers", t -> CpuBackend.INSTANCE.cumsum(t.getFirst(), axis), a);
        INDArray x = in(a);
        return own(run("cumsum", like(x), new INDArray[] {x}, new int[] {0, 0, axis}), a);
    }

    @Override
    public Tensor cumulate(Cumulative op, Tensor a, int axis) {
        return fallback("cumulate", t -> CpuBackend.INSTANCE.cumulate(op, t.getFirst(), axis), a);
    }

    @Override
    public Tensor cumulativeArg(boolean largest, Tensor a, int axis) {
        return fallback("cumulativeArg", t -> CpuBackend.INSTANCE.cumulativeArg(largest, t.getFirst(), axis), a);
    }

    @Override
    public Tensor argsort(Tensor a, int axis, boolean descending) {
        return fallback("argsort", t -> CpuBackend.INSTANCE.argsort(t.getFirst(), axis, descending), a);
    }

    @Override
    public Tensor topk(Tensor a, int axis, int k, boolean largest) {
        return fallback("topk", t -> CpuBackend.INSTANCE.topk(t.getFirst(), axis, k, largest), a);
    }

    // ---- matrices ----

    @Override
    public Tensor matmul(Tensor a, Tensor b) {
        if (a.dtype().isComplex()) return complex(t -> CpuBackend.INSTANCE.matmul(t.get(0), t.get(1)), a, b);
        int[] d = a.shape().dims();
        d[d.length - 1] = b.dim(-1);
        Shape shape = Shape.of(d);
        if (shape.size() == 0) return empty(shape, a.dtype());
        if (a.size() == 0) return full(shape, a.dtype(), 0);
        return own(run("matmul", out(NdArrays.dataType(a.dtype()), shape), in(a), in(b)), shape, a.dtype());
    }

    @Override
    public Tensor linear(Tensor x, Tensor w, Tensor b) {
        Tensor y = matmul(x, w.detach().t());
        return b == null || y.size() == 0 ? y : binary(Binary.ADD, y, b, y.shape());
    }

    // ---- decompositions ----

    @Override
    public Tensor[] eigh(Tensor a, boolean vectors) {
        return fallbackAll("eigh", t -> CpuBackend.INSTANCE.eigh(t.getFirst(), vectors), a);
    }

    @Override
    public Tensor[] svd(Tensor a, boolean vectors, boolean full) {
        return fallbackAll("svd", t -> CpuBackend.INSTANCE.svd(t.getFirst(), vectors, full), a);
    }

    @Override
    public Tensor cholesky(Tensor a) {
        return fallback("cholesky", t -> CpuBackend.INSTANCE.cholesky(t.getFirst()), a);
    }

    @Override
    public Tensor solveTriangular(Tensor a, Tensor b, boolean upper, boolean unit) {
        return fallback("solveTriangular", t -> CpuBackend.INSTANCE.solveTriangular(t.get(0), t.get(1), upper, unit), a, b);
    }

    @Override
    public Tensor[] lu(Tensor a, boolean regular) {
        return fallbackAll("lu", t -> CpuBackend.INSTANCE.lu(t.getFirst(), regular), a);
    }

    @Override
    public Tensor luSolve(Tensor lu, Tensor pivots, Tensor b, boolean transposed) {
        return fallback("luSolve", t -> CpuBackend.INSTANCE.luSolve(t.get(0), t.get(1), t.get(2), transposed), lu, pivots, b);
    }

    @Override
    public Tensor[] qr(Tensor a, boolean full) {
        return fallbackAll("qr", t -> CpuBackend.INSTANCE.qr(t.getFirst(), full), a);
    }

    @Override
    public Tensor linearRecurrence(Tensor a, Tensor b, int axis, boolean reverse) {
        return fallback("linearRecurrence", t -> CpuBackend.INSTANCE.linearRecurrence(t.get(0), t.get(1), axis, reverse), a, b);
    }

    // ---- Fourier transforms ----

    @Override
    public Tensor fft(Tensor a, boolean inverse) {
        return fallback("fft", t -> CpuBackend.INSTANCE.fft(t.getFirst(), inverse), a);
    }

    @Override
    public Tensor rfft(Tensor a) {
        return fallback("fft", t -> CpuBackend.INSTANCE.rfft(t.getFirst()), a);
    }

    @Override
    public Tensor irfft(Tensor a, int n) {
        return fallback("fft", t -> CpuBackend.INSTANCE.irfft(t.getFirst(), n), a);
    }

    // ---- indexing; ND4J does not check indices, so they are read and checked here ----

    private static long[] elements(Tensor index) {
        return index.size() == 0 ? new long[0] : in(index).data().asLong();
    }

    private static void check(String op, long i, int length, int axis, Shape of) {
        if (i < 0 || i >= length) throw new IndexOutOfBoundsException(op + ": index " + i + " is out of range for axis " + axis + " of " + of + "; use 0 to " + (length - 1));
    }

    @Override
    public Tensor indexSelect(Tensor a, int axis, Tensor index) {
        if (a.dtype().isComplex()) return complex(t -> CpuBackend.INSTANCE.indexSelect(t.get(0), axis, t.get(1)), a, index);
        for (long i : elements(index)) check("indexSelect", i, a.dim(axis), axis, a.shape());
        Shape shape = a.shape().with(axis, index.dim(0));
        if (shape.size() == 0) return empty(shape, a.dtype());
        return own(pick(in(a), in(index), axis, shape), shape, a.dtype());
    }

    @Override
    public Tensor indexAdd(Tensor a, int axis, Tensor index, int length) {
        if (a.dtype().isComplex()) return complex(t -> CpuBackend.INSTANCE.indexAdd(t.get(0), axis, t.get(1), length), a, index);
        Shape shape = a.shape().with(axis, length);
        long[] rows = elements(index);
        for (long i : rows) check("indexAdd", i, length, axis, shape);
        if (a.size() == 0) return full(shape, a.dtype(), 0);
        int inner = 1;
        for (int k = axis + 1; k < a.rank(); k++) inner *= a.dim(k);
        long[] flat = new long[(int) a.size()];
        int n = rows.length;
        for (int e = 0; e < flat.length; e++) flat[e] = (e / inner / n * (long) length + rows[e / inner % n]) * inner + e % inner;
        return addAt(flat, in(a), shape, a.dtype());
    }

    /** Zeros of {@code shape} with the elements of {@code updates} added at row-major positions, one after another. */
    private Tensor addAt(long[] positions, INDArray updates, Shape shape, DType dtype) {
        INDArray zeros = filled(updates.dataType(), 0, shape.size());
        INDArray[] inputs = {zeros, Nd4j.createFromArray(positions), updates.reshape(updates.length())};
        boolean locked = true; // without it repeated positions race
        return own(run("scatter_add", like(zeros), inputs, new int[0], locked, true), shape, dtype);
    }

    /** Row-major positions in {@code of} that {@code index} names along {@code axis}. */
    private static long[] positions(String op, Shape of, int axis, Tensor index) {
        long[] named = elements(index);
        long[] at = new long[named.length];
        long[] strides = of.strides();
        int[] d = index.shape().raw();
        for (int e = 0; e < at.length; e++) {
            check(op, named[e], of.dim(axis), axis, of);
            long rest = e;
            for (int k = d.length - 1; k >= 0; k--) {
                at[e] += (k == axis ? named[e] : rest % d[k]) * strides[k];
                rest /= d[k];
            }
        }
        return at;
    }

    @Override
    public Tensor gather(Tensor a, int axis, Tensor index) {
        if (a.dtype().isComplex()) return complex(t -> CpuBackend.INSTANCE.gather(t.get(0), axis, t.get(1)), a, index);
        long[] at = positions("gather", a.shape(), axis, index);
        if (at.length == 0) return empty(index.shape(), a.dtype());
        return own(pick(in(a), at), index.shape(), a.dtype());
    }

    private static INDArray pick(INDArray a, long[] positions) {
        return pick(a.reshape(a.length()), Nd4j.createFromArray(positions), 0, Shape.of(positions.length));
    }

    private static INDArray pick(INDArray a, INDArray index, int axis, Shape shape) {
        if (a.dataType() == DataType.BOOL) return pick(a.castTo(DataType.UBYTE), index, axis, shape).castTo(DataType.BOOL); // ND4J gathers no BOOL
        return run("gather", out(a.dataType(), shape), new INDArray[] {a, index}, new int[] {axis});
    }

    @Override
    public Tensor scatterAdd(Tensor a, int axis, Tensor index, Shape shape) {
        if (a.dtype().isComplex()) return complex(t -> CpuBackend.INSTANCE.scatterAdd(t.get(0), axis, t.get(1), shape), a, index);
        long[] at = positions("scatterAdd", shape, axis, index);
        if (at.length == 0) return full(shape, a.dtype(), 0);
        return addAt(at, in(a), shape, a.dtype());
    }

    @Override
    public Tensor lastNamed(Tensor index, int axis, Shape shape) {
        long[] at = positions("scatter", shape, axis, index);
        long[] last = new long[Math.toIntExact(shape.size())];
        Arrays.fill(last, -1);
        long inner = 1;
        for (int k = axis + 1; k < shape.rank(); k++) inner *= shape.dim(k);
        for (int e = 0; e < at.length; e++) last[(int) at[e]] = e / inner % index.dim(axis);
        if (last.length == 0) return empty(shape, DType.INT64);
        return own(Nd4j.createFromArray(last), shape, DType.INT64);
    }

    @Override
    public Tensor searchSorted(Tensor sorted, Tensor values, boolean right) {
        return fallback("searchSorted", t -> CpuBackend.INSTANCE.searchSorted(t.get(0), t.get(1), right), sorted, values);
    }

    @Override
    public Tensor concat(List<Tensor> parts, int axis) {
        if (parts.getFirst().dtype().isComplex()) return complex(t -> CpuBackend.INSTANCE.concat(t, axis), parts.toArray(Tensor[]::new));
        int length = parts.stream().mapToInt(p -> p.dim(axis)).sum();
        Tensor first = parts.getFirst();
        Shape shape = first.shape().with(axis, length);
        if (shape.size() == 0) return empty(shape, first.dtype());
        INDArray[] arrays = parts.stream().filter(p -> p.size() > 0).map(Nd4jBackend::in).toArray(INDArray[]::new);
        return own(run("concat", out(NdArrays.dataType(first.dtype()), shape), arrays, new int[] {axis}), shape, first.dtype());
    }

    // ---- rows ----

    @Override
    public Tensor softmax(Tensor a) {
        if (a.size() == 0) return empty(a.shape(), a.dtype());
        INDArray e = exponentials(in(a));
        return own(pair("divide", e, rows("reduce_sum", e)), a);
    }

    private static INDArray exponentials(INDArray x) {
        return map(Exp::new, pair("subtract", x, rowMax(x)));
    }

    private static INDArray rowMax(INDArray x) {
        long[] shape = x.shape().clone();
        shape[shape.length - 1] = 1;
        return extreme("reduce_max", x, new int[] {shape.length - 1}, Shape.of(Arrays.stream(shape).mapToInt(i -> (int) i).toArray()));
    }

    @Override
    public Tensor logSoftmax(Tensor a) {
        if (a.size() == 0) return empty(a.shape(), a.dtype());
        INDArray x = in(a);
        INDArray shifted = pair("subtract", x, rowMax(x));
        return own(pair("subtract", shifted, map(Log::new, rows("reduce_sum", map(Exp::new, shifted)))), a);
    }

    @Override
    public Tensor softmaxBackward(Tensor g, Tensor y) {
        if (y.size() == 0) return empty(y.shape(), y.dtype());
        INDArray d = in(g);
        INDArray p = in(y);
        return own(p.mul(pair("subtract", d, rows("reduce_sum", d.mul(p)))), y);
    }

    @Override
    public Tensor logSoftmaxBackward(Tensor g, Tensor y) {
        if (y.size() == 0) return empty(y.shape(), y.dtype());
        INDArray d = in(g);
        return own(pair("subtract", d, pair("multiply", map(Exp::new, in(y)), rows("reduce_sum", d))), y);
    }

    @Override
    public Tensor[] crossEntropy(Tensor logits, Tensor labels) {
        Shape n = labels.shape();
        long[] at = positions("crossEntropy", logits.shape(), 1, labels.detach().unsqueeze(1));
        if (at.length == 0) return new Tensor[] {empty(n, logits.dtype()), empty(n, DType.FLOAT64)};
        INDArray x = in(logits);
        INDArray top = rowMax(x);
        INDArray finite = choose(test("equals", map(Abs::new, top), number(top, Double.POSITIVE_INFINITY)), filled(top.dataType(), 0, top.shape()), top);
        INDArray sums = rows("reduce_sum", map(Exp::new, pair("subtract", x, finite)));
        INDArray logsumexp = map(Log::new, sums).castTo(DataType.DOUBLE).add(finite.castTo(DataType.DOUBLE)).reshape(at.length);
        INDArray loss = logsumexp.sub(pick(x, at).castTo(DataType.DOUBLE)).castTo(x.dataType());
        return new Tensor[] {own(loss, n, logits.dtype()), own(logsumexp, n, DType.FLOAT64)};
    }

    @Override
    public Tensor crossEntropyBackward(Tensor g, Tensor logits, Tensor labels, Tensor logsumexp) {
        if (logits.size() == 0) return empty(logits.shape(), logits.dtype());
        long n = logits.dim(0);
        INDArray x = in(logits);
        INDArray p = map(Exp::new, pair("subtract", x.castTo(DataType.DOUBLE), in(logsumexp).castTo(DataType.DOUBLE).reshape(n, 1))).castTo(x.dataType());
        Tensor hot = labels.detach().oneHot(logits.dim(1)).to(logits.dtype());
        return own(pair("multiply", p.sub(in(hot)), in(g).reshape(n, 1)), logits);
    }

    @Override
    public Tensor[] layerNorm(Tensor x, Tensor weight, Tensor bias, double eps) {
        Shape rows = x.shape().with(-1, 1);
        if (x.size() == 0) return new Tensor[] {empty(x.shape(), x.dtype()), full(rows, x.dtype(), Double.NaN), full(rows, x.dtype(), Double.NaN)};
        INDArray a = in(x);
        INDArray mean = rows("reduce_mean", a);
        INDArray centred = pair("subtract", a, mean);
        INDArray rstd = map(RSqrt::new, rows("reduce_mean", centred.mul(centred)).add(eps));
        INDArray y = pair("multiply", centred, rstd);
        if (weight != null) y = pair("multiply", y, in(weight));
        if (bias != null) y = pair("add", y, in(bias));
        return new Tensor[] {own(y, x), own(mean, rows, x.dtype()), own(rstd, rows, x.dtype())};
    }

    @Override
    public Tensor[] layerNormBackward(Tensor g, Tensor x, Tensor mean, Tensor rstd, Tensor weight) {
        Shape d = Shape.of(x.dim(-1));
        if (x.size() == 0) return new Tensor[] {empty(x.shape(), x.dtype()), weight == null ? null : full(d, x.dtype(), 0), weight == null ? null : full(d, x.dtype(), 0)};
        INDArray up = in(g);
        INDArray scale = in(rstd);
        INDArray normal = pair("multiply", pair("subtract", in(x), in(mean)), scale);
        INDArray gw = weight == null ? up : pair("multiply", up, in(weight));
        INDArray centred = pair("subtract", pair("subtract", gw, rows("reduce_mean", gw)), pair("multiply", normal, rows("reduce_mean", gw.mul(normal))));
        Tensor dx = own(pair("multiply", centred, scale), x);
        if (weight == null) return new Tensor[] {dx, null, null};
        return new Tensor[] {dx, own(columnSums(up.mul(normal)), d, x.dtype()), own(columnSums(up), d, x.dtype())};
    }

    private static INDArray columnSums(INDArray a) {
        long d = a.size(-1);
        return run("reduce_sum", out(a.dataType(), d), new INDArray[] {a.reshape(a.length() / d, d)}, new int[] {0}, false);
    }

    @Override
    public Tensor[] rmsNorm(Tensor x, Tensor weight, double eps) {
        Shape rows = x.shape().with(-1, 1);
        if (x.size() == 0) return new Tensor[] {empty(x.shape(), x.dtype()), full(rows, x.dtype(), Double.NaN)};
        INDArray a = in(x);
        INDArray rrms = map(RSqrt::new, rows("reduce_mean", a.mul(a)).add(eps));
        INDArray y = pair("multiply", a, rrms);
        return new Tensor[] {own(weight == null ? y : pair("multiply", y, in(weight)), x), own(rrms, rows, x.dtype())};
    }

    @Override
    public Tensor[] rmsNormBackward(Tensor g, Tensor x, Tensor rrms, Tensor weight) {
        Shape d = Shape.of(x.dim(-1));
        if (x.size() == 0) return new Tensor[] {empty(x.shape(), x.dtype()), weight == null ? null : full(d, x.dtype(), 0)};
        INDArray up = in(g);
        INDArray scale = in(rrms);
        INDArray normal = pair("multiply", in(x), scale);
        INDArray gw = weight == null ? up : pair("multiply", up, in(weight));
        INDArray dx = pair("multiply", pair("subtract", gw, pair("multiply", normal, rows("reduce_mean", gw.mul(normal)))), scale);
        return new Tensor[] {own(dx, x), weight == null ? null : own(columnSums(up.mul(normal)), d, x.dtype())};
    }

    private static INDArray channels(String op, INDArray a) {
        return run(op, out(a.dataType(), 1, a.size(1), 1), new INDArray[] {a}, new int[] {0, 2}, true);
    }

    private static INDArray channel(Tensor perChannel) {
        return in(perChannel).reshape(1, perChannel.size(), 1);
    }

    @Override
    public Tensor[] batchNorm(Tensor x, Tensor weight, Tensor bias, double eps) {
        Shape c = Shape.of(x.dim(1));
        if (x.size() == 0) return new Tensor[] {empty(x.shape(), x.dtype()), full(c, x.dtype(), Double.NaN), full(c, x.dtype(), Double.NaN)};
        INDArray a = in(x);
        INDArray mean = channels("reduce_mean", a);
        INDArray centred = pair("subtract", a, mean);
        INDArray variance = channels("reduce_mean", centred.mul(centred));
        INDArray y = pair("multiply", centred, map(RSqrt::new, variance.add(eps)));
        if (weight != null) y = pair("multiply", y, channel(weight));
        if (bias != null) y = pair("add", y, channel(bias));
        return new Tensor[] {own(y, x), own(mean, c, x.dtype()), own(variance, c, x.dtype())};
    }

    @Override
    public Tensor[] batchNormBackward(Tensor g, Tensor x, Tensor mean, Tensor variance, Tensor weight, double eps) {
        Shape c = Shape.of(x.dim(1));
        if (x.size() == 0) return new Tensor[] {empty(x.shape(), x.dtype()), full(c, x.dtype(), 0), full(c, x.dtype(), 0)};
        INDArray up = in(g);
        INDArray rstd = map(RSqrt::new, channel(variance).add(eps));
        INDArray normal = pair("multiply", pair("subtract", in(x), channel(mean)), rstd);
        INDArray centred = pair("subtract", pair("subtract", up, channels("reduce_mean", up)), pair("multiply", normal, channels("reduce_mean", up.mul(normal))));
        INDArray scale = weight == null ? rstd : pair("multiply", rstd, channel(weight));
        return new Tensor[] {own(pair("multiply", centred, scale), x), own(channels("reduce_sum", up.mul(normal)), c, x.dtype()), own(channels("reduce_sum", up), c, x.dtype())};
    }

    // ---- convolution and pooling ----

    @Override
    public Tensor conv2d(Tensor x, Tensor kernel, Tensor bias, Conv2d spec) {
        Nd4jWindows w = Nd4jWindows.of(x.shape(), kernel.shape(), spec);
        Shape shape = Shape.of(x.dim(0), kernel.dim(0), w.outH(), w.outW());
        if (shape.size() == 0) return empty(shape, x.dtype());
        INDArray columns = w.columns(in(x), 0).reshape(x.dim(0), spec.groups(), kernel.size() / kernel.dim(0), (long) w.outH() * w.outW());
        INDArray y = batched(grouped(in(kernel), x.dim(0), spec.groups()), columns).reshape(dims(shape));
        return own(bias == null ? y : pair("add", y, in(bias).reshape(1, bias.size(), 1, 1)), shape, x.dtype());
    }

    @Override
    public Tensor conv2dInput(Tensor g, Tensor kernel, Shape shape, Conv2d spec) {
        if (shape.size() == 0) return empty(shape, g.dtype());
        Nd4jWindows w = Nd4jWindows.of(shape, kernel.shape(), spec);
        long area = (long) w.outH() * w.outW();
        INDArray up = in(g).reshape(shape.dim(0), spec.groups(), kernel.dim(0) / spec.groups(), area);
        INDArray columns = batched(grouped(in(kernel), shape.dim(0), spec.groups()).permute(0, 1, 3, 2).dup('c'), up);
        return own(w.sum(columns), shape, g.dtype());
    }

    @Override
    public Tensor conv2dKernel(Tensor g, Tensor x, Shape shape, Conv2d spec) {
        if (g.size() == 0 || x.size() == 0) return full(shape, g.dtype(), 0);
        Nd4jWindows w = Nd4jWindows.of(x.shape(), shape, spec);
        long area = (long) w.outH() * w.outW();
        INDArray columns = w.columns(in(x), 0).reshape(x.dim(0), spec.groups(), shape.size() / shape.dim(0), area).permute(0, 1, 3, 2).dup('c');
        INDArray up = in(g).reshape(x.dim(0), spec.groups(), shape.dim(0) / spec.groups(), area);
        INDArray each = batched(up, columns).reshape(x.dim(0), shape.size());
        return own(run("reduce_sum", out(each.dataType(), shape.size()), new INDArray[] {each}, new int[] {0}, false), shape, g.dtype());
    }

    /** The kernel as (n, groups, o/groups, c/groups kh kw). */
    private static INDArray grouped(INDArray kernel, int n, int groups) {
        long o = kernel.size(0);
        INDArray one = kernel.reshape(1, groups, o / groups, kernel.length() / o);
        return broadcast(one, Shape.of(n, groups, (int) (o / groups), (int) (kernel.length() / o)));
    }

    private static INDArray batched(INDArray a, INDArray b) {
        return run("matmul", out(a.dataType(), a.size(0), a.size(1), a.size(2), b.size(3)), a, b);
    }

    @Override
    public Tensor[] maxPool2d(Tensor x, Pool2d spec) {
        Nd4jWindows w = Nd4jWindows.of(x.shape(), spec);
        Shape shape = Shape.of(x.dim(0), x.dim(1), w.outH(), w.outW());
        if (shape.size() == 0) return new Tensor[] {empty(shape, x.dtype()), empty(shape, DType.INT64)};
        long area = (long) spec.kernelH() * spec.kernelW();
        INDArray windows = w.columns(in(x), Double.NEGATIVE_INFINITY).permute(0, 1, 4, 5, 2, 3).dup('c').reshape(shape.size(), area);
        INDArray y = rowMax(windows);
        long[] within = position(true, windows, 1, new long[] {shape.size(), 1}).data().asLong();
        long[] plane = new long[within.length];
        for (int i = 0; i < plane.length; i++) plane[i] = w.planePosition(within[i], i);
        return new Tensor[] {own(y, shape, x.dtype()), own(Nd4j.createFromArray(plane), shape, DType.INT64)};
    }

    @Override
    public Tensor avgPool2d(Tensor x, Pool2d spec) {
        Nd4jWindows w = Nd4jWindows.of(x.shape(), spec);
        Shape shape = Shape.of(x.dim(0), x.dim(1), w.outH(), w.outW());
        if (shape.size() == 0) return empty(shape, x.dtype());
        INDArray y = run("reduce_mean", out(NdArrays.dataType(x.dtype()), shape), new INDArray[] {w.columns(in(x), 0)}, new int[] {2, 3}, false);
        return own(y, shape, x.dtype());
    }

    @Override
    public Tensor avgPool2dInput(Tensor g, Shape shape, Pool2d spec) {
        if (shape.size() == 0) return empty(shape, g.dtype());
        Nd4jWindows w = Nd4jWindows.of(shape, spec);
        INDArray share = in(g).div((double) spec.kernelH() * spec.kernelW()).reshape(shape.dim(0), shape.dim(1), 1, 1, w.outH(), w.outW());
        return own(w.sum(broadcast(share, Shape.of(shape.dim(0), shape.dim(1), spec.kernelH(), spec.kernelW(), w.outH(), w.outW()))), shape, g.dtype());
    }

    // ---- random numbers and optimisers ----

    // ---- recurrence: ND4J's lstmLayer is broken, so that the loop is one of single operations ----

    @Override
    public Tensor[] recurrence(Unroll a, boolean keep) {
        Tensor[] out = Recurrence.composed(detached(a));
        return new Tensor[] {out[0], out[1], null};
    }

    @Override
    public Tensor[] recurrenceBackward(Unroll a, Tensor[] forward, Tensor g, Tensor gc) {
        Tensor[] d = Recurrence.composedGradients(detached(a), g, gc);
        Tensor[] zeros = {a.x(), a.weight(), a.h(), a.c() == null ? a.bias() : a.c()};
        for (int i = 0; i < d.length; i++) if (d[i] == null) d[i] = full(zeros[i].shape(), zeros[i].dtype(), 0);
        return new Tensor[] {d[0], d[1], a.bias() == null ? null : d[3], d[2], a.c() == null ? null : d[3]};
    }

    private static Unroll detached(Unroll a) {
        return new Unroll(a.cell(), a.x().detach(), a.weight().detach(), a.bias() == null ? null : a.bias().detach(), a.h().detach(), a.c() == null ? null : a.c().detach(), a.reverse());
    }

    @Override
    public Tensor normal(long key, long counter, Shape shape, DType dtype) {
        return fallback("normal", t -> CpuBackend.INSTANCE.normal(key, counter, shape, dtype));
    }

    @Override
    public Tensor uniform(long key, long counter, Shape shape, DType dtype) {
        return fallback("uniform", t -> CpuBackend.INSTANCE.uniform(key, counter, shape, dtype));
    }

    @Override
    public Tensor[] adam(Tensor p, Tensor g, Tensor m, Tensor v, AdamStep s) {
        if (p.size() == 0) return new Tensor[] {empty(p.shape(), p.dtype()), empty(p.shape(), p.dtype()), empty(p.shape(), p.dtype())};
        INDArray slope = in(g);
        INDArray mean = in(m).mul(s.b1()).add(slope.mul(1 - s.b1()));
        INDArray square = in(v).mul(s.b2()).add(slope.mul(slope).mul(1 - s.b2()));
        INDArray step = mean.div(s.c1()).mul(s.lr()).div(map(Sqrt::new, square.div(s.c2())).add(s.eps()));
        return new Tensor[] {own(in(p).mul(1 - s.lr() * s.weightDecay()).sub(step), p), own(mean, p), own(square, p)};
    }
}
