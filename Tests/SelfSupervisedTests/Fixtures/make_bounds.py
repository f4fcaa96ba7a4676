"""Bounds on mutual information by PyTorch in float64, with gradients: what TractableBoundTests
compares with.

    pip install torch numpy safetensors
    python make_bounds.py           # writes bounds.safetensors beside itself

Inputs are float32 numbers; everything else is computed in float64 from them.
"""
import math, os
import numpy as np
import torch
from safetensors.numpy import save_file

torch.manual_seed(17)
torch.set_default_dtype(torch.float64)
out = {}


def put(name, value):
    a = value.detach().numpy().astype(np.float32)
    out[name] = np.ascontiguousarray(a).reshape(a.shape)


n = 5
scores = (2 * torch.randn(n, n)).float().double().requires_grad_()
log_a = torch.randn(n).float().double().requires_grad_()
put("scores", scores)
put("baselines", log_a)
off = ~torch.eye(n, dtype=torch.bool)


def put_bound(name, value, *inputs):
    put(name, value)
    for key, g in zip(["scores", "baselines"], torch.autograd.grad(value, inputs)):
        put(f"{name}.gradient.{key}", g)


ratio = scores - log_a
put_bound("tuba", 1 + torch.diagonal(ratio).mean() - ratio.exp()[off].mean(), scores, log_a)
for alpha in (0.01, 0.5, 0.9):
    joint, marginal = [], []
    for i in range(n):
        for j in range(n):
            kept = [k for k in range(n) if k != j]
            base = alpha * scores[kept, i].exp().mean() + (1 - alpha) * log_a[i].exp()
            if i == j:
                marginal.append((scores[kept, i].exp() / base).mean())
            else:
                joint.append(scores[i, i] - base.log())
    value = 1 + torch.stack(joint).mean() - torch.stack(marginal).mean()
    put_bound(f"interpolated.{alpha}", value, scores, log_a)
others = scores.masked_fill(~off, -math.inf).logsumexp(0) - math.log(n - 1)
put_bound("leaveOneOut", (torch.diagonal(scores) - others).mean(), scores)

save_file(out, os.path.join(os.path.dirname(os.path.abspath(__file__)), "bounds.safetensors"))
print(len(out), "tensors")
