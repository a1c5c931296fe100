package lemma.tensor;

import lemma.tensor.Backend.Conv2d;
import lemma.tensor.Backend.Pool2d;
import lemma.tensor.Blas.Matrix;

/** Convolution as a matrix product over unfolded patches, image by image; and pooling. */
final class CpuConvolution {
    /** Images whose kernel gradients are added up before they join the total. */
    private static final int IMAGE_BLOCKS = 8;

    private CpuConvolution() {}

    /** Lengths of a convolution: x (n, c, h, w), patches (c kh kw, oh ow) per group. */
    private record Geometry(int n, int c, int h, int w, int o, int kh, int kw, int oh, int ow, Conv2d spec) {
        static Geometry of(Shape x, Shape kernel, Conv2d s) {
            int oh = Conv2d.out(x.dim(2), kernel.dim(2), s.strideH(), s.padH(), s.dilationH());
            int ow = Conv2d.out(x.dim(3), kernel.dim(3), s.strideW(), s.padW(), s.dilationW());
            return new Geometry(x.dim(0), x.dim(1), x.dim(2), x.dim(3), kernel.dim(0), kernel.dim(2), kernel.dim(3), oh, ow, s);
        }

        int channels() {
            return c / spec.groups();
        }

        int outputs() {
            return o / spec.groups();
        }

        int patch() {
            return channels() * kh * kw;
        }

        int places() {
            return oh * ow;
        }

        /** True if the patches of an image are the image itself. */
        boolean isPointwise() {
            return kh == 1 && kw == 1 && spec.strideH() == 1 && spec.strideW() == 1 && spec.padH() == 0 && spec.padW() == 0;
        }

        long image() {
            return (long) c * h * w;
        }

        long result() {
            return (long) o * places();
        }
    }

    static Shape shape(Shape x, Shape kernel, Conv2d s) {
        Geometry g = Geometry.of(x, kernel, s);
        return Shape.of(g.n, g.o, g.oh, g.ow);
    }

    static void forward(Tensor y, Tensor x, Tensor kernel, Tensor bias, Conv2d spec) {
        Geometry g = Geometry.of(x.shape(), kernel.shape(), spec);
        if (y.size() == 0) return;
        Tensor c = CpuCopy.contiguous(x);
        Tensor k = CpuCopy.contiguous(kernel);
        Tensor b = bias == null ? null : CpuCopy.contiguous(bias);
        try {
            DType t = x.dtype();
            int size = t.bytes();
            long from = c.address();
            long ka = k.address();
            long ba = b == null ? 0 : b.address();
            long to = y.address();
            forImages(g, t, (image, patches) -> {
                for (int group = 0; group < spec.groups(); group++) {
                    long in = from + (image * g.image() + (long) group * g.channels() * g.h * g.w) * size;
                    long columns = g.isPointwise() ? in : patches;
                    if (!g.isPointwise()) unfold(g, t, in, patches);
                    long out = to + (image * g.result() + (long) group * g.outputs() * g.places()) * size;
                    if (ba != 0) startWith(g, t, ba + (long) group * g.outputs() * size, out);
                    Matrix weights = new Matrix(ka + (long) group * g.outputs() * g.patch() * size, Math.max(1, g.patch()), false);
                    multiply(g, t, g.outputs(), g.places(), g.patch(), weights, new Matrix(columns, g.places(), false), ba == 0 ? 0 : 1, out, g.places());
                }
            });
        } finally {
            CpuCopy.drop(c, x);
            CpuCopy.drop(k, kernel);
            if (b != null) CpuCopy.drop(b, bias);
        }
    }

    private static void multiply(Geometry g, DType t, int m, int n, int k, Matrix a, Matrix b, double beta, long c, int ldc) {
        if (g.n == 1) Blas.multiply(t, m, n, k, a, b, beta, c, ldc);
        else Blas.one(t, m, n, k, a, b, beta, c, ldc);
    }

    private static void startWith(Geometry g, DType t, long bias, long out) {
        for (int o = 0; o < g.outputs(); o++) {
            double v = Raw.real(t, bias, o);
            for (long i = 0, at = (long) o * g.places(); i < g.places(); i++, at++) Raw.real(t, out, at, v);
        }
    }

