"""Layers of images and sequences, and normalisations, in PyTorch, float64: inputs, parameters, state, outputs and gradients.

Writes src/test/resources/lemma/nn/image-layers.safetensors; run in toolkit/ with torch and safetensors installed.
"""
import platform

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

torch.manual_seed(20260102)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
out = {}


def record(name, module, x):
    """One layer in training: gradients of sum(y * u) for a fixed u, the state after, and its value in evaluation."""
    for p in module.parameters():
        nn.init.normal_(p, 0.3, 0.5)
    x = x.clone().requires_grad_()
    y = module(x)
    u = torch.randn_like(y)
    (y * u).sum().backward()
    out[f"{name}/x"], out[f"{name}/y"], out[f"{name}/u"], out[f"{name}/dx"] = x.detach(), y.detach(), u, x.grad
    for key, p in module.named_parameters():
        out[f"{name}/params/{key}"], out[f"{name}/grads/{key}"] = p.detach(), p.grad
    for key, b in module.named_buffers():
        if "num_batches" not in key:
            out[f"{name}/state/{key}"] = b.clone()
    out[f"{name}/eval"] = module.eval()(x).detach()


class DoubleConv(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.double_conv = nn.Sequential(nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(),
                                         nn.Conv2d(o, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU())

    def forward(self, x):
        return self.double_conv(x)


class Up(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.up, self.conv = nn.ConvTranspose2d(i, o, 2, stride=2), DoubleConv(i, o)

    def forward(self, x, skip):
        x = self.up(x)
        h, w = skip.shape[2] - x.shape[2], skip.shape[3] - x.shape[3]
        return self.conv(torch.cat([skip, F.pad(x, [w // 2, w - w // 2, h // 2, h - h // 2])], 1))


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.inc, self.down1, self.down2 = DoubleConv(2, 3), DoubleConv(3, 6), DoubleConv(6, 12)
        self.up1, self.up2, self.outc = Up(12, 6), Up(6, 3), nn.Conv2d(3, 2, 1)

    def forward(self, x):
        a = self.inc(x)
        b = self.down1(F.max_pool2d(a, 2))
        c = self.down2(F.max_pool2d(b, 2))
        return self.outc(self.up2(self.up1(c, b), a))


record("conv1d", nn.Conv1d(4, 6, 3, stride=2, padding=1, dilation=2, groups=2), torch.randn(2, 4, 9))
record("conv1d_same", nn.Conv1d(2, 3, 4, padding="same", bias=False), torch.randn(2, 2, 7))
record("conv1d_circular", nn.Conv1d(2, 3, 3, padding=2, padding_mode="circular"), torch.randn(2, 2, 5))
record("conv2d_same", nn.Conv2d(2, 3, 3, padding="same", dilation=2), torch.randn(2, 2, 5, 6))
record("conv2d_same_even", nn.Conv2d(2, 3, 2, padding="same"), torch.randn(2, 2, 4, 3))
record("conv2d_reflect", nn.Conv2d(2, 3, 3, padding=1, stride=2, padding_mode="reflect", bias=False), torch.randn(2, 2, 5, 6))
record("conv2d_replicate_same", nn.Conv2d(2, 3, 4, padding="same", padding_mode="replicate"), torch.randn(1, 2, 4, 5))
record("convtranspose1d", nn.ConvTranspose1d(4, 6, 3, stride=3, padding=1, output_padding=2, groups=2, dilation=2), torch.randn(2, 4, 5))
record("convtranspose2d", nn.ConvTranspose2d(4, 2, 3, stride=2, padding=1, output_padding=1), torch.randn(2, 4, 3, 4))
record("convtranspose2d_plain", nn.ConvTranspose2d(2, 2, 2, groups=2, bias=False), torch.randn(2, 2, 3, 3))
record("maxpool1d", nn.MaxPool1d(3, 2, 1), torch.randn(2, 3, 7))
record("avgpool1d", nn.AvgPool1d(2), torch.randn(2, 3, 6))
record("adaptive1d", nn.AdaptiveAvgPool1d(3), torch.randn(2, 3, 7))
record("adaptive2d", nn.AdaptiveAvgPool2d((2, 3)), torch.randn(2, 3, 5, 7))
record("upsample", nn.Upsample(scale_factor=2), torch.randn(2, 2, 3, 2))
record("upsample_bilinear", nn.Upsample(scale_factor=1.5, mode="bilinear"), torch.randn(2, 2, 3, 4))
record("upsample_aligned", nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True), torch.randn(2, 2, 3, 4))
record("pad_constant", nn.ConstantPad2d((1, 2, 0, 1), 1.5), torch.randn(2, 1, 3, 3))
record("pad_reflection", nn.ReflectionPad2d((1, 2, 0, 1)), torch.randn(2, 1, 3, 3))
record("pad_replication", nn.ReplicationPad1d((3, 1)), torch.randn(2, 1, 3))
record("pad_circular", nn.CircularPad2d((1, 2, 0, 1)), torch.randn(2, 1, 3, 3))
record("pixelshuffle", nn.PixelShuffle(2), torch.randn(2, 8, 2, 3))
record("pixelunshuffle", nn.PixelUnshuffle(2), torch.randn(2, 2, 4, 6))
record("batchnorm1d", nn.BatchNorm1d(3), torch.randn(5, 3))
record("batchnorm1d_sequence", nn.BatchNorm1d(3, eps=1e-3, momentum=0.3), torch.randn(4, 3, 5))
record("batchnorm2d", nn.BatchNorm2d(3, affine=False), 2 + 3 * torch.randn(4, 3, 5, 4))
record("batchnorm2d_untracked", nn.BatchNorm2d(3, track_running_stats=False), torch.randn(4, 3, 2, 2))
record("instancenorm1d", nn.InstanceNorm1d(3), torch.randn(2, 3, 6))
record("instancenorm2d", nn.InstanceNorm2d(3, affine=True), torch.randn(2, 3, 4, 3))
record("groupnorm", nn.GroupNorm(2, 6), torch.randn(3, 6, 2, 3))
record("groupnorm_plain", nn.GroupNorm(3, 6, affine=False), torch.randn(3, 6, 4))
record("rmsnorm", nn.RMSNorm(6), torch.randn(3, 2, 6))
record("rmsnorm_eps", nn.RMSNorm(6, eps=0.1, elementwise_affine=False), torch.randn(3, 6))
record("layernorm_axes", nn.LayerNorm((2, 3, 4)), torch.randn(3, 2, 3, 4))
record("layernorm_plain", nn.LayerNorm(4, eps=1e-2, elementwise_affine=False), torch.randn(3, 4))
record("doubleconv", DoubleConv(2, 3), torch.randn(3, 2, 4, 5))
record("unet", UNet(), torch.randn(2, 2, 10, 13))

save_file({k: v.contiguous() for k, v in out.items()}, "src/test/resources/lemma/nn/image-layers.safetensors",
          {"torch": torch.__version__, "python": platform.python_version()})
print(len(out), "tensors")
