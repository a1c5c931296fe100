package lemma.loss;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lemma.tensor.Backend;
import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.PeakMemory;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.tensor.Tracing;

/**
 * Cross-entropy of a linear classifier without its logits: {@code log sum_v exp(e_i . c_v) - e_i . c_{y_i}} for embeddings e and a
 * classifier c, in blocks of rows and classes.
 *
 * <p>The forward pass keeps a running logarithm of the sum of exponentials over the blocks of classes, and takes the label's logit by an
 * indexed product. The backward pass computes each block of logits again, makes its part of the softmax S, and adds {@code S c} to the
 * gradient of e and {@code S^T e} to that of c. Memory beside the gradients is a few blocks and numbers for each row, however many classes
 * there are; the price is a fourth matrix product beside the three of the usual way.
 *
 * <p>{@link #withFilter} leaves out blocks of the backward pass in which no softmax reaches eps: their gradients would be lost in a format of
 * that precision, such as bfloat16's 2^-12 below one. {@link #withVocabularySort} takes classes in the order of their mean logit there, so
 * that negligible ones fill whole blocks; it needs memory for one integer a class. A filtered gradient is never above the true one by
 * more than eps for each pair of a row and a class.
 *
 * <p>Second derivatives are those of the usual way, with its memory; a filter has no part in them.
 *
 * <p>Shapes: embeddings {@code (n, d)}, classifier {@code (classes, d)}, labels {@code (n)} integers, result {@code (n)}.
 *
 * @param rows rows of a block
 * @param columns classes of a block
 * @param eps blocks whose softmax stays below are left out; 0 for none
 * @param sorted whether the backward pass sorts the classes
 * @param wholeClassifier whether the filter leaves the gradient of the classifier alone, as pre-training needs it
 * @param compensated whether the gradients are sums with Kahan's compensation
 * @see <a href="https://arxiv.org/abs/2411.09009">Wijmans et al. (2024), Cut your losses in large-vocabulary language models, algorithms 1 to 4</a>
 */
public record CutCrossEntropy(int rows, int columns, double eps, boolean sorted, boolean wholeClassifier, boolean compensated) {
    /** The precision of bfloat16 gradients near one, as the paper has it. */
    public static final double BFLOAT16 = 0x1p-12;

    public CutCrossEntropy {
        if (rows < 1 || columns < 1) throw new IllegalArgumentException("CutCrossEntropy: blocks of " + rows + " rows and " + columns + " classes; expected at least 1");
        if (!(eps >= 0 && eps < 1)) throw new IllegalArgumentException("CutCrossEntropy: eps is " + eps + ", expected 0 to less than 1");
    }

    /** Exact, with blocks of 512 rows and 1024 classes. */
    public static CutCrossEntropy of() {
        return new CutCrossEntropy(512, 1024, 0, false, false, false);
    }

    public CutCrossEntropy withBlocks(int rows, int columns) {
        return new CutCrossEntropy(rows, columns, eps, sorted, wholeClassifier, compensated);
    }

    /** Leaves out blocks of the backward pass in which no softmax reaches {@code eps}, {@link #BFLOAT16} in the paper. */
    public CutCrossEntropy withFilter(double eps) {
        return new CutCrossEntropy(rows, columns, eps, sorted, wholeClassifier, compensated);
    }

    /** Takes classes in the order of their mean logit in the backward pass. */
    public CutCrossEntropy withVocabularySort() {
        return new CutCrossEntropy(rows, columns, eps, true, wholeClassifier, compensated);
    }

    /** Filters the gradient of the embeddings alone. */
    public CutCrossEntropy withWholeClassifierGradient() {
        return new CutCrossEntropy(rows, columns, eps, sorted, true, compensated);
    }

    /**
     * Adds the blocks' parts of the gradients with Kahan's compensation, the paper's variant for pre-training: the rounding error of a sum over many
     * blocks, or over many rows of one label, does not grow with their number. It takes memory for two more gradients of the embeddings, but none for
     * each class.
     *
     * @see <a href="https://doi.org/10.1145/363707.363723">Kahan (1965), Further remarks on reducing truncation errors</a>
     */
    public CutCrossEntropy withKahanSummation() {
        return new CutCrossEntropy(rows, columns, eps, sorted, wholeClassifier, true);
    }

