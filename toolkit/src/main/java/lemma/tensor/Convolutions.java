package lemma.tensor;

import lemma.tensor.Backend.Conv2d;

/** Convolutions over one axis, and transposed ones. */
final class Convolutions {
    private Convolutions() {}

    static Tensor conv1d(Tensor x, Tensor kernel, Tensor bias, int stride, int padding, int dilation, int groups) {
        if (x.rank() != 3 || kernel.rank() != 3) {
            throw new IllegalArgumentException("conv1d: x is " + x.shape() + ", kernel " + kernel.shape() + "; expected x (n, c, l) and kernel (o, c/groups, k)");
        }
        return Functional.conv2d(x.unsqueeze(2), kernel.unsqueeze(2), bias, new Conv2d(1, stride, 0, padding, 1, dilation, groups)).squeeze(2);
    }

    static Tensor convTranspose1d(Tensor x, Tensor kernel, Tensor bias, int stride, int padding, int outputPadding, int dilation, int groups) {
        if (x.rank() != 3 || kernel.rank() != 3) {
            throw new IllegalArgumentException("convTranspose1d: x is " + x.shape() + ", kernel " + kernel.shape() + "; expected x (n, c, l) and kernel (c, o/groups, k)");
        }
        return convTranspose2d(x.unsqueeze(2), kernel.unsqueeze(2), bias, new Conv2d(1, stride, 0, padding, 1, dilation, groups), 0, outputPadding).squeeze(2);
    }

    static Tensor convTranspose2d(Tensor x, Tensor kernel, Tensor bias, Conv2d spec, int outputPadH, int outputPadW) {
        if (x.rank() != 4 || kernel.rank() != 4 || x.dim(1) != kernel.dim(0) || x.dim(1) % spec.groups() != 0) {
            throw new IllegalArgumentException("convTranspose2d: x is " + x.shape() + ", kernel " + kernel.shape() + ", groups " + spec.groups()
                    + "; expected x (n, c, h, w), kernel (c, o/groups, kh, kw) and c divisible by groups");
        }
        checkOutputPadding(outputPadH, spec.strideH(), spec.dilationH());
        checkOutputPadding(outputPadW, spec.strideW(), spec.dilationW());
        int outputs = kernel.dim(1) * spec.groups();
        if (bias != null && !bias.shape().equals(Shape.of(outputs))) throw new IllegalArgumentException("convTranspose2d: bias is " + bias.shape() + ", expected [" + outputs + "]");
        Functional.checkTypes("convTranspose2d", x, kernel, bias);
        // a whole stride of output padding is one more place of x, where it is zero
        Tensor a = Functional.pad(x, Functional.PadMode.CONSTANT, 0, 0, outputPadW / spec.strideW(), 0, outputPadH / spec.strideH());
        int h = length(a.dim(2), kernel.dim(2), spec.strideH(), spec.padH(), spec.dilationH(), outputPadH % spec.strideH());
        int w = length(a.dim(3), kernel.dim(3), spec.strideW(), spec.padW(), spec.dilationW(), outputPadW % spec.strideW());
        if (h < 1 || w < 1) throw new IllegalArgumentException("convTranspose2d: x " + x.shape() + " by kernel " + kernel.shape() + " with " + spec + " has the length " + h + " x " + w + "; use less padding");
        Tensor y = Functional.conv2dInput(a, kernel, Shape.of(x.dim(0), outputs, h, w), spec);
        return bias == null ? y : y.add(bias.reshape(outputs, 1, 1));
    }

    private static int length(int in, int kernel, int stride, int pad, int dilation, int more) {
        return (in - 1) * stride - 2 * pad + dilation * (kernel - 1) + more + 1;
    }

    private static void checkOutputPadding(int more, int stride, int dilation) {
        if (more >= 0 && more < Math.max(stride, dilation)) return;
        throw new IllegalArgumentException("convTranspose2d: output padding " + more + ", expected at least 0 and less than the stride " + stride + " or the dilation " + dilation);
    }

    // ---- patches ----

    static Tensor unfold(Tensor x, int kernelH, int kernelW, Conv2d spec) {
        if (x.rank() != 4) throw new IllegalArgumentException("unfold: x is " + x.shape() + ", expected (n, c, h, w)");
        Tensor a = Functional.pad(x, Functional.PadMode.CONSTANT, 0, spec.padW(), spec.padW(), spec.padH(), spec.padH());
        Patches p = Patches.of("unfold", a.dim(2), a.dim(3), kernelH, kernelW, spec);
        return a.flatten(2).indexSelect(2, p.index().to(x.backend())).reshape(x.dim(0), x.dim(1) * kernelH * kernelW, p.places());
    }

    static Tensor fold(Tensor columns, int h, int w, int kernelH, int kernelW, Conv2d spec) {
        int high = h + 2 * spec.padH();
        int wide = w + 2 * spec.padW();
        Patches p = Patches.of("fold", high, wide, kernelH, kernelW, spec);
        int area = kernelH * kernelW;
        if (columns.rank() != 3 || columns.dim(1) % area != 0 || columns.dim(2) != p.places()) {
            throw new IllegalArgumentException("fold: columns are " + columns.shape() + ", expected (n, c " + area + ", " + p.places() + ") for an image of " + h + " x " + w);
        }
        int channels = columns.dim(1) / area;
        Tensor flat = columns.reshape(columns.dim(0), channels, area * p.places());
        Tensor image = Indexing.indexAdd(flat, 2, p.index().to(columns.backend()), high * wide).reshape(columns.dim(0), channels, high, wide);
        return image.narrow(2, spec.padH(), spec.padH() + h).narrow(3, spec.padW(), spec.padW() + w);
    }

    /** Windows of a padded plane: outH x outW of them. */
    private record Patches(int w, int kernelH, int kernelW, int outH, int outW, Conv2d spec) {
        static Patches of(String op, int h, int w, int kernelH, int kernelW, Conv2d s) {
            int outH = Conv2d.out(h, kernelH, s.strideH(), 0, s.dilationH());
            int outW = Conv2d.out(w, kernelW, s.strideW(), 0, s.dilationW());
            boolean fits = h > s.dilationH() * (kernelH - 1) && w > s.dilationW() * (kernelW - 1);
            if (!fits) throw new IllegalArgumentException(op + ": windows of " + kernelH + " x " + kernelW + " with " + s + " do not fit into the padded image of " + h + " x " + w);
            return new Patches(w, kernelH, kernelW, outH, outW, s);
        }

        int places() {
            return outH * outW;
        }

        /** Positions in the plane, element of the window by element, each window by window. */
        Tensor index() {
            long[] at = new long[kernelH * kernelW * places()];
            int n = 0;
            for (int i = 0; i < kernelH; i++) {
                for (int j = 0; j < kernelW; j++) {
                    for (int y = 0; y < outH; y++) {
                        for (int x = 0; x < outW; x++) at[n++] = (long) (y * spec.strideH() + i * spec.dilationH()) * w + x * spec.strideW() + j * spec.dilationW();
                    }
                }
            }
            return Tensor.of(at);
        }
    }
}
