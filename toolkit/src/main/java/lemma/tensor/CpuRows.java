package lemma.tensor;

/** Operations over the last axis whose rows are independent: softmax, cross-entropy, layer normalisation; and Adam. */
final class CpuRows {
    private static final long GRAIN = 1 << 13;

    private CpuRows() {}

    /** A kernel over row r. */
    @FunctionalInterface
    private interface Row {
        void at(long row);
    }

    private static void forRows(long rows, long n, Row body) {
        Threads.parallel(rows, Math.max(1, GRAIN / Math.max(1, n)), (lo, hi) -> {
            for (long r = lo; r < hi; r++) body.at(r);
        });
    }

    private static long last(Tensor a) {
        return a.rank() == 0 ? 1 : a.dim(-1);
    }

    private static boolean vectors(DType t) {
        return t == DType.FLOAT32 && Vectors.AVAILABLE;
    }

    static void softmax(Tensor y, Tensor a, boolean log) {
        if (y.size() == 0) return;
        Tensor c = CpuCopy.contiguous(a);
        try {
            DType t = a.dtype();
            long n = last(a);
            long step = n * t.bytes();
            long x = c.address();
            long to = y.address();
            if (!vectors(t)) {
                if (log) forRows(y.size() / n, n, r -> PlainRows.logSoftmax(t, x + r * step, to + r * step, n));
                else forRows(y.size() / n, n, r -> PlainRows.softmax(t, x + r * step, to + r * step, n));
            } else {
                if (log) forRows(y.size() / n, n, r -> FloatRows.logSoftmax(x + r * step, to + r * step, n));
                else forRows(y.size() / n, n, r -> FloatRows.softmax(x + r * step, to + r * step, n));
            }
        } finally {
            CpuCopy.drop(c, a);
        }
    }

    static void softmaxBackward(Tensor dx, Tensor g, Tensor y, boolean log) {
        if (dx.size() == 0) return;
        Tensor c = CpuCopy.contiguous(g);
        Tensor d = CpuCopy.contiguous(y);
        try {
            DType t = y.dtype();
            long n = last(y);
            long step = n * t.bytes();
            long p = c.address();
            long q = d.address();
            long to = dx.address();
            if (!vectors(t)) {
                if (log) forRows(y.size() / n, n, r -> PlainRows.logSoftmaxBackward(t, p + r * step, q + r * step, to + r * step, n));
                else forRows(y.size() / n, n, r -> PlainRows.softmaxBackward(t, p + r * step, q + r * step, to + r * step, n));
            } else {
                if (log) forRows(y.size() / n, n, r -> FloatRows.logSoftmaxBackward(p + r * step, q + r * step, to + r * step, n));
                else forRows(y.size() / n, n, r -> FloatRows.softmaxBackward(p + r * step, q + r * step, to + r * step, n));
            }
        } finally {
            CpuCopy.drop(c, g);
            CpuCopy.drop(d, y);
        }
    }

    static void crossEntropy(Tensor loss, Tensor lse, Tensor logits, Tensor labels) {
        Tensor c = CpuCopy.contiguous(logits);
        Tensor d = CpuCopy.contiguous(labels);
        try {
            DType t = logits.dtype();
            long n = logits.dim(1);
            long x = c.address();
            long index = d.address();
            long l = loss.address();
            long s = lse.address();
            checkLabels(index, logits.dim(0), n);
            forRows(logits.dim(0), n, r -> {
                long row = x + r * n * t.bytes();
                double log = vectors(t) ? FloatRows.logSumExp(row, n) : PlainRows.logSumExp(t, row, n);
                Raw.real(DType.FLOAT64, s, r, log);
                Raw.real(t, l, r, log - Raw.real(t, row, Raw.i64(index + 8 * r)));
            });
        } finally {
            CpuCopy.drop(c, logits);
            CpuCopy.drop(d, labels);
        }
    }

    private static void checkLabels(long labels, long rows, long classes) {
        for (long r = 0; r < rows; r++) {
            long label = Raw.i64(labels + 8 * r);
            if (label < 0 || label >= classes) {
                throw new IndexOutOfBoundsException("crossEntropy: label " + label + " of row " + r + " is not in [0, " + classes + ")");
            }
        }
    }