    static void input(Tensor dx, Tensor dy, Tensor kernel, Conv2d spec) {
        Geometry g = Geometry.of(dx.shape(), kernel.shape(), spec);
        CpuCopy.fill(dx, 0);
        if (dx.size() == 0 || dy.size() == 0) return;
        Tensor d = CpuCopy.contiguous(dy);
        Tensor k = CpuCopy.contiguous(kernel);
        try {
            DType t = dy.dtype();
            int size = t.bytes();
            long from = d.address();
            long ka = k.address();
            long to = dx.address();
            forImages(g, t, (image, patches) -> {
                for (int group = 0; group < spec.groups(); group++) {
                    long out = to + (image * g.image() + (long) group * g.channels() * g.h * g.w) * size;
                    long in = from + (image * g.result() + (long) group * g.outputs() * g.places()) * size;
                    long columns = g.isPointwise() ? out : patches;
                    Matrix weights = new Matrix(ka + (long) group * g.outputs() * g.patch() * size, g.patch(), true);
                    multiply(g, t, g.patch(), g.places(), g.outputs(), weights, new Matrix(in, g.places(), false), 0, columns, g.places());
                    if (!g.isPointwise()) fold(g, t, patches, out);
                }
            });
        } finally {
            CpuCopy.drop(d, dy);
            CpuCopy.drop(k, kernel);
        }
    }

    static void kernel(Tensor dk, Tensor dy, Tensor x, Conv2d spec) {
        Geometry g = Geometry.of(x.shape(), dk.shape(), spec);
        CpuCopy.fill(dk, 0);
        if (dk.size() == 0 || dy.size() == 0) return;
        Tensor d = CpuCopy.contiguous(dy);
        Tensor c = CpuCopy.contiguous(x);
        // which images a block holds depends on their number alone
        int each = (g.n + IMAGE_BLOCKS - 1) / IMAGE_BLOCKS;
        int blocks = (g.n + each - 1) / each;
        Tensor partial = CpuCopy.temporary(Shape.of(blocks, (int) dk.size()), dk.dtype());
        try {
            DType t = dk.dtype();
            int size = t.bytes();
            long from = c.address();
            long gradient = d.address();
            long sums = partial.address();
            Threads.parallel(blocks, 1, (lo, hi) -> withPatches(g, t, patches -> {
                for (long image = lo * each; image < Math.min(g.n, hi * each); image++) {
                    for (int group = 0; group < spec.groups(); group++) {
                        long in = from + (image * g.image() + (long) group * g.channels() * g.h * g.w) * size;
                        long columns = g.isPointwise() ? in : patches;
                        if (!g.isPointwise()) unfold(g, t, in, patches);
                        Matrix out = new Matrix(gradient + (image * g.result() + (long) group * g.outputs() * g.places()) * size, g.places(), false);
                        long to = sums + (image / each * dk.size() + (long) group * g.outputs() * g.patch()) * size;
                        multiply(g, t, g.outputs(), g.patch(), g.places(), out, new Matrix(columns, g.places(), true), image % each == 0 ? 0 : 1, to, g.patch());
                    }
                }
            }));
            Tensor row = dk.view(Shape.of(1, (int) dk.size()), new long[] {dk.size(), 1}, dk.offset());
            CpuReductions.reduce(Reduction.SUM, row, partial, new int[] {0});
        } finally {
            CpuCopy.drop(d, dy);
            CpuCopy.drop(c, x);
            CpuCopy.drop(partial);
        }
    }

    @FunctionalInterface
    private interface Image {
        void at(long image, long patches);
    }

    @FunctionalInterface
    private interface Patches {
        void use(long address);
    }

    /** Runs {@code body} for every image, with room for its patches. */
    private static void forImages(Geometry g, DType t, Image body) {
        if (g.n == 1) {
            withPatches(g, t, patches -> body.at(0, patches));
            return;
        }
        Threads.parallel(g.n, 1, (lo, hi) -> withPatches(g, t, patches -> {
            for (long i = lo; i < hi; i++) body.at(i, patches);
        }));
    }

    private static void withPatches(Geometry g, DType t, Patches body) {
        if (g.isPointwise()) {
            body.use(0);
            return;
        }
        Storage.Host room = MemoryPool.allocate(Shape.of(g.patch(), g.places()), t);
        try {
            body.use(room.address);
        } finally {
            room.release();
        }
    }

    // ---- patches ----

