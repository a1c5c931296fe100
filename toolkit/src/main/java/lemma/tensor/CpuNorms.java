package lemma.tensor;

/** Normalisation by channels, and by the root mean square of rows. */
final class CpuNorms {
    private static final long GRAIN = 1 << 13;

    private CpuNorms() {}

    private static boolean vectors(DType t) {
        return t == DType.FLOAT32 && Vectors.AVAILABLE;
    }

    static double element(Tensor a, long i, double otherwise) {
        return a == null ? otherwise : Raw.real(a.dtype(), a.address(), i * a.strides()[0]);
    }

    // ---- channels of (n, c, s) ----

    static void batchNorm(Tensor y, Tensor mean, Tensor variance, Tensor x, Tensor weight, Tensor bias, double eps) {
        if (x.size() == 0) {
            CpuCopy.fill(mean, Double.NaN);
            CpuCopy.fill(variance, Double.NaN);
            return;
        }
        Tensor c = CpuCopy.contiguous(x);
        try {
            if (vectors(x.dtype()) && x.dim(2) == 1) {
                CpuColumnNorms.forward(y, mean, variance, c, weight, bias, eps);
                return;
            }
            Runs runs = Runs.of(x);
            long from = c.address();
            long to = y.address();
            long means = mean.address();
            long variances = variance.address();
            Threads.parallel(runs.channels, Math.max(1, GRAIN / (runs.n * runs.length)), (lo, hi) -> {
                for (long k = lo; k < hi; k++) {
                    double m = runs.sum(from, k) / runs.count();
                    double v = runs.squares(from, k, m) / runs.count();
                    Raw.real(runs.type, means, k, m);
                    Raw.real(runs.type, variances, k, v);
                    runs.affine(from, to, k, m, element(weight, k, 1) / Math.sqrt(v + eps), element(bias, k, 0));
                }
            });
        } finally {
            CpuCopy.drop(c, x);
        }
    }

    static void batchNormBackward(Tensor dx, Tensor dweight, Tensor dbias, Tensor g, Tensor x, Tensor mean, Tensor variance, Tensor weight, double eps) {
        if (x.size() == 0) {
            CpuCopy.fill(dweight, 0);
            CpuCopy.fill(dbias, 0);
            return;
        }
        Tensor c = CpuCopy.contiguous(x);
        Tensor d = CpuCopy.contiguous(g);
        try {
            if (vectors(x.dtype()) && x.dim(2) == 1) {
                CpuColumnNorms.backward(dx, dweight, dbias, d, c, mean, variance, weight, eps);
                return;
            }
            Runs runs = Runs.of(x);
            long from = c.address();
            long up = d.address();
            long to = dx.address();
            long dw = dweight.address();
            long db = dbias.address();
            Threads.parallel(runs.channels, Math.max(1, GRAIN / (runs.n * runs.length)), (lo, hi) -> {
                for (long k = lo; k < hi; k++) {
                    double m = element(mean, k, 0);
                    double s = 1 / Math.sqrt(element(variance, k, 1) + eps);
                    double sum = runs.sum(up, k);
                    double dot = runs.centredDot(up, from, k, m) * s;
                    Raw.real(runs.type, db, k, sum);
                    Raw.real(runs.type, dw, k, dot);
                    double scale = s * element(weight, k, 1);
                    runs.backward(up, from, to, k, m, scale, -scale * s * dot / runs.count(), -scale * sum / runs.count());
                }
            });
        } finally {
            CpuCopy.drop(c, x);
            CpuCopy.drop(d, g);
        }
    }

    /** The elements of a channel: n runs of equal length. */
    private record Runs(DType type, long n, long channels, long length) {
        static Runs of(Tensor x) {
            return new Runs(x.dtype(), x.dim(0), x.dim(1), x.dim(2));
        }

        double count() {
            return n * length;
        }

        long at(long base, long i, long k) {
            return base + (i * channels + k) * length * type.bytes();
        }

        double sum(long a, long k) {
            double sum = 0;
            for (long i = 0; i < n; i++) sum += vectors(type) ? FloatReduce.sum(at(a, i, k), length) : PlainReduce.row(Reduction.SUM, type, at(a, i, k), length);
            return sum;
        }

        double squares(long a, long k, double mean) {
            double sum = 0;
            for (long i = 0; i < n; i++) {
                sum += vectors(type) ? FloatRows.squaredDeviations(at(a, i, k), (float) mean, length) : PlainRows.squaredDeviations(type, at(a, i, k), mean, length);
            }
            return sum;
        }

        /** {@code sum g (x - mean)}. */
        double centredDot(long g, long x, long k, double mean) {
            double sum = 0;
            for (long i = 0; i < n; i++) {
                sum += vectors(type) ? FloatNorms.centredDot(at(g, i, k), at(x, i, k), (float) mean, length) : centredDotPlain(at(g, i, k), at(x, i, k), mean);
            }
            return sum;
        }

        private double centredDotPlain(long g, long x, double mean) {
            double sum = 0;
            for (long j = 0; j < length; j++) sum += Raw.real(type, g, j) * (Raw.real(type, x, j) - mean);
            return sum;
        }