    static void crossEntropyBackward(Tensor dx, Tensor g, Tensor logits, Tensor labels, Tensor lse) {
        Tensor c = CpuCopy.contiguous(logits);
        Tensor d = CpuCopy.contiguous(labels);
        try {
            DType t = logits.dtype();
            long n = logits.dim(1);
            long x = c.address();
            long index = d.address();
            long to = dx.address();
            long p = g.address();
            long gs = g.strides()[0];
            long q = lse.address();
            long ls = lse.strides()[0];
            forRows(logits.dim(0), n, r -> {
                long row = to + r * n * t.bytes();
                double weight = Raw.real(t, p, r * gs);
                double shift = Raw.real(lse.dtype(), q, r * ls);
                if (vectors(t)) FloatRows.scaledExp(x + 4 * r * n, row, shift, (float) weight, n);
                else PlainRows.scaledExp(t, x + r * n * t.bytes(), row, shift, weight, n);
                long label = Raw.i64(index + 8 * r);
                Raw.real(t, row, label, Raw.real(t, row, label) - weight);
            });
        } finally {
            CpuCopy.drop(c, logits);
            CpuCopy.drop(d, labels);
        }
    }

    /** weight and bias may be null, together or alone. */
    static void layerNorm(Tensor y, Tensor mean, Tensor rstd, Tensor x, Tensor weight, Tensor bias, double eps) {
        if (y.size() == 0) return;
        Tensor c = CpuCopy.contiguous(x);
        Tensor w = filled(weight, bias, 1);
        Tensor b = filled(bias, weight, 0);
        try {
            DType t = x.dtype();
            long n = last(x);
            long step = n * t.bytes();
            long from = c.address();
            long to = y.address();
            long means = mean.address();
            long stds = rstd.address();
            long wa = w == null ? 0 : w.address();
            long ba = b == null ? 0 : b.address();
            forRows(y.size() / n, n, r -> {
                long row = from + r * step;
                double m = (vectors(t) ? FloatReduce.sum(row, n) : PlainReduce.row(Reduction.SUM, t, row, n)) / n;
                double squares = vectors(t) ? FloatRows.squaredDeviations(row, (float) m, n) : PlainRows.squaredDeviations(t, row, m, n);
                double s = 1 / Math.sqrt(squares / n + eps);
                Raw.real(t, means, r, m);
                Raw.real(t, stds, r, s);
                if (!vectors(t)) PlainRows.normalise(t, row, to + r * step, m, s, wa, ba, n);
                else if (wa == 0) FloatRows.normalise(row, to + r * step, (float) m, (float) s, n);
                else FloatRows.normalise(row, to + r * step, (float) m, (float) s, wa, ba, n);
            });
        } finally {
            CpuCopy.drop(c, x);
            if (w != weight) CpuCopy.drop(w);
            if (b != bias) CpuCopy.drop(b);
        }
    }

    /** {@code a} contiguous; where it is null but its partner is not, a copy full of {@code value}. */
    private static Tensor filled(Tensor a, Tensor partner, double value) {
        if (a != null) return CpuCopy.contiguous(a);
        if (partner == null) return null;
        Tensor t = CpuCopy.temporary(partner.shape(), partner.dtype());
        CpuCopy.fill(t, value);
        return t;
    }

    /** dweight and dbias are null when weight is. */
    static void layerNormBackward(Tensor dx, Tensor dweight, Tensor dbias, Tensor g, Tensor x, Tensor mean, Tensor rstd, Tensor weight) {
        if (dx.size() == 0) {
            if (dweight != null) CpuCopy.fill(dweight, 0);
            if (dbias != null) CpuCopy.fill(dbias, 0);
            return;
        }
        Tensor c = CpuCopy.contiguous(g);
        Tensor d = CpuCopy.contiguous(x);
        Tensor m = CpuCopy.contiguous(mean);
        Tensor s = CpuCopy.contiguous(rstd);
        try {
            if (weight == null) plainBackward(dx, c, d, m, s);
            else weightedBackward(dx, dweight, dbias, c, d, m, s, weight);
        } finally {
            CpuCopy.drop(c, g);
            CpuCopy.drop(d, x);
            CpuCopy.drop(m, mean);
            CpuCopy.drop(s, rstd);
        }
    }

