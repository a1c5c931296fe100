package lemma.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.List;
import lemma.display.Bundle;
import lemma.display.Rich;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An immutable n-dimensional array. Methods carry the names and the meaning of PyTorch's; axes may be negative, shapes broadcast as
 * in NumPy, and reshaping, transposing and slicing make views that share memory.
 *
 * <p>Inside a transformation of {@code lemma.autodiff} every operation here is differentiable, to any order, unless its doc says otherwise.
 *
 * <p>Memory: a tensor made inside a {@link Scope} goes back to the pool when the scope ends, unless it is returned or {@link #keep()}
 * was called; elsewhere it lives until nothing refers to it.
 */
public final class Tensor implements Rich {
    private final Storage storage;
    private final Shape shape;
    private final long[] strides;
    private final long offset;
    private final DType dtype;
    private final Backend backend;
    Node node;

    Tensor(Backend backend, Storage storage, Shape shape, long[] strides, long offset, DType dtype) {
        this.backend = backend;
        this.storage = storage;
        this.shape = shape;
        this.strides = strides;
        this.offset = offset;
        this.dtype = dtype;
    }

    /** A contiguous tensor over fresh storage, which joins the open scope. For backends. */
    static Tensor fresh(Backend backend, Storage storage, Shape shape, DType dtype) {
        Scope scope = Context.get().scope;
        if (scope == null) storage.manage();
        else scope.add(storage);
        return new Tensor(backend, storage, shape, shape.strides(), 0, dtype);
    }

    // ---- making ----

    /** A FLOAT32 tensor of the given elements in row-major order; without a shape it is a vector. */
    public static Tensor of(float[] data, int... shape) {
        Shape s = shapeFor(data.length, shape);
        return fromHost(s, DType.FLOAT32, MemorySegment.ofArray(data));
    }

    /** A FLOAT64 tensor of the given elements in row-major order; without a shape it is a vector. */
    public static Tensor of(double[] data, int... shape) {
        Shape s = shapeFor(data.length, shape);
        return fromHost(s, DType.FLOAT64, MemorySegment.ofArray(data));
    }

    /** An INT32 tensor of the given elements in row-major order; without a shape it is a vector. */
    public static Tensor of(int[] data, int... shape) {
        Shape s = shapeFor(data.length, shape);
        return fromHost(s, DType.INT32, MemorySegment.ofArray(data));
    }

    /** An INT64 tensor of the given elements in row-major order; without a shape it is a vector. */
    public static Tensor of(long[] data, int... shape) {
        Shape s = shapeFor(data.length, shape);
        return fromHost(s, DType.INT64, MemorySegment.ofArray(data));
    }

    /** A UINT8 tensor of the given bytes, read as 0 to 255; without a shape it is a vector. */
    public static Tensor of(byte[] data, int... shape) {
        Shape s = shapeFor(data.length, shape);
        return fromHost(s, DType.UINT8, MemorySegment.ofArray(data));
    }

    /** A BOOL tensor of the given elements in row-major order; without a shape it is a vector. */
    public static Tensor of(boolean[] data, int... shape) {
        byte[] bytes = new byte[data.length];
        for (int i = 0; i < data.length; i++) bytes[i] = (byte) (data[i] ? 1 : 0);
        return fromHost(shapeFor(data.length, shape), DType.BOOL, MemorySegment.ofArray(bytes));
    }

    /** A FLOAT32 matrix; rows must be equally long. */
    public static Tensor of(float[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        float[] flat = new float[rows.length * columns];
        for (int i = 0; i < rows.length; i++) {
            checkRow(i, rows[i].length, columns);
            System.arraycopy(rows[i], 0, flat, i * columns, columns);
        }
        return of(flat, rows.length, columns);
    }

    /** A FLOAT64 matrix; rows must be equally long. */
    public static Tensor of(double[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        double[] flat = new double[rows.length * columns];
        for (int i = 0; i < rows.length; i++) {
            checkRow(i, rows[i].length, columns);
            System.arraycopy(rows[i], 0, flat, i * columns, columns);
        }
        return of(flat, rows.length, columns);
    }

    /** The elements of {@code array} without a copy: writing to one shows in the other, and the array stays reachable. */
    public static Tensor of(INDArray array) {
        return NdArrays.wrap(array);
    }

    /** A FLOAT32 scalar. */
    public static Tensor scalar(double value) {
        return scalar(value, DType.FLOAT32);
    }

    /** A scalar of the given type. */
    public static Tensor scalar(double value, DType dtype) {
        return CpuBackend.INSTANCE.full(Shape.SCALAR, dtype, value);
    }

    /** FLOAT32 zeros. */
    public static Tensor zeros(int... shape) {
        return full(Shape.of(shape), DType.FLOAT32, 0);
    }

    /** FLOAT32 ones. */
    public static Tensor ones(int... shape) {
        return full(Shape.of(shape), DType.FLOAT32, 1);
    }

    /** Every element {@code value}. */
    public static Tensor full(Shape shape, DType dtype, double value) {
        return CpuBackend.INSTANCE.full(shape, dtype, value);
    }

    /** INT64 numbers 0 to n - 1. */
    public static Tensor arange(int n) {
        return arange(0, n, 1, DType.INT64);
    }

    /** {@code start, start + step, ...}, all before {@code end}. */
    public static Tensor arange(double start, double end, double step, DType dtype) {
        if (step == 0 || Double.isNaN(step)) throw new IllegalArgumentException("arange: step " + step + "; it must not be zero");
        int n = (int) Math.max(0, Math.ceil((end - start) / step));
        return CpuBackend.INSTANCE.arange(start, step, n, dtype);
    }

    /** FLOAT64 numbers from {@code start} to {@code end}, both included, equally spaced. */
    public static Tensor linspace(double start, double end, int n) {
        if (n < 2) throw new IllegalArgumentException("linspace: n is " + n + ", expected at least 2");
        double[] x = new double[n];
        for (int i = 0; i < n; i++) x[i] = i == n - 1 ? end : start + i * ((end - start) / (n - 1));
        return of(x);
    }

    /** The identity matrix in FLOAT32. */
    public static Tensor eye(int n) {
        return eye(n, DType.FLOAT32);
    }

    /** The identity matrix. */
    public static Tensor eye(int n, DType dtype) {
        Tensor i = arange(n);
        return i.reshape(n, 1).eq(i.reshape(1, n)).to(dtype);
    }

    /** Zeros of this shape, type and backend. */
    public Tensor zerosLike() {
        return backend.full(shape, dtype, 0);
    }

    /** Ones of this shape, type and backend. */
    public Tensor onesLike() {
        return backend.full(shape, dtype, 1);
    }

    private static Shape shapeFor(int length, int[] shape) {
        if (shape.length == 0) return Shape.of(length);
        Shape s = Shape.of(shape);
        if (s.size() != length) throw new IllegalArgumentException("Tensor.of: " + length + " elements do not fill shape " + s + " of " + s.size());
        return s;
    }

    private static void checkRow(int i, int length, int columns) {
        if (length != columns) throw new IllegalArgumentException("Tensor.of: row " + i + " has " + length + " elements, row 0 has " + columns);
    }

    private static Tensor fromHost(Shape shape, DType dtype, MemorySegment source) {
        Tensor t = CpuBackend.INSTANCE.empty(shape, dtype);
        MemorySegment.copy(source, 0, Memory.ALL, t.address(), source.byteSize());
        Reference.reachabilityFence(t);
        return t;
    }

    // ---- what it is ----

    /** The lengths of the axes. */
    public Shape shape() {
        return shape;
    }

    /** Length of {@code axis}, which may be negative. */
    public int dim(int axis) {
        return shape.dim(axis);
    }

    /** Number of axes. */
    public int rank() {
        return shape.rank();
    }

    /** Number of elements. */
    public long size() {
        return shape.size();
    }

    /** Element type. */
    public DType dtype() {
        return dtype;
    }

    /** The backend that holds the elements and computes with them. */
    public Backend backend() {
        return backend;
    }

    /** True if a transformation tracks this tensor. */
    public boolean isTracked() {
        return node != null;
    }

    /** The operation that made this tensor inside a transformation, or null. For {@code lemma.autodiff}. */
    public Node node() {
        return node;
    }

    Storage storage() {
        return storage;
    }

    long[] strides() {
        return strides;
    }

    long offset() {
        return offset;
    }

    /** Address of the first element; only for host storage. Follow every use with a reachability fence. */
    long address() {
        storage.checkLive(shape, dtype);
        if (storage instanceof Storage.Host host && !(backend instanceof Mapped)) return host.address + offset * dtype.bytes();
        throw new IllegalStateException("Tensor " + dtype + " " + shape + " lives in backend " + backend.name() + "; call to(CpuBackend.INSTANCE) first");
    }

    /** True if the elements lie in row-major order without gaps. */
    public boolean isContiguous() {
        long step = 1;
        int[] d = shape.raw();
        for (int i = d.length - 1; i >= 0; i--) {
            if (d[i] != 1 && strides[i] != step) return shape.size() == 0;
            step *= d[i];
        }
        return true;
    }

    /** This tensor, or a row-major copy of it. */
    public Tensor contiguous() {
        return isContiguous() ? this : Views.copy(this);
    }

    /** Another tensor over the same elements, outside any differentiation. */
    public Tensor detach() {
        return node == null ? this : new Tensor(backend, storage, shape, strides, offset, dtype);
    }

    /** This tensor, exempt from the open scope: it lives as long as something refers to it. */
    public Tensor keep() {
        storage.checkLive(shape, dtype);
        storage.pin();
        return this;
    }

    // ---- out of it ----

    /** The only element. */
    public double item() {
        if (shape.size() != 1) throw new IllegalStateException("item: shape " + shape + " has " + shape.size() + " elements; index or reduce it first");
        return toDoubles()[0];
    }

    /** All elements in row-major order; complex tensors are not converted. */
    public double[] toDoubles() {
        return Host.doubles(this);
    }

    /** All elements in row-major order, rounded to float. */
    public float[] toFloats() {
        return Host.floats(this);
    }

    /** All elements in row-major order; floats truncate towards zero. */
    public long[] toLongs() {
        return Host.longs(this);
    }

    /** All elements in row-major order; floats truncate towards zero. */
    public int[] toInts() {
        return Host.ints(this);
    }

    /** All elements in row-major order: true where not zero. */
    public boolean[] toBooleans() {
        return Host.booleans(this);
    }

    /** A nested Java array of this rank and type, such as {@code float[][]}; a scalar gives an array of one element. */
    public Object toArray() {
        return Host.nested(this);
    }

    /** The same elements as an ND4J array without a copy; the memory stays while the array is reachable. */
    public INDArray array() {
        return NdArrays.view(this);
    }

    /** This tensor in another element type; a float stays differentiable. */
    public Tensor to(DType type) {
        return Elementwise.cast(this, type);
    }

    /** This tensor on another backend, copied if it is elsewhere. */
    public Tensor to(Backend other) {
        if (other == backend) return this;
        if (other instanceof Mapped map) return Batching.moveInto(this, map);
        if (Batching.isMapped(this)) return Batching.shared(this, "to").to(other);
        return NdArrays.move(this, other);
    }

    // ---- views ----

    /** The same elements in another shape; one length may be -1. A copy only if the strides do not allow a view. */
    public Tensor reshape(int... dims) {
        return Views.reshape(this, dims);
    }

    /** The same elements in another shape. */
    public Tensor reshape(Shape to) {
        return Views.reshape(this, to.raw());
    }

    /** Axes {@code from} and later as one. */
    public Tensor flatten(int from) {
        return Views.flatten(this, from);
    }

    /** Axes in another order. */
    public Tensor permute(int... axes) {
        return Views.permute(this, axes);
    }

    /** Two axes exchanged. */
    public Tensor transpose(int a, int b) {
        return Views.transpose(this, a, b);
    }

    /** The last two axes exchanged. */
    public Tensor t() {
        return Views.transpose(this, -2, -1);
    }

    /** Without {@code axis}, whose length must be 1. */
    public Tensor squeeze(int axis) {
        return Views.squeeze(this, axis);
    }

    /** With a new axis of length 1 before {@code axis}. */
    public Tensor unsqueeze(int axis) {
        return Views.unsqueeze(this, axis);
    }

    /** Broadcast to {@code to} without copying. */
    public Tensor expand(int... to) {
        return Views.expand(this, Shape.of(to));
    }

    /** Broadcast to {@code to} without copying. */
    public Tensor expand(Shape to) {
        return Views.expand(this, to);
    }

    /** Summed over the axes that broadcasting {@code to} to this shape added or stretched: the transpose of {@link #expand}. */
    public Tensor sumTo(Shape to) {
        return Views.sumTo(this, to);
    }

    /** A view: one {@link Slice} an axis, from the first; axes left out are taken whole. */
    public Tensor get(Slice... slices) {
        return Views.slice(this, slices);
    }

    /** Index {@code i} of the first axis, which goes away; negative counts from the end. Further numbers index the next axes. */
    public Tensor get(int... i) {
        Slice[] s = new Slice[i.length];
        for (int k = 0; k < i.length; k++) s[k] = Slice.at(i[k]);
        return Views.slice(this, s);
    }

    /** Elements {@code from} to {@code to} (excluded) along {@code axis}. */
    public Tensor narrow(int axis, int from, int to) {
        int a = shape.axis("narrow", axis);
        Slice[] s = new Slice[a + 1];
        java.util.Arrays.fill(s, Slice.all());
        s[a] = Slice.range(from, to);
        return Views.slice(this, s);
    }

    /** Order reversed along each of the axes. */
    public Tensor flip(int... axes) {
        return Rearranging.flip(this, axes);
    }

    /** Elements moved by {@code shift} along {@code axis}; those that leave at one end come in at the other. */
    public Tensor roll(int shift, int axis) {
        return Rearranging.roll(this, shift, axis);
    }

    /** Elements moved along several axes. */
    public Tensor roll(int[] shifts, int[] axes) {
        return Rearranging.roll(this, shifts, axes);
    }

    /** Turned {@code turns} times by 90 degrees in the plane of two axes, from the first towards the second. */
    public Tensor rot90(int turns, int from, int to) {
        return Rearranging.rot90(this, turns, from, to);
    }

    /** Axis {@code from} moved to place {@code to}; the others keep their order. */
    public Tensor movedim(int from, int to) {
        return Rearranging.movedim(this, from, to);
    }

    /** The whole tensor {@code times[i]} times along axis i; more numbers than axes add axes in front. */
    public Tensor repeat(int... times) {
        return Rearranging.repeat(this, times);
    }

    /** As {@link #repeat}; fewer numbers than axes repeat the last axes. */
    public Tensor tile(int... times) {
        return Rearranging.tile(this, times);
    }

    /** Each slice along {@code axis} {@code times} times in turn. */
    public Tensor repeatInterleave(int times, int axis) {
        return Rearranging.repeatInterleave(this, times, axis);
    }

    /** Slice i along {@code axis} {@code times[i]} times. */
    public Tensor repeatInterleave(Tensor times, int axis) {
        return Rearranging.repeatInterleave(this, times, axis);
    }

    /** Views of {@code length} slices each along {@code axis}; the last may be shorter. */
    public List<Tensor> split(int length, int axis) {
        return Rearranging.split(this, length, axis);
    }

    /** Views of the given lengths, which add up to that of {@code axis}. */
    public List<Tensor> split(int[] lengths, int axis) {
        return Rearranging.split(this, lengths, axis);
    }

    /** At most {@code parts} views of equal length along {@code axis}; the last may be shorter. */
    public List<Tensor> chunk(int parts, int axis) {
        return Rearranging.chunk(this, parts, axis);
    }

    /** A view of each index along {@code axis}, which goes away. */
    public List<Tensor> unbind(int axis) {
        return Rearranging.unbind(this, axis);
    }

    /** The coordinates of the grid that vectors span: tensor i varies along axis i alone (PyTorch's indexing "ij"). */
    public static List<Tensor> meshgrid(Tensor... axes) {
        return Rearranging.meshgrid(List.of(axes));
    }

    /** A view of the diagonal {@code offset} of the first two axes, as the last axis. */
    public Tensor diagonal(int offset) {
        return Rearranging.diagonal(this, offset, 0, 1);
    }

    /** A view of the diagonal {@code offset} of two axes, which go away, as the last axis. */
    public Tensor diagonal(int offset, int axis1, int axis2) {
        return Rearranging.diagonal(this, offset, axis1, axis2);
    }

    /** The diagonal of a matrix, or the matrix with this vector on its diagonal. */
    public Tensor diag(int offset) {
        return Rearranging.diag(this, offset);
    }

    /** Matrices with the last axis on their diagonal and zeros elsewhere. */
    public Tensor diagEmbed(int offset) {
        return Rearranging.diagEmbed(this, offset);
    }

    // ---- arithmetic ----

    public Tensor add(Tensor b) {
        return Elementwise.binary(Binary.ADD, this, b);
    }

    public Tensor add(double b) {
        return Elementwise.binary(Binary.ADD, this, b, false);
    }

    public Tensor sub(Tensor b) {
        return Elementwise.binary(Binary.SUB, this, b);
    }

    public Tensor sub(double b) {
        return Elementwise.binary(Binary.SUB, this, b, false);
    }

    /** {@code a - this}. */
    public Tensor rsub(double a) {
        return Elementwise.binary(Binary.SUB, this, a, true);
    }

    public Tensor mul(Tensor b) {
        return Elementwise.binary(Binary.MUL, this, b);
    }

    public Tensor mul(double b) {
        return Elementwise.binary(Binary.MUL, this, b, false);
    }

    /** True division: integers give FLOAT32. */
    public Tensor div(Tensor b) {
        return Elementwise.binary(Binary.DIV, this, b);
    }

    /** True division: integers give FLOAT32. */
    public Tensor div(double b) {
        return Elementwise.binary(Binary.DIV, this, b, false);
    }

    /** {@code a / this}. */
    public Tensor rdiv(double a) {
        return Elementwise.binary(Binary.DIV, this, a, true);
    }

    public Tensor pow(Tensor b) {
        return Elementwise.binary(Binary.POW, this, b);
    }

    public Tensor pow(double b) {
        return Elementwise.binary(Binary.POW, this, b, false);
    }

    /** {@code a ^ this}. */
    public Tensor rpow(double a) {
        return Elementwise.binary(Binary.POW, this, a, true);
    }

    /** Remainder with the sign of the divisor. */
    public Tensor mod(Tensor b) {
        return Elementwise.binary(Binary.MOD, this, b);
    }

    /** Remainder with the sign of the divisor. */
    public Tensor mod(double b) {
        return Elementwise.binary(Binary.MOD, this, b, false);
    }

    /** Element-wise larger one; at ties each gets half of the gradient. */
    public Tensor maximum(Tensor b) {
        return Elementwise.binary(Binary.MAXIMUM, this, b);
    }

    public Tensor maximum(double b) {
        return Elementwise.binary(Binary.MAXIMUM, this, b, false);
    }

    /** Element-wise smaller one; at ties each gets half of the gradient. */
    public Tensor minimum(Tensor b) {
        return Elementwise.binary(Binary.MINIMUM, this, b);
    }

    public Tensor minimum(double b) {
        return Elementwise.binary(Binary.MINIMUM, this, b, false);
    }

    /** Limited to [low, high]; the gradient is zero outside. */
    public Tensor clamp(double low, double high) {
        return Elementwise.clamp(this, low, high);
    }

    /** Angle of the point (x, this) in (-pi, pi]. */
    public Tensor atan2(Tensor x) {
        return Elementwise.binary(Binary.ATAN2, this, x);
    }

    /** Remainder with the sign of this, as C has it. */
    public Tensor fmod(Tensor b) {
        return Elementwise.fmod(this, b);
    }

    /** {@code floor(this / b)}: an integer if both are; the gradient is zero. */
    public Tensor floorDivide(Tensor b) {
        return Elementwise.binary(Binary.FLOOR_DIV, this, b);
    }

    /** {@code floor(this / b)}: an integer if both are; the gradient is zero. */
    public Tensor floorDivide(double b) {
        return Elementwise.binary(Binary.FLOOR_DIV, this, b, false);
    }

    /** {@code this + weight (end - this)}. */
    public Tensor lerp(Tensor end, double weight) {
        return Elementwise.lerp(this, end, weight);
    }

    /** {@code this + weight (end - this)}. */
    public Tensor lerp(Tensor end, Tensor weight) {
        return Elementwise.lerp(this, end, weight);
    }

    /** {@code sqrt(this^2 + b^2)} without overflow. */
    public Tensor hypot(Tensor b) {
        return Elementwise.hypot(this, b);
    }

    /** {@code log(exp(this) + exp(b))} without overflow. */
    public Tensor logaddexp(Tensor b) {
        return Elementwise.logaddexp(this, b);
    }

    /** NaN as 0, infinities as the largest and least finite number. */
    public Tensor nanToNum() {
        return Elementwise.nanToNum(this, 0, Elementwise.largest(dtype), -Elementwise.largest(dtype));
    }

    /** NaN and the infinities replaced by numbers; the gradient is zero there. */
    public Tensor nanToNum(double nan, double positive, double negative) {
        return Elementwise.nanToNum(this, nan, positive, negative);
    }

    public Tensor neg() {
        return Elementwise.unary(Unary.NEG, this);
    }

    public Tensor abs() {
        return Elementwise.unary(Unary.ABS, this);
    }

    /** -1, 0 or 1; the gradient is zero. */
    public Tensor sign() {
        return Elementwise.unary(Unary.SIGN, this);
    }

    public Tensor square() {
        return Elementwise.unary(Unary.SQUARE, this);
    }

    public Tensor sqrt() {
        return Elementwise.unary(Unary.SQRT, this);
    }

    /** {@code 1 / sqrt(x)}. */
    public Tensor rsqrt() {
        return Elementwise.unary(Unary.RSQRT, this);
    }

    /** {@code 1 / x}. */
    public Tensor reciprocal() {
        return Elementwise.unary(Unary.RECIPROCAL, this);
    }

    /** The gradient is zero. */
    public Tensor floor() {
        return Elementwise.unary(Unary.FLOOR, this);
    }

    /** The gradient is zero. */
    public Tensor ceil() {
        return Elementwise.unary(Unary.CEIL, this);
    }

    /** Nearest integer, halves to even; the gradient is zero. */
    public Tensor round() {
        return Elementwise.unary(Unary.ROUND, this);
    }

    /** Towards zero; the gradient is zero. */
    public Tensor trunc() {
        return Elementwise.trunc(this);
    }

    public Tensor exp() {
        return Elementwise.unary(Unary.EXP, this);
    }

    public Tensor expm1() {
        return Elementwise.unary(Unary.EXPM1, this);
    }

    public Tensor log() {
        return Elementwise.unary(Unary.LOG, this);
    }

    public Tensor log1p() {
        return Elementwise.unary(Unary.LOG1P, this);
    }

    public Tensor sin() {
        return Elementwise.unary(Unary.SIN, this);
    }

    public Tensor cos() {
        return Elementwise.unary(Unary.COS, this);
    }

    public Tensor tan() {
        return Elementwise.unary(Unary.TAN, this);
    }

    public Tensor asin() {
        return Elementwise.unary(Unary.ASIN, this);
    }

    public Tensor acos() {
        return Elementwise.unary(Unary.ACOS, this);
    }

    public Tensor atan() {
        return Elementwise.unary(Unary.ATAN, this);
    }

    public Tensor sinh() {
        return Elementwise.unary(Unary.SINH, this);
    }

    public Tensor cosh() {
        return Elementwise.unary(Unary.COSH, this);
    }

    public Tensor tanh() {
        return Elementwise.unary(Unary.TANH, this);
    }

    public Tensor erf() {
        return Elementwise.unary(Unary.ERF, this);
    }

    /** {@code 1 - erf(x)}, with all digits where it is small. */
    public Tensor erfc() {
        return Special.erfc(this);
    }

    /** The inverse of {@link #erf}. */
    public Tensor erfinv() {
        return Special.erfinv(this);
    }

    /** {@code log |Gamma(x)|}. */
    public Tensor lgamma() {
        return Special.gammaln(this);
    }

    /** Derivative of {@link #lgamma}. */
    public Tensor digamma() {
        return Special.digamma(this);
    }

    /** Derivative n of {@link #digamma}. */
    public Tensor polygamma(int n) {
        return Special.polygamma(n, this);
    }

    /** {@code log(p / (1 - p))}, the inverse of {@link #sigmoid}. */
    public Tensor logit() {
        return Special.logit(this);
    }

    /** {@code x log(y)}, and 0 where x is 0 unless y is NaN. */
    public Tensor xlogy(Tensor y) {
        return Special.xlogy(this, y);
    }

    public Tensor sigmoid() {
        return Elementwise.unary(Unary.SIGMOID, this);
    }

    /** {@code log(1 + exp(x))}. */
    public Tensor softplus() {
        return Elementwise.unary(Unary.SOFTPLUS, this);
    }

    public Tensor relu() {
        return Elementwise.unary(Unary.RELU, this);
    }

    /** {@code x Phi(x)}, exact. */
    public Tensor gelu() {
        return Elementwise.unary(Unary.GELU, this);
    }

    /** The tanh approximation of {@link #gelu}. */
    public Tensor geluTanh() {
        return Elementwise.unary(Unary.GELU_TANH, this);
    }

    /** {@code x sigmoid(x)}, also called swish. */
    public Tensor silu() {
        return Elementwise.unary(Unary.SILU, this);
    }

    // ---- complex numbers; gradients as PyTorch has them: dL/d(re) + i dL/d(im) of a real L ----

    /** {@code re + i im} with broadcasting: COMPLEX128 if one is FLOAT64, else COMPLEX64. */
    public static Tensor complex(Tensor re, Tensor im) {
        return Complex.complex(re, im);
    }

    /** {@code abs (cos(angle) + i sin(angle))}. */
    public static Tensor polar(Tensor abs, Tensor angle) {
        return Complex.complex(abs.mul(angle.cos()), abs.mul(angle.sin()));
    }

    /** A view of complex numbers as pairs of real and imaginary part along a new last axis. */
    public Tensor viewAsReal() {
        return Complex.viewAsReal(this);
    }

    /** A view of pairs along the last axis, of length 2, as complex numbers; a copy if the two do not lie side by side. */
    public Tensor viewAsComplex() {
        return Complex.viewAsComplex(this);
    }

    /** A view of the real parts; of real numbers this. */
    public Tensor real() {
        return Complex.part(this, 0);
    }

    /** A view of the imaginary parts; of real numbers zeros. */
    public Tensor imag() {
        return dtype.isComplex() ? Complex.part(this, 1) : zerosLike();
    }

    /** The complex conjugate; of real numbers this. */
    public Tensor conj() {
        return dtype.isComplex() ? Elementwise.unary(Unary.CONJ, this) : this;
    }

    /** The angle in (-pi, pi]; of real numbers 0, or pi where negative. */
    public Tensor angle() {
        return Complex.angle(this);
    }

    /** The conjugate of {@link #t()}: of real matrices the same. */
    public Tensor mH() {
        return conj().t();
    }

    // ---- comparison and logic; BOOL results ----

    public Tensor eq(Tensor b) {
        return Elementwise.binary(Binary.EQ, this, b);
    }

    public Tensor eq(double b) {
        return Elementwise.binary(Binary.EQ, this, b, false);
    }

    public Tensor ne(Tensor b) {
        return Elementwise.binary(Binary.NE, this, b);
    }

    public Tensor ne(double b) {
        return Elementwise.binary(Binary.NE, this, b, false);
    }

    public Tensor lt(Tensor b) {
        return Elementwise.binary(Binary.LT, this, b);
    }

    public Tensor lt(double b) {
        return Elementwise.binary(Binary.LT, this, b, false);
    }

    public Tensor le(Tensor b) {
        return Elementwise.binary(Binary.LE, this, b);
    }

    public Tensor le(double b) {
        return Elementwise.binary(Binary.LE, this, b, false);
    }

    public Tensor gt(Tensor b) {
        return Elementwise.binary(Binary.GT, this, b);
    }

    public Tensor gt(double b) {
        return Elementwise.binary(Binary.GT, this, b, false);
    }

    public Tensor ge(Tensor b) {
        return Elementwise.binary(Binary.GE, this, b);
    }

    public Tensor ge(double b) {
        return Elementwise.binary(Binary.GE, this, b, false);
    }

    public Tensor and(Tensor b) {
        return Elementwise.binary(Binary.AND, this, b);
    }

    public Tensor or(Tensor b) {
        return Elementwise.binary(Binary.OR, this, b);
    }

    public Tensor xor(Tensor b) {
        return Elementwise.binary(Binary.XOR, this, b);
    }

    public Tensor not() {
        return Elementwise.unary(Unary.NOT, this);
    }

    /** True where an element is not a number. */
    public Tensor isNaN() {
        return ne(this);
    }

    /** True where an element is an infinity. */
    public Tensor isInf() {
        return Elementwise.isInf(this);
    }

    /** True where an element is neither NaN nor an infinity. */
    public Tensor isFinite() {
        return Elementwise.isFinite(this);
    }

    /** {@code cond ? a : b} with broadcasting; cond is BOOL. */
    public static Tensor where(Tensor cond, Tensor a, Tensor b) {
        return Elementwise.where(cond, a, b);
    }

    /** {@code mask ? value : this} with broadcasting of the mask. */
    public Tensor maskedFill(Tensor mask, double value) {
        return Elementwise.where(mask, backend.full(Shape.SCALAR, dtype, value), this);
    }

    // ---- reductions: no axes means all; the reduced axes go away unless a "keep" form is used ----

    public Tensor sum(int... axes) {
        return Reductions.reduce(Reduction.SUM, this, axes, false);
    }

    public Tensor sumKeep(int... axes) {
        return Reductions.reduce(Reduction.SUM, this, axes, true);
    }

    public Tensor mean(int... axes) {
        return Reductions.reduce(Reduction.MEAN, this, axes, false);
    }

    public Tensor meanKeep(int... axes) {
        return Reductions.reduce(Reduction.MEAN, this, axes, true);
    }

    public Tensor prod(int... axes) {
        return Reductions.prod(this, axes);
    }

    /** Largest element; ties share the gradient. */
    public Tensor max(int... axes) {
        return Reductions.reduce(Reduction.MAX, this, axes, false);
    }

    public Tensor maxKeep(int... axes) {
        return Reductions.reduce(Reduction.MAX, this, axes, true);
    }

    /** Smallest element; ties share the gradient. */
    public Tensor min(int... axes) {
        return Reductions.reduce(Reduction.MIN, this, axes, false);
    }

    public Tensor minKeep(int... axes) {
        return Reductions.reduce(Reduction.MIN, this, axes, true);
    }

    public Tensor any(int... axes) {
        return Reductions.reduce(Reduction.ANY, this, axes, false);
    }

    public Tensor all(int... axes) {
        return Reductions.reduce(Reduction.ALL, this, axes, false);
    }

    /** Variance with divisor {@code n - correction}; PyTorch's default correction is 1, a layer's is 0. */
    public Tensor var(int correction, int... axes) {
        return Reductions.var(this, correction, axes);
    }

    /** Square root of {@link #var}. */
    public Tensor std(int correction, int... axes) {
        return Reductions.var(this, correction, axes).sqrt();
    }

    /** Euclidean norm over the axes; its gradient is zero where it is. */
    public Tensor norm(int... axes) {
        return Reductions.vectorNorm(this, 2, axes);
    }

    /** {@code (sum |x|^p)^(1/p)} over the axes; p 0 counts what is not 0, an infinite p is the largest or the smallest size. */
    public Tensor vectorNorm(double p, int... axes) {
        return Reductions.vectorNorm(this, p, axes);
    }

    /** INT64 number of elements that are not 0. */
    public Tensor countNonzero(int... axes) {
        return Reductions.countNonzero(this, axes);
    }

    /** The middle element along {@code axis}, of an even number the lower one; NaN if any is. */
    public Tensor median(int axis) {
        return Reductions.median(this, axis);
    }

    /** The middle of all elements, of an even number the lower one; NaN if any is. */
    public Tensor median() {
        return Reductions.median(reshape(-1), 0);
    }

    /** What a share {@code q} of the elements along {@code axis} lies below, linear between two elements; NaN if any is. */
    public Tensor quantile(double q, int axis) {
        return Reductions.quantile(this, new double[] {q}, axis).squeeze(0);
    }

    /** Several quantiles, along a new first axis. */
    public Tensor quantile(double[] q, int axis) {
        return Reductions.quantile(this, q, axis);
    }

    /** INT64 position of the first largest of all elements in row-major order; not differentiable. */
    public Tensor argmax() {
        return Reductions.arg(true, reshape(-1), 0);
    }

    /** INT64 position of the first smallest of all elements in row-major order; not differentiable. */
    public Tensor argmin() {
        return Reductions.arg(false, reshape(-1), 0);
    }

    /** INT64 position of the first largest element along {@code axis}; not differentiable. */
    public Tensor argmax(int axis) {
        return Reductions.arg(true, this, axis);
    }

    /** INT64 position of the first smallest element along {@code axis}; not differentiable. */
    public Tensor argmin(int axis) {
        return Reductions.arg(false, this, axis);
    }

    /** {@code log(sum(exp(x)))} along {@code axis} without overflow. */
    public Tensor logsumexp(int axis) {
        return Reductions.logsumexp(this, axis);
    }

    public Tensor cumsum(int axis) {
        return Reductions.cumsum(this, axis);
    }

    public Tensor cumprod(int axis) {
        return Reductions.cumprod(this, axis);
    }

    /** The largest element so far along {@code axis}; the last of equal ones takes the gradient. */
    public Tensor cummax(int axis) {
        return Reductions.cumulativeExtreme(true, this, axis);
    }

    /** The smallest element so far along {@code axis}; the last of equal ones takes the gradient. */
    public Tensor cummin(int axis) {
        return Reductions.cumulativeExtreme(false, this, axis);
    }

    /** {@code log(exp(x_0) + ... + exp(x_i))} along {@code axis} without overflow. */
    public Tensor logcumsumexp(int axis) {
        return Reductions.logcumsumexp(this, axis);
    }

    /** Differences of neighbours along {@code axis}, taken {@code order} times. */
    public Tensor diff(int order, int axis) {
        return Rearranging.diff(this, order, axis);
    }

    public Tensor softmax(int axis) {
        return Functional.softmax(this, axis);
    }

    public Tensor logSoftmax(int axis) {
        return Functional.logSoftmax(this, axis);
    }

    // ---- matrices ----

    /** Matrix product as PyTorch's {@code matmul}: vectors are allowed on either side, batch axes broadcast. */
    public Tensor matmul(Tensor b) {
        return Matrices.matmul(this, b);
    }

    /**
     * Sums of products in Einstein's notation, as PyTorch's: {@code einsum("bij,bjk->bik", a, b)}. A letter repeated in one operand is
     * its diagonal, {@code ...} are axes that broadcast, and without an arrow the letters that stand once are the result's, in order.
     */
    public static Tensor einsum(String equation, Tensor... operands) {
        return Einsum.of(equation, operands);
    }

    /** {@code out[i][j] = this[i] b[j]} of two vectors. */
    public Tensor outer(Tensor b) {
        return Rearranging.outer(this, b);
    }

    /** Kronecker product: every element of this times the whole of {@code b}. */
    public Tensor kron(Tensor b) {
        return Rearranging.kron(this, b);
    }

    /** Sum of the diagonal of a matrix. */
    public Tensor trace() {
        return Rearranging.diagonal(this, 0, 0, 1).sum(-1);
    }

    /** INT64 (2, n): rows and columns of the lower triangle up to diagonal {@code offset}, row by row. */
    public static Tensor trilIndices(int rows, int columns, int offset) {
        return Rearranging.triangleIndices(true, rows, columns, offset);
    }

    /** INT64 (2, n): rows and columns of the upper triangle from diagonal {@code offset}, row by row. */
    public static Tensor triuIndices(int rows, int columns, int offset) {
        return Rearranging.triangleIndices(false, rows, columns, offset);
    }

    /** Lower triangle: zero above diagonal {@code k} of the last two axes. */
    public Tensor tril(int k) {
        return Matrices.triangle(this, k, true);
    }

    /** Upper triangle: zero below diagonal {@code k} of the last two axes. */
    public Tensor triu(int k) {
        return Matrices.triangle(this, k, false);
    }

    // ---- indexing ----

    /** Slices along {@code axis} in the order of {@code index} (rank 1, integers). */
    public Tensor indexSelect(int axis, Tensor index) {
        return Indexing.indexSelect(this, axis, index);
    }

    /** {@code out[i][j] = this[i][index[i][j]]} for axis 1: PyTorch's gather. */
    public Tensor gather(int axis, Tensor index) {
        return Indexing.gather(this, axis, index);
    }

    /** Zeros of {@code into} with these elements added at {@code index} along {@code axis}: the transpose of {@link #gather}. */
    public Tensor scatterAdd(int axis, Tensor index, Shape into) {
        return Indexing.scatterAdd(this, axis, index, into);
    }

    /**
     * The elements that tensors name, one tensor for each of the first axes: integers, which broadcast together and may count from the
     * end, or a BOOL mask, which stands for the positions where it is true.
     */
    public Tensor get(Tensor... index) {
        return Selecting.get(this, index);
    }

    /** This with {@code values} at the places that {@link #get(Tensor...)} would read; of repeated places the last wins, or all add up if {@code accumulate}. */
    public Tensor indexPut(Tensor[] index, Tensor values, boolean accumulate) {
        return Selecting.indexPut(this, index, values, accumulate);
    }

    /** This with the slices of {@code source} added at {@code index} (rank 1) along {@code axis}. */
    public Tensor indexAdd(int axis, Tensor index, Tensor source) {
        return Selecting.indexAdd(this, axis, index, source);
    }

    /** This with {@code out[i][index[i][j]] = source[i][j]} for axis 1; of repeated places the last wins. */
    public Tensor scatter(int axis, Tensor index, Tensor source) {
        return Selecting.scatter(this, axis, index, source);
    }

    /** This with {@code value} at {@code index} along {@code axis}. */
    public Tensor scatter(int axis, Tensor index, double value) {
        return Selecting.scatter(this, axis, index, value);
    }

    /** The elements where the BOOL mask is true, as a vector; both broadcast. */
    public Tensor maskedSelect(Tensor mask) {
        return Selecting.maskedSelect(this, mask);
    }

    /** INT64 (n, rank): the positions of what is not 0, in row-major order. */
    public Tensor nonzero() {
        return Selecting.nonzero(this);
    }

    /** INT64: where each value would go into these sorted rows (last axis): before equal elements, or behind them if {@code right}. */
    public Tensor searchSorted(Tensor values, boolean right) {
        return Selecting.searchSorted(this, values, right);
    }

    /** INT64: between which of the sorted {@code boundaries} (a vector) each element lies; as {@link #searchSorted} for equal ones. */
    public Tensor bucketize(Tensor boundaries, boolean right) {
        return Selecting.searchSorted(boundaries, this, right);
    }

    /**
     * The distinct elements of a tensor.
     *
     * @param values sorted; every NaN counts as another
     * @param inverse INT64 of the tensor's shape: the position of each element in {@code values}
     * @param counts INT64: how often each of {@code values} is there
     */
    public record Unique(Tensor values, Tensor inverse, Tensor counts) {}

    /** The distinct elements, where each stands among them, and how often it is there; not differentiable. */
    public Unique unique() {
        return Selecting.unique(this);
    }

    /** INT64: how often each integer from 0 is in this vector; at least {@code minLength} numbers. */
    public Tensor bincount(int minLength) {
        return Selecting.bincount(this, null, minLength);
    }

    /** The sum of the weights that stand beside each integer from 0 in this vector; at least {@code minLength} numbers. */
    public Tensor bincount(Tensor weights, int minLength) {
        return Selecting.bincount(this, weights, minLength);
    }

    /** How many elements lie in each of {@code bins} equal parts of [low, high]; from the least to the largest element if both are equal. */
    public Tensor histc(int bins, double low, double high) {
        return Selecting.histc(this, bins, low, high);
    }

    /** INT64 order that sorts along {@code axis}, stable; not differentiable. */
    public Tensor argsort(int axis, boolean descending) {
        return Indexing.argsort(this, axis, descending);
    }

    /** What {@link #topk} finds: elements and their INT64 positions. */
    public record TopK(Tensor values, Tensor indices) {}

    /**
     * The k largest elements along {@code axis} and where they are, best first; of equal elements the first, and NaN counts as largest.
     * Values are differentiable, indices are not.
     *
     * @throws IllegalArgumentException if k is negative or more than the axis has elements
     */
    public TopK topk(int k, int axis) {
        return Indexing.topk(this, k, axis, true);
    }

    /** As {@link #topk(int, int)}, or the k smallest elements if not {@code largest}. */
    public TopK topk(int k, int axis, boolean largest) {
        return Indexing.topk(this, k, axis, largest);
    }

    /** Sorted along {@code axis}; NaN last when ascending. */
    public Tensor sort(int axis, boolean descending) {
        return gather(axis, argsort(axis, descending));
    }

    /** FLOAT32 rows of the identity: integers in [0, classes) become one axis more. */
    public Tensor oneHot(int classes) {
        return Indexing.oneHot(this, classes);
    }

    /** Joined along an axis that exists. */
    public static Tensor concat(List<Tensor> parts, int axis) {
        return Indexing.concat(parts, axis);
    }

    /** Joined along a new axis. */
    public static Tensor stack(List<Tensor> parts, int axis) {
        return Indexing.concat(parts.stream().map(p -> p.unsqueeze(axis)).toList(), axis);
    }

    // ---- showing ----

    /** Type, shape and elements, rounded to four digits, with an ellipsis where there are many. */
    @Override
    public String toString() {
        return Printer.print(this);
    }

    /** The text; in a notebook range and mean too, a matrix as a heat map, an image-shaped tensor as pictures. */
    @Override
    public Bundle bundle() {
        return TensorView.of(this);
    }

    // ---- differentiation: for lemma.autodiff ----

    /** This value as a new variable; if this is tracked, the variable passes gradients on to it. */
    public Tensor variable() {
        Tensor v = new Tensor(backend, storage, shape, strides, offset, dtype);
        Context c = Context.get();
        Node[] inputs = node == null ? new Node[0] : new Node[] {node};
        v.node = new Node("variable", c.nextOrder++, inputs, (g, y) -> new Tensor[] {g});
        v.node.bind(v);
        return v;
    }

    /** Notes that {@code y}, fresh, came from {@code inputs} by {@code op}, if a transformation tracks one of them. */
    static Tensor record(String op, Tensor y, Node.Rule rule, Tensor... inputs) {
        boolean tracked = false;
        for (Tensor t : inputs) tracked |= t.node != null;
        if (!tracked || !y.dtype.hasGradient()) return y;
        Context c = Context.get();
        if (!c.recording) return y;
        Node[] nodes = new Node[inputs.length];
        for (int i = 0; i < nodes.length; i++) nodes[i] = inputs[i].node == null ? null : Batching.bridge(inputs[i].node, inputs[i].backend, y.backend, c);
        return attach(op, y, rule, nodes, c);
    }

    /** Notes that {@code y} is {@code x} taken into a map or out of one. */
    static Tensor recordCrossing(String op, Tensor y, Node.Rule rule, Tensor x) {
        Context c = Context.get();
        if (x.node == null || !y.dtype.hasGradient() || !c.recording) return y;
        return attach(op, y, rule, new Node[] {x.node}, c);
    }

    static Tensor attach(String op, Tensor y, Node.Rule rule, Node[] inputs, Context c) {
        y.node = new Node(op, c.nextOrder++, inputs, rule);
        y.node.bind(y);
        return y;
    }

    /** The same elements in another arrangement; no checks. */
    Tensor view(Shape to, long[] toStrides, long toOffset) {
        storage.checkLive(shape, dtype);
        return new Tensor(backend, storage, to, toStrides, toOffset, dtype);
    }
}
