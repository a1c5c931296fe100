package lemma.tensor;

import java.util.List;

/**
 * The seam of primitive operations. A backend takes tensors whose storage it owns, with any strides, and returns new contiguous
 * tensors; it knows nothing of gradients. {@link Tensor} checks shapes and types before it calls, so a backend may rely on them.
 *
 * <p>{@link CpuBackend} is the default; {@link Nd4jBackend} runs on any ND4J backend and is the cross-check.
 */
public interface Backend {
    /** Short name, {@code cpu} or {@code nd4j}. */
    String name();

    /** A tensor with undefined contents. */
    Tensor empty(Shape shape, DType dtype);

    /** A tensor with every element {@code value}, converted to {@code dtype}. */
    Tensor full(Shape shape, DType dtype, double value);

    /** {@code start, start + step, ...}: n elements. */
    Tensor arange(double start, double step, int n, DType dtype);

    /** Row-major copy of {@code a} in {@code dtype}: float to integer truncates towards zero, to BOOL is {@code != 0}. */
    Tensor cast(Tensor a, DType dtype);

    /** Copies {@code src} into the view {@code dst} of the same shape and type. Only for tensors nobody else has seen yet. */
    void copyInto(Tensor dst, Tensor src);

    /** Float functions of floats of the same type; NEG, ABS, SIGN, SQUARE, RELU of integers too; NOT of BOOL; of complex numbers NEG, CONJ, SQUARE, SQRT, RECIPROCAL, EXP, LOG, and ABS, which is real. */
    Tensor unary(Unary op, Tensor a);

    /** {@code a op b}, both of the same type, broadcast to {@code shape}. Logical results are BOOL. */
    Tensor binary(Binary op, Tensor a, Tensor b, Shape shape);

    /** {@code a op s}, or {@code s op a} when {@code scalarFirst}, without a tensor for the scalar. */
    Tensor binary(Binary op, Tensor a, double s, boolean scalarFirst);

    /** A special function of its arguments, all of the same float type, broadcast to {@code shape}. */
    Tensor special(SpecialFunction f, Shape shape, Tensor... x);

    /** {@code cond ? a : b}, broadcast to {@code shape}; cond BOOL, a and b of the same type. */
    Tensor where(Tensor cond, Tensor a, Tensor b, Shape shape);

    /** Reduces the listed axes (sorted, not negative, not empty unless rank is 0) and keeps them with length 1. */
    Tensor reduce(Reduction op, Tensor a, int[] axes);

    /** INT64 positions of the first largest (or smallest) element along {@code axis}, kept with length 1; NaN counts as largest and smallest. */
    Tensor argReduce(boolean largest, Tensor a, int axis);

    /** Running sum along {@code axis}. */
    Tensor cumsum(Tensor a, int axis);

    /** Running product or logarithm of the sum of exponentials along {@code axis}. */
    Tensor cumulate(Cumulative op, Tensor a, int axis);

    /** INT64 positions of the largest (or smallest) element so far along {@code axis}, the last of equal ones; NaN wins and stays. */
    Tensor cumulativeArg(boolean largest, Tensor a, int axis);

    /** INT64 order that sorts along {@code axis}; stable; NaN last when ascending, first when descending. */
    Tensor argsort(Tensor a, int axis, boolean descending);

    /** INT64 positions along {@code axis} of the k largest (or smallest) elements, best first; of equal elements the first; NaN counts as largest. */
    Tensor topk(Tensor a, int axis, int k, boolean largest);

    /** Batched matrix product {@code (..., n, k) x (..., k, m)}; batch axes are already equal (possibly by stride 0). Views are read in place. */
    Tensor matmul(Tensor a, Tensor b);

    /** {@code x w^T + b} in one pass: x (n, in), w (out, in), b (out) or null. */
    Tensor linear(Tensor x, Tensor w, Tensor b);

    // ---- decompositions of the last two axes: FLOAT32 and FLOAT64; an error names batch element and pivot ----

    /**
     * {@code [values]} ascending, or {@code [values, vectors]} with an eigenvector in each row, of symmetric matrices, whose lower triangle
     * is read. The first of the largest elements of a vector is positive.
     */
    Tensor[] eigh(Tensor a, boolean vectors);

    /**
     * {@code [s]} descending, or {@code [u, s, vh]} with {@code a = u diag(s) vh}: for a (m, n) and k the smaller of them u (m, k), vh (k, n), or
     * square ones if {@code full}. The first of the largest elements of a column of u is positive.
     */
    Tensor[] svd(Tensor a, boolean vectors, boolean full);

    /** Lower triangle L with {@code a = L L^T}; reads the lower triangle of a. */
    Tensor cholesky(Tensor a);

    /** {@code a^-1 b} for triangles a (..., n, n), b (..., n, m) of equal batch axes; with {@code unit} the diagonal is taken as ones. */
    Tensor solveTriangular(Tensor a, Tensor b, boolean upper, boolean unit);

