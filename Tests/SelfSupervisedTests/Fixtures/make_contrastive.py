"""Contrastive losses and one training step, by PyTorch in float64: what the tests compare with.

    pip install torch numpy safetensors
    python make_contrastive.py      # writes contrastive.safetensors beside itself

Inputs and weights are float32 numbers; everything else is computed in float64 from them. Linear
weights are written [in, out]. AdamW: rate 1e-3, betas 0.9 and 0.999, epsilon 1e-8, decay 1e-2.
"""
import os
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)
out = {}


def put(name, tensor):
    a = tensor.detach().numpy().astype(np.float32)
    out[name] = np.ascontiguousarray(a).reshape(a.shape)


def single(*shape):
    return torch.randn(*shape).float().double()


def scores(z, tau):
    u = F.normalize(z, dim=1)
    return (u @ u.T / tau).masked_fill(torch.eye(len(z), dtype=torch.bool), float("-inf"))


def nt_xent(z, tau):
    n = len(z) // 2
    return F.cross_entropy(scores(z, tau), (torch.arange(2 * n) + n) % (2 * n), reduction="none")


# NT-Xent
z = single(10, 6).requires_grad_()
put("ntxent.views", z)
for name, tau in [("hot", 0.5), ("cold", 0.1)]:
    losses = nt_xent(z, tau)
    put(f"ntxent.{name}.losses", losses)
    put(f"ntxent.{name}.gradient", torch.autograd.grad(losses.mean(), z)[0])

# InfoNCE, negatives in the batch and given
q, k, m = single(5, 4).requires_grad_(), single(5, 4).requires_grad_(), single(7, 4).requires_grad_()
put("infonce.queries", q); put("infonce.keys", k); put("infonce.negatives", m)
batch = F.cross_entropy(q @ k.T / 0.7, torch.arange(5), reduction="none")
put("infonce.batch.losses", batch)
for name, gradient in zip(["queries", "keys"], torch.autograd.grad(batch.mean(), [q, k])):
    put(f"infonce.batch.gradient.{name}", gradient)
given = F.cross_entropy(
    torch.cat([(q * k).sum(1, keepdim=True), q @ m.T], 1) / 0.7,
    torch.zeros(5, dtype=torch.long), reduction="none")
put("infonce.given.losses", given)
for name, gradient in zip(["queries", "keys", "negatives"],
                          torch.autograd.grad(given.mean(), [q, k, m])):
    put(f"infonce.given.gradient.{name}", gradient)

# SupCon, L_out
labels = torch.tensor([0, 1, 0, 2, 1, 0, 1, 0, 2, 1])
s = scores(z, 0.5)
log_p = s - torch.logsumexp(s, 1, keepdim=True)
positive = (labels[:, None] == labels[None]) & ~torch.eye(10, dtype=torch.bool)
losses = -torch.where(positive, log_p, 0.0).sum(1) / positive.sum(1)
put("supcon.losses", losses)
put("supcon.gradient", torch.autograd.grad(losses.mean(), z)[0])

# One step of a model
encoder = torch.nn.Sequential(torch.nn.Linear(9, 8), torch.nn.ReLU(), torch.nn.Linear(8, 6), torch.nn.ReLU())
projector = torch.nn.Sequential(torch.nn.Linear(6, 5), torch.nn.ReLU(), torch.nn.Linear(5, 4))
named = {}
for part, net in [("encoder", encoder), ("projector", projector)]:
    for i, layer in enumerate([l for l in net if isinstance(l, torch.nn.Linear)]):
        for kind in ["weight", "bias"]:
            p = getattr(layer, kind)
            p.data = p.data.float().double()
            named[f"{part}.{i}.{kind}"] = p
x = single(12, 9)
put("step.views", x)
layout = lambda p: p.T if p.ndim == 2 else p
for name, p in named.items():
    put(f"step.weight.{name}", layout(p))
optimizer = torch.optim.AdamW(named.values(), lr=1e-3, weight_decay=1e-2)
loss = nt_xent(projector(encoder(x)), 0.5).mean()
loss.backward()
put("step.output", projector(encoder(x)))
put("step.loss", loss)
for name, p in named.items():
    put(f"step.gradient.{name}", layout(p.grad))
optimizer.step()
for name, p in named.items():
    put(f"step.after.{name}", layout(p))

# Resampling: twice and half the size, by grid_sample
image = torch.rand(3, 8, 8).float().double()
put("resample.images", image)
for name, scale in [("larger", 2.0), ("smaller", 0.5)]:
    theta = torch.tensor([[1 / scale, 0, 0], [0, 1 / scale, 0]]).expand(3, 2, 3)
    grid = F.affine_grid(theta, (3, 1, 8, 8), align_corners=False)
    put(f"resample.{name}", F.grid_sample(image[:, None], grid, align_corners=False)[:, 0])

# Geometry
h = single(20, 7) * torch.tensor([4, 3, 2, 1, .5, .1, .01]).float().double()
put("geometry.features", h)
values = torch.linalg.svdvals(h)
share = values / values.sum()
put("geometry.rank", torch.exp(-(share * share.log()).sum()))
u = F.normalize(h, dim=1)
put("geometry.uniformity", torch.pdist(u).pow(2).mul(-2).exp().mean().log())
put("geometry.alignment", (u[:10] - u[10:]).pow(2).sum(1).mean())
put("geometry.variances", torch.linalg.eigvalsh(torch.cov(h.T)).flip(0))

save_file(out, os.path.join(os.path.dirname(os.path.abspath(__file__)), "contrastive.safetensors"))
print(len(out), "tensors")