        /** {@code y = (x - mean) scale + shift}. */
        void affine(long x, long y, long k, double mean, double scale, double shift) {
            for (long i = 0; i < n; i++) {
                long from = at(x, i, k);
                long to = at(y, i, k);
                if (vectors(type)) FloatNorms.affine(from, to, (float) mean, (float) scale, (float) shift, length);
                else for (long j = 0; j < length; j++) Raw.real(type, to, j, (Raw.real(type, from, j) - mean) * scale + shift);
            }
        }

        /** {@code dx = g a + (x - mean) b + shift}. */
        void backward(long g, long x, long dx, long k, double mean, double a, double b, double shift) {
            for (long i = 0; i < n; i++) {
                long up = at(g, i, k);
                long from = at(x, i, k);
                long to = at(dx, i, k);
                if (vectors(type)) FloatNorms.backward(up, from, to, (float) mean, (float) a, (float) b, (float) shift, length);
                else for (long j = 0; j < length; j++) Raw.real(type, to, j, Raw.real(type, up, j) * a + (Raw.real(type, from, j) - mean) * b + shift);
            }
        }
    }

    // ---- root mean square of rows ----

    static void rmsNorm(Tensor y, Tensor rrms, Tensor x, Tensor weight, double eps) {
        if (x.size() == 0) {
            CpuCopy.fill(rrms, Double.NaN);
            return;
        }
        Tensor c = CpuCopy.contiguous(x);
        Tensor w = weight == null ? null : CpuCopy.contiguous(weight);
        try {
            DType t = x.dtype();
            long n = x.dim(-1);
            long step = n * t.bytes();
            long from = c.address();
            long to = y.address();
            long scales = rrms.address();
            long wa = w == null ? 0 : w.address();
            Threads.parallel(x.size() / n, Math.max(1, GRAIN / n), (lo, hi) -> {
                for (long r = lo; r < hi; r++) {
                    long row = from + r * step;
                    double squares = vectors(t) ? FloatRows.dot(row, row, n) : PlainRows.squaredDeviations(t, row, 0, n);
                    double s = 1 / Math.sqrt(squares / n + eps);
                    Raw.real(t, scales, r, s);
                    if (vectors(t)) FloatNorms.scale(row, wa, to + r * step, (float) s, n);
                    else for (long j = 0; j < n; j++) Raw.real(t, to + r * step, j, Raw.real(t, row, j) * s * (wa == 0 ? 1 : Raw.real(t, wa, j)));
                }
            });
        } finally {
            CpuCopy.drop(c, x);
            if (w != null) CpuCopy.drop(w, weight);
        }
    }

    /** Blocks of rows, whose number depends on the shape alone, each sum their share of dweight. */
    static void rmsNormBackward(Tensor dx, Tensor dweight, Tensor g, Tensor x, Tensor rrms, Tensor weight) {
        if (x.size() == 0) {
            if (dweight != null) CpuCopy.fill(dweight, 0);
            return;
        }
        DType t = x.dtype();
        long n = x.dim(-1);
        long rows = x.size() / n;
        long step = n * t.bytes();
        long each = Math.max(16, (rows + 63) / 64);
        int blocks = (int) ((rows + each - 1) / each);
        Tensor[] in = {g, x, rrms, weight};
        Tensor[] c = new Tensor[4];
        Tensor partial = weight == null ? null : CpuCopy.temporary(Shape.of(blocks, (int) n), t);
        try {
            for (int i = 0; i < 4; i++) if (in[i] != null) c[i] = CpuCopy.contiguous(in[i]);
            long up = c[0].address();
            long from = c[1].address();
            long scales = c[2].address();
            long w = weight == null ? 0 : c[3].address();
            long to = dx.address();
            long dw = weight == null ? 0 : partial.address();
            Threads.parallel(blocks, Math.max(1, GRAIN / (each * n)), (lo, hi) -> {
                for (long b = lo; b < hi; b++) {
                    if (dw != 0) Raw.zero(dw + b * step, step);
                    for (long r = b * each; r < Math.min(rows, (b + 1) * each); r++) {
                        double s = Raw.real(t, scales, r);
                        if (vectors(t)) FloatNorms.rmsBackward(up + r * step, from + r * step, w, to + r * step, (float) s, dw == 0 ? 0 : dw + b * step, n);
                        else rmsBackwardPlain(t, up + r * step, from + r * step, w, to + r * step, s, dw == 0 ? 0 : dw + b * step, n);
                    }
                }
            });
            if (weight != null) CpuReductions.reduce(Reduction.SUM, dweight.view(Shape.of(1, (int) n), new long[] {n, 1}, dweight.offset()), partial, new int[] {0});
        } finally {
            for (int i = 0; i < 4; i++) if (c[i] != null) CpuCopy.drop(c[i], in[i]);
            if (partial != null) CpuCopy.drop(partial);
        }
    }

    private static void rmsBackwardPlain(DType t, long g, long x, long w, long dx, double s, long dw, long n) {
        double dot = 0;
        for (long j = 0; j < n; j++) {
            double normal = Raw.real(t, x, j) * s;
            double v = Raw.real(t, g, j);
            if (dw != 0) Raw.real(t, dw, j, Raw.real(t, dw, j) + v * normal);
            dot += v * (w == 0 ? 1 : Raw.real(t, w, j)) * normal;
        }
        for (long j = 0; j < n; j++) Raw.real(t, dx, j, s * (Raw.real(t, g, j) * (w == 0 ? 1 : Raw.real(t, w, j)) - Raw.real(t, x, j) * s * dot / n));
    }
}
