package lemma.tensor;

import lemma.tensor.Backend.Conv2d;
import lemma.tensor.Blas.Matrix;

/** Convolution as a matrix product over unfolded patches, image by image; in FLOAT32 see {@link DirectConvolution}. */
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
            if (isDirect(t)) {
                DirectConvolution.forward(y, c, k, b, spec);
                return;
            }
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
        if (dx.size() == 0 || dy.size() == 0) {
            CpuCopy.fill(dx, 0);
            return;
        }
        Tensor d = CpuCopy.contiguous(dy);
        Tensor k = CpuCopy.contiguous(kernel);
        try {
            DType t = dy.dtype();
            if (isDirect(t)) {
                DirectConvolution.input(dx, d, k, spec);
                return;
            }
            CpuCopy.fill(dx, 0);
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
        if (dk.size() == 0 || dy.size() == 0) {
            CpuCopy.fill(dk, 0);
            return;
        }
        Tensor d = CpuCopy.contiguous(dy);
        Tensor c = CpuCopy.contiguous(x);
        try {
            if (isDirect(dk.dtype())) DirectConvolution.kernel(dk, d, c, spec);
            // between the places of dy the direct sums have zeros, which turn infinities of x into NaN
            if (!isDirect(dk.dtype()) || !Double.isFinite(FloatReduce.sum(dk.address(), dk.size()))) unfoldedKernel(g, dk, d, c);
        } finally {
            CpuCopy.drop(d, dy);
            CpuCopy.drop(c, x);
        }
    }

    /** True if the register-blocked kernels serve; they have no double precision. */
    private static boolean isDirect(DType t) {
        return t == DType.FLOAT32 && Vectors.AVAILABLE;
    }

    private static void unfoldedKernel(Geometry g, Tensor dk, Tensor d, Tensor c) {
        Conv2d spec = g.spec;
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
}
