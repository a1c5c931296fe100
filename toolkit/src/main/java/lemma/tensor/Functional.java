package lemma.tensor;

/**
 * The operations behind layers and losses, as PyTorch's {@code torch.nn.functional} has them. Each has a fused gradient, and one made
 * of differentiable operations where a higher derivative is asked for.
 */
public final class Functional {
    private Functional() {}

    /** {@code exp(x) / sum(exp(x))} along {@code axis}. */
    public static Tensor softmax(Tensor x, int axis) {
        int over = x.shape().axis("softmax", axis);
        if (over != x.rank() - 1) return softmax(x.transpose(over, -1), -1).transpose(over, -1);
        Tensor a = floats("softmax", x);
        return Tensor.record("softmax", a.backend().softmax(a), (g, y) -> new Tensor[] {
            Views.isRecording(g, y) ? y.mul(g.sub(g.mul(y).sumKeep(-1))) : g.backend().softmaxBackward(g, y.detach())}, a);
    }

    /** {@code x - log(sum(exp(x)))} along {@code axis}. */
    public static Tensor logSoftmax(Tensor x, int axis) {
        int over = x.shape().axis("logSoftmax", axis);
        if (over != x.rank() - 1) return logSoftmax(x.transpose(over, -1), -1).transpose(over, -1);
        Tensor a = floats("logSoftmax", x);
        return Tensor.record("logSoftmax", a.backend().logSoftmax(a), (g, y) -> new Tensor[] {
            Views.isRecording(g, y) ? g.sub(y.exp().mul(g.sumKeep(-1))) : g.backend().logSoftmaxBackward(g, y.detach())}, a);
    }

    /**
     * {@code softmax(scores)} over the last axis, and zeros in rows that are -inf throughout, where a query may see no key.
     */
    public static Tensor maskedSoftmax(Tensor scores) {
        Tensor blind = scores.detach().maxKeep(-1).eq(Double.NEGATIVE_INFINITY);
        return softmax(scores.maskedFill(blind, 0), -1).maskedFill(blind, 0);
    }

    /**
     * Attention {@code softmax(q k^T / sqrt(d) + mask) v}: q (..., queries, d), k (..., keys, d), v (..., keys, e), result (..., queries, e). A
     * query that may see no key gives zeros.
     *
     * @param mask BOOL, true where a query may see a key (as PyTorch's function has it, the opposite of its attention layer), or floats to
     *     add to the scores; broadcast to (..., queries, keys); or null
     * @param causal hides key j from query i where {@code j > i}; only without a mask
     * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. (2017), Attention is all you need, eq. 1</a>
     */
    public static Tensor scaledDotProductAttention(Tensor q, Tensor k, Tensor v, Tensor mask, boolean causal) {
        if (q.rank() < 2 || k.rank() < 2 || v.rank() < 2 || q.dim(-1) != k.dim(-1) || k.dim(-2) != v.dim(-2)) {
            throw new IllegalArgumentException("scaledDotProductAttention: q is " + q.shape() + ", k " + k.shape() + ", v " + v.shape() + "; expected (..., queries, d), (..., keys, d) and (..., keys, e)");
        }
        if (causal && mask != null) throw new IllegalArgumentException("scaledDotProductAttention: a mask and causal; put the causal mask into the mask");
        Tensor scores = q.mul(1 / Math.sqrt(q.dim(-1))).matmul(k.t());
        if (causal) {
            Tensor query = Tensor.arange(q.dim(-2)).reshape(-1, 1);
            Tensor future = Tensor.arange(k.dim(-2)).reshape(1, -1).gt(query).to(q.backend());
            return softmax(scores.maskedFill(future, Double.NEGATIVE_INFINITY), -1).matmul(v);
        }
        if (mask == null) return softmax(scores, -1).matmul(v);
        return maskedSoftmax(mask.dtype() == DType.BOOL ? scores.maskedFill(mask.not(), Double.NEGATIVE_INFINITY) : scores.add(mask)).matmul(v);
    }

