"""Times the training steps of one workload in PyTorch, whenever a line of the input asks for it.

    python step_server.py WORKLOAD --threads 1 --mode eager|fused|compile

First a line with the memory held before anything is built (MB) and the operations of a step (matrix
products, convolutions, attention; a multiply-add is two). Then, for each line with a number of
seconds: least CPU milliseconds of a step, median wall milliseconds, most memory so far (MB).
"""
import argparse
import os
import resource
import statistics
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("workload")
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--mode", choices=["eager", "fused", "compile"], default="eager")
options = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(options.threads)
os.environ.setdefault("KMP_AFFINITY", "disabled")

import torch  # noqa: E402
import workloads  # noqa: E402
from torch.nn.attention import SDPBackend, sdpa_kernel  # noqa: E402
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402

torch.set_num_threads(options.threads)
torch.manual_seed(0)


def peak_megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000


def operations(workload):
    """Counted where attention is written as matrix products; a causal one counts in full."""
    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        workload.loss().backward()
    return counter.get_total_flops()


def make_step(workload):
    loss = workload.loss
    if options.mode == "compile":
        loss = torch.compile(workload.loss, dynamic=False)
    if workload.model is None:
        z = workload.inputs["z"]

        def step():
            z.grad = None
            loss().backward()

        return step
    if options.mode != "eager" and ("conv" in workload.name or workload.name == "clip"):
        workload.model.to(memory_format=torch.channels_last)
    fused = {} if options.mode == "eager" else {"fused": True}
    optimizer = torch.optim.AdamW(
        workload.model.parameters(), lr=workload.lr, weight_decay=workload.wd, **fused)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss().backward()
        optimizer.step()

    return step


def make_taped():
    """A thousand additions of 16 numbers, recorded and differentiated."""
    x = torch.ones(16, requires_grad=True)

    def step():
        x.grad = None
        y = x
        for _ in range(1000):
            y = y + x
        y.sum().backward()

    return step


before = peak_megabytes()
if options.workload == "taped_16":
    count, step = 0, make_taped()
else:
    # Counted on a copy, so that what counting needs does not count as the step's memory.
    if options.mode == "eager" and options.threads == 1 and os.fork() == 0:
        print(before, operations(workloads.ALL[options.workload]("full")), flush=True)
        os._exit(0)
    count, step = 0, make_step(workloads.ALL[options.workload]("full"))
    if options.mode == "eager" and options.threads == 1:
        os.wait()
if options.workload == "taped_16" or options.mode != "eager" or options.threads != 1:
    print(before, count, flush=True)

for _ in range(3):
    step()
for line in sys.stdin:
    cpu, wall, end = [], [], time.perf_counter() + float(line)
    while len(wall) < 3 or time.perf_counter() < end:
        c, w = time.process_time(), time.perf_counter()
        step()
        cpu.append((time.process_time() - c) * 1e3)
        wall.append((time.perf_counter() - w) * 1e3)
    print(min(cpu), statistics.median(wall), peak_megabytes(), flush=True)
