"""Scans, from PyTorch's loops in float64.

    python scan_fixtures.py ../resources/lemma/tensor/scan-fixtures.json
"""

import sys

import torch

from cases import case, normal, write


def recurrence(a, b, axis, reverse=False, h=0.0):
    a, b = torch.broadcast_tensors(a, b)
    n = b.shape[axis]
    out = [None] * n
    for t in reversed(range(n)) if reverse else range(n):
        h = a.select(axis, t) * h + b.select(axis, t)
        out[t] = h
    return torch.stack(out, axis)


case("linearRecurrence", lambda a, b: recurrence(a, b, 1), normal(2, 5, 3), normal(2, 5, 3))
case("linearRecurrenceWide", lambda a, b: recurrence(a, b, 0), normal(4, 19), normal(4, 19))
case("linearRecurrenceLast", lambda a, b: recurrence(a, b, -1), normal(2, 7), normal(2, 7))
case("linearRecurrenceReverse", lambda a, b: recurrence(a, b, 1, True), normal(2, 5, 3), normal(2, 5, 3))
case("linearRecurrenceBroadcast", lambda a, b: recurrence(a, b, 0), normal(3), normal(5, 3))
case("linearRecurrenceFrom", lambda a, b, h: recurrence(a, b, 1, h=h), normal(2, 4, 3), normal(2, 4, 3), normal(2, 3))
case("linearRecurrenceOfOne", lambda a, b: recurrence(a, b, 0), normal(1, 3), normal(1, 3))
case("associativeScan", lambda a, b: recurrence(a, b, 1), normal(2, 7, 2), normal(2, 7, 2))
case("associativeScanEven", lambda a, b: recurrence(a, b, 0), normal(6, 2), normal(6, 2))
case("associativeScanReverse", lambda a, b: recurrence(a, b, 1, True), normal(2, 5), normal(2, 5))

write(sys.argv[1])
