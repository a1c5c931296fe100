"""The benchmark's cases in PyTorch. Reads lines "case seconds", answers with milliseconds a repetition."""
import sys
import time

import torch
from torch import nn
from torch.func import functional_call, grad, vmap
from torch.nn import functional as F

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)


def mlp():
    return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(1000, 128)
        self.positions = nn.Parameter(0.02 * torch.randn(128, 128))
        layer = nn.TransformerEncoderLayer(128, 4, 512, dropout=0.0, activation="gelu", batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(128)
        self.head = nn.Linear(128, 1000)
        self.mask = nn.Transformer.generate_square_subsequent_mask(128)

    def forward(self, x):
        h = self.tokens(x) + self.positions
        return self.head(self.norm(self.blocks(h, mask=self.mask, is_causal=True)))


def cnn():
    return nn.Sequential(
        nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(64 * 64, 10))


def digits():
    return nn.Sequential(nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(32 * 64, 10))


def training(model, x, labels):
    adam = torch.optim.Adam(model.parameters(), 1e-3)

    def step():
        adam.zero_grad()
        logits = model(x)
        F.cross_entropy(logits.reshape(-1, logits.shape[-1]), labels.reshape(-1)).backward()
        adam.step()

    return step


class LayerNormLstm(nn.Module):
    """The input's product and its norm once for all steps, the rest a step after the other."""

    def __init__(self, size, hidden):
        super().__init__()
        self.input = nn.Linear(size, 4 * hidden, bias=False)
        self.state = nn.Linear(hidden, 4 * hidden, bias=False)
        self.norm_i, self.norm_h, self.norm_c = nn.LayerNorm(4 * hidden), nn.LayerNorm(4 * hidden), nn.LayerNorm(hidden)

    def forward(self, x):
        h = c = x.new_zeros(x.shape[0], self.state.in_features)
        outputs = []
        for step in self.norm_i(self.input(x.transpose(0, 1).contiguous())).unbind(0):
            i, f, g, o = (step + self.norm_h(self.state(h))).chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * self.norm_c(c).tanh()
            outputs.append(h)
        return torch.stack(outputs, 1), (h, c)


def sequence(model):
    x = torch.randn(32, 64, 128)

    def step():
        model.zero_grad()
        model(x)[0].square().mean().backward()

    return step


def hvp():
    model = mlp()
    x, labels = torch.randn(128, 784), torch.randint(0, 10, (128,))
    params = list(model.parameters())
    v = [torch.ones_like(p) for p in params]

    def step():
        grads = torch.autograd.grad(F.cross_entropy(model(x), labels), params, create_graph=True)
        torch.autograd.grad(sum((g * d).sum() for g, d in zip(grads, v)), params)

    return step


def per_example():
    model = mlp()
    x, labels = torch.randn(128, 784), torch.randint(0, 10, (128,))
    params = {name: p.detach() for name, p in model.named_parameters()}

    def loss(p, one, label):
        return F.cross_entropy(functional_call(model, p, (one.unsqueeze(0),)), label.unsqueeze(0))

    gradients = vmap(grad(loss), in_dims=(None, 0, 0))
    return lambda: gradients(params, x, labels)


def images(f):
    x = torch.randn(32, 64, 32, 32)
    return lambda: f(x)


def op(f):
    x = torch.randn(1024, 1024)
    return lambda: f(x)


def gather():
    x, index = torch.randn(1024, 1024), torch.randint(0, 1024, (1024, 1024))
    return lambda: x.gather(1, index)


def decomposition(f):
    x = torch.randn(1000, 1000, dtype=torch.float64)
    return lambda: f(x)


def scan():
    """A copy of as many bytes as the scan reads and writes: the bound that memory sets."""
    x = torch.randn(65536 * 96)
    y = torch.empty_like(x)
    return lambda: y.copy_(x)


def rfft():
    from scipy import fft
    x = torch.randn(256, 4096).numpy()
    return lambda: fft.rfft(x, workers=torch.get_num_threads())


def add10():
    a, b = torch.randn(10, requires_grad=True), torch.randn(10)

    def step():
        y = a
        for _ in range(1000):
            y = y.add(b)
        return y.detach()[9].item()

    return step


CASES = {
    "mlp": lambda: training(mlp(), torch.randn(128, 784), torch.randint(0, 10, (128,))),
    "transformer": lambda: training(Transformer(), torch.randint(0, 1000, (16, 128)), torch.randint(0, 1000, (16, 128))),
    "cnn": lambda: training(cnn(), torch.randn(32, 3, 32, 32), torch.randint(0, 10, (32,))),
    "digits": lambda: training(digits(), torch.randn(32, 1, 8, 8), torch.randint(0, 10, (32,))),
    "lstm": lambda: sequence(nn.LSTM(128, 128, batch_first=True)),
    "lstm_norm": lambda: sequence(LayerNormLstm(128, 128)),
    "hvp": hvp,
    "per_example": per_example,
    "softmax": lambda: op(lambda x: x.softmax(-1)),
    "layer_norm": lambda: op(lambda x: F.layer_norm(x, (1024,))),
    "rms_norm": lambda: op(lambda x: F.rms_norm(x, (1024,))),
    "batch_norm": lambda: images(lambda x: F.batch_norm(x, None, None, training=True)),
    "group_norm": lambda: images(lambda x: F.group_norm(x, 8)),
    "max_pool": lambda: images(lambda x: F.max_pool2d(x, 2)),
    "gelu": lambda: op(F.gelu),
    "sum": lambda: op(torch.sum),
    "sum0": lambda: op(lambda x: x.sum(0)),
    "gather": gather,
    "topk": lambda: op(lambda x: x.topk(10, -1)),
    "eigh": lambda: decomposition(lambda x: torch.linalg.eigh(x + x.T)),
    "svd": lambda: decomposition(torch.linalg.svd),
    "rfft": rfft,
    "scan": scan,
    "add10": add10,
}

prepared = {}
for line in sys.stdin:
    name, seconds = line.split()
    if name not in prepared:
        prepared[name] = CASES[name]()
        end = time.perf_counter() + 1.0
        while time.perf_counter() < end:
            prepared[name]()
    step, n, start = prepared[name], 0, time.perf_counter()
    while time.perf_counter() - start < float(seconds):
        step()
        n += 1
    print(1000 * (time.perf_counter() - start) / n, flush=True)
