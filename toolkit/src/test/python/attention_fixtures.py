"""Scaled dot-product attention and what it is made of in PyTorch; writes attention-fixtures.json. Run in toolkit/ with torch installed."""
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention as attend

from cases import case, normal, write

q, k, v = normal(2, 2, 3, 4), normal(2, 2, 5, 4), normal(2, 2, 5, 3)
seen = torch.tensor([[True, False, True, True, False], [False, False, False, True, False], [True, True, True, True, True]])
blind = torch.tensor([[True, False, True, True, False], [False, False, False, False, False], [True, True, True, True, True]])
with sdpa_kernel(SDPBackend.MATH):
    case("scaledDotProductAttention", lambda q, k, v: attend(q, k, v), q, k, v)
    case("scaledDotProductAttentionCausal", lambda q, k, v: attend(q, k, v, is_causal=True), q, k, v)
    case("scaledDotProductAttentionMask", lambda q, k, v, m: attend(q, k, v, attn_mask=m), q, k, v, seen)
    case("scaledDotProductAttentionBlind", lambda q, k, v, m: attend(q, k, v, attn_mask=m), q, k, v, blind)
    case("scaledDotProductAttentionAdded", lambda q, k, v, m: attend(q, k, v, attn_mask=m), q, k, v, normal(3, 5))
    case("scaledDotProductAttentionShared", lambda q, k, v: attend(q, k, v), normal(3, 4), normal(5, 4), normal(5, 3))
scores, hidden = normal(3, 5), torch.tensor([[True, False, True, True, False], [True] * 5, [False] * 5])
case("maskedSoftmax", lambda x, m: torch._safe_softmax(x.masked_fill(m, float("-inf")), -1), scores, hidden)
case("straightThrough", lambda v, s: s + (v - s).detach(), normal(3, 4), normal(3, 4), smooth=False)
write("src/test/resources/lemma/tensor/attention-fixtures.json")
