package lemma.tensor;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The windows that a convolution or a pooling looks through, as strided ND4J views of the padded input: convolution becomes a matrix
 * product of them, pooling a reduction, and the gradients the transposes of these.
 */
record Nd4jWindows(Shape input, int kernelH, int kernelW, int outH, int outW, int strideH, int strideW, int padH, int padW, int dilationH, int dilationW) {
    static Nd4jWindows of(Shape x, Shape kernel, Backend.Conv2d s) {
        int outH = Backend.Conv2d.out(x.dim(2), kernel.dim(2), s.strideH(), s.padH(), s.dilationH());
        int outW = Backend.Conv2d.out(x.dim(3), kernel.dim(3), s.strideW(), s.padW(), s.dilationW());
        return new Nd4jWindows(x, kernel.dim(2), kernel.dim(3), outH, outW, s.strideH(), s.strideW(), s.padH(), s.padW(), s.dilationH(), s.dilationW());
    }

    static Nd4jWindows of(Shape x, Backend.Pool2d s) {
        int outH = Backend.Conv2d.out(x.dim(2), s.kernelH(), s.strideH(), s.padH(), 1);
        int outW = Backend.Conv2d.out(x.dim(3), s.kernelW(), s.strideW(), s.padW(), 1);
        return new Nd4jWindows(x, s.kernelH(), s.kernelW(), outH, outW, s.strideH(), s.strideW(), s.padH(), s.padW(), 1, 1);
    }

    private long paddedH() {
        return input.dim(2) + 2L * padH;
    }

    private long paddedW() {
        return input.dim(3) + 2L * padW;
    }

    private INDArray interior(INDArray padded) {
        long[] shape = {input.dim(0), input.dim(1), input.dim(2), input.dim(3)};
        return NdArrays.strided(padded.data(), shape, padded.stride(), padH * paddedW() + padW);
    }

    private INDArray padded(org.nd4j.linalg.api.buffer.DataType type, double padding) {
        return Nd4j.createUninitialized(type, new long[] {input.dim(0), input.dim(1), paddedH(), paddedW()}, 'c').assign(padding);
    }

    /** Dense windows (n, c, kh, kw, outH, outW) of x. */
    INDArray columns(INDArray x, double padding) {
        INDArray padded = padded(x.dataType(), padding);
        interior(padded).assign(x);
        long w = paddedW();
        long plane = paddedH() * w;
        long[] shape = {input.dim(0), input.dim(1), kernelH, kernelW, outH, outW};
        long[] strides = {input.dim(1) * plane, plane, dilationH * w, dilationW, strideH * w, strideW};
        INDArray columns = Nd4j.createUninitialized(x.dataType(), shape, 'c');
        columns.assign(NdArrays.strided(padded.data(), shape, strides, 0));
        return columns;
    }

    /** Every element of windows added up where it came from: the transpose of {@link #columns}, in the shape of the input. */
    INDArray sum(INDArray columns) {
        INDArray padded = padded(columns.dataType(), 0);
        long w = paddedW();
        long plane = paddedH() * w;
        long area = (long) outH * outW;
        long[] shape = {input.dim(0), input.dim(1), outH, outW};
        long[] from = {input.dim(1) * kernelH * kernelW * area, kernelH * kernelW * area, outW, 1};
        long[] to = {input.dim(1) * plane, plane, strideH * w, strideW};
        for (int i = 0; i < kernelH; i++) {
            for (int j = 0; j < kernelW; j++) {
                INDArray part = NdArrays.strided(columns.data(), shape, from, (i * (long) kernelW + j) * area);
                NdArrays.strided(padded.data(), shape, to, i * dilationH * w + j * (long) dilationW).addi(part.dup('c'));
            }
        }
        return interior(padded).dup('c');
    }

    /** Position in the h x w plane of element {@code within} of window {@code number}, counted over n, c, outH, outW. */
    long planePosition(long within, long number) {
        long row = number / outW % outH * strideH - padH;
        long column = number % outW * strideW - padW;
        long i = row + within / kernelW;
        long j = column + within % kernelW;
        // all of the window is -inf: its first real element
        if (i < 0 || j < 0 || i >= input.dim(2) || j >= input.dim(3)) return Math.max(0, row) * input.dim(3) + Math.max(0, column);
        return i * input.dim(3) + j;
    }
}