    /** The elements of {@code value} with the gradient of {@code surrogate}, which has the same shape: a straight-through estimator. */
    public static Tensor straightThrough(Tensor value, Tensor surrogate) {
        if (!value.shape().equals(surrogate.shape()) || value.dtype() != surrogate.dtype()) {
            throw new IllegalArgumentException("straightThrough: value is " + value.dtype() + " " + value.shape() + ", surrogate " + surrogate.dtype() + " " + surrogate.shape() + "; they must be equal");
        }
        Tensor y = value.view(value.shape(), value.strides(), value.offset());
        return Tensor.record("straightThrough", y, (g, out) -> new Tensor[] {g}, surrogate);
    }

    /**
     * {@code x w^T + b}: x (..., in), w (out, in), b (out) or null, result (..., out).
     *
     * @throws IllegalArgumentException if the shapes do not fit
     */
    public static Tensor linear(Tensor x, Tensor w, Tensor b) {
        if (w.rank() != 2 || x.rank() == 0 || x.dim(-1) != w.dim(1)) {
            throw new IllegalArgumentException("linear: x is " + x.shape() + ", weight is " + w.shape() + "; the last axes must be equal and weight (out, in)");
        }
        if (b != null && (b.rank() != 1 || b.dim(0) != w.dim(0))) throw new IllegalArgumentException("linear: bias is " + b.shape() + ", expected [" + w.dim(0) + "]");
        checkTypes("linear", x, w, b);
        if (x.rank() != 2) {
            int[] d = x.shape().dims();
            d[d.length - 1] = w.dim(0);
            return linear(x.reshape(-1, x.dim(-1)), w, b).reshape(d);
        }
        Tensor y = Batching.backend(x, w, b).linear(x, w, b);
        if (b == null) return Tensor.record("linear", y, (g, out) -> linearGradients(g, x, w), x, w);
        return Tensor.record("linear", y, (g, out) -> {
            Tensor[] d = linearGradients(g, x, w);
            return new Tensor[] {d[0], d[1], b.node == null ? null : g.sum(0)};
        }, x, w, b);
    }

    private static Tensor[] linearGradients(Tensor g, Tensor x, Tensor w) {
        return new Tensor[] {
            x.node == null ? null : g.matmul(Views.forRule(w)),
            w.node == null ? null : g.t().matmul(Views.forRule(x))};
    }

    /** Rows of {@code table (n, d)} at {@code index (...)}: result (..., d). */
    public static Tensor embedding(Tensor index, Tensor table) {
        if (table.rank() != 2) throw new IllegalArgumentException("embedding: table is " + table.shape() + ", expected two axes");
        int[] d = java.util.Arrays.copyOf(index.shape().raw(), index.rank() + 1);
        d[index.rank()] = table.dim(1);
        return table.indexSelect(0, index.reshape(-1)).reshape(d);
    }

