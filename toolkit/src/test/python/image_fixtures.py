"""Values, gradients and second derivatives of convolution, pooling, resampling and normalisation, from PyTorch in float64.

    python image_fixtures.py ../resources/lemma/tensor/image-fixtures.json
"""

import sys

import torch
import torch.nn.functional as F

from cases import case, distinct, normal, write

# convolutions
case("conv1d", lambda x, k, b: F.conv1d(x, k, b), normal(2, 3, 7), normal(4, 3, 3), normal(4))
case("conv1dStrided", lambda x, k, b: F.conv1d(x, k, b, stride=2, padding=1, dilation=2, groups=2), normal(2, 4, 9), normal(4, 2, 3), normal(4))
case("conv1dPointwise", lambda x, k: F.conv1d(x, k), normal(1, 3, 1), normal(2, 3, 1))
case("conv2dFarStride", lambda x, k: F.conv2d(x, k, stride=3, padding=2), normal(2, 1, 5, 6), normal(2, 1, 2, 2))
case("conv2dWidePadding", lambda x, k: F.conv2d(x, k, padding=3, dilation=3), normal(1, 2, 4, 3), normal(9, 2, 2, 2))
case("conv2dMany", lambda x, k, b: F.conv2d(x, k, b, padding=1), normal(3, 2, 3, 3), normal(13, 2, 3, 3), normal(13))
case("convTranspose1d", lambda x, k, b: F.conv_transpose1d(x, k, b), normal(2, 3, 4), normal(3, 2, 3), normal(2))
case("convTranspose1dStrided", lambda x, k, b: F.conv_transpose1d(x, k, b, stride=3, padding=1, output_padding=2, groups=2, dilation=2), normal(2, 4, 4), normal(4, 1, 3), normal(2))
case("convTranspose1dFarPadding", lambda x, k: F.conv_transpose1d(x, k, stride=1, padding=1, output_padding=2, dilation=3), normal(1, 2, 4), normal(2, 2, 2))
case("convTranspose2d", lambda x, k, b: F.conv_transpose2d(x, k, b), normal(2, 2, 3, 3), normal(2, 3, 2, 3), normal(3))
case("convTranspose2dStrided", lambda x, k, b: F.conv_transpose2d(x, k, b, stride=(2, 3), padding=1, output_padding=(1, 2)), normal(2, 2, 3, 2), normal(2, 2, 3, 3), normal(2))
case("convTranspose2dGroups", lambda x, k: F.conv_transpose2d(x, k, groups=2, dilation=(2, 1), stride=2), normal(1, 4, 2, 3), normal(4, 2, 2, 2))
case("unfold", lambda x: F.unfold(x, (2, 3), dilation=(2, 1), padding=(1, 0), stride=(1, 2)), normal(2, 2, 4, 5))
case("fold", lambda x: F.fold(x, (4, 5), (2, 3), padding=1, stride=2), normal(2, 12, 9))

# pooling
case("maxPool1d", lambda x: F.max_pool1d(x, 3, 2, 1), distinct(2, 2, 7))
case("maxPool2dOdd", lambda x: F.max_pool2d(x, 2), distinct(2, 1, 5, 7))
case("maxPool2dTies", lambda x: F.max_pool2d(x, 2), torch.tensor([[[[1.0, 1.0, 2.0, 3.0], [1.0, 1.0, 3.0, 3.0]]]], dtype=torch.float64), smooth=False)
case("avgPool1d", lambda x: F.avg_pool1d(x, 3, 2, 1), normal(2, 2, 7))
case("adaptiveAvgPool1d", lambda x: F.adaptive_avg_pool1d(x, 3), normal(2, 2, 7))
case("adaptiveAvgPool2d", lambda x: F.adaptive_avg_pool2d(x, (3, 2)), normal(2, 2, 5, 7))
case("adaptiveAvgPool2dEven", lambda x: F.adaptive_avg_pool2d(x, (2, 3)), normal(1, 2, 4, 6))
case("adaptiveAvgPool2dGlobal", lambda x: F.adaptive_avg_pool2d(x, 1), normal(2, 3, 3, 4))
case("adaptiveAvgPool2dLarger", lambda x: F.adaptive_avg_pool2d(x, (3, 5)), normal(1, 2, 2, 3))