    private static void plainBackward(Tensor dx, Tensor g, Tensor x, Tensor mean, Tensor rstd) {
        DType t = x.dtype();
        long n = last(x);
        long step = n * t.bytes();
        long p = g.address();
        long q = x.address();
        long to = dx.address();
        long means = mean.address();
        long stds = rstd.address();
        forRows(x.size() / n, n, r -> rowBackward(t, p + r * step, q + r * step, to + r * step, Raw.real(t, means, r), Raw.real(t, stds, r), n));
    }

    private static void rowBackward(DType t, long g, long x, long dx, double mean, double rstd, long n) {
        if (vectors(t)) FloatRows.layerNormBackward(g, x, dx, (float) mean, (float) rstd, n);
        else PlainRows.layerNormBackward(t, g, x, dx, mean, rstd, n);
    }

    /** Blocks of rows, whose number depends on the shape alone, each sum their share of dweight and dbias. */
    private static void weightedBackward(Tensor dx, Tensor dweight, Tensor dbias, Tensor g, Tensor x, Tensor mean, Tensor rstd, Tensor weight) {
        DType t = x.dtype();
        long n = last(x);
        long rows = x.size() / n;
        long step = n * t.bytes();
        long each = Math.max(16, (rows + 63) / 64);
        int blocks = (int) ((rows + each - 1) / each);
        Tensor w = CpuCopy.contiguous(weight);
        Tensor dw = CpuCopy.temporary(Shape.of(blocks, (int) n), t);
        Tensor db = CpuCopy.temporary(Shape.of(blocks, (int) n), t);
        try {
            long p = g.address();
            long q = x.address();
            long to = dx.address();
            long means = mean.address();
            long stds = rstd.address();
            long wa = w.address();
            long dwa = dw.address();
            long dba = db.address();
            Threads.parallel(blocks, Math.max(1, GRAIN / (each * n)), (lo, hi) -> {
                for (long b = lo; b < hi; b++) {
                    Raw.zero(dwa + b * step, step);
                    Raw.zero(dba + b * step, step);
                    for (long r = b * each; r < Math.min(rows, (b + 1) * each); r++) {
                        double m = Raw.real(t, means, r);
                        double s = Raw.real(t, stds, r);
                        long out = to + r * step;
                        if (vectors(t)) FloatRows.layerNormParameters(p + r * step, q + r * step, wa, (float) m, (float) s, out, dwa + b * step, dba + b * step, n);
                        else PlainRows.layerNormParameters(t, p + r * step, q + r * step, wa, m, s, out, dwa + b * step, dba + b * step, n);
                        rowBackward(t, out, q + r * step, out, m, s, n);
                    }
                }
            });
            CpuReductions.reduce(Reduction.SUM, asRow(dweight), dw, new int[] {0});
            if (dbias != null) CpuReductions.reduce(Reduction.SUM, asRow(dbias), db, new int[] {0});
        } finally {
            CpuCopy.drop(w, weight);
            CpuCopy.drop(dw);
            CpuCopy.drop(db);
        }
    }

    private static Tensor asRow(Tensor a) {
        return a.view(Shape.of(1, a.dim(0)), new long[] {a.dim(0), 1}, a.offset());
    }

    static void adam(Tensor p1, Tensor m1, Tensor v1, Tensor p, Tensor g, Tensor m, Tensor v, Backend.AdamStep step) {
        Tensor[] in = {p, g, m, v};
        Tensor[] c = new Tensor[4];
        try {
            for (int i = 0; i < 4; i++) c[i] = CpuCopy.contiguous(in[i]);
            DType t = p.dtype();
            long[] a = {c[0].address(), c[1].address(), c[2].address(), c[3].address(), p1.address(), m1.address(), v1.address()};
            Threads.parallel(p.size(), 1 << 14, (lo, hi) -> {
                long o = lo * t.bytes();
                if (vectors(t)) FloatRows.adam(a[0] + o, a[1] + o, a[2] + o, a[3] + o, a[4] + o, a[5] + o, a[6] + o, hi - lo, step);
                else PlainRows.adam(t, a[0] + o, a[1] + o, a[2] + o, a[3] + o, a[4] + o, a[5] + o, a[6] + o, hi - lo, step);
            });
        } finally {
            for (int i = 0; i < 4; i++) if (c[i] != null) CpuCopy.drop(c[i], in[i]);
        }
    }
}
