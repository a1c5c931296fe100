package lemma.tensor;

import static lemma.tensor.Functional.Interpolation.LINEAR;
import static lemma.tensor.Functional.Interpolation.NEAREST;
import static lemma.tensor.Functional.PadMode.CIRCULAR;
import static lemma.tensor.Functional.PadMode.CONSTANT;
import static lemma.tensor.Functional.PadMode.REFLECT;
import static lemma.tensor.Functional.PadMode.REPLICATE;

import lemma.tensor.Backend.Conv2d;
import lemma.tensor.Backend.Pool2d;

/** The functions of image_fixtures.py. */
final class ImageCases extends TorchCases.Suite {
    private static final Pool2d TWO = new Pool2d(2, 2, 2, 2, 0, 0);

    ImageCases() {
        super("image-fixtures.json");
        convolutions();
        pooling();
        resampling();
        normalisation();
        edges();
    }

    private static Conv2d conv(int stride, int pad, int dilation, int groups) {
        return new Conv2d(stride, stride, pad, pad, dilation, dilation, groups);
    }

    private void convolutions() {
        many("conv1d", x -> Functional.conv1d(x[0], x[1], x[2], 1, 0, 1, 1));
        many("conv1dStrided", x -> Functional.conv1d(x[0], x[1], x[2], 2, 1, 2, 2));
        two("conv1dPointwise", (x, k) -> Functional.conv1d(x, k, null, 1, 0, 1, 1));
        two("conv2dFarStride", (x, k) -> Functional.conv2d(x, k, null, conv(3, 2, 1, 1)));
        two("conv2dWidePadding", (x, k) -> Functional.conv2d(x, k, null, conv(1, 3, 3, 1)));
        many("conv2dMany", x -> Functional.conv2d(x[0], x[1], x[2], conv(1, 1, 1, 1)));
        many("convTranspose1d", x -> Functional.convTranspose1d(x[0], x[1], x[2], 1, 0, 0, 1, 1));
        many("convTranspose1dStrided", x -> Functional.convTranspose1d(x[0], x[1], x[2], 3, 1, 2, 2, 2));
        two("convTranspose1dFarPadding", (x, k) -> Functional.convTranspose1d(x, k, null, 1, 1, 2, 3, 1));
        many("convTranspose2d", x -> Functional.convTranspose2d(x[0], x[1], x[2], conv(1, 0, 1, 1), 0, 0));
        many("convTranspose2dStrided", x -> Functional.convTranspose2d(x[0], x[1], x[2], new Conv2d(2, 3, 1, 1, 1, 1, 1), 1, 2));
        two("convTranspose2dGroups", (x, k) -> Functional.convTranspose2d(x, k, null, new Conv2d(2, 2, 0, 0, 2, 1, 2), 0, 0));
        one("unfold", x -> Functional.unfold(x, 2, 3, new Conv2d(1, 2, 1, 0, 2, 1, 1)));
        one("fold", x -> Functional.fold(x, 4, 5, 2, 3, conv(2, 1, 1, 1)));
    }

    private void pooling() {
        one("maxPool1d", x -> Functional.maxPool1d(x, 3, 2, 1));
        one("maxPool2dOdd", x -> Functional.maxPool2d(x, TWO));
        one("maxPool2dTies", x -> Functional.maxPool2d(x, TWO));
        one("avgPool1d", x -> Functional.avgPool1d(x, 3, 2, 1));
        one("adaptiveAvgPool1d", x -> Functional.adaptiveAvgPool1d(x, 3));
        one("adaptiveAvgPool2d", x -> Functional.adaptiveAvgPool2d(x, 3, 2));
        one("adaptiveAvgPool2dEven", x -> Functional.adaptiveAvgPool2d(x, 2, 3));
        one("adaptiveAvgPool2dGlobal", x -> Functional.adaptiveAvgPool2d(x, 1, 1));
        one("adaptiveAvgPool2dLarger", x -> Functional.adaptiveAvgPool2d(x, 3, 5));
    }

    private void resampling() {
        one("padConstant", x -> Functional.pad(x, CONSTANT, 1.5, 1, 2, 0, 3));
        one("padNegative", x -> Functional.pad(x, CONSTANT, 0, -1, 2, 1, -2));
        one("padReflect", x -> Functional.pad(x, REFLECT, 0, 2, 1, 1, 2));
        one("padReplicate", x -> Functional.pad(x, REPLICATE, 0, 2, 1, 1, 3));
        one("padCircular", x -> Functional.pad(x, CIRCULAR, 0, 2, 3, 1, 0));
        one("interpolateNearest", x -> Functional.interpolate(x, NEAREST, false, new int[] {5, 3}));
        one("interpolateNearestBy", x -> Functional.interpolate(x, NEAREST, false, 2.5));
        one("interpolateLinear", x -> Functional.interpolate(x, LINEAR, false, new int[] {7}));
        one("interpolateBilinear", x -> Functional.interpolate(x, LINEAR, false, new int[] {5, 3}));
        one("interpolateBilinearBy", x -> Functional.interpolate(x, LINEAR, false, 1.7));
        one("interpolateAligned", x -> Functional.interpolate(x, LINEAR, true, new int[] {5, 1}));
        one("interpolateAlignedBy", x -> Functional.interpolate(x, LINEAR, true, 2));
        one("pixelShuffle", x -> Functional.pixelShuffle(x, 2));
        one("pixelUnshuffle", x -> Functional.pixelUnshuffle(x, 2));
    }

    private void normalisation() {
        many("batchNorm", x -> Functional.batchNorm(x[0], x[1], x[2], 1e-5).y());
        one("batchNormPlain", x -> Functional.batchNorm(x, null, null, 1e-3).y());
        many("batchNormRows", x -> Functional.batchNorm(x[0], x[1], x[2], 1e-5).y());
        two("batchNormConstant", (x, w) -> Functional.batchNorm(x, w, null, 1e-5).y());
        many("groupNorm", x -> Functional.groupNorm(x[0], 2, x[1], x[2], 1e-5));
        one("groupNormPlain", x -> Functional.groupNorm(x, 3, null, null, 1e-3));
        many("instanceNorm", x -> Functional.instanceNorm(x[0], x[1], x[2], 1e-5));
        many("layerNormAxes", x -> Functional.layerNorm(x[0], Shape.of(3, 4), x[1], x[2], 1e-5));
        two("rmsNorm", (x, w) -> Functional.rmsNorm(x, w, 1e-5));
        one("rmsNormPlain", x -> Functional.rmsNorm(x, null, 1e-3));
    }

    private void edges() {
        one("edge_maxPool2d", x -> Functional.maxPool2d(x, TWO));
        one("edge_avgPool2d", x -> Functional.avgPool2d(x, TWO));
        one("edge_adaptiveAvgPool2d", x -> Functional.adaptiveAvgPool2d(x, 3, 2));
        two("edge_conv2d", (x, k) -> Functional.conv2d(x, k, null, conv(1, 0, 1, 1)));
        one("edge_padReflect", x -> Functional.pad(x, REFLECT, 0, 1, 1));
        one("edge_interpolateNearest", x -> Functional.interpolate(x, NEAREST, false, new int[] {6, 6}));
        one("edge_rmsNorm", x -> Functional.rmsNorm(x, null, 1e-5));
        one("edge_batchNorm", x -> Functional.batchNorm(x, null, null, 1e-5).y());
    }
}
