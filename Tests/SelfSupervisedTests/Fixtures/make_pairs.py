"""MoCo and CLIP by PyTorch in float64: losses with their gradients, and one training step of each
model, tiny. What PairLossTests, DualEncoderTests and MomentumContrastTests compare with.

    pip install torch numpy safetensors
    python make_pairs.py            # writes pairs.safetensors beside itself

Inputs and weights are float32 numbers; everything else is computed in float64 from them. Names and
layouts are ours: linear weights [in, out], convolution weights [height, width, in, out], images
channels last. AdamW: rate 1e-3, betas 0.9 and 0.999, epsilon 1e-8, decay 0.01 on everything.
"""
import copy, math, os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.numpy import save_file

torch.set_num_threads(1)
torch.manual_seed(20)
torch.set_default_dtype(torch.float64)
out = {}


def put(name, value):
    a = value.detach().numpy()
    out[name] = np.ascontiguousarray(a.astype(np.float32)).reshape(a.shape)


def single(*shape):
    """Numbers that float32 holds."""
    return torch.randn(*shape).float().double()


def round_weights(module):
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(p.float().double())


def clip_terms(images, texts, scale):
    logits = scale * F.normalize(images, dim=1) @ F.normalize(texts, dim=1).T
    own = torch.arange(len(images))
    rows = F.cross_entropy(logits, own, reduction="none")
    columns = F.cross_entropy(logits.T, own, reduction="none")
    return (rows + columns) / 2


def moco_terms(q, k, queue, temperature):
    q, k, queue = (F.normalize(x, dim=1) for x in (q, k, queue))
    logits = torch.cat([(q * k).sum(1, keepdim=True), q @ queue.T], 1) / temperature
    return F.cross_entropy(logits, torch.zeros(len(q), dtype=torch.long), reduction="none")


# CLIP's loss.
images, texts = single(5, 4).requires_grad_(), single(5, 4).requires_grad_()
scale = torch.tensor(1.75, requires_grad=True)
terms = clip_terms(images, texts, scale.exp())
terms.mean().backward()
for name, value in [("images", images), ("texts", texts), ("logitScale", scale)]:
    put("clip." + name, value)
    put("clip.gradient." + name, value.grad)
put("clip.losses", terms)
put("clip.loss", terms.mean())

# MoCo's loss.
q, k, queue = single(3, 4).requires_grad_(), single(3, 4), single(7, 4)
terms = moco_terms(q, k, queue, 0.2)
terms.mean().backward()
for name, value in [("queries", q), ("keys", k), ("queue", queue)]:
    put("moco." + name, value)
put("moco.gradient.queries", q.grad)
put("moco.losses", terms)
put("moco.loss", terms.mean())


# One step of CLIP: side 6, channels 2, 3, 4.
class Images(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolutions = nn.ModuleList(
            [nn.Conv2d(3, 2, 3, 1, 1), nn.Conv2d(2, 3, 3, 2, 1), nn.Conv2d(3, 4, 3, 2, 1)])
        self.head = nn.ModuleList([nn.Linear(16, 7), nn.Linear(7, 5)])

    def forward(self, x):
        x = x.permute(0, 3, 1, 2)
        for c in self.convolutions:
            x = F.relu(c(x))
        x = x.permute(0, 2, 3, 1).flatten(1)
        return self.head[1](F.relu(self.head[0](x)))


class Texts(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(9, 6)
        self.head = nn.ModuleList([nn.Linear(6, 7), nn.Linear(7, 5)])

    def forward(self, captions):
        x = torch.stack([self.words(torch.tensor(c)).mean(0) for c in captions])
        return self.head[1](F.relu(self.head[0](x)))


class Both(nn.Module):
    def __init__(self):
        super().__init__()
        self.imageTower, self.textTower = Images(), Texts()
        self.logitScale = nn.Parameter(torch.tensor(math.log(1 / 0.07)).float().double())


def put_all(prefix, module, gradient=False):
    for name, p in module.named_parameters():
        a = (p.grad if gradient else p).detach()
        if a.ndim == 4:
            a = a.permute(2, 3, 1, 0)
        elif a.ndim == 2 and ".words." not in name:
            a = a.T
        put(f"{prefix}.{name}", a)


def step(prefix, module, loss):
    """Weights before, gradients, weights after one update."""
    optimizer = torch.optim.AdamW(module.parameters(), lr=1e-3, weight_decay=0.01)
    loss.backward()
    put_all(prefix + ".weight", module)
    put_all(prefix + ".gradient", module, gradient=True)
    put(prefix + ".loss", loss)
    optimizer.step()
    put_all(prefix + ".after", module)


model = Both()
round_weights(model)
pictures = single(4, 6, 6, 3)
captions = [[0, 1, 2], [3, 3, 8, 1, 5], [4], [7, 2]]
put("clipStep.images", pictures)
loss = clip_terms(model.imageTower(pictures), model.textTower(captions), model.logitScale.exp())
step("clipStep", model, loss.mean())

# One step of MoCo: linear layers 6, 8, 4, a queue of 5, momentum 0.9, temperature 0.2.
encoder = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 4))
encoder = nn.ModuleDict({"0": encoder[0], "1": encoder[2]})
round_weights(encoder)


def forward(m, x):
    return m["1"](F.relu(m["0"](x)))


key_encoder = copy.deepcopy(encoder)
one, other, queue = single(3, 6), single(3, 6), F.normalize(single(5, 4), dim=1).float().double()
put("mocoStep.queries", one)
put("mocoStep.keys", other)
put("mocoStep.queue", queue)
with torch.no_grad():
    keys = F.normalize(forward(key_encoder, other), dim=1)
loss = moco_terms(forward(encoder, one), keys, queue, 0.2).mean()
step("mocoStep", encoder, loss)
with torch.no_grad():
    for a, b in zip(key_encoder.parameters(), encoder.parameters()):
        a.mul_(0.9).add_(b, alpha=0.1)
put_all("mocoStep.key", key_encoder)
put("mocoStep.newKeys", keys)

save_file(out, os.path.join(os.path.dirname(os.path.abspath(__file__)), "pairs.safetensors"))
print(len(out), "tensors")
