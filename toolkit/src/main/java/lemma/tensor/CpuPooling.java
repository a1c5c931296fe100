package lemma.tensor;

import lemma.tensor.Backend.Conv2d;
import lemma.tensor.Backend.Pool2d;

/** Largest values and means over windows of images. */
final class CpuPooling {
    private static final long GRAIN = 1 << 12;
    /** Positions within two rows of this many columns are exact in FLOAT32. */
    private static final int MAX_VECTOR_COLUMNS = 1 << 22;

    private CpuPooling() {}

    static Shape shape(Shape x, Pool2d s) {
        return Shape.of(x.dim(0), x.dim(1), Conv2d.out(x.dim(2), s.kernelH(), s.strideH(), s.padH(), 1), Conv2d.out(x.dim(3), s.kernelW(), s.strideW(), s.padW(), 1));
    }

    static void maxPool(Tensor y, Tensor position, Tensor x, Pool2d s) {
        if (y.size() == 0) return;
        Tensor c = CpuCopy.contiguous(x);
        try {
            DType t = x.dtype();
            int h = x.dim(2);
            int w = x.dim(3);
            int oh = y.dim(2);
            int ow = y.dim(3);
            long from = c.address();
            long to = y.address();
            long at = position.address();
            long planes = (long) x.dim(0) * x.dim(1);
            if (isTwoByTwo(x, s)) {
                Threads.parallel(planes, Math.max(1, GRAIN / ((long) oh * ow)), (lo, hi) -> {
                    long taken = Scratch.get().address(0);
                    for (long p = lo; p < hi; p++) {
                        for (int i = 0; i < oh; i++) {
                            long out = (p * oh + i) * ow;
                            FloatPool.max(from + 4 * (p * h + 2 * i) * w, w, to + 4 * out, at + 8 * out, 2L * i * w, ow, taken);
                        }
                    }
                });
                return;
            }
            Threads.parallel(planes, Math.max(1, GRAIN / ((long) oh * ow)), (lo, hi) -> {
                for (long p = lo; p < hi; p++) {
                    for (int i = 0; i < oh; i++) {
                        int top = Math.max(0, i * s.strideH() - s.padH());
                        int bottom = Math.min(h, i * s.strideH() - s.padH() + s.kernelH());
                        for (int j = 0; j < ow; j++) {
                            int left = Math.max(0, j * s.strideW() - s.padW());
                            int right = Math.min(w, j * s.strideW() - s.padW() + s.kernelW());
                            long out = (p * oh + i) * ow + j;
                            long best = largest(t, from, p * h * w, w, top, bottom, left, right);
                            Raw.real(t, to, out, Raw.real(t, from, p * h * w + best));
                            Raw.i64(at + 8 * out, best);
                        }
                    }
                }
            });
        } finally {
            CpuCopy.drop(c, x);
        }
    }

    private static boolean isTwoByTwo(Tensor x, Pool2d s) {
        return x.dtype() == DType.FLOAT32 && Vectors.AVAILABLE && x.dim(3) <= MAX_VECTOR_COLUMNS && s.equals(new Pool2d(2, 2, 2, 2, 0, 0));
    }

    /** Position in the plane of the first largest element of a window; NaN is largest. */
    private static long largest(DType t, long from, long plane, int w, int top, int bottom, int left, int right) {
        if (t == DType.FLOAT32) return largest32(from + 4 * plane, w, top, bottom, left, right);
        long best = (long) top * w + left;
        double max = Raw.real(t, from, plane + best);
        for (int i = top; i < bottom; i++) {
            for (long k = (long) i * w + left; k < (long) i * w + right; k++) {
                double v = Raw.real(t, from, plane + k);
                if (v > max || Double.isNaN(v) && !Double.isNaN(max)) {
                    max = v;
                    best = k;
                }
            }
        }
        return best;
    }

    private static int largest32(long plane, int w, int top, int bottom, int left, int right) {
        int best = top * w + left;
        float max = Raw.f32(plane + 4L * best);
        for (int i = top; i < bottom; i++) {
            for (int k = i * w + left; k < i * w + right; k++) {
                float v = Raw.f32(plane + 4L * k);
                if (v > max || Float.isNaN(v) && !Float.isNaN(max)) {
                    max = v;
                    best = k;
                }
            }
        }
        return best;
    }

    static void avgPool(Tensor y, Tensor x, Pool2d s) {
        if (y.size() == 0) return;
        Tensor c = CpuCopy.contiguous(x);
        try {
            DType t = x.dtype();
            int h = x.dim(2);
            int w = x.dim(3);
            int oh = y.dim(2);
            int ow = y.dim(3);
            long from = c.address();
            long to = y.address();
            double count = (double) s.kernelH() * s.kernelW();
            Threads.parallel((long) x.dim(0) * x.dim(1), Math.max(1, GRAIN / ((long) oh * ow)), (lo, hi) -> {
                for (long p = lo; p < hi; p++) {
                    for (int i = 0; i < oh; i++) {
                        int top = Math.max(0, i * s.strideH() - s.padH());
                        int bottom = Math.min(h, i * s.strideH() - s.padH() + s.kernelH());
                        for (int j = 0; j < ow; j++) {
                            int left = Math.max(0, j * s.strideW() - s.padW());
                            int right = Math.min(w, j * s.strideW() - s.padW() + s.kernelW());
                            double sum = 0;
                            for (int r = top; r < bottom; r++) {
                                for (int q = left; q < right; q++) sum += Raw.real(t, from, (p * h + r) * w + q);
                            }
                            Raw.real(t, to, (p * oh + i) * ow + j, sum / count);
                        }
                    }
                }
            });
        } finally {
            CpuCopy.drop(c, x);
        }
    }

    static void avgPoolInput(Tensor dx, Tensor dy, Pool2d s) {
        CpuCopy.fill(dx, 0);
        if (dy.size() == 0) return;
        Tensor d = CpuCopy.contiguous(dy);
        try {
            DType t = dy.dtype();
            int h = dx.dim(2);
            int w = dx.dim(3);
            int oh = dy.dim(2);
            int ow = dy.dim(3);
            long from = d.address();
            long to = dx.address();
            double count = (double) s.kernelH() * s.kernelW();
            Threads.parallel((long) dx.dim(0) * dx.dim(1), Math.max(1, GRAIN / ((long) oh * ow)), (lo, hi) -> {
                for (long p = lo; p < hi; p++) {
                    for (int i = 0; i < oh; i++) {
                        int top = Math.max(0, i * s.strideH() - s.padH());
                        int bottom = Math.min(h, i * s.strideH() - s.padH() + s.kernelH());
                        for (int j = 0; j < ow; j++) {
                            int left = Math.max(0, j * s.strideW() - s.padW());
                            int right = Math.min(w, j * s.strideW() - s.padW() + s.kernelW());
                            double share = Raw.real(t, from, (p * oh + i) * ow + j) / count;
                            for (int r = top; r < bottom; r++) {
                                for (long q = ((p * h) + r) * w + left; q < (p * h + r) * w + right; q++) Raw.real(t, to, q, Raw.real(t, to, q) + share);
                            }
                        }
                    }
                }
            });
        } finally {
            CpuCopy.drop(d, dy);
        }
    }
}
