package lemma.tensor;

/** Batch normalisation of rows (n, c) in FLOAT32: channels lie side by side, so a block of columns is one vector and rows run by. */
final class CpuColumnNorms {
    private static final int WIDTH = 128;
    private static final long SLOT = 4L * WIDTH;
    /** Rows summed in single precision before their sum joins the total. */
    private static final long ROWS = 64;

    private CpuColumnNorms() {}

    @FunctionalInterface
    private interface Row {
        void at(long offset);
    }

    @FunctionalInterface
    private interface Block {
        void at(int first, int width, long room);
    }

    private static void forBlocks(Tensor x, Block body) {
        int channels = x.dim(1);
        Threads.parallel(Math.ceilDiv(channels, WIDTH), 1, (lo, hi) -> {
            long room = Scratch.get().address(4);
            for (long b = lo; b < hi; b++) body.at((int) b * WIDTH, Math.min(WIDTH, channels - (int) b * WIDTH), room);
        });
    }

    /** Runs {@code row}, which adds into slot 0, over the n rows, and leaves the total in slot 1. */
    private static void total(Tensor x, int first, int width, long room, Row row) {
        long n = x.dim(0);
        Raw.zero(room, 2 * SLOT);
        for (long r = 0; r < n; r++) {
            row.at(4 * (r * x.dim(1) + first));
            if ((r + 1) % ROWS != 0 && r + 1 < n) continue;
            FloatReduce.accumulate(Reduction.SUM, room + SLOT, room, width);
            Raw.zero(room, SLOT);
        }
    }

    static void forward(Tensor y, Tensor mean, Tensor variance, Tensor x, Tensor weight, Tensor bias, double eps) {
        double n = x.dim(0);
        long from = x.address();
        long to = y.address();
        long means = mean.address();
        long variances = variance.address();
        forBlocks(x, (first, width, room) -> {
            long m = room + 2 * SLOT;
            long scale = room + 3 * SLOT;
            long shift = room + 4 * SLOT;
            total(x, first, width, room, o -> FloatReduce.accumulate(Reduction.SUM, room, from + o, width));
            for (int j = 0; j < width; j++) Raw.f32(m + 4 * j, (float) (Raw.f32(room + SLOT + 4 * j) / n));
            Raw.copy(m, means + 4L * first, 4L * width);
            total(x, first, width, room, o -> FloatNorms.addSquares(room, from + o, m, 4L * width));
            for (int j = 0; j < width; j++) {
                double v = Raw.f32(room + SLOT + 4 * j) / n;
                Raw.f32(variances + 4L * (first + j), (float) v);
                Raw.f32(scale + 4 * j, (float) (CpuNorms.element(weight, first + j, 1) / Math.sqrt(v + eps)));
                Raw.f32(shift + 4 * j, (float) CpuNorms.element(bias, first + j, 0));
            }
            for (long r = 0; r < x.dim(0); r++) {
                long o = 4 * (r * x.dim(1) + first);
                FloatNorms.affineColumns(from + o, to + o, m, scale, shift, 4L * width);
            }
        });
    }

    static void backward(Tensor dx, Tensor dweight, Tensor dbias, Tensor g, Tensor x, Tensor mean, Tensor variance, Tensor weight, double eps) {
        double n = x.dim(0);
        long up = g.address();
        long from = x.address();
        long to = dx.address();
        long dw = dweight.address();
        long db = dbias.address();
        forBlocks(x, (first, width, room) -> {
            long m = room + 2 * SLOT;
            long a = room + 3 * SLOT;
            long b = room + 4 * SLOT;
            long shift = room + 5 * SLOT;
            for (int j = 0; j < width; j++) Raw.f32(m + 4 * j, (float) CpuNorms.element(mean, first + j, 0));
            total(x, first, width, room, o -> FloatReduce.accumulate(Reduction.SUM, room, up + o, width));
            Raw.copy(room + SLOT, db + 4L * first, 4L * width);
            total(x, first, width, room, o -> FloatNorms.addProducts(room, up + o, from + o, m, 4L * width));
            for (int j = 0; j < width; j++) {
                double s = 1 / Math.sqrt(CpuNorms.element(variance, first + j, 1) + eps);
                double scale = s * CpuNorms.element(weight, first + j, 1);
                double dot = Raw.f32(room + SLOT + 4 * j) * s;
                Raw.f32(dw + 4L * (first + j), (float) dot);
                Raw.f32(a + 4 * j, (float) scale);
                Raw.f32(b + 4 * j, (float) (-scale * s * dot / n));
                Raw.f32(shift + 4 * j, (float) (-scale * Raw.f32(db + 4L * (first + j)) / n));
            }
            for (long r = 0; r < x.dim(0); r++) {
                long o = 4 * (r * x.dim(1) + first);
                FloatNorms.backwardColumns(up + o, from + o, to + o, m, a, b, shift, 4L * width);
            }
        });
    }
}