    /**
     * {@code [factors, pivots]} of a (..., m, n): the transposed unit lower and upper triangle in one (..., n, m), and INT32 rows that were
     * exchanged in turn, counted from 1. A pivot of zero is an error if {@code regular}.
     */
    Tensor[] lu(Tensor a, boolean regular);

    /** {@code x} with {@code a x = b}, or {@code a^T x = b} if {@code transposed}, from the factors of square a; rows of b and x are the vectors. */
    Tensor luSolve(Tensor lu, Tensor pivots, Tensor b, boolean transposed);

    /** {@code [q^T, r]} of a (..., m, n) with k the smaller axis: q^T (..., k, m), r (..., k, n), or with m for k if {@code full}. */
    Tensor[] qr(Tensor a, boolean full);

    /** {@code y_t = a_t y_(t-1) + b_t} along {@code axis} with {@code y_(-1) = 0}, or from the end if {@code reverse}: floats or complex numbers of one shape. */
    Tensor linearRecurrence(Tensor a, Tensor b, int axis, boolean reverse);

    // ---- Fourier transforms along the last axis, not empty, without a factor ----

    /** {@code y_k = sum_j a_j exp(-2 pi i j k / n)}, or with {@code +} if {@code inverse}, of complex a. */
    Tensor fft(Tensor a, boolean inverse);

    /** The first n / 2 + 1 elements of {@link #fft} of real a. */
    Tensor rfft(Tensor a);

    /** The real inverse of length n from n / 2 + 1 elements; imaginary parts of the first, and of the last for even n, do not count. */
    Tensor irfft(Tensor a, int n);

    /** Slices along {@code axis} in the order of {@code index} (rank 1, INT64). Out of range is an IndexOutOfBoundsException that quotes it. */
    Tensor indexSelect(Tensor a, int axis, Tensor index);

    /** Zeros of {@code a}'s shape but {@code length} along {@code axis}, to which slices of {@code a} are added at {@code index}; repeated indices add up in order. */
    Tensor indexAdd(Tensor a, int axis, Tensor index, int length);

    /** {@code out[i][j][k] = a[i][index[i][j][k]][k]} for axis 1: gather as PyTorch defines it; index INT64, other axes equal to a's. */
    Tensor gather(Tensor a, int axis, Tensor index);

    /** Zeros of {@code shape} with {@code a} added at {@code index} along {@code axis}: the transpose of {@link #gather}. */
    Tensor scatterAdd(Tensor a, int axis, Tensor index, Shape shape);

    /**
     * INT64 of {@code shape}: for each place, the position along {@code axis} of the last element of {@code index} that names it, or -1.
     * Index INT64, its other axes equal to shape's; out of range is an IndexOutOfBoundsException that quotes it.
     */
    Tensor lastNamed(Tensor index, int axis, Shape shape);

    /**
     * INT64 of the shape of {@code values}: how many elements of {@code sorted}, along its last axis, are less than each value, or not
     * greater if {@code right}. The other axes are equal, or sorted is a vector; one type.
     */
    Tensor searchSorted(Tensor sorted, Tensor values, boolean right);

    /** Tensors of equal type joined along {@code axis}. */
    Tensor concat(List<Tensor> parts, int axis);

    /** Softmax over the last axis. A row of only -inf gives NaN, as in PyTorch. */
    Tensor softmax(Tensor a);

    /** Log-softmax over the last axis. */
    Tensor logSoftmax(Tensor a);

    /** {@code y * (g - sum(g * y))} over the last axis: gradient of softmax from its result y. */
    Tensor softmaxBackward(Tensor g, Tensor y);

    /** {@code g - exp(y) * sum(g)} over the last axis: gradient of log-softmax from its result y. */
    Tensor logSoftmaxBackward(Tensor g, Tensor y);

    /** Per row of {@code logits (n, c)}: {@code [loss (n), logsumexp (n)]}, the second in FLOAT64, with labels INT64 (n); a label out of range is an error that quotes it. */
    Tensor[] crossEntropy(Tensor logits, Tensor labels);

    /** {@code g[i] * (softmax(logits)[i][j] - 1[j = labels[i]])}. */
    Tensor crossEntropyBackward(Tensor g, Tensor logits, Tensor labels, Tensor logsumexp);

    /** {@code [y, mean, 1/std]} of layer normalisation over the last axis; mean and 1/std have length 1 there. weight and bias (d) or null. */
    Tensor[] layerNorm(Tensor x, Tensor weight, Tensor bias, double eps);

    /** {@code [dx, dweight, dbias]}; the last two are null when weight is null. */
    Tensor[] layerNormBackward(Tensor g, Tensor x, Tensor mean, Tensor rstd, Tensor weight);

