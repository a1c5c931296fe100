"""LSTM, GRU and RNN of PyTorch in float64: layers, directions, initial and last states, gradients, a Hessian-vector product.

Writes src/test/resources/lemma/nn/recurrent.safetensors; run in toolkit/ with torch and safetensors installed.
"""
import platform

import torch
from safetensors.torch import save_file
from torch import nn

torch.manual_seed(20260102)
torch.set_default_dtype(torch.float64)
out = {}


def record(name, module, batch=3, time=4):
    """Gradients of sum(y * u) + sum(h * v), and of sum(dx * x) after that, with the given initial states."""
    x = torch.randn(batch, time, module.input_size).requires_grad_()
    directions = 2 if module.bidirectional else 1
    states = [torch.randn(module.num_layers * directions, batch, module.hidden_size).requires_grad_() for _ in range(2 if isinstance(module, nn.LSTM) else 1)]
    y, last = module(x, tuple(states) if len(states) == 2 else states[0])
    last = last if isinstance(last, tuple) else (last,)
    u, v = torch.randn_like(y), torch.randn_like(last[-1])
    params = dict(module.named_parameters())
    leaves = [x, *states, *params.values()]
    gradients = torch.autograd.grad((y * u).sum() + (last[-1] * v).sum(), leaves, create_graph=True)
    twice = torch.autograd.grad((gradients[0] * x).sum(), list(params.values()), allow_unused=True)
    zero = module(x)[0]
    names = ["x", "h", "c"][: 1 + len(states)]
    for key, t in {"x": x, "h": states[0], "c": states[-1], "u": u, "v": v, "y": y, "zero": zero, "last_h": last[0], "last_c": last[-1]}.items():
        out[f"{name}/{key}"] = t.detach()
    for key, g in zip(names + [f"params/{k}" for k in params], gradients):
        out[f"{name}/grads/{key}"] = g.detach()
    for key, p, g in zip(params, params.values(), twice):
        out[f"{name}/params/{key}"] = p.detach()
        out[f"{name}/twice/{key}"] = torch.zeros_like(p) if g is None else g.detach()


record("lstm", nn.LSTM(3, 4, batch_first=True))
record("lstm_deep", nn.LSTM(3, 4, num_layers=3, batch_first=True))
record("lstm_both", nn.LSTM(3, 4, num_layers=2, bidirectional=True, batch_first=True))
record("lstm_plain", nn.LSTM(3, 4, bias=False, batch_first=True), batch=1, time=1)
record("lstm_wide", nn.LSTM(5, 37, batch_first=True), batch=6, time=3)
record("gru", nn.GRU(3, 4, batch_first=True))
record("gru_both", nn.GRU(3, 4, num_layers=2, bidirectional=True, batch_first=True))
record("gru_plain", nn.GRU(3, 4, bias=False, batch_first=True), batch=1, time=1)
record("gru_wide", nn.GRU(5, 37, batch_first=True), batch=6, time=3)
record("rnn", nn.RNN(3, 4, batch_first=True))
record("rnn_both", nn.RNN(3, 4, num_layers=2, bidirectional=True, batch_first=True))
record("rnn_relu", nn.RNN(3, 4, nonlinearity="relu", bias=False, batch_first=True))

save_file({k: v.contiguous().clone() for k, v in out.items()}, "src/test/resources/lemma/nn/recurrent.safetensors",
          {"torch": torch.__version__, "python": platform.python_version()})
print(len(out), "tensors")