    /**
     * {@code weight * (x - mean) / sqrt(var + eps) + bias} over the last axis; weight and bias (d) or both null.
     *
     * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros, Hinton (2016), Layer Normalization</a>
     */
    public static Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, double eps) {
        int d = x.dim(-1);
        if (weight != null && !weight.shape().equals(Shape.of(d))) throw new IllegalArgumentException("layerNorm: weight is " + weight.shape() + ", expected [" + d + "] for x " + x.shape());
        if (bias != null && !bias.shape().equals(Shape.of(d))) throw new IllegalArgumentException("layerNorm: bias is " + bias.shape() + ", expected [" + d + "] for x " + x.shape());
        checkTypes("layerNorm", x, weight, bias);
        Tensor[] out = Batching.backend(x, weight, bias).layerNorm(x, weight, bias, eps);
        Node.Rule rule = (g, y) -> {
            Tensor[] all = Views.isRecording(g, x) ? layerNormGradients(g, x, weight, eps) : g.backend().layerNormBackward(g, x.detach(), out[1], out[2], weight == null ? null : weight.detach());
            if (weight == null) return new Tensor[] {all[0]};
            return bias == null ? new Tensor[] {all[0], all[1]} : all;
        };
        if (weight == null) return Tensor.record("layerNorm", out[0], rule, x);
        return bias == null ? Tensor.record("layerNorm", out[0], rule, x, weight) : Tensor.record("layerNorm", out[0], rule, x, weight, bias);
    }

    private static Tensor[] layerNormGradients(Tensor g, Tensor x, Tensor weight, double eps) {
        Tensor centred = x.sub(x.meanKeep(-1));
        Tensor rstd = centred.square().meanKeep(-1).add(eps).rsqrt();
        Tensor normal = centred.mul(rstd);
        Tensor gw = weight == null ? g : g.mul(weight);
        Tensor dx = rstd.mul(gw.sub(gw.meanKeep(-1)).sub(normal.mul(gw.mul(normal).meanKeep(-1))));
        if (weight == null) return new Tensor[] {dx, null, null};
        return new Tensor[] {dx, g.mul(normal).sumTo(weight.shape()), g.sumTo(weight.shape())};
    }

    /** As {@link #layerNorm(Tensor, Tensor, Tensor, double)} over the last axes, whose lengths are {@code over}; weight and bias of that shape or null. */
    public static Tensor layerNorm(Tensor x, Shape over, Tensor weight, Tensor bias, double eps) {
        return Normalisation.layerNorm(x, over, weight, bias, eps);
    }

    /**
     * {@code x / sqrt(mean(x^2) + eps) * weight} over the last axis; weight (d) or null.
     *
     * @see <a href="https://arxiv.org/abs/1910.07467">Zhang, Sennrich (2019), Root Mean Square Layer Normalization, eq. 4</a>
     */
    public static Tensor rmsNorm(Tensor x, Tensor weight, double eps) {
        return Normalisation.rmsNorm(x, weight, eps);
    }

    /**
     * Channels normalised by the statistics of the batch.
     *
     * @param y the result
     * @param mean mean of each channel (c), without gradient
     * @param variance variance of each channel (c) with divisor n, without gradient
     */
    public record BatchNorm(Tensor y, Tensor mean, Tensor variance) {}

    /**
     * {@code weight (x - mean) / sqrt(var + eps) + bias}, mean and variance of each channel over all other axes: x (n, c, ...), weight and
     * bias (c) or null.
     *
     * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe, Szegedy (2015), Batch normalization, algorithm 1</a>
     */
    public static BatchNorm batchNorm(Tensor x, Tensor weight, Tensor bias, double eps) {
        return Normalisation.batchNorm(x, weight, bias, eps);
    }

    /**
     * {@code weight (x - mean) / sqrt(var + eps) + bias}, mean and variance of each example over the channels of a group and their places:
     * x (n, c, ...), weight and bias (c) or null.
     *
     * @see <a href="https://arxiv.org/abs/1803.08494">Wu, He (2018), Group Normalization, eq. 1</a>
     */
    public static Tensor groupNorm(Tensor x, int groups, Tensor weight, Tensor bias, double eps) {
        return Normalisation.groupNorm(x, groups, weight, bias, eps);
    }

    /**
     * {@link #groupNorm} with a group for each channel: x (n, c, ...) with at least one axis of places.
     *
     * @see <a href="https://arxiv.org/abs/1607.08022">Ulyanov, Vedaldi, Lempitsky (2016), Instance Normalization, eq. 4</a>
     */
    public static Tensor instanceNorm(Tensor x, Tensor weight, Tensor bias, double eps) {
        return Normalisation.instanceNorm(x, weight, bias, eps);
    }

    /**
     * {@code -log softmax(logits)[label]} for each row: logits (n, c), labels integers (n), result (n).
     *
     * @throws IndexOutOfBoundsException if a label is outside 0 to c - 1
     */
    public static Tensor crossEntropy(Tensor logits, Tensor labels) {
        if (logits.rank() != 2 || labels.rank() != 1 || labels.dim(0) != logits.dim(0)) {
            throw new IllegalArgumentException("crossEntropy: logits are " + logits.shape() + ", labels " + labels.shape() + "; expected (n, classes) and (n)");
        }
        if (!labels.dtype().isInteger()) throw new IllegalArgumentException("crossEntropy: labels are " + labels.dtype() + ", expected integers");
        Tensor target = labels.to(DType.INT64);
        Tensor[] out = Batching.backend(logits, target).crossEntropy(logits, target);
        return Tensor.record("crossEntropy", out[0], (g, y) -> {
            if (!Views.isRecording(g, logits)) return new Tensor[] {g.backend().crossEntropyBackward(g, logits.detach(), target, out[1])};
            Tensor hot = target.oneHot(logits.dim(1)).to(logits.dtype());
            return new Tensor[] {g.unsqueeze(1).mul(softmax(logits, -1).sub(hot))};
        }, logits);
    }

    // ---- convolution and pooling ----

    /**
     * Cross-correlation: x (n, c, h, w), kernel (o, c/groups, kh, kw), bias (o) or null, result (n, o, h', w') with
     * {@code h' = (h + 2 pad - dilation (kh - 1) - 1) / stride + 1}.
     */
    public static Tensor conv2d(Tensor x, Tensor kernel, Tensor bias, Backend.Conv2d spec) {
        if (x.rank() != 4 || kernel.rank() != 4 || x.dim(1) != kernel.dim(1) * spec.groups() || kernel.dim(0) % spec.groups() != 0) {
            throw new IllegalArgumentException("conv2d: x is " + x.shape() + ", kernel " + kernel.shape() + ", groups " + spec.groups()
                    + "; expected x (n, c, h, w), kernel (o, c/groups, kh, kw) and o divisible by groups");
        }
        int h = Backend.Conv2d.out(x.dim(2), kernel.dim(2), spec.strideH(), spec.padH(), spec.dilationH());
        int w = Backend.Conv2d.out(x.dim(3), kernel.dim(3), spec.strideW(), spec.padW(), spec.dilationW());
        if (h < 1 || w < 1) throw new IllegalArgumentException("conv2d: the kernel " + kernel.shape() + " with " + spec + " does not fit into x " + x.shape());
        checkTypes("conv2d", x, kernel, bias);
        Tensor y = Batching.backend(x, kernel, bias).conv2d(x, kernel, bias, spec);
        if (bias == null) return Tensor.record("conv2d", y, (g, out) -> conv2dGradients(g, x, kernel, spec), x, kernel);
        return Tensor.record("conv2d", y, (g, out) -> {
            Tensor[] d = conv2dGradients(g, x, kernel, spec);
            return new Tensor[] {d[0], d[1], bias.node == null ? null : g.sum(0, 2, 3)};
        }, x, kernel, bias);
    }

    private static Tensor[] conv2dGradients(Tensor g, Tensor x, Tensor kernel, Backend.Conv2d spec) {
        return new Tensor[] {
            x.node == null ? null : conv2dInput(g, Views.forRule(kernel), x.shape(), spec),
            kernel.node == null ? null : conv2dKernel(g, Views.forRule(x), kernel.shape(), spec)};
    }

    /** The transpose of {@link #conv2d} in x: g (n, o, h', w') to {@code shape} (n, c, h, w). */
    public static Tensor conv2dInput(Tensor g, Tensor kernel, Shape shape, Backend.Conv2d spec) {
        return Tensor.record("conv2dInput", Batching.backend(g, kernel).conv2dInput(g, kernel, shape, spec), (h, y) -> new Tensor[] {
            g.node == null ? null : conv2d(h, Views.forRule(kernel), null, spec),
            kernel.node == null ? null : conv2dKernel(Views.forRule(g), h, kernel.shape(), spec)}, g, kernel);
    }

    /** The transpose of {@link #conv2d} in the kernel: g (n, o, h', w') and x to {@code shape} (o, c/groups, kh, kw). */
    public static Tensor conv2dKernel(Tensor g, Tensor x, Shape shape, Backend.Conv2d spec) {
        return Tensor.record("conv2dKernel", Batching.backend(g, x).conv2dKernel(g, x, shape, spec), (h, y) -> new Tensor[] {
            g.node == null ? null : conv2d(Views.forRule(x), h, null, spec),
            x.node == null ? null : conv2dInput(Views.forRule(g), h, x.shape(), spec)}, g, x);
    }

    /** Largest value per window: x (n, c, h, w). */
    public static Tensor maxPool2d(Tensor x, Backend.Pool2d spec) {
        checkPool("maxPool2d", x, spec);
        Tensor[] out = x.backend().maxPool2d(x.detach(), spec);
        Shape planes = Shape.of(x.dim(0), x.dim(1), x.dim(2) * x.dim(3));
        return Tensor.record("maxPool2d", out[0], (g, y) -> new Tensor[] {
            g.flatten(2).scatterAdd(2, out[1].flatten(2), planes).reshape(x.shape())}, x);
    }

    /** Mean per window, padding counted as zeros: x (n, c, h, w). */
    public static Tensor avgPool2d(Tensor x, Backend.Pool2d spec) {
        checkPool("avgPool2d", x, spec);
        return Tensor.record("avgPool2d", x.backend().avgPool2d(x, spec), (g, y) -> new Tensor[] {avgPool2dInput(g, x.shape(), spec)}, x);
    }

    private static Tensor avgPool2dInput(Tensor g, Shape shape, Backend.Pool2d spec) {
        return Tensor.record("avgPool2dInput", g.backend().avgPool2dInput(g, shape, spec), (h, y) -> new Tensor[] {avgPool2d(h, spec)}, g);
    }

    private static void checkPool(String op, Tensor x, Backend.Pool2d s) {
        if (x.rank() != 4) throw new IllegalArgumentException(op + ": x is " + x.shape() + ", expected (n, c, h, w)");
        if (2 * s.padH() > s.kernelH() || 2 * s.padW() > s.kernelW()) throw new IllegalArgumentException(op + ": padding " + s.padH() + " x " + s.padW() + " is more than half of the window " + s.kernelH() + " x " + s.kernelW());
        if (x.dim(2) + 2 * s.padH() < s.kernelH() || x.dim(3) + 2 * s.padW() < s.kernelW()) throw new IllegalArgumentException(op + ": the window " + s.kernelH() + " x " + s.kernelW() + " does not fit into x " + x.shape());
    }

    /** Cross-correlation over one axis: x (n, c, l), kernel (o, c/groups, k), bias (o) or null; see {@link #conv2d}. */
    public static Tensor conv1d(Tensor x, Tensor kernel, Tensor bias, int stride, int padding, int dilation, int groups) {
        return Convolutions.conv1d(x, kernel, bias, stride, padding, dilation, groups);
    }

    /** {@link #convTranspose2d} over one axis: x (n, c, l), kernel (c, o/groups, k), bias (o) or null. */
    public static Tensor convTranspose1d(Tensor x, Tensor kernel, Tensor bias, int stride, int padding, int outputPadding, int dilation, int groups) {
        return Convolutions.convTranspose1d(x, kernel, bias, stride, padding, outputPadding, dilation, groups);
    }

    /**
     * The transpose of a convolution in its input: x (n, c, h, w), kernel (c, o/groups, kh, kw), bias (o) or null, result (n, o, h', w') with
     * {@code h' = (h - 1) stride - 2 pad + dilation (kh - 1) + outputPad + 1}.
     */
    public static Tensor convTranspose2d(Tensor x, Tensor kernel, Tensor bias, Backend.Conv2d spec, int outputPadH, int outputPadW) {
        return Convolutions.convTranspose2d(x, kernel, bias, spec, outputPadH, outputPadW);
    }

    /** The windows of a convolution as columns: x (n, c, h, w) to (n, c kernelH kernelW, windows); the groups of {@code spec} play no part. */
    public static Tensor unfold(Tensor x, int kernelH, int kernelW, Backend.Conv2d spec) {
        return Convolutions.unfold(x, kernelH, kernelW, spec);
    }

    /** The transpose of {@link #unfold}: columns (n, c kernelH kernelW, windows) added where they came from, to (n, c, h, w). */
    public static Tensor fold(Tensor columns, int h, int w, int kernelH, int kernelW, Backend.Conv2d spec) {
        return Convolutions.fold(columns, h, w, kernelH, kernelW, spec);
    }

    /** Largest value per window: x (n, c, l). */
    public static Tensor maxPool1d(Tensor x, int kernel, int stride, int padding) {
        return Resampling.maxPool1d(x, kernel, stride, padding);
    }

    /** Mean per window, padding counted as zeros: x (n, c, l). */
    public static Tensor avgPool1d(Tensor x, int kernel, int stride, int padding) {
        return Resampling.avgPool1d(x, kernel, stride, padding);
    }

    /** Means over {@code length} windows that cover the last axis: x (n, c, l) to (n, c, length). Length 1 is global pooling. */
    public static Tensor adaptiveAvgPool1d(Tensor x, int length) {
        return Resampling.adaptiveAvgPool1d(x, length);
    }

    /** Means over h x w windows that cover the plane: x (n, c, ., .) to (n, c, h, w). One by one is global pooling. */
    public static Tensor adaptiveAvgPool2d(Tensor x, int h, int w) {
        return Resampling.adaptiveAvgPool2d(x, h, w);
    }

    /** What {@link #pad} puts beyond the ends of an axis. */
    public enum PadMode {
        /** A given number. */
        CONSTANT,
        /** The elements in reverse, without the one at the end. */
        REFLECT,
        /** The element at the end. */
        REPLICATE,
        /** The elements from the other end. */
        CIRCULAR
    }

    /**
     * Axes made longer: {@code lengths} are those before and after the last axis, then those of the axis before it, and so on. Negative
     * lengths take away. {@code value} counts for CONSTANT alone.
     */
    public static Tensor pad(Tensor x, PadMode mode, double value, int... lengths) {
        return Resampling.pad(x, mode, value, lengths);
    }

    /** How {@link #interpolate} finds a value between places: LINEAR is linear along each axis, so bilinear in a plane. */
    public enum Interpolation { NEAREST, LINEAR }

    /** The axes behind (n, c, ...) resampled to {@code size}. With {@code alignCorners} the first and the last places stay where they are. */
    public static Tensor interpolate(Tensor x, Interpolation mode, boolean alignCorners, int[] size) {
        return Resampling.interpolate(x, mode, alignCorners, size, null);
    }

    /** The axes behind (n, c, ...) resampled to {@code floor(length scale)}. */
    public static Tensor interpolate(Tensor x, Interpolation mode, boolean alignCorners, double scale) {
        if (!(scale > 0) || x.rank() < 3) throw new IllegalArgumentException("interpolate: scale " + scale + " of x " + x.shape() + "; expected a positive number and (n, c, ...)");
        int[] size = new int[x.rank() - 2];
        double[] scales = new double[size.length];
        for (int i = 0; i < size.length; i++) {
            size[i] = (int) Math.floor(x.dim(2 + i) * scale);
            scales[i] = scale;
        }
        return Resampling.interpolate(x, mode, alignCorners, size, scales);
    }

    /** Channels to places: {@code (..., c r^2, h, w) -> (..., c, h r, w r)}. */
    public static Tensor pixelShuffle(Tensor x, int r) {
        return Resampling.pixelShuffle(x, r);
    }

    /** The inverse of {@link #pixelShuffle}: {@code (..., c, h r, w r) -> (..., c r^2, h, w)}. */
    public static Tensor pixelUnshuffle(Tensor x, int r) {
        return Resampling.pixelUnshuffle(x, r);
    }

    // ---- activation functions ----

    /** x limited to [low, high]; PyTorch's bounds are -1 and 1. The gradient is zero at the bounds too. */
    public static Tensor hardtanh(Tensor x, double low, double high) {
        return Activations.hardtanh(x, low, high);
    }

    /** {@code min(max(x, 0), 6)}. */
    public static Tensor relu6(Tensor x) {
        return Activations.hardtanh(x, 0, 6);
    }

    /** {@code x} where positive, {@code slope x} elsewhere; PyTorch's slope is 0.01. */
    public static Tensor leakyRelu(Tensor x, double slope) {
        return Activations.leakyRelu(x, slope);
    }

    /** {@code x} where positive, {@code weight x} elsewhere: weight is one number, or one for each channel of axis 1. */
    public static Tensor prelu(Tensor x, Tensor weight) {
        return Activations.prelu(x, weight);
    }

    /** {@code x} where positive, {@code alpha (exp(x) - 1)} elsewhere. */
    public static Tensor elu(Tensor x, double alpha) {
        return Activations.elu(x, alpha);
    }

    /**
     * {@link #elu} with the constants that keep mean 0 and variance 1.
     *
     * @see <a href="https://arxiv.org/abs/1706.02515">Klambauer et al. (2017), Self-normalizing neural networks</a>
     */
    public static Tensor selu(Tensor x) {
        return Activations.selu(x);
    }

    /** {@code x} where positive, {@code alpha (exp(x / alpha) - 1)} elsewhere. */
    public static Tensor celu(Tensor x, double alpha) {
        return Activations.celu(x, alpha);
    }

    /** {@code log(1 + exp(beta x)) / beta}, and x where {@code beta x} is above the threshold; PyTorch's are 1 and 20. */
    public static Tensor softplus(Tensor x, double beta, double threshold) {
        return Activations.softplus(x, beta, threshold);
    }

    /** {@code x tanh(softplus(x))}. */
    public static Tensor mish(Tensor x) {
        return x.mul(x.softplus().tanh());
    }

    /** {@code x min(max(x + 3, 0), 6) / 6}. */
    public static Tensor hardswish(Tensor x) {
        return x.mul(hardsigmoid(x));
    }

    /** {@code min(max(x + 3, 0), 6) / 6}. */
    public static Tensor hardsigmoid(Tensor x) {
        return Activations.hardtanh(x.add(3), 0, 6).div(6);
    }

    /** {@code x / (1 + |x|)}. */
    public static Tensor softsign(Tensor x) {
        return x.div(x.abs().add(1));
    }

    /** {@code log(sigmoid(x))} without overflow. */
    public static Tensor logSigmoid(Tensor x) {
        return x.neg().softplus().neg();
    }

    /** {@code x - tanh(x)}. */
    public static Tensor tanhshrink(Tensor x) {
        return x.sub(x.tanh());
    }

    /** {@code x} drawn towards zero by lambda, zero within; PyTorch's lambda is 0.5. */
    public static Tensor softshrink(Tensor x, double lambda) {
        return Activations.softshrink(x, lambda);
    }

    /** {@code x}, but zero where {@code |x| <= lambda}; PyTorch's lambda is 0.5. */
    public static Tensor hardshrink(Tensor x, double lambda) {
        return x.maskedFill(x.detach().abs().le(lambda), 0);
    }

    /** {@code x} where it is above {@code threshold}, {@code value} elsewhere. */
    public static Tensor threshold(Tensor x, double threshold, double value) {
        return x.maskedFill(x.detach().le(threshold), value);
    }

    /** The first half along {@code axis} times the sigmoid of the second. */
    public static Tensor glu(Tensor x, int axis) {
        return Activations.glu(x, axis);
    }

    /**
     * {@code softmax((logits + g) / tau)} over the last axis with Gumbel noise g. With {@code hard} one-hot, whose gradient is that of the
     * soft one.
     *
     * @see <a href="https://arxiv.org/abs/1611.01144">Jang, Gu, Poole (2017), Categorical reparameterization with Gumbel-softmax</a>
     */
    public static Tensor gumbelSoftmax(Random random, Tensor logits, double tau, boolean hard) {
        return Activations.gumbelSoftmax(random, logits, tau, hard);
    }

    /** Dropout that keeps the mean and variance of {@link #selu}'s output: an element goes to selu's lower limit with probability p. */
    public static Tensor alphaDropout(Random random, Tensor x, double p) {
        return Activations.alphaDropout(random, x, p);
    }

    // ---- vectors ----

    /** {@code x / max(|x|_p, eps)} along {@code axis}; PyTorch's p is 2, its eps 1e-12. */
    public static Tensor normalize(Tensor x, double p, int axis, double eps) {
        return Distances.normalize(x, p, axis, eps);
    }

    /** {@code a.b / (max(|a|, eps) max(|b|, eps))} along {@code axis} of the broadcast shape; PyTorch's eps is 1e-8. */
    public static Tensor cosineSimilarity(Tensor a, Tensor b, int axis, double eps) {
        return Distances.cosineSimilarity(a, b, axis, eps);
    }

    /** {@code |a - b + eps|_p} over the last axis; PyTorch's p is 2, its eps 1e-6. */
    public static Tensor pairwiseDistance(Tensor a, Tensor b, double p, double eps) {
        return a.sub(b).add(eps).vectorNorm(p, -1);
    }

    /** {@code |a_i - b_j|_p} for rows of a (..., n, d) and b (..., m, d): result (..., n, m). Exact differences; takes memory for n m d numbers. */
    public static Tensor cdist(Tensor a, Tensor b, double p) {
        return Distances.cdist(a, b, p);
    }

    /** Euclidean {@link #cdist(Tensor, Tensor, double)} through one matrix product: faster, but small distances between long vectors lose digits. */
    public static Tensor cdist(Tensor a, Tensor b) {
        return Distances.cdistByProducts(a, b);
    }

    /** {@code y_k = x1 W_k x2 + b_k}: x1 (..., in1), x2 (..., in2), weight (out, in1, in2), bias (out) or null. */
    public static Tensor bilinear(Tensor x1, Tensor x2, Tensor weight, Tensor bias) {
        if (weight.rank() != 3 || x1.rank() == 0 || x2.rank() == 0 || x1.dim(-1) != weight.dim(1) || x2.dim(-1) != weight.dim(2)) {
            throw new IllegalArgumentException("bilinear: x1 is " + x1.shape() + ", x2 " + x2.shape() + ", weight " + weight.shape() + "; expected (..., in1), (..., in2) and (out, in1, in2)");
        }
        Tensor y = Tensor.einsum("...i,kij,...j->...k", x1, weight, x2);
        return bias == null ? y : y.add(bias);
    }

    /** What {@link #embeddingBag} makes of the rows of a bag. */
    public enum Bag { SUM, MEAN, MAX }

    /** Sum, mean or maximum of the rows of {@code table (n, d)} at {@code index (bags, length)}: result (bags, d). */
    public static Tensor embeddingBag(Tensor index, Tensor table, Bag mode) {
        return Distances.embeddingBag(index, table, mode);
    }

    /** Likewise for bags of any length: bag i holds what stands in {@code index} (a vector) from {@code offsets[i]} to the next offset; an empty one gives zeros. */
    public static Tensor embeddingBag(Tensor index, Tensor offsets, Tensor table, Bag mode) {
        return Distances.embeddingBag(index, offsets, table, mode);
    }

    /** FLOAT32 (n, n): 0 on and below the diagonal, -inf above, to be added to attention scores so that no step sees a later one. */
    public static Tensor causalMask(int n) {
        return Tensor.full(Shape.of(n, n), DType.FLOAT32, Double.NEGATIVE_INFINITY).triu(1);
    }

    private static Tensor floats(String op, Tensor x) {
        if (x.dtype().isFloat()) return x;
        throw new IllegalArgumentException(op + ": dtype is " + x.dtype() + ", expected FLOAT32 or FLOAT64; convert with to(DType)");
    }

    static void checkTypes(String op, Tensor x, Tensor w, Tensor b) {
        floats(op, x);
        boolean same = (w == null || w.dtype() == x.dtype()) && (b == null || b.dtype() == x.dtype());
        if (!same) throw new IllegalArgumentException(op + ": x is " + x.dtype() + ", weight " + (w == null ? "absent" : w.dtype()) + ", bias " + (b == null ? "absent" : b.dtype()) + "; convert with to(DType)");
    }
}