    /** The mean over rows. */
    public Tensor apply(Tensor embeddings, Tensor classifier, Tensor labels) {
        return each(embeddings, classifier, labels).mean();
    }

    /** The loss of each row. */
    public Tensor each(Tensor embeddings, Tensor classifier, Tensor labels) {
        check(embeddings, classifier, labels);
        Tensor y = labels.to(DType.INT64).contiguous();
        Tensor e = embeddings.detach().contiguous();
        Tensor c = classifier.detach().contiguous();
        Tensor lse = logSumExp(e, c);
        Tensor own = ownLogits(e, c, y);
        Tensor difference = lse.sub(own);
        Tensor loss = difference.to(e.dtype());
        free(loss, own, difference);
        return Tracing.record("cutCrossEntropy", loss, (g, out) -> Tracing.isRecording(g, embeddings, classifier)
                ? denseGradients(g, Tracing.forRule(embeddings), Tracing.forRule(classifier), y) : gradients(g.contiguous(), e, c, y, lse), embeddings, classifier);
    }

    private static void check(Tensor e, Tensor c, Tensor y) {
        if (e.rank() != 2 || c.rank() != 2 || e.dim(1) != c.dim(1) || y.rank() != 1 || y.dim(0) != e.dim(0)) {
            throw new IllegalArgumentException("CutCrossEntropy: embeddings are " + e.shape() + ", the classifier " + c.shape() + ", labels " + y.shape() + "; expected (n, d), (classes, d) and (n)");
        }
        if (!e.dtype().isFloat() || c.dtype() != e.dtype()) throw new IllegalArgumentException("CutCrossEntropy: embeddings are " + e.dtype() + ", the classifier " + c.dtype() + "; expected one float type");
        if (!y.dtype().isInteger()) throw new IllegalArgumentException("CutCrossEntropy: labels are " + y.dtype() + ", expected integers");
        long[] labels = y.toLongs();
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= c.dim(0)) throw new IndexOutOfBoundsException("CutCrossEntropy: label " + labels[i] + " of row " + i + " is not in [0, " + c.dim(0) + ")");
        }
    }

    // ---- forward ----

    /** {@code log sum_v exp(e_i . c_v)}, FLOAT64 (n). */
    private Tensor logSumExp(Tensor e, Tensor c) {
        Backend backend = e.backend();
        Tensor all = backend.empty(Shape.of(e.dim(0)), DType.FLOAT64);
        for (int r = 0; r < e.dim(0); r += rows) {
            int to = Math.min(e.dim(0), r + rows);
            Tensor part = e.narrow(0, r, to);
            Tensor first = backend.full(Shape.of(to - r), DType.INT64, 0); // the loss of class 0 is not used, its logsumexp is
            Tensor running = null;
            for (int v = 0; v < c.dim(0); v += columns) {
                Tensor logits = part.matmul(c.narrow(0, v, Math.min(c.dim(0), v + columns)).t());
                Tensor[] block = backend.crossEntropy(logits, first);
                free(null, logits, block[0]);
                running = running == null ? block[1] : join(running, block[1]);
            }
            backend.copyInto(all.narrow(0, r, to), running);
            free(null, running, first);
        }
        return all;
    }

    /** {@code log(exp(a) + exp(b)) = a + softplus(b - a)}, in place of both. */
    private static Tensor join(Tensor a, Tensor b) {
        Tensor difference = b.sub(a);
        Tensor more = difference.softplus();
        Tensor sum = a.add(more);
        free(null, a, b, difference, more);
        return sum;
    }

    /** {@code e_i . c_{y_i}}. */
    private Tensor ownLogits(Tensor e, Tensor c, Tensor y) {
        Tensor all = e.backend().empty(Shape.of(e.dim(0)), e.dtype());
        for (int r = 0; r < e.dim(0); r += rows) {
            int to = Math.min(e.dim(0), r + rows);
            Tensor chosen = c.indexSelect(0, y.narrow(0, r, to));
            Tensor products = e.narrow(0, r, to).mul(chosen);
            Tensor sums = products.sum(1);
            e.backend().copyInto(all.narrow(0, r, to), sums);
            free(null, chosen, products, sums);
        }
        return all;
    }

    // ---- backward ----

    /** A running sum and, if it is compensated, what the last addition to it rounded up. */
    private record Sum(Tensor value, Tensor error) {
        void add(Tensor part) {
            if (error == null) {
                replace(value, value.add(part));
                return;
            }
            Tensor corrected = part.sub(error);
            Tensor next = value.add(corrected);
            Tensor gained = next.sub(value);
            replace(error, gained.sub(corrected));
            replace(value, next);
            free(null, corrected, gained);
        }

        private static void replace(Tensor old, Tensor next) {
            old.backend().copyInto(old, next);
            free(null, next);
        }

        Sum narrow(int from, int to) {
            return new Sum(value.narrow(0, from, to), error == null ? null : error.narrow(0, from, to));
        }
    }

    private Sum sum(Tensor value) {
        return new Sum(value, compensated ? value.backend().full(value.shape(), value.dtype(), 0) : null);
    }

    private Tensor[] gradients(Tensor g, Tensor e, Tensor c, Tensor y, Tensor lse) {
        Backend backend = e.backend();
        int n = e.dim(0);
        int classes = c.dim(0);
        Sum de = sum(backend.full(e.shape(), e.dtype(), 0));
        Tensor dc = backend.full(c.shape(), c.dtype(), 0);
        Tensor order = sorted ? order(e, c) : null;
        for (int v = 0; v < classes; v += columns) {
            int end = Math.min(classes, v + columns);
            Tensor chosen = order == null ? null : order.narrow(0, v, end);
            Tensor block = chosen == null ? c.narrow(0, v, end) : c.indexSelect(0, chosen);
            Sum sum = sum(chosen == null ? dc.narrow(0, v, end) : backend.full(block.shape(), c.dtype(), 0));
            for (int r = 0; r < n; r += rows) {
                int to = Math.min(n, r + rows);
                addBlock(e.narrow(0, r, to), g.narrow(0, r, to), lse.narrow(0, r, to), block, de.narrow(r, to), sum);
            }
            free(null, sum.error);
            if (chosen == null) continue;
            long[] at = chosen.toLongs();
            for (int i = 0; i < at.length; i++) backend.copyInto(dc.narrow(0, (int) at[i], (int) at[i] + 1), sum.value.narrow(0, i, i + 1));
            free(null, block, sum.value);
        }
        free(null, order, de.error);
        subtractLabels(g, e, c, y, de.value, dc);
        return new Tensor[] {de.value, dc};
    }

    /** Adds {@code S c} to de, which g multiplies in the end, and {@code (g S)^T e} to dc, unless the filter leaves the block out. */
    private void addBlock(Tensor e, Tensor g, Tensor lse, Tensor c, Sum de, Sum dc) {
        Tensor log = logSoftmax(e, c, lse);
        boolean small = isSmall(log);
        if (small && !wholeClassifier) {
            free(null, log);
            return;
        }
        Tensor s = log.exp();
        free(null, log);
        if (!small) {
            Tensor product = s.matmul(c);
            de.add(product);
            free(null, product);
        }
        Tensor weighted = e.mul(g.unsqueeze(1));
        Tensor part = s.t().matmul(weighted);
        free(null, s, weighted);
        dc.add(part);
        free(null, part);
    }

    private static Tensor logSoftmax(Tensor e, Tensor c, Tensor lse) {
        Tensor logits = e.matmul(c.t());
        Tensor shift = lse.to(e.dtype()).unsqueeze(1);
        Tensor log = logits.sub(shift);
        free(List.of(log, lse), logits, shift);
        return log;
    }

    private boolean isSmall(Tensor log) {
        if (eps == 0) return false;
        Tensor largest = log.max();
        double top = largest.item();
        free(null, largest);
        return top < Math.log(eps);
    }

    /** Makes row i of de {@code g_i (de_i - c_{y_i})}, and takes {@code g_i e_i} from row y_i of dc. */
    private void subtractLabels(Tensor g, Tensor e, Tensor c, Tensor y, Tensor de, Tensor dc) {
        Backend backend = e.backend();
        Tensor error = compensated ? backend.full(e.shape(), e.dtype(), 0) : null;
        Map<Long, Integer> firstRow = new HashMap<>(); // of a label: there its sum's error is kept
        for (int r = 0; r < e.dim(0); r += rows) {
            int to = Math.min(e.dim(0), r + rows);
            Tensor weights = g.narrow(0, r, to).unsqueeze(1);
            Tensor chosen = c.indexSelect(0, y.narrow(0, r, to));
            Tensor difference = de.narrow(0, r, to).sub(chosen);
            free(null, chosen);
            Tensor weighted = difference.mul(weights);
            backend.copyInto(de.narrow(0, r, to), weighted);
            free(null, difference, weighted);
            Tensor negative = weights.neg();
            Tensor parts = e.narrow(0, r, to).mul(negative);
            long[] labels = y.narrow(0, r, to).toLongs();
            for (int i = 0; i < labels.length; i++) {
                firstRow.putIfAbsent(labels[i], r + i);
                int at = firstRow.get(labels[i]);
                Tensor own = dc.narrow(0, (int) labels[i], (int) labels[i] + 1);
                new Sum(own, error == null ? null : error.narrow(0, at, at + 1)).add(parts.narrow(0, i, i + 1));
            }
            free(null, parts, negative);
        }
        free(null, error);
    }

    /** The classes by falling mean logit, {@code c . mean(e)}. */
    private static Tensor order(Tensor e, Tensor c) {
        Tensor mean = e.mean(0);
        Tensor logits = c.matmul(mean);
        Tensor order = logits.argsort(0, true);
        free(order, mean, logits);
        return order;
    }

    /** By differentiable operations on all logits. */
    private static Tensor[] denseGradients(Tensor g, Tensor e, Tensor c, Tensor y) {
        Tensor s = Functional.softmax(e.matmul(c.t()), -1).sub(y.oneHot(c.dim(0)).to(e.dtype())).mul(g.unsqueeze(1));
        return new Tensor[] {s.matmul(c), s.t().matmul(e)};
    }

    // ---- what it saves ----

    /** Share of the blocks of the backward pass that the filter leaves out. */
    public double skippedBlocks(Tensor embeddings, Tensor classifier, Tensor labels) {
        check(embeddings, classifier, labels);
        return Scope.run(() -> {
            Tensor e = embeddings.detach().contiguous();
            Tensor c = sorted ? classifier.detach().indexSelect(0, order(e, classifier.detach())) : classifier.detach().contiguous();
            Tensor lse = logSumExp(e, c);
            int skipped = 0;
            int all = 0;
            for (int v = 0; v < c.dim(0); v += columns) {
                for (int r = 0; r < e.dim(0); r += rows) {
                    int to = Math.min(e.dim(0), r + rows);
                    Tensor log = logSoftmax(e.narrow(0, r, to), c.narrow(0, v, Math.min(c.dim(0), v + columns)), lse.narrow(0, r, to));
                    if (isSmall(log)) skipped++;
                    all++;
                    free(null, log);
                }
            }
            return skipped / (double) all;
        });
    }

    /**
     * Bytes at the peak of a gradient beside the gradients themselves, without sorting and compensation: the larger of two blocks of logits (R, B), and one with
     * the parts (R, d) of the embeddings' gradient or (B, d) of the classifier's that are being added; and for each row its gradient, loss, label's
     * logit, and logarithm of the sum of exponentials. Nothing in it grows with the number of classes. What the matrix products lay aside while they run counts.
     */
    public long extraBytes(int n, int d, DType type) {
        int r = Math.min(rows, n);
        long size = type.bytes();
        long block = size * r * columns;
        long toLogits = block + Math.max(block, PeakMemory.ofProduct(type, r, columns, d));
        long toEmbeddings = block + 2 * size * r * d + PeakMemory.ofProduct(type, r, d, columns);
        long toClassifier = Math.max(block + size * d * (r + columns) + PeakMemory.ofProduct(type, columns, d, r), 2 * size * columns * d);
        return Math.max(toLogits, Math.max(toEmbeddings, toClassifier)) + n * (Double.BYTES + 2 * size);
    }

    /** Gives temporaries back, but not what shares its storage with {@code kept}; also while a transformation records. */
    private static void free(Object kept, Tensor... temporaries) {
        List<Tensor> old = new ArrayList<>(Arrays.asList(temporaries));
        old.removeIf(t -> t == null);
        Scope.replace(old, kept);
    }
}
