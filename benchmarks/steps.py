#!/usr/bin/env python3
"""Whole training steps through the public API, ours and PyTorch's, interleaved in one run.

    python3 benchmarks/steps.py [--threads 1,2] [--only gpt,mae] [--rounds 5] [--seconds 0.5]
                                [--no-compile] [--markdown]

For each workload PyTorch runs in four processes (eager; fused AdamW and channels last; the same
with the C library's allocator told to keep freed memory; the same with torch.compile), and we in
one. They take turns, round after round. With one thread the least CPU time of a step counts, since
other processes only ever add to it; with several, the median wall time. PyTorch's figure is its
best process's. Memory is what the whole process held at most, and in brackets how much of that came
after start-up; PyTorch's is that of its leanest process. A workload's torch.compile takes half a
minute and more before its first step.
"""
import argparse
import os
import subprocess
import sys
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--threads", default="1")
parser.add_argument("--only", default="")
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--seconds", type=float, default=0.5)
parser.add_argument("--no-compile", action="store_true")
parser.add_argument("--markdown", action="store_true")
parser.add_argument("--build", default=".build/release", help="where the Swift executables are")
options = parser.parse_args()

here = Path(__file__).parent
build = Path(options.build).resolve()
names = ("taped_16 ntxent_256x64 ntxent_1024x128 ntxent_4096x128 simclr_mlp simclr_conv_gn "
         "simclr_conv_bn gpt bert_mlm bert_mlm_gather mae clip").split()
keeping = {"GLIBC_TUNABLES":
           "glibc.malloc.mmap_threshold=4294967296:glibc.malloc.trim_threshold=4294967296"}


class Runner:
    """A process that times steps of one workload on demand."""

    def __init__(self, label, command, environment):
        self.label = label
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            env={**os.environ, **environment})
        first = self.process.stdout.readline().split()
        self.before = int(first[0])
        self.operations = int(first[1]) if len(first) > 1 else 0
        self.cpu, self.walls, self.memory = float("inf"), [], 0

    def ask(self, seconds):
        self.process.stdin.write(f"{seconds}\n")
        cpu, wall, memory = (float(x) for x in self.process.stdout.readline().split())
        return cpu, wall, int(memory)

    def round(self):
        cpu, wall, memory = self.ask(options.seconds)
        self.cpu = min(self.cpu, cpu)
        self.walls.append(wall)
        self.memory = memory

    def time(self, threads):
        return self.cpu if threads == 1 else sorted(self.walls)[len(self.walls) // 2]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def torch_runners(name, threads):
    def runner(label, mode, environment):
        command = [sys.executable, str(here / "torch/step_server.py"), name,
                   "--threads", str(threads), "--mode", mode]
        return Runner(label, command, environment)

    yield runner("eager", "eager", {})
    if name == "taped_16":
        return
    yield runner("fused", "fused", {})
    yield runner("allocator", "fused", keeping)
    if not options.no_compile:
        yield runner("compile", "compile", keeping)


def machine_peak():
    """GFLOP/s of one core: 100 000 rounds of the matrix product's tile from registers."""
    process = subprocess.Popen(
        [str(build / "Benchmarks"), "1", "0.2"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, bufsize=1)
    flavour = process.stdout.readline()
    tile = 12 * 32 if "12 x 32" in flavour else 6 * 16
    least = float("inf")
    for _ in range(3):
        process.stdin.write("peak_100000\n")
        least = min(least, float(process.stdout.readline().split()[1]))
    process.stdin.close()
    return 2e5 * tile / least / 1e3


def main():
    wanted = [w for w in options.only.split(",") if w]
    threads = [int(t) for t in options.threads.split(",")]
    peak = machine_peak()
    print(f"peak of one core {peak:.0f} GFLOP/s; times in ms")
    header = ["workload", "threads", "PyTorch", "its best", "ours", "ratio", "GFLOP/s", "of peak",
              "PyTorch MB", "our MB"]
    widths = [18, 8, 9, 10, 9, 6, 8, 8, 14, 12]
    if options.markdown:
        print("| " + " | ".join(header) + " |\n|" + " --- |" * len(header))
    else:
        print("".join(h.rjust(w) if i else h.ljust(w) for i, (h, w) in enumerate(zip(header, widths))))
    for name in names:
        if wanted and name not in wanted:
            continue
        operations, walls = 0, {}
        for count in threads:
            ours = Runner("ours", [str(build / "Steps"), name, "--threads", str(count), "--serve"], {})
            theirs = list(torch_runners(name, count))
            operations = max([operations] + [r.operations for r in theirs])
            for r in theirs + [ours]:
                r.ask(0.01)
            for _ in range(options.rounds):
                for r in [ours] + theirs:
                    r.round()
            best = min(theirs, key=lambda r: r.time(count))
            lean = min(theirs, key=lambda r: r.memory)
            rate = operations / ours.time(count) / 1e6
            walls[count] = ours.time(2)
            row = [name, count, f"{best.time(count):.3f}", best.label, f"{ours.time(count):.3f}",
                   f"{best.time(count) / ours.time(count):.2f}",
                   f"{rate:.1f}" if operations else "", f"{rate / peak / count:.0%}" if operations else "",
                   f"{lean.memory} (+{lean.memory - lean.before})",
                   f"{ours.memory} (+{ours.memory - ours.before})"]
            if options.markdown:
                print("| " + " | ".join(map(str, row)) + " |", flush=True)
            else:
                print("".join(str(c).rjust(w) if i else str(c).ljust(w)
                              for i, (c, w) in enumerate(zip(row, widths))), flush=True)
            for r in theirs + [ours]:
                r.close()
        if len(walls) > 1:
            few, many = min(walls), max(walls)
            print(f"{name}: {many} threads are {walls[few] / walls[many]:.2f} times as fast as {few}")


main()
