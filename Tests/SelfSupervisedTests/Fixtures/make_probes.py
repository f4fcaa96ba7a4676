"""Probes and comparisons of features, by PyTorch in float64: what ProbeTests compares with.

    pip install torch numpy safetensors
    python make_probes.py           # writes probes.safetensors beside itself

Inputs are float32 numbers; everything else is computed in float64 from them.
"""
import os
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

torch.manual_seed(5)
torch.set_default_dtype(torch.float64)
out = {}


def put(name, value):
    a = value.detach().numpy().astype(np.float32)
    out[name] = np.ascontiguousarray(a).reshape(a.shape)


def single(*shape):
    return torch.randn(*shape).float().double()


labels = torch.tensor([0, 1, 2, 2, 1, 0, 0, 1, 2, 1, 0, 2])
for name, columns in [("tall", 5), ("wide", 20)]:
    x = single(12, columns) + 1
    x = x.float().double()
    # The bias as a column of its own, which is not penalized.
    ones = torch.cat([x, torch.ones(12, 1)], 1)
    penalty = 0.3 * torch.eye(columns + 1)
    penalty[-1, -1] = 0
    w = torch.linalg.solve(ones.T @ ones / 12 + penalty, ones.T @ F.one_hot(labels).double() / 12)
    put(f"ridge.{name}.features", x)
    put(f"ridge.{name}.weight", w[:-1])
    put(f"ridge.{name}.bias", w[-1])

queries = single(6, 5)
put("neighbors.queries", queries)
cosines = F.normalize(queries, dim=1) @ F.normalize(torch.tensor(out["ridge.tall.features"]).double(), dim=1).T
values, indices = cosines.topk(4, dim=1)
weights = (values / 0.2).exp()
shares = torch.zeros(6, 3).scatter_add_(1, labels[indices], weights)
put("neighbors.shares", shares / weights.sum(1, keepdim=True))

a, b = single(12, 5), single(12, 7)
b = (b + a @ single(5, 7)).float().double()
put("cka.first", a)
put("cka.second", b)
# By the other formula, HSIC of the Gram matrices.
h = torch.eye(12) - 1 / 12
gram = lambda x: h @ x @ x.T @ h
k, l = gram(a), gram(b)
put("cka.value", (k * l).sum() / (k.norm() * l.norm()))

save_file(out, os.path.join(os.path.dirname(os.path.abspath(__file__)), "probes.safetensors"))
print(len(out), "tensors")
