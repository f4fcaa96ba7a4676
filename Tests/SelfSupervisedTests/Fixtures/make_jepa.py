"""One training step of a tiny I-JEPA by PyTorch in float64: what JointEmbeddingPredictorTests
compares with.

    pip install torch numpy safetensors
    python make_jepa.py             # writes jepa.safetensors beside itself

Inputs and weights are float32 numbers; everything else is computed in float64 from them. Linear
weights are stored [in, out]. AdamW: rate 1e-3, betas 0.9 and 0.999, epsilon 1e-8, decay 0.01 on
everything.
"""
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.numpy import save_file

torch.set_num_threads(1)
torch.manual_seed(23)
torch.set_default_dtype(torch.float64)
out = {}


def put(name, value):
    a = value.detach().numpy().astype(np.float32)
    out[name] = np.ascontiguousarray(a).reshape(a.shape)


class Attention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.qkv, self.output, self.heads = nn.Linear(d, 3 * d), nn.Linear(d, d), heads

    def forward(self, x):
        b, t, c = x.shape
        q, k, v = (y.view(b, t, self.heads, -1).transpose(1, 2) for y in self.qkv(x).split(c, 2))
        y = F.scaled_dot_product_attention(q, k, v)
        return self.output(y.transpose(1, 2).reshape(b, t, c))


class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d), Attention(d, heads)
        self.norm2 = nn.LayerNorm(d)
        self.mlp = nn.ModuleList([nn.Linear(d, 4 * d), nn.Linear(4 * d, d)])

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp[1](F.gelu(self.mlp[0](self.norm2(x))))


class Network(nn.Module):
    """Encoder of the visible patches, 8 wide, and predictor, 6 wide, to `outputs` numbers."""

    def __init__(self, outputs, patches=9, pixels=4, c=8, d=6):
        super().__init__()
        self.embed = nn.Linear(pixels, c)
        self.encoderPositions = nn.Parameter(0.5 * torch.randn(patches, c))
        self.encoder, self.encoderNorm = nn.ModuleList([Block(c, 2)]), nn.LayerNorm(c)
        self.toDecoder = nn.Linear(c, d)
        self.maskToken = nn.Parameter(0.5 * torch.randn(1, d))
        self.decoderPositions = nn.Parameter(0.5 * torch.randn(patches, d))
        self.decoder, self.decoderNorm = nn.ModuleList([Block(d, 3)]), nn.LayerNorm(d)
        self.prediction = nn.Linear(d, outputs)

    def encode(self, x, shown):
        tokens = (self.embed(x) + self.encoderPositions)[:, shown]
        for block in self.encoder:
            tokens = block(tokens)
        return self.encoderNorm(tokens)

    def forward(self, x, shown):
        codes = self.toDecoder(self.encode(x, shown))
        y = self.maskToken.expand(len(x), x.shape[1], -1).clone()
        y[:, shown] = codes
        y = y + self.decoderPositions
        for block in self.decoder:
            y = block(y)
        return self.prediction(self.decoderNorm(y))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.network = Network(8)


def put_all(prefix, module, gradient=False):
    for name, p in module.named_parameters():
        a = (p.grad if gradient else p).detach()
        put(f"{prefix}.{name}", a.T if a.ndim == 2 and name.endswith("weight") else a)


def settle(module):
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(p.float().double())
    return module


x = torch.randn(3, 9, 4).float().double()
shown, hidden = [0, 1, 4, 5, 8], [2, 3, 6, 7]
model, target = settle(Model()), settle(Network(4))
put("patches", x)
put_all("target.weight", target)
with torch.no_grad():
    goal = F.layer_norm(target.encode(x, list(range(9))), (8,), eps=1e-5)
put("targets", goal)
guess = model.network(x, shown)
loss = ((guess - goal)[:, hidden] ** 2).mean()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
loss.backward()
put("step.loss", loss)
put_all("step.weight", model)
put_all("step.gradient", model, gradient=True)
optimizer.step()
put_all("step.after", model)
with torch.no_grad():
    for (name, a), b in zip(target.named_parameters(), model.network.parameters()):
        if not name.startswith("prediction"):
            a.mul_(0.9).add_(b, alpha=0.1)
put_all("followed", target)

save_file(out, os.path.join(os.path.dirname(os.path.abspath(__file__)), "jepa.safetensors"))
print(len(out), "tensors")