# resampling
case("padConstant", lambda x: F.pad(x, (1, 2, 0, 3), value=1.5), normal(2, 3, 2))
case("padNegative", lambda x: F.pad(x, (-1, 2, 1, -2)), normal(2, 4, 3))
case("padReflect", lambda x: F.pad(x, (2, 1, 1, 2), mode="reflect"), normal(1, 2, 3, 4))
case("padReplicate", lambda x: F.pad(x, (2, 1, 1, 3), mode="replicate"), normal(1, 2, 2, 3))
case("padCircular", lambda x: F.pad(x, (2, 3, 1, 0), mode="circular"), normal(1, 2, 2, 3))
case("interpolateNearest", lambda x: F.interpolate(x, (5, 3), mode="nearest"), normal(1, 2, 3, 4))
case("interpolateNearestBy", lambda x: F.interpolate(x, scale_factor=2.5, mode="nearest"), normal(1, 2, 3, 3))
case("interpolateLinear", lambda x: F.interpolate(x, 7, mode="linear"), normal(2, 2, 4))
case("interpolateBilinear", lambda x: F.interpolate(x, (5, 3), mode="bilinear"), normal(1, 2, 3, 4))
case("interpolateBilinearBy", lambda x: F.interpolate(x, scale_factor=1.7, mode="bilinear"), normal(1, 2, 3, 4))
case("interpolateAligned", lambda x: F.interpolate(x, (5, 1), mode="bilinear", align_corners=True), normal(1, 2, 3, 4))
case("interpolateAlignedBy", lambda x: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True), normal(2, 1, 3, 2))
case("pixelShuffle", lambda x: F.pixel_shuffle(x, 2), normal(2, 8, 2, 3))
case("pixelUnshuffle", lambda x: F.pixel_unshuffle(x, 2), normal(2, 2, 4, 6))

# normalisation
case("batchNorm", lambda x, w, b: F.batch_norm(x, None, None, w, b, True, 0.1, 1e-5), normal(3, 2, 2, 3), normal(2), normal(2))
case("batchNormPlain", lambda x: F.batch_norm(x, None, None, None, None, True, 0.1, 1e-3), normal(3, 2, 4))
case("batchNormRows", lambda x, w, b: F.batch_norm(x, None, None, w, b, True, 0.1, 1e-5), normal(5, 3), normal(3), normal(3))
case("batchNormConstant", lambda x, w: F.batch_norm(x, None, None, w, None, True, 0.1, 1e-5), torch.full((2, 2, 3), 1.25, dtype=torch.float64), normal(2), smooth=False)
case("groupNorm", lambda x, w, b: F.group_norm(x, 2, w, b, 1e-5), normal(2, 4, 2, 3), normal(4), normal(4))
case("groupNormPlain", lambda x: F.group_norm(x, 3, None, None, 1e-3), normal(2, 6))
case("instanceNorm", lambda x, w, b: F.instance_norm(x, weight=w, bias=b), normal(2, 3, 2, 3), normal(3), normal(3))
case("layerNormAxes", lambda x, w, b: F.layer_norm(x, (3, 4), w, b, 1e-5), normal(2, 3, 4), normal(3, 4), normal(3, 4))
case("rmsNorm", lambda x, w: F.rms_norm(x, (5,), w, 1e-5), normal(2, 3, 5), normal(5))
case("rmsNormPlain", lambda x: F.rms_norm(x, (4,), None, 1e-3), normal(3, 4))

# NaN, infinities, zeros
nan, inf = float("nan"), float("inf")
odd = torch.tensor([[[[1.0, nan, 2.0, 3.0], [0.0, -inf, inf, -inf], [-inf, -inf, 0.0, nan], [-inf, -inf, 1.0, 1.0]]]], dtype=torch.float64)
case("edge_maxPool2d", lambda x: F.max_pool2d(x, 2), odd, second=False, smooth=False)
case("edge_avgPool2d", lambda x: F.avg_pool2d(x, 2), odd, second=False, smooth=False)
case("edge_adaptiveAvgPool2d", lambda x: F.adaptive_avg_pool2d(x, (3, 2)), odd, second=False, smooth=False)
case("edge_conv2d", lambda x, k: F.conv2d(x, k), torch.tensor([[[[1.0, 2.0, inf], [nan, 1.0, 2.0], [0.0, 1.0, -inf]]]], dtype=torch.float64), normal(1, 1, 2, 2), second=False, smooth=False)
case("edge_padReflect", lambda x: F.pad(x, (1, 1), mode="reflect"), odd[0], second=False, smooth=False)
case("edge_interpolateNearest", lambda x: F.interpolate(x, (6, 6), mode="nearest"), odd, second=False, smooth=False)
case("edge_rmsNorm", lambda x: F.rms_norm(x, (4,), None, 1e-5), torch.tensor([[1.0, nan, 2.0, 3.0], [0.0, 0.0, 0.0, 0.0]], dtype=torch.float64), second=False, smooth=False)
case("edge_batchNorm", lambda x: F.batch_norm(x, None, None, None, None, True, 0.1, 1e-5), torch.tensor([[1.0, nan], [2.0, 3.0], [0.5, 1.0]], dtype=torch.float64), second=False, smooth=False)

write(sys.argv[1])
