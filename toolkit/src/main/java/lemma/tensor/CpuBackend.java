package lemma.tensor;

import static java.lang.ref.Reference.reachabilityFence;

import java.util.List;

/**
 * The default backend: pooled memory of ours, vector instructions for everything element-wise and row-wise, OpenBLAS for matrix
 * products, one pool of threads for all of it ({@link Threads}).
 */
public final class CpuBackend implements Backend {
    public static final CpuBackend INSTANCE = new CpuBackend();

    static {
        OpenMp.waitPassively();
    }

    private CpuBackend() {}

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Tensor empty(Shape shape, DType dtype) {
        return Tensor.fresh(this, MemoryPool.allocate(shape, dtype), shape, dtype);
    }

    @Override
    public Tensor full(Shape shape, DType dtype, double value) {
        Tensor y = empty(shape, dtype);
        try {
            CpuCopy.fill(y, value);
            return y;
        } finally {
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor arange(double start, double step, int n, DType dtype) {
        Tensor y = empty(Shape.of(n), dtype);
        try {
            long to = y.address();
            for (int i = 0; i < n; i++) PlainLoops.put(dtype, to, i, start + i * step);
            return y;
        } finally {
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor cast(Tensor a, DType dtype) {
        Tensor y = empty(a.shape(), dtype);
        try {
            CpuCopy.cast(y, a);
            return y;
        } finally {
            reachabilityFence(a);
            reachabilityFence(y);
        }
    }

    @Override
    public void copyInto(Tensor dst, Tensor src) {
        try {
            CpuCopy.copy(dst, src);
        } finally {
            reachabilityFence(src);
            reachabilityFence(dst);
        }
    }

    @Override
    public Tensor unary(Unary op, Tensor a) {
        Tensor y = empty(a.shape(), op == Unary.ABS ? a.dtype().toReal() : a.dtype());
        try {
            CpuElementwise.unary(op, y, a);
            return y;
        } finally {
            reachabilityFence(a);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor binary(Binary op, Tensor a, Tensor b, Shape shape) {
        Tensor y = empty(shape, op.isLogical() ? DType.BOOL : a.dtype());
        try {
            CpuElementwise.binary(op, y, a, b);
            return y;
        } finally {
            reachabilityFence(a);
            reachabilityFence(b);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor binary(Binary op, Tensor a, double s, boolean scalarFirst) {
        Tensor y = empty(a.shape(), op.isLogical() ? DType.BOOL : a.dtype());
        try {
            CpuElementwise.scalar(op, y, a, s, scalarFirst);
            return y;
        } finally {
            reachabilityFence(a);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor special(SpecialFunction f, Shape shape, Tensor... x) {
        Tensor y = empty(shape, x[0].dtype());
        try {
            CpuElementwise.special(f, y, x);
            return y;
        } finally {
            reachabilityFence(x);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor where(Tensor cond, Tensor a, Tensor b, Shape shape) {
        Tensor y = empty(shape, a.dtype());
        try {
            CpuElementwise.where(y, cond, a, b);
            return y;
        } finally {
            reachabilityFence(cond);
            reachabilityFence(a);
            reachabilityFence(b);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor reduce(Reduction op, Tensor a, int[] axes) {
        int[] d = a.shape().dims();
        for (int axis : axes) d[axis] = 1;
        Tensor y = empty(Shape.of(d), a.dtype());
        try {
            CpuReductions.reduce(op, y, a, axes);
            return y;
        } finally {
            reachabilityFence(a);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor argReduce(boolean largest, Tensor a, int axis) {
        Tensor y = empty(a.rank() == 0 ? a.shape() : a.shape().with(axis, 1), DType.INT64);
        try {
            CpuReductions.argReduce(largest, y, a, axis);
            return y;
        } finally {
            reachabilityFence(a);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor cumsum(Tensor a, int axis) {
        Tensor y = empty(a.shape(), a.dtype());
        try {
            CpuReductions.cumsum(y, a, axis);
            return y;
        } finally {
            reachabilityFence(a);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor cumulate(Cumulative op, Tensor a, int axis) {
        Tensor y = empty(a.shape(), a.dtype());
        try {
            CpuReductions.cumulate(op, y, a, axis);
            return y;
        } finally {
            reachabilityFence(a);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor cumulativeArg(boolean largest, Tensor a, int axis) {
        Tensor y = empty(a.shape(), DType.INT64);
        try {
            CpuReductions.cumulativeArg(largest, y, a, axis);
            return y;
        } finally {
            reachabilityFence(a);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor argsort(Tensor a, int axis, boolean descending) {
        Tensor y = empty(a.shape(), DType.INT64);
        try {
            CpuIndexing.argsort(y, a, axis, descending);
            return y;
        } finally {
            reachabilityFence(a);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor topk(Tensor a, int axis, int k, boolean largest) {
        Tensor y = empty(a.rank() == 0 ? a.shape() : a.shape().with(axis, k), DType.INT64);
        try {
            CpuTopK.topk(y, a, axis, k, largest);
            return y;
        } finally {
            reachabilityFence(a);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor matmul(Tensor a, Tensor b) {
        Tensor y = empty(a.shape().with(-1, b.dim(-1)), a.dtype());
        try {
            CpuMatrices.matmul(y, a, b);
            return y;
        } finally {
            reachabilityFence(a);
            reachabilityFence(b);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor linear(Tensor x, Tensor w, Tensor b) {
        Tensor y = empty(Shape.of(x.dim(0), w.dim(0)), x.dtype());
        try {
            CpuMatrices.linear(y, x, w, b);
            return y;
        } finally {
            reachabilityFence(x);
            reachabilityFence(w);
            reachabilityFence(b);
            reachabilityFence(y);
        }
    }

    /** A row-major copy that a decomposition overwrites, for {@link CpuCopy#drop}. */
    private static Tensor[] temporary(Tensor a, java.util.function.Function<Tensor, Tensor[]> work) {
        Tensor copy = CpuCopy.copyOf(a);
        try {
            return work.apply(copy);
        } finally {
            CpuCopy.drop(copy);
            reachabilityFence(a);
        }
    }

    @Override
    public Tensor[] eigh(Tensor a, boolean vectors) {
        Tensor w = empty(a.shape().without(-1), a.dtype());
        try {
            if (!vectors) return temporary(a, c -> {
                CpuDecompositions.eigh(w, c, false);
                return new Tensor[] {w};
            });
            Tensor v = cast(a, a.dtype());
            CpuDecompositions.eigh(w, v, true);
            reachabilityFence(v);
            return new Tensor[] {w, v};
        } finally {
            reachabilityFence(w);
        }
    }

    @Override
    public Tensor[] svd(Tensor a, boolean vectors, boolean full) {
        int m = a.dim(-2);
        int n = a.dim(-1);
        int k = Math.min(m, n);
        Tensor s = empty(a.shape().without(-1).with(-1, k), a.dtype());
        Tensor u = vectors ? empty(a.shape().with(-1, full ? m : k), a.dtype()) : null;
        Tensor vh = vectors ? empty(a.shape().with(-2, full ? n : k), a.dtype()) : null;
        try {
            return temporary(a, c -> {
                CpuDecompositions.svd(u, s, vh, c);
                return vectors ? new Tensor[] {u, s, vh} : new Tensor[] {s};
            });
        } finally {
            reachabilityFence(u);
            reachabilityFence(s);
            reachabilityFence(vh);
        }
    }

    @Override
    public Tensor cholesky(Tensor a) {
        Tensor y = cast(a, a.dtype());
        try {
            CpuDecompositions.cholesky(y);
            return y;
        } finally {
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor solveTriangular(Tensor a, Tensor b, boolean upper, boolean unit) {
        Tensor x = cast(b, b.dtype());
        try {
            CpuDecompositions.solveTriangular(a, x, upper, unit);
            return x;
        } finally {
            reachabilityFence(a);
            reachabilityFence(x);
        }
    }

    @Override
    public Tensor[] lu(Tensor a, boolean regular) {
        Tensor factors = cast(a.detach().t(), a.dtype());
        Tensor pivots = empty(a.shape().without(-1).with(-1, Math.min(a.dim(-1), a.dim(-2))), DType.INT32);
        try {
            CpuDecompositions.lu(factors, pivots, regular);
            return new Tensor[] {factors, pivots};
        } finally {
            reachabilityFence(factors);
            reachabilityFence(pivots);
        }
    }

    @Override
    public Tensor luSolve(Tensor lu, Tensor pivots, Tensor b, boolean transposed) {
        Tensor x = cast(b, b.dtype());
        try {
            CpuDecompositions.luSolve(lu, pivots, x, transposed);
            return x;
        } finally {
            reachabilityFence(lu);
            reachabilityFence(pivots);
            reachabilityFence(x);
        }
    }

    @Override
    public Tensor[] qr(Tensor a, boolean full) {
        int m = a.dim(-2);
        int k = full ? m : Math.min(m, a.dim(-1));
        Tensor q = empty(a.shape().with(-2, k).with(-1, m), a.dtype());
        Tensor r = empty(a.shape().with(-2, k), a.dtype());
        try {
            return temporary(a.detach().t(), c -> {
                CpuDecompositions.qr(q, r, c);
                return new Tensor[] {q, r};
            });
        } finally {
            reachabilityFence(q);
            reachabilityFence(r);
        }
    }

    @Override
    public Tensor linearRecurrence(Tensor a, Tensor b, int axis, boolean reverse) {
        Tensor y = empty(b.shape(), b.dtype());
        Tensor c = CpuCopy.contiguous(a);
        Tensor d = CpuCopy.contiguous(b);
        try {
            CpuScan.recurrence(y, c, d, axis, reverse);
            return y;
        } finally {
            CpuCopy.drop(c, a);
            CpuCopy.drop(d, b);
            reachabilityFence(a);
            reachabilityFence(b);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor fft(Tensor a, boolean inverse) {
        return spectrum(a, empty(a.shape(), a.dtype()), (y, c) -> CpuFft.complex(y, c, inverse));
    }

    @Override
    public Tensor rfft(Tensor a) {
        return spectrum(a, empty(a.shape().with(-1, a.dim(-1) / 2 + 1), a.dtype().toComplex()), CpuFft::real);
    }

    @Override
    public Tensor irfft(Tensor a, int n) {
        return spectrum(a, empty(a.shape().with(-1, n), a.dtype().toReal()), CpuFft::realInverse);
    }

    private static Tensor spectrum(Tensor a, Tensor y, java.util.function.BiConsumer<Tensor, Tensor> transform) {
        Tensor c = CpuCopy.contiguous(a);
        try {
            transform.accept(y, c);
            return y;
        } finally {
            CpuCopy.drop(c, a);
            reachabilityFence(a);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor indexSelect(Tensor a, int axis, Tensor index) {
        Tensor y = empty(a.shape().with(axis, index.dim(0)), a.dtype());
        try {
            CpuIndexing.indexSelect(y, a, axis, index);
            return y;
        } finally {
            reachabilityFence(a);
            reachabilityFence(index);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor indexAdd(Tensor a, int axis, Tensor index, int length) {
        Tensor y = empty(a.shape().with(axis, length), a.dtype());
        try {
            CpuIndexing.indexAdd(y, a, axis, index);
            return y;
        } finally {
            reachabilityFence(a);
            reachabilityFence(index);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor gather(Tensor a, int axis, Tensor index) {
        Tensor y = empty(index.shape(), a.dtype());
        try {
            CpuIndexing.gather(y, a, axis, index);
            return y;
        } finally {
            reachabilityFence(a);
            reachabilityFence(index);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor scatterAdd(Tensor a, int axis, Tensor index, Shape shape) {
        Tensor y = empty(shape, a.dtype());
        try {
            CpuIndexing.scatterAdd(y, a, axis, index);
            return y;
        } finally {
            reachabilityFence(a);
            reachabilityFence(index);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor lastNamed(Tensor index, int axis, Shape shape) {
        Tensor y = empty(shape, DType.INT64);
        try {
            CpuIndexing.lastNamed(y, axis, index);
            return y;
        } finally {
            reachabilityFence(index);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor searchSorted(Tensor sorted, Tensor values, boolean right) {
        Tensor y = empty(values.shape(), DType.INT64);
        try {
            CpuIndexing.searchSorted(y, sorted, values, right);
            return y;
        } finally {
            reachabilityFence(sorted);
            reachabilityFence(values);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor concat(List<Tensor> parts, int axis) {
        Tensor first = parts.getFirst();
        int length = 0;
        for (Tensor p : parts) length = Math.addExact(length, p.dim(axis));
        Tensor y = empty(first.shape().with(axis, length), first.dtype());
        try {
            CpuIndexing.concat(y, parts, axis);
            return y;
        } finally {
            reachabilityFence(parts);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor softmax(Tensor a) {
        return softmax(a, false);
    }

    @Override
    public Tensor logSoftmax(Tensor a) {
        return softmax(a, true);
    }

    private Tensor softmax(Tensor a, boolean log) {
        Tensor y = empty(a.shape(), a.dtype());
        try {
            CpuRows.softmax(y, a, log);
            return y;
        } finally {
            reachabilityFence(a);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor softmaxBackward(Tensor g, Tensor y) {
        return softmaxBackward(g, y, false);
    }

    @Override
    public Tensor logSoftmaxBackward(Tensor g, Tensor y) {
        return softmaxBackward(g, y, true);
    }

    private Tensor softmaxBackward(Tensor g, Tensor y, boolean log) {
        Tensor dx = empty(y.shape(), y.dtype());
        try {
            CpuRows.softmaxBackward(dx, g, y, log);
            return dx;
        } finally {
            reachabilityFence(g);
            reachabilityFence(y);
            reachabilityFence(dx);
        }
    }

    @Override
    public Tensor[] crossEntropy(Tensor logits, Tensor labels) {
        Shape rows = Shape.of(logits.dim(0));
        Tensor loss = empty(rows, logits.dtype());
        Tensor lse = empty(rows, DType.FLOAT64);
        try {
            CpuRows.crossEntropy(loss, lse, logits, labels);
            return new Tensor[] {loss, lse};
        } finally {
            reachabilityFence(logits);
            reachabilityFence(labels);
            reachabilityFence(loss);
            reachabilityFence(lse);
        }
    }

    @Override
    public Tensor crossEntropyBackward(Tensor g, Tensor logits, Tensor labels, Tensor logsumexp) {
        Tensor dx = empty(logits.shape(), logits.dtype());
        try {
            CpuRows.crossEntropyBackward(dx, g, logits, labels, logsumexp);
            return dx;
        } finally {
            reachabilityFence(g);
            reachabilityFence(logits);
            reachabilityFence(labels);
            reachabilityFence(logsumexp);
            reachabilityFence(dx);
        }
    }

    @Override
    public Tensor[] layerNorm(Tensor x, Tensor weight, Tensor bias, double eps) {
        Shape rows = x.shape().with(-1, 1);
        Tensor y = empty(x.shape(), x.dtype());
        Tensor mean = empty(rows, x.dtype());
        Tensor rstd = empty(rows, x.dtype());
        try {
            CpuRows.layerNorm(y, mean, rstd, x, weight, bias, eps);
            return new Tensor[] {y, mean, rstd};
        } finally {
            reachabilityFence(x);
            reachabilityFence(weight);
            reachabilityFence(bias);
            reachabilityFence(y);
            reachabilityFence(mean);
            reachabilityFence(rstd);
        }
    }

    @Override
    public Tensor[] layerNormBackward(Tensor g, Tensor x, Tensor mean, Tensor rstd, Tensor weight) {
        Tensor dx = empty(x.shape(), x.dtype());
        Tensor dweight = weight == null ? null : empty(weight.shape(), x.dtype());
        Tensor dbias = weight == null ? null : empty(weight.shape(), x.dtype());
        try {
            CpuRows.layerNormBackward(dx, dweight, dbias, g, x, mean, rstd, weight);
            return new Tensor[] {dx, dweight, dbias};
        } finally {
            reachabilityFence(g);
            reachabilityFence(x);
            reachabilityFence(mean);
            reachabilityFence(rstd);
            reachabilityFence(weight);
            reachabilityFence(dx);
            reachabilityFence(dweight);
            reachabilityFence(dbias);
        }
    }

    @Override
    public Tensor[] rmsNorm(Tensor x, Tensor weight, double eps) {
        Tensor y = empty(x.shape(), x.dtype());
        Tensor rrms = empty(x.shape().with(-1, 1), x.dtype());
        try {
            CpuNorms.rmsNorm(y, rrms, x, weight, eps);
            return new Tensor[] {y, rrms};
        } finally {
            reachabilityFence(x);
            reachabilityFence(weight);
            reachabilityFence(y);
            reachabilityFence(rrms);
        }
    }

    @Override
    public Tensor[] rmsNormBackward(Tensor g, Tensor x, Tensor rrms, Tensor weight) {
        Tensor dx = empty(x.shape(), x.dtype());
        Tensor dweight = weight == null ? null : empty(weight.shape(), x.dtype());
        try {
            CpuNorms.rmsNormBackward(dx, dweight, g, x, rrms, weight);
            return new Tensor[] {dx, dweight};
        } finally {
            reachabilityFence(g);
            reachabilityFence(x);
            reachabilityFence(rrms);
            reachabilityFence(weight);
            reachabilityFence(dx);
            reachabilityFence(dweight);
        }
    }

    @Override
    public Tensor[] batchNorm(Tensor x, Tensor weight, Tensor bias, double eps) {
        Tensor y = empty(x.shape(), x.dtype());
        Tensor mean = empty(Shape.of(x.dim(1)), x.dtype());
        Tensor variance = empty(Shape.of(x.dim(1)), x.dtype());
        try {
            CpuNorms.batchNorm(y, mean, variance, x, weight, bias, eps);
            return new Tensor[] {y, mean, variance};
        } finally {
            reachabilityFence(x);
            reachabilityFence(weight);
            reachabilityFence(bias);
            reachabilityFence(y);
            reachabilityFence(mean);
            reachabilityFence(variance);
        }
    }

    @Override
    public Tensor[] batchNormBackward(Tensor g, Tensor x, Tensor mean, Tensor variance, Tensor weight, double eps) {
        Tensor dx = empty(x.shape(), x.dtype());
        Tensor dweight = empty(mean.shape(), x.dtype());
        Tensor dbias = empty(mean.shape(), x.dtype());
        try {
            CpuNorms.batchNormBackward(dx, dweight, dbias, g, x, mean, variance, weight, eps);
            return new Tensor[] {dx, dweight, dbias};
        } finally {
            reachabilityFence(g);
            reachabilityFence(x);
            reachabilityFence(mean);
            reachabilityFence(variance);
            reachabilityFence(weight);
            reachabilityFence(dx);
            reachabilityFence(dweight);
            reachabilityFence(dbias);
        }
    }

    @Override
    public Tensor conv2d(Tensor x, Tensor kernel, Tensor bias, Conv2d spec) {
        Tensor y = empty(CpuConvolution.shape(x.shape(), kernel.shape(), spec), x.dtype());
        try {
            CpuConvolution.forward(y, x, kernel, bias, spec);
            return y;
        } finally {
            reachabilityFence(x);
            reachabilityFence(kernel);
            reachabilityFence(bias);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor conv2dInput(Tensor g, Tensor kernel, Shape shape, Conv2d spec) {
        Tensor dx = empty(shape, g.dtype());
        try {
            CpuConvolution.input(dx, g, kernel, spec);
            return dx;
        } finally {
            reachabilityFence(g);
            reachabilityFence(kernel);
            reachabilityFence(dx);
        }
    }

    @Override
    public Tensor conv2dKernel(Tensor g, Tensor x, Shape shape, Conv2d spec) {
        Tensor dk = empty(shape, g.dtype());
        try {
            CpuConvolution.kernel(dk, g, x, spec);
            return dk;
        } finally {
            reachabilityFence(g);
            reachabilityFence(x);
            reachabilityFence(dk);
        }
    }

    @Override
    public Tensor[] maxPool2d(Tensor x, Pool2d spec) {
        Shape shape = CpuPooling.shape(x.shape(), spec);
        Tensor y = empty(shape, x.dtype());
        Tensor position = empty(shape, DType.INT64);
        try {
            CpuPooling.maxPool(y, position, x, spec);
            return new Tensor[] {y, position};
        } finally {
            reachabilityFence(x);
            reachabilityFence(y);
            reachabilityFence(position);
        }
    }

    @Override
    public Tensor avgPool2d(Tensor x, Pool2d spec) {
        Tensor y = empty(CpuPooling.shape(x.shape(), spec), x.dtype());
        try {
            CpuPooling.avgPool(y, x, spec);
            return y;
        } finally {
            reachabilityFence(x);
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor avgPool2dInput(Tensor g, Shape shape, Pool2d spec) {
        Tensor dx = empty(shape, g.dtype());
        try {
            CpuPooling.avgPoolInput(dx, g, spec);
            return dx;
        } finally {
            reachabilityFence(g);
            reachabilityFence(dx);
        }
    }

    @Override
    public Tensor[] recurrence(Unroll a, boolean keep) {
        Shape shape = a.x().shape().with(2, a.weight().dim(1));
        Tensor y = empty(shape, a.x().dtype());
        Tensor c = a.cell() == Cell.LSTM ? empty(shape, a.x().dtype()) : null;
        Tensor saved = keep && a.cell().saved() > 0 ? byTime(shape.with(2, a.cell().saved() * shape.dim(2)), a.x().dtype()) : null;
        try {
            CpuRecurrence.forward(a, y, c, saved);
            return new Tensor[] {y, c, saved};
        } finally {
            reachabilityFence(a);
            reachabilityFence(y);
            reachabilityFence(c);
            reachabilityFence(saved);
        }
    }

    @Override
    public Tensor[] recurrenceBackward(Unroll a, Tensor[] forward, Tensor g, Tensor gc) {
        Tensor dx = byTime(a.x().shape(), a.x().dtype());
        Tensor du = a.cell() == Cell.GRU ? byTime(dx.shape(), dx.dtype()) : dx;
        Tensor dh = empty(a.h().shape(), dx.dtype());
        Tensor dc = a.c() == null ? null : empty(dh.shape(), dx.dtype());
        try {
            CpuRecurrence.backward(a, forward, g, gc, dx, du, dh, dc);
            Tensor flat = du.transpose(0, 1).reshape(-1, du.dim(2));
            Tensor dw = matmul(flat.t(), before(a, forward[0].transpose(0, 1)).reshape(-1, dh.dim(1)));
            return new Tensor[] {dx, dw, a.bias() == null ? null : flat.sum(0), dh, dc};
        } finally {
            reachabilityFence(a);
            reachabilityFence(forward);
            reachabilityFence(g);
            reachabilityFence(gc);
            reachabilityFence(dx);
            reachabilityFence(du);
            reachabilityFence(dh);
            reachabilityFence(dc);
        }
    }

    /** A (batch, time, n) array of which the rows of one time lie side by side, as the loop over time reads and writes them. */
    private Tensor byTime(Shape shape, DType dtype) {
        return empty(Shape.of(shape.dim(1), shape.dim(0), shape.dim(2)), dtype).transpose(0, 1);
    }

    /** The state before each step, of y (time, batch, n). */
    private Tensor before(Unroll a, Tensor y) {
        Tensor first = a.h().detach().unsqueeze(0);
        int time = y.dim(0);
        return a.reverse() ? concat(List.of(y.narrow(0, 1, time), first), 0) : concat(List.of(first, y.narrow(0, 0, time - 1)), 0);
    }

    @Override
    public Tensor normal(long key, long counter, Shape shape, DType dtype) {
        Tensor y = empty(shape, dtype);
        try {
            CpuRandom.normal(key, counter, y);
            return y;
        } finally {
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor uniform(long key, long counter, Shape shape, DType dtype) {
        Tensor y = empty(shape, dtype);
        try {
            CpuRandom.uniform(key, counter, y);
            return y;
        } finally {
            reachabilityFence(y);
        }
    }

    @Override
    public Tensor[] adam(Tensor p, Tensor g, Tensor m, Tensor v, AdamStep step) {
        Tensor p1 = empty(p.shape(), p.dtype());
        Tensor m1 = empty(p.shape(), p.dtype());
        Tensor v1 = empty(p.shape(), p.dtype());
        try {
            CpuRows.adam(p1, m1, v1, p, g, m, v, step);
            return new Tensor[] {p1, m1, v1};
        } finally {
            reachabilityFence(p);
            reachabilityFence(g);
            reachabilityFence(m);
            reachabilityFence(v);
            reachabilityFence(p1);
            reachabilityFence(m1);
            reachabilityFence(v1);
        }
    }
}