    /** {@code patches[c, i, j][y, x] = image[c, y s + i d - p, x s + j d - p]}, zero outside. */
    private static void unfold(Geometry g, DType t, long image, long patches) {
        int size = t.bytes();
        Conv2d s = g.spec;
        long to = patches;
        for (int c = 0; c < g.channels(); c++) {
            for (int i = 0; i < g.kh; i++) {
                for (int j = 0; j < g.kw; j++) {
                    for (int y = 0; y < g.oh; y++, to += (long) g.ow * size) {
                        int row = y * s.strideH() + i * s.dilationH() - s.padH();
                        if (row < 0 || row >= g.h) Raw.zero(to, (long) g.ow * size);
                        else unfoldRow(g, t, image + ((long) c * g.h + row) * g.w * size, j * s.dilationW() - s.padW(), to);
                    }
                }
            }
        }
    }

    /** One row of one patch element: columns {@code shift, shift + stride, ...} of an image row. */
    private static void unfoldRow(Geometry g, DType t, long row, int shift, long to) {
        int size = t.bytes();
        int stride = g.spec.strideW();
        int from = first(shift, stride, g.ow);
        int end = Math.max(from, end(g.w, shift, stride, g.ow));
        if (from > 0) Raw.zero(to, (long) from * size);
        if (stride == 1) {
            Raw.copy(row + (long) (from + shift) * size, to + (long) from * size, (long) (end - from) * size);
        } else if (size == 4) {
            for (long x = from; x < end; x++) Raw.i32(to + 4 * x, Raw.i32(row + 4 * (x * stride + shift)));
        } else {
            for (long x = from; x < end; x++) Raw.i64(to + 8 * x, Raw.i64(row + 8 * (x * stride + shift)));
        }
        if (end < g.ow) Raw.zero(to + (long) end * size, (long) (g.ow - end) * size);
    }

    /** The first place whose column is not negative. */
    private static int first(int shift, int stride, int places) {
        return shift >= 0 ? 0 : Math.min(places, (-shift + stride - 1) / stride);
    }

    /** The first place whose column is past the end. */
    private static int end(int width, int shift, int stride, int places) {
        return width <= shift ? 0 : Math.min(places, (width - shift + stride - 1) / stride);
    }

    /** The transpose of {@link #unfold}: adds the patches where they came from. */
    private static void fold(Geometry g, DType t, long patches, long image) {
        int size = t.bytes();
        Conv2d s = g.spec;
        long from = patches;
        for (int c = 0; c < g.channels(); c++) {
            for (int i = 0; i < g.kh; i++) {
                for (int j = 0; j < g.kw; j++) {
                    for (int y = 0; y < g.oh; y++, from += (long) g.ow * size) {
                        int row = y * s.strideH() + i * s.dilationH() - s.padH();
                        if (row >= 0 && row < g.h) foldRow(g, t, from, image + ((long) c * g.h + row) * g.w * size, j * s.dilationW() - s.padW());
                    }
                }
            }
        }
    }

    private static void foldRow(Geometry g, DType t, long from, long row, int shift) {
        int stride = g.spec.strideW();
        int lo = first(shift, stride, g.ow);
        int hi = end(g.w, shift, stride, g.ow);
        int size = t.bytes();
        if (stride == 1 && Vectors.AVAILABLE && hi > lo) {
            long to = row + (long) (lo + shift) * size;
            if (t == DType.FLOAT32) FloatLoops.binary(Binary.ADD, to, -1, from + 4L * lo, -1, to, hi - lo);
            else DoubleLoops.binary(Binary.ADD, to, -1, from + 8L * lo, -1, to, hi - lo);
            return;
        }
        for (long x = lo; x < hi; x++) {
            long at = x * stride + shift;
            Raw.real(t, row, at, Raw.real(t, row, at) + Raw.real(t, from, x));
        }
    }

    // ---- pooling ----

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
            Threads.parallel(planes, Math.max(1, (1 << 12) / ((long) oh * ow)), (lo, hi) -> {
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
            Threads.parallel((long) x.dim(0) * x.dim(1), Math.max(1, (1 << 12) / ((long) oh * ow)), (lo, hi) -> {
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
            Threads.parallel((long) dx.dim(0) * dx.dim(1), Math.max(1, (1 << 12) / ((long) oh * ow)), (lo, hi) -> {
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
