package lemma.tensor;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How each primitive of {@link Backend} runs for all examples of a {@link Batching} at once. A rule has the name and the arguments of the
 * primitive after the map and the backend to compute with; it returns results with the axis of examples in front, or {@link #NONE} where
 * it does not apply, and then the primitive runs for one example after the other.
 *
 * <p>Three kinds: element-wise and row-wise primitives take the axis of examples as one more axis; those over a list of rows or images
 * take the rows of all examples as one long list; gradients in parameters are products that keep the axis of examples.
 */
final class BatchRules {
    /** What a rule returns that does not apply. */
    static final Object NONE = new Object();

    private static final Map<Method, Method> RULES = find();

    private BatchRules() {}

    private static Map<Method, Method> find() {
        Map<Method, Method> rules = new HashMap<>();
        for (Method primitive : Backend.class.getMethods()) {
            for (Method rule : BatchRules.class.getDeclaredMethods()) {
                Class<?>[] types = rule.getParameterTypes();
                boolean fits = rule.getName().equals(primitive.getName()) && types.length >= 2
                        && Arrays.equals(Arrays.copyOfRange(types, 2, types.length), primitive.getParameterTypes());
                if (fits) rules.put(primitive, rule);
            }
        }
        return rules;
    }

    static Object run(Batching m, Backend in, Method primitive, Object[] arguments) throws Throwable {
        Method rule = RULES.get(primitive);
        if (rule == null) return NONE;
        Object[] all = new Object[arguments.length + 2];
        all[0] = m;
        all[1] = in;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return Batching.call(rule, null, all);
    }

    // ---- making; what is made may be written to, so each example gets its own ----

    static Object empty(Batching m, Backend in, Shape shape, DType dtype) {
        return in.empty(m.withExamples(shape), dtype);
    }

    static Object full(Batching m, Backend in, Shape shape, DType dtype, double value) {
        return in.full(m.withExamples(shape), dtype, value);
    }

    static Object arange(Batching m, Backend in, double start, double step, int n, DType dtype) {
        return in.arange(start, step, n, dtype).expand(m.examples(), n);
    }

    static Object cast(Batching m, Backend in, Tensor a, DType dtype) {
        return in.cast(m.physical(a), dtype);
    }

    static Object copyInto(Batching m, Backend in, Tensor dst, Tensor src) {
        in.copyInto(m.physical(dst), m.physical(src));
        return null;
    }

    // ---- one more axis ----

    static Object unary(Batching m, Backend in, Unary op, Tensor a) {
        return in.unary(op, m.physical(a));
    }

    static Object binary(Batching m, Backend in, Binary op, Tensor a, Tensor b, Shape shape) {
        return in.binary(op, m.operand(a, shape.rank()), m.operand(b, shape.rank()), m.withExamples(shape));
    }

    static Object binary(Batching m, Backend in, Binary op, Tensor a, double s, boolean scalarFirst) {
        return in.binary(op, m.physical(a), s, scalarFirst);
    }

    static Object where(Batching m, Backend in, Tensor cond, Tensor a, Tensor b, Shape shape) {
        int rank = shape.rank();
        return in.where(m.operand(cond, rank), m.operand(a, rank), m.operand(b, rank), m.withExamples(shape));
    }

    static Object special(Batching m, Backend in, SpecialFunction f, Shape shape, Tensor... x) {
        return in.special(f, m.withExamples(shape), Arrays.stream(x).map(t -> m.operand(t, shape.rank())).toArray(Tensor[]::new));
    }

    static Object reduce(Batching m, Backend in, Reduction op, Tensor a, int[] axes) {
        if (a.rank() == 0) return in.reduce(op, m.physical(a).unsqueeze(1), new int[] {1}).squeeze(1);
        return in.reduce(op, m.physical(a), Arrays.stream(axes).map(i -> i + 1).toArray());
    }

    static Object argReduce(Batching m, Backend in, boolean largest, Tensor a, int axis) {
        return in.argReduce(largest, m.physical(a), axis + 1);
    }

    static Object cumsum(Batching m, Backend in, Tensor a, int axis) {
        return in.cumsum(m.physical(a), axis + 1);
    }

    static Object cumulate(Batching m, Backend in, Cumulative op, Tensor a, int axis) {
        return in.cumulate(op, m.physical(a), axis + 1);
    }

    static Object cumulativeArg(Batching m, Backend in, boolean largest, Tensor a, int axis) {
        return in.cumulativeArg(largest, m.physical(a), axis + 1);
    }

    static Object argsort(Batching m, Backend in, Tensor a, int axis, boolean descending) {
        return in.argsort(m.physical(a), axis + 1, descending);
    }

    static Object topk(Batching m, Backend in, Tensor a, int axis, int k, boolean largest) {
        return in.topk(m.physical(a), axis + 1, k, largest);
    }

    static Object softmax(Batching m, Backend in, Tensor a) {
        return in.softmax(m.physical(a));
    }

    static Object logSoftmax(Batching m, Backend in, Tensor a) {
        return in.logSoftmax(m.physical(a));
    }

    static Object softmaxBackward(Batching m, Backend in, Tensor g, Tensor y) {
        return in.softmaxBackward(m.physical(g), m.physical(y));
    }

    static Object logSoftmaxBackward(Batching m, Backend in, Tensor g, Tensor y) {
        return in.logSoftmaxBackward(m.physical(g), m.physical(y));
    }

    static Object gather(Batching m, Backend in, Tensor a, int axis, Tensor index) {
        return in.gather(m.physical(a), axis + 1, m.physical(index));
    }

    static Object scatterAdd(Batching m, Backend in, Tensor a, int axis, Tensor index, Shape shape) {
        return in.scatterAdd(m.physical(a), axis + 1, m.physical(index), m.withExamples(shape));
    }

    static Object lastNamed(Batching m, Backend in, Tensor index, int axis, Shape shape) {
        return in.lastNamed(m.physical(index), axis + 1, m.withExamples(shape));
    }

    static Object concat(Batching m, Backend in, List<Tensor> parts, int axis) {
        return in.concat(parts.stream().map(m::physical).toList(), axis + 1);
    }

    // ---- products ----

    static Object matmul(Batching m, Backend in, Tensor a, Tensor b) {
        boolean mergesRows = m.isSplit(a) && !m.isSplit(b) && a.rank() == 2;
        if (!mergesRows) return in.matmul(m.physical(a), m.physical(b));
        return apart(m, in.matmul(rows(m, a), m.sharedOrNull(b)), a.dim(0));
    }

    static Object linear(Batching m, Backend in, Tensor x, Tensor w, Tensor b) {
        if (!m.isSplit(w) && !m.isSplit(b)) return apart(m, in.linear(rows(m, x), m.sharedOrNull(w), b == null ? null : m.sharedOrNull(b)), x.dim(0));
        Tensor y = in.matmul(m.physical(x), m.physical(w).t());
        return b == null ? y : y.add(m.operand(b, 2));
    }

    // ---- decompositions: the examples are one more batch axis ----

    static Object eigh(Batching m, Backend in, Tensor a, boolean vectors) {
        return in.eigh(m.physical(a), vectors);
    }

    static Object svd(Batching m, Backend in, Tensor a, boolean vectors, boolean full) {
        return in.svd(m.physical(a), vectors, full);
    }

    static Object cholesky(Batching m, Backend in, Tensor a) {
        return in.cholesky(m.physical(a));
    }

    static Object solveTriangular(Batching m, Backend in, Tensor a, Tensor b, boolean upper, boolean unit) {
        return in.solveTriangular(m.physical(a), m.physical(b), upper, unit);
    }

    static Object lu(Batching m, Backend in, Tensor a, boolean regular) {
        return in.lu(m.physical(a), regular);
    }

    static Object luSolve(Batching m, Backend in, Tensor lu, Tensor pivots, Tensor b, boolean transposed) {
        return in.luSolve(m.physical(lu), m.physical(pivots), m.physical(b), transposed);
    }

    static Object qr(Batching m, Backend in, Tensor a, boolean full) {
        return in.qr(m.physical(a), full);
    }

    static Object linearRecurrence(Batching m, Backend in, Tensor a, Tensor b, int axis, boolean reverse) {
        return in.linearRecurrence(m.physical(a), m.physical(b), axis + 1, reverse);
    }

    static Object fft(Batching m, Backend in, Tensor a, boolean inverse) {
        return in.fft(m.physical(a), inverse);
    }

    static Object rfft(Batching m, Backend in, Tensor a) {
        return in.rfft(m.physical(a));
    }

    static Object irfft(Batching m, Backend in, Tensor a, int n) {
        return in.irfft(m.physical(a), n);
    }

    // ---- looking up ----

    static Object indexSelect(Batching m, Backend in, Tensor a, int axis, Tensor index) {
        if (!m.isSplit(index)) return in.indexSelect(m.physical(a), axis + 1, m.sharedOrNull(index));
        Tensor first = m.physical(a).transpose(1, axis + 1);
        Tensor rows = m.isSplit(a) ? first.reshape(flat(first)) : first.get(0);
        Tensor at = m.isSplit(a) ? ownRows(m, index, a.dim(axis)) : m.physical(index).reshape(-1);
        Tensor picked = in.indexSelect(rows, 0, at.contiguous());
        return apart(m, picked, index.dim(0)).transpose(1, axis + 1);
    }

    static Object indexAdd(Batching m, Backend in, Tensor a, int axis, Tensor index, int length) {
        if (!m.isSplit(index)) return in.indexAdd(m.physical(a), axis + 1, m.sharedOrNull(index), length);
        Tensor first = m.physical(a).transpose(1, axis + 1);
        Tensor sums = in.indexAdd(first.reshape(flat(first)), 0, ownRows(m, index, length), Math.multiplyExact(m.examples(), length));
        return apart(m, sums, length).transpose(1, axis + 1);
    }

    /** The numbers of rows in a table that holds {@code length} rows for each example. */
    private static Tensor ownRows(Batching m, Tensor index, int length) {
        Tensor p = m.physical(index);
        Tensor start = p.backend().arange(0, length, m.examples(), DType.INT64);
        return p.add(start.reshape(-1, 1)).reshape(-1);
    }

    // ---- losses and norms ----

    static Object crossEntropy(Batching m, Backend in, Tensor logits, Tensor labels) {
        return apart(m, in.crossEntropy(rows(m, logits), rows(m, labels)), logits.dim(0));
    }

    static Object crossEntropyBackward(Batching m, Backend in, Tensor g, Tensor logits, Tensor labels, Tensor logsumexp) {
        return apart(m, in.crossEntropyBackward(rows(m, g), rows(m, logits), rows(m, labels), rows(m, logsumexp)), logits.dim(0));
    }

    static Object layerNorm(Batching m, Backend in, Tensor x, Tensor weight, Tensor bias, double eps) {
        if (!m.isSplit(weight) && !m.isSplit(bias)) {
            return in.layerNorm(m.physical(x), weight == null ? null : m.sharedOrNull(weight), bias == null ? null : m.sharedOrNull(bias), eps);
        }
        Tensor[] out = in.layerNorm(m.physical(x), null, null, eps);
        if (weight != null) out[0] = out[0].mul(m.operand(weight, x.rank()));
        if (bias != null) out[0] = out[0].add(m.operand(bias, x.rank()));
        return out;
    }

    static Object layerNormBackward(Batching m, Backend in, Tensor g, Tensor x, Tensor mean, Tensor rstd, Tensor weight) {
        Tensor gp = m.physical(g);
        if (weight == null) return in.layerNormBackward(gp, m.physical(x), m.physical(mean), m.physical(rstd), null);
        Tensor dx = in.layerNormBackward(gp.mul(m.operand(weight, x.rank())).contiguous(), m.physical(x), m.physical(mean), m.physical(rstd), null)[0];
        Tensor normal = m.physical(x).sub(m.physical(mean)).mul(m.physical(rstd));
        return new Tensor[] {dx, ofLastAxis(gp.mul(normal)), ofLastAxis(gp)};
    }

    static Object rmsNorm(Batching m, Backend in, Tensor x, Tensor weight, double eps) {
        if (!m.isSplit(weight)) return in.rmsNorm(m.physical(x), weight == null ? null : m.sharedOrNull(weight), eps);
        Tensor[] out = in.rmsNorm(m.physical(x), null, eps);
        out[0] = out[0].mul(m.operand(weight, x.rank()));
        return out;
    }

    static Object rmsNormBackward(Batching m, Backend in, Tensor g, Tensor x, Tensor rrms, Tensor weight) {
        Tensor gp = m.physical(g);
        if (weight == null) return in.rmsNormBackward(gp, m.physical(x), m.physical(rrms), null);
        Tensor dx = in.rmsNormBackward(gp.mul(m.operand(weight, x.rank())).contiguous(), m.physical(x), m.physical(rrms), null)[0];
        return new Tensor[] {dx, ofLastAxis(gp.mul(m.physical(x)).mul(m.physical(rrms)))};
    }

    /** Sums over all axes but the examples and the last. */
    private static Tensor ofLastAxis(Tensor a) {
        return a.reshape(a.dim(0), -1, a.dim(-1)).sum(1);
    }

    // ---- images ----

    static Object conv2d(Batching m, Backend in, Tensor x, Tensor kernel, Tensor bias, Backend.Conv2d spec) {
        if (m.isSplit(kernel) || m.isSplit(bias)) return NONE;
        return apart(m, in.conv2d(rows(m, x), m.sharedOrNull(kernel), bias == null ? null : m.sharedOrNull(bias), spec), x.dim(0));
    }

    static Object conv2dInput(Batching m, Backend in, Tensor g, Tensor kernel, Shape shape, Backend.Conv2d spec) {
        if (m.isSplit(kernel)) return NONE;
        return apart(m, in.conv2dInput(rows(m, g), m.sharedOrNull(kernel), shape.with(0, m.examples() * shape.dim(0)), spec), shape.dim(0));
    }

    /** The channels of one example become a group of their own, so that no sum runs over examples. */
    static Object conv2dKernel(Batching m, Backend in, Tensor g, Tensor x, Shape shape, Backend.Conv2d spec) {
        Backend.Conv2d grouped = new Backend.Conv2d(spec.strideH(), spec.strideW(), spec.padH(), spec.padW(), spec.dilationH(), spec.dilationW(), spec.groups() * m.examples());
        return apart(m, in.conv2dKernel(channels(m, g), channels(m, x), shape.with(0, m.examples() * shape.dim(0)), grouped), shape.dim(0));
    }

    static Object maxPool2d(Batching m, Backend in, Tensor x, Backend.Pool2d spec) {
        return apart(m, in.maxPool2d(rows(m, x), spec), x.dim(0));
    }

    static Object avgPool2d(Batching m, Backend in, Tensor x, Backend.Pool2d spec) {
        return apart(m, in.avgPool2d(rows(m, x), spec), x.dim(0));
    }

    static Object avgPool2dInput(Batching m, Backend in, Tensor g, Shape shape, Backend.Pool2d spec) {
        return apart(m, in.avgPool2dInput(rows(m, g), shape.with(0, m.examples() * shape.dim(0)), spec), shape.dim(0));
    }

    // ---- pieces ----

    /** (examples, rows, ...) as (examples rows, ...). */
    private static Tensor rows(Batching m, Tensor t) {
        Tensor p = m.physical(t);
        return p.reshape(flat(p));
    }

    private static int[] flat(Tensor p) {
        int[] d = Arrays.copyOfRange(p.shape().raw(), 1, p.rank());
        d[0] = Math.multiplyExact(p.dim(0), p.dim(1));
        return d;
    }

    /** The inverse of {@link #rows}. */
    private static Tensor apart(Batching m, Tensor y, int rows) {
        int[] d = new int[y.rank() + 1];
        d[0] = m.examples();
        d[1] = rows;
        System.arraycopy(y.shape().raw(), 1, d, 2, y.rank() - 1);
        return y.reshape(d);
    }

    private static Tensor[] apart(Batching m, Tensor[] all, int rows) {
        return Arrays.stream(all).map(t -> apart(m, t, rows)).toArray(Tensor[]::new);
    }

    /** Images (n, c, h, w) of each example as (n, examples c, h, w). */
    private static Tensor channels(Batching m, Tensor t) {
        Tensor p = m.physical(t).transpose(0, 1);
        return p.reshape(t.dim(0), m.examples() * t.dim(1), t.dim(2), t.dim(3));
    }
}