    /** {@code [y, 1/rms]}: {@code y = x / sqrt(mean(x^2) + eps) * weight} over the last axis; 1/rms has length 1 there. weight (d) or null. */
    Tensor[] rmsNorm(Tensor x, Tensor weight, double eps);

    /** {@code [dx, dweight]}; the second is null when weight is null. */
    Tensor[] rmsNormBackward(Tensor g, Tensor x, Tensor rrms, Tensor weight);

    /** {@code [y, mean (c), variance (c)]} of x (n, c, s), each channel normalised over n and s, the variance with divisor n s; weight and bias (c) or null. */
    Tensor[] batchNorm(Tensor x, Tensor weight, Tensor bias, double eps);

    /** {@code [dx, dweight (c), dbias (c)]}; weight may be null. */
    Tensor[] batchNormBackward(Tensor g, Tensor x, Tensor mean, Tensor variance, Tensor weight, double eps);

    /** Cross-correlation: x (n, c, h, w), kernel (o, c/groups, kh, kw), bias (o) or null. */
    Tensor conv2d(Tensor x, Tensor kernel, Tensor bias, Conv2d spec);

    /** Gradient of {@link #conv2d} in x, which has {@code shape}: the transposed convolution of g. */
    Tensor conv2dInput(Tensor g, Tensor kernel, Shape shape, Conv2d spec);

    /** Gradient of {@link #conv2d} in the kernel, which has {@code shape}. */
    Tensor conv2dKernel(Tensor g, Tensor x, Shape shape, Conv2d spec);

    /** {@code [y, position]}: largest value per window and its INT64 position in the flattened h x w plane; padding never wins. */
    Tensor[] maxPool2d(Tensor x, Pool2d spec);

    /** Mean per window; padding counts as zeros, as PyTorch's default does. */
    Tensor avgPool2d(Tensor x, Pool2d spec);

    /** Gradient of {@link #avgPool2d} in x, which has {@code shape}. */
    Tensor avgPool2dInput(Tensor g, Shape shape, Pool2d spec);

    /**
     * A recurrent cell over all time steps: {@code [y, c, saved]}, the hidden states and, for LSTM, the memories after each step, both
     * (batch, time, hidden), and what {@link #recurrenceBackward} needs if {@code keep}; null where there is none.
     */
    Tensor[] recurrence(Unroll a, boolean keep);

    /**
     * {@code [dx, dweight, dbias, dh, dc]} of {@link #recurrence} from what it gave, null where there is no such input.
     *
     * @param g gradient of y, or null
     * @param gc gradient of c, or null
     */
    Tensor[] recurrenceBackward(Unroll a, Tensor[] forward, Tensor g, Tensor gc);

    /** Standard normal numbers from the counters {@code [counter, counter + n)} of the stream {@code key}: FLOAT32 or FLOAT64. */
    Tensor normal(long key, long counter, Shape shape, DType dtype);

    /** Uniform numbers in [0, 1) from the counters of the stream {@code key}: FLOAT32 (24 bits) or FLOAT64 (53 bits). */
    Tensor uniform(long key, long counter, Shape shape, DType dtype);

    /**
     * One step of Adam with decoupled weight decay, {@code [p, m, v]} new:
     * {@code m' = b1 m + (1-b1) g; v' = b2 v + (1-b2) g^2; p' = p (1 - lr wd) - lr (m'/c1) / (sqrt(v'/c2) + eps)}.
     */
    Tensor[] adam(Tensor p, Tensor g, Tensor m, Tensor v, AdamStep step);

    /** Hyper-parameters of one Adam step; {@code c1 = 1 - b1^t}, {@code c2 = 1 - b2^t}. */
    record AdamStep(double lr, double b1, double b2, double eps, double weightDecay, double c1, double c2) {}

    /**
     * Arguments of a recurrent cell over time.
     *
     * @param x the input's part of the pre-activations with its bias (batch, time, gates hidden), at least one step
     * @param weight of the state (gates hidden, hidden)
     * @param bias of the state (gates hidden) for GRU, else null
     * @param h initial state (batch, hidden)
     * @param c initial memory (batch, hidden) for LSTM, else null
     * @param reverse from the last step to the first
     */
    record Unroll(Cell cell, Tensor x, Tensor weight, Tensor bias, Tensor h, Tensor c, boolean reverse) {}

    /** Geometry of a two-dimensional convolution. */
    record Conv2d(int strideH, int strideW, int padH, int padW, int dilationH, int dilationW, int groups) {
        /** Length of the output along an axis, below 1 where the kernel does not fit. */
        public static int out(int in, int kernel, int stride, int pad, int dilation) {
            return Math.floorDiv(in + 2 * pad - dilation * (kernel - 1) - 1, stride) + 1;
        }
    }

    /** Geometry of a two-dimensional pooling. */
    record Pool2d(int kernelH, int kernelW, int strideH, int strideW, int padH, int padW) {}
}
