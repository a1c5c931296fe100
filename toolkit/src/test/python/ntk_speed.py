"""neural-tangents' side of KernelSpeed: smallest wall time of many rounds, and processor time with one thread of XLA.

python src/test/python/ntk_speed.py [ROUNDS]; for one thread set XLA_FLAGS=--xla_cpu_multi_thread_eigen=false and run under taskset -c 0.
"""
import sys
import time

import jax
import numpy as np
from neural_tangents import stax

rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
rng = np.random.default_rng(1)


def report(what, net, x1, x2):
    kernel = jax.jit(lambda a, b: net[2](a, b, ("nngp", "ntk")))
    jax.block_until_ready(kernel(x1, x2).ntk)
    wall = cpu = float("inf")
    for _ in range(rounds):
        t, c = time.perf_counter(), time.process_time()
        k = kernel(x1, x2)
        jax.block_until_ready((k.nngp, k.ntk))
        wall, cpu = min(wall, time.perf_counter() - t), min(cpu, time.process_time() - c)
    print(f"{what}: {wall * 1e3:.1f} ms wall, {cpu * 1e3:.1f} ms of all threads", flush=True)


def normal(*shape):
    return rng.normal(size=shape).astype(np.float32)


dense = stax.serial(*[stax.Dense(512, 1.4, 0.1), stax.Relu()] * 10, stax.Dense(1, 1.4, 0.1))
report("10 dense relu layers, 1000 x 1000", dense, normal(1000, 32), normal(1000, 32))
conv = stax.serial(*[stax.Conv(8, (3, 3), (1, 1), "SAME", 1.4, 0.1), stax.Relu()] * 3, stax.GlobalAvgPool(), stax.Dense(1))
report("3 conv layers, global pooling, 16 x 16 images of 8 x 8", conv, normal(16, 8, 8, 3), normal(16, 8, 8, 3))
