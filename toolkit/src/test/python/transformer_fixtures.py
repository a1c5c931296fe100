"""Attention, transformer layers and parametrised weights in PyTorch, float64: outputs, gradients and second derivatives.

Writes src/test/resources/lemma/nn/transformer.safetensors; run in toolkit/ with torch and safetensors installed.
"""
import math

import torch
from torch import nn
from torch.nn.utils import parametrizations

from layer_cases import out, record, save

torch.manual_seed(20260103)
torch.set_default_dtype(torch.float64)


def attention():
    m = nn.MultiheadAttention(6, 2, batch_first=True)
    nn.init.normal_(m.in_proj_bias, std=0.3)
    return m


future = torch.triu(torch.ones(4, 4, dtype=torch.bool), diagonal=1)
padding = torch.tensor([[False, False, False, True], [False, True, False, False]])
holes = torch.tensor([[False, True, False, False], [True, False, False, True], [False, False, True, False], [False, True, True, False]])
added = torch.randn(4, 4)
memory = torch.randn(2, 5, 6)
memory_padding = torch.tensor([[False, False, False, True, True], [False, True, False, False, False]])
x = torch.randn(2, 4, 6)
self_attention = lambda **kw: lambda m, x: m(x, x, x, need_weights=False, **kw)[0]
record("attention_bool", attention(), x, self_attention(attn_mask=holes), mask=holes)
record("attention_added", attention(), x, self_attention(attn_mask=added), mask=added)
per_head = torch.randn(4, 4, 4)
record("attention_heads", attention(), x, self_attention(attn_mask=per_head), mask=per_head)
record("attention_padding", attention(), x, self_attention(key_padding_mask=padding), padding=padding)
record("attention_both", attention(), x, self_attention(attn_mask=future, key_padding_mask=torch.tensor([[False, False, False, True], [False, True, False, True]])),
       padding=torch.tensor([[False, False, False, True], [False, True, False, True]]))
record("attention_cross", attention(), x, lambda m, x: m(x, memory, memory, key_padding_mask=memory_padding, need_weights=False)[0], memory=memory, padding=memory_padding)

for name, first, activation in (("post_relu", False, "relu"), ("pre_relu", True, "relu"), ("post_gelu", False, "gelu")):
    layer = nn.TransformerEncoderLayer(6, 2, 10, dropout=0.0, activation=activation, batch_first=True, norm_first=first)
    record(f"encoder_{name}", layer, x, lambda m, x: m(x, src_key_padding_mask=padding), padding=padding)
stack = nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, 10, dropout=0.0, batch_first=True, norm_first=True), 2, norm=nn.LayerNorm(6), enable_nested_tensor=False)
record("encoder_stack", stack, x)
for name, first in (("post", False), ("pre", True)):
    layer = nn.TransformerDecoderLayer(6, 2, 10, dropout=0.0, batch_first=True, norm_first=first)
    record(f"decoder_{name}", layer, x, lambda m, x: m(x, memory, tgt_mask=future, memory_key_padding_mask=memory_padding, tgt_is_causal=True), memory=memory, padding=memory_padding)
stack = nn.TransformerDecoder(nn.TransformerDecoderLayer(6, 2, 10, dropout=0.0, batch_first=True), 2)
record("decoder_stack", stack, x, lambda m, x: m(x, memory, tgt_mask=future), memory=memory)

record("weight_norm", parametrizations.weight_norm(nn.Linear(5, 3)), torch.randn(4, 5))
record("weight_norm_conv", parametrizations.weight_norm(nn.Conv2d(2, 3, 3)), torch.randn(2, 2, 5, 5))
for name, module, z in (("spectral_norm", nn.Linear(5, 3), torch.randn(4, 5)), ("spectral_norm_conv", nn.Conv2d(2, 3, 3), torch.randn(2, 2, 5, 5))):
    m = parametrizations.spectral_norm(module)
    state = {k: b.clone() for k, b in m.named_buffers()}
    record(name, m, z, **{f"state/{k}": b for k, b in state.items()})
    for k, b in m.named_buffers():
        out[f"{name}/after/{k}"] = b.clone()

# rotary positions as a product of complex numbers, sinusoidal ones by the formula
z = torch.randn(2, 3, 7, 8)
turn = torch.polar(torch.ones(7, 4), torch.outer(torch.arange(7.0), 10000.0 ** (-torch.arange(0, 8, 2.0) / 8)))
out["rotary/x"] = z
out["rotary/y"] = torch.view_as_real(torch.view_as_complex(z.reshape(2, 3, 7, 4, 2).contiguous()) * turn).reshape(2, 3, 7, 8)
out["sinusoidal"] = torch.tensor([[f(m / 10000 ** (2 * i / 6)) for i in range(3) for f in (math.sin, math.cos)] for m in range(9)])

save("transformer")
