#!/usr/bin/env python3
"""Our kernels and PyTorch's, interleaved in one run on one machine.

    python3 benchmarks/tensors.py [--threads 1] [--only gemm,attn] [--rounds 3] [--seconds 0.1]

Each round times a case in both programs, one after the other; the least CPU time of all rounds
counts (with several threads: the least wall time), because other processes only ever add to it.
The C library's allocator is told to keep freed memory, which is PyTorch's faster setting here.
"""
import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--only", default="")
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--seconds", type=float, default=0.1)
options = parser.parse_args()

keep = "glibc.malloc.mmap_threshold=4294967296:glibc.malloc.trim_threshold=4294967296"
if "GLIBC_TUNABLES" not in os.environ:
    os.environ["GLIBC_TUNABLES"] = keep
    os.execv(sys.executable, [sys.executable] + sys.argv)
os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(options.threads)

import torch  # noqa: E402
import torch_cases  # noqa: E402

torch.set_num_threads(options.threads)
torch.manual_seed(0)


class Ours:
    def __init__(self):
        binary = Path(__file__).parent.parent / ".build/release/Benchmarks"
        # Without PyTorch's setting of the allocator, as our steps and chapters run.
        environment = {k: v for k, v in os.environ.items() if k != "GLIBC_TUNABLES"}
        self.process = subprocess.Popen(
            [str(binary), str(options.threads), str(options.seconds)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, bufsize=1, env=environment)
        self.flavour = self.process.stdout.readline().strip()

    def time(self, name):
        self.process.stdin.write(name + "\n")
        answer = self.process.stdout.readline().split()
        if answer[1] == "unknown":
            raise SystemExit(f"{name}: the Swift side does not know this case")
        least, median, wall = (float(x) for x in answer[1:])
        return (least, median) if options.threads == 1 else (wall, median)


def time_torch(body):
    """The same as Stopwatch.swift: microseconds per call, least and median."""
    body()
    start = time.perf_counter()
    body()
    calls = max(1, int(0.002 / max(1e-8, time.perf_counter() - start)))
    cpu, wall, end = [], [], time.perf_counter() + options.seconds
    while time.perf_counter() < end or len(cpu) < 5:
        c, w = time.process_time(), time.perf_counter()
        for _ in range(calls):
            body()
        cpu.append((time.process_time() - c) / calls * 1e6)
        wall.append((time.perf_counter() - w) / calls * 1e6)
    cpu.sort()
    return (cpu[0] if options.threads == 1 else min(wall)), cpu[len(cpu) // 2]


def main():
    wanted = [w for w in options.only.split(",") if w]
    ours = Ours()
    peak = min(ours.time("peak_100000")[0] for _ in range(3))
    # 100 000 rounds of a tile, 2 operations each.
    tile = 12 * 32 if "12 x 32" in ours.flavour else 6 * 16
    peak = 2e5 * tile / peak / 1e3
    print(f"PyTorch {torch.__version__} and {ours.flavour.removeprefix('flavour ')}; "
          f"peak of one core {peak:.0f} GFLOP/s")
    print(f"{'case':34}{'PyTorch us':>12}{'ours us':>12}{'ratio':>8}{'medians':>9}"
          f"{'GFLOP/s':>9}{'of peak':>9}")
    ratios = {}
    for name in torch_cases.names():
        if wanted and not any(name.startswith(w) for w in wanted):
            continue
        body = torch_cases.case(name)
        theirs, mine, medians = float("inf"), float("inf"), []
        for _ in range(options.rounds):
            t, m = time_torch(body), ours.time(name)
            theirs, mine = min(theirs, t[0]), min(mine, m[0])
            medians.append(t[1] / m[1])
        ratio = theirs / mine
        ratios.setdefault(name.split("_")[0], []).append(ratio)
        work = torch_cases.flops(name)
        rate = f"{work / mine / 1e3:9.1f}{work / mine / 1e1 / peak / options.threads:8.0f}%" if work else ""
        print(f"{name:34}{theirs:12.1f}{mine:12.1f}{ratio:8.2f}"
              f"{sorted(medians)[len(medians) // 2]:9.2f}{rate}", flush=True)
    print()
    for kind, values in ratios.items():
        product = 1.0
        for v in values:
            product *= v
        print(f"{kind:12} geometric mean {product ** (1 / len(values)):5.2f}, least {min(values):5.2f}, "
              f"{len(values)} cases")


main()
