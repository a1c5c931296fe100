"""Values, gradients and second derivatives of the time loops of recurrent layers, from PyTorch in float64.

    python recurrence_fixtures.py ../resources/lemma/tensor/recurrence-fixtures.json

The loops take the input's part of the sums as it is: PyTorch's layers with the identity for their input weights.
"""

import sys

import torch

from cases import case, normal, write


def lstm(x, w, h, c):
    y, _, memory = torch.lstm(x, (h[None], c[None]), [torch.eye(x.shape[2], dtype=x.dtype), w], False, 1, 0.0, False, False, True)
    return y, memory[0]


def gru(x, w, b, h):
    return torch.gru(x, h[None], [torch.eye(x.shape[2], dtype=x.dtype), w, torch.zeros_like(b), b], True, 1, 0.0, False, False, True)[0]


def rnn(loop):
    return lambda x, w, h: loop(x, h[None], [torch.eye(x.shape[2], dtype=x.dtype), w], False, 1, 0.0, False, False, True)[0]


def arguments(gates, batch, time, hidden):
    return normal(batch, time, gates * hidden), normal(gates * hidden, hidden), normal(batch, hidden)


def lstm_arguments(batch, time, hidden):
    return *arguments(4, batch, time, hidden), normal(batch, hidden)


def gru_arguments(batch, time, hidden):
    x, w, h = arguments(3, batch, time, hidden)
    return x, w, normal(3 * hidden), h


def backwards(f):
    return lambda x, *rest: f(x.flip(1), *rest).flip(1)


def time_first(f):
    return lambda x, *rest: f(x.transpose(0, 1), *rest)


def states(*a):
    return lstm(*a)[0]


case("lstm", states, *lstm_arguments(3, 4, 2))
case("lstmReverse", backwards(states), *lstm_arguments(2, 3, 2))
case("lstmOneStep", states, *lstm_arguments(2, 1, 3))
case("lstmOneRow", states, *lstm_arguments(1, 3, 1))
case("lstmTimeFirst", time_first(states), normal(3, 2, 8), normal(8, 2), normal(2, 2), normal(2, 2))
case("lstmMemory", lambda *a: lstm(*a)[1], *lstm_arguments(2, 3, 2))
case("lstmBoth", lambda *a: lstm(*a)[0].sum(1) * lstm(*a)[1], *lstm_arguments(2, 3, 2))
case("lstmWide", states, *lstm_arguments(5, 3, 21), second=False, smooth=False)
case("gru", gru, *gru_arguments(3, 4, 2))
case("gruReverse", backwards(gru), *gru_arguments(2, 3, 2))
case("gruOneStep", gru, *gru_arguments(2, 1, 3))
case("gruOneRow", gru, *gru_arguments(1, 3, 1))
case("gruTimeFirst", time_first(gru), normal(3, 2, 6), normal(6, 2), normal(6), normal(2, 2))
case("gruWide", gru, *gru_arguments(5, 3, 21), second=False, smooth=False)
case("rnnTanh", rnn(torch.rnn_tanh), *arguments(1, 3, 4, 2))
case("rnnTanhReverse", backwards(rnn(torch.rnn_tanh)), *arguments(1, 2, 3, 2))
case("rnnRelu", rnn(torch.rnn_relu), *arguments(1, 3, 4, 2))
case("rnnReluWide", rnn(torch.rnn_relu), *arguments(1, 5, 3, 70), second=False, smooth=False)
write(sys.argv[1])
