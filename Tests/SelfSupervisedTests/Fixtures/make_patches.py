"""Masked autoencoders and masked pixel losses by PyTorch in float64: what the tests compare with.

    pip install torch numpy safetensors
    python make_patches.py          # writes patches.safetensors beside itself

Inputs and weights are float32 numbers; everything else is computed in float64 from them. Linear
weights are stored [in, out]. One AdamW step: rate 1e-3, betas 0.9 and 0.999, epsilon 1e-8, decay
0.01 on everything. The gradient of the keys' bias is zero in exact arithmetic, so its first Adam
step is noise: the tests leave that third of `qkv.bias` out.
"""
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.numpy import save_file

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
rng = np.random.Generator(np.random.PCG64(13))
out = {}


def numbers(*shape, scale=1.0):
    return torch.from_numpy((rng.standard_normal(shape) * scale).astype(np.float32)).double()


def put(name, value, transpose=False):
    a = value.detach().numpy()
    a = a.T if transpose else a
    out[name] = np.ascontiguousarray(a.astype(np.float32)).reshape(a.shape)


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
        self.norm2, self.mlp = nn.LayerNorm(d), nn.ModuleList([nn.Linear(d, 4 * d), nn.Linear(4 * d, d)])

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp[1](F.gelu(self.mlp[0](self.norm2(x))))


class ViT(nn.Module):
    """Encoder on the visible patches only."""
    def __init__(self, n=9, pd=4, c=8, d=6):
        super().__init__()
        self.embed, self.encoderPositions = nn.Linear(pd, c), nn.Parameter(torch.empty(n, c))
        self.encoder, self.encoderNorm = nn.ModuleList([Block(c, 2), Block(c, 2)]), nn.LayerNorm(c)
        self.toDecoder, self.maskToken = nn.Linear(c, d), nn.Parameter(torch.empty(1, d))
        self.decoderPositions = nn.Parameter(torch.empty(n, d))
        self.decoder, self.decoderNorm = nn.ModuleList([Block(d, 3)]), nn.LayerNorm(d)
        self.prediction = nn.Linear(d, pd)

    def encode(self, x, visible):
        tokens = self.embed(x) + self.encoderPositions
        tokens = torch.stack([t[v] for t, v in zip(tokens, visible)])
        for block in self.encoder:
            tokens = block(tokens)
        return self.encoderNorm(tokens)

    def forward(self, x, order, keep):
        codes = self.toDecoder(self.encode(x, order[:, :keep]))
        whole = []
        for code, o in zip(codes, order):
            y = self.maskToken.repeat(len(o), 1)
            whole.append(y.index_copy(0, o[:keep], code))
        y = torch.stack(whole) + self.decoderPositions
        for block in self.decoder:
            y = block(y)
        return self.prediction(self.decoderNorm(y))


class Pixels(nn.Module):
    """Visible pixels and flags through linear layers."""
    def __init__(self, n=9, pd=4, h=10, c=7):
        super().__init__()
        self.encoder = nn.ModuleList([nn.Linear(n * pd + n, h), nn.Linear(h, c)])
        self.decoder = nn.ModuleList([nn.Linear(c, h), nn.Linear(h, n * pd)])

    def code(self, x, order, keep):
        seen = torch.zeros(x.shape[:2]).scatter_(1, order[:, :keep], 1.0)
        y = torch.cat([(x * seen[:, :, None]).flatten(1), seen], 1)
        return F.relu(self.encoder[1](F.relu(self.encoder[0](y))))

    def forward(self, x, order, keep):
        y = F.relu(self.decoder[0](self.code(x, order, keep)))
        return self.decoder[1](y).view(x.shape)


def losses(prediction, x, order, keep, normalized):
    """Of each hidden patch, in the order of `order`."""
    target = x
    if normalized:  # as the released program: the unbiased variance
        target = (x - x.mean(-1, keepdim=True)) / (x.var(-1, keepdim=True) + 1e-6) ** 0.5
    each = ((prediction - target) ** 2).mean(-1)
    return each.gather(1, order[:, keep:])


B, L, P, KEEP = 3, 9, 4, 3
x = numbers(B, L, P)
order = torch.from_numpy(np.stack([rng.permutation(L) for _ in range(B)]))
put("patches", x)
put("order", order)
guess = numbers(B, L, P)
put("guess", guess)
for normalized, name in ((False, "plain"), (True, "normalized")):
    g = guess.clone().requires_grad_()
    each = losses(g, x, order, KEEP, normalized)
    each.mean().backward()
    put(f"{name}.losses", each)
    put(f"{name}.loss", each.mean())
    put(f"{name}.gradient", g.grad)

for name, model, normalized in (("vit", ViT(), True), ("mlp", Pixels(), False)):
    with torch.no_grad():
        for n, p in model.named_parameters():
            scale = 0.5 if "ositions" in n or "Token" in n else 0.1 if p.ndim == 1 else p.shape[-1] ** -0.5
            p.copy_(numbers(*p.shape, scale=scale) + (1 if "norm" in n.lower() and n.endswith("weight") else 0))
    flip = lambda n, p: p.ndim == 2 and n.endswith("weight")
    for n, p in model.named_parameters():
        put(f"{name}.weight.{n}", p, flip(n, p))
    if name == "vit":
        put("vit.codes", model.encode(x, order[:, :KEEP]))
    else:
        put("mlp.codes", model.code(x, order, KEEP))
    prediction = model(x, order, KEEP)
    put(f"{name}.prediction", prediction)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    loss = losses(prediction, x, order, KEEP, normalized).mean()
    loss.backward()
    put(f"{name}.loss", loss)
    for n, p in model.named_parameters():
        put(f"{name}.gradient.{n}", p.grad, flip(n, p))
    optimizer.step()
    for n, p in model.named_parameters():
        put(f"{name}.after.{n}", p, flip(n, p))
    print(name, loss.item())

# Estimators on one batch of scores, with their gradients.
scores = numbers(5, 5, scale=2.0)
put("scores", scores)
off = ~torch.eye(5, dtype=torch.bool)
for name, bound in (
    ("infonce", lambda s: np.log(5) - F.cross_entropy(s, torch.arange(5))),
    ("nwj", lambda s: s.diag().mean() - s[off].exp().mean() / np.e),
    ("dv", lambda s: s.diag().mean() - s[off].exp().mean().log()),
):
    s = scores.clone().requires_grad_()
    value = bound(s)
    value.backward()
    put(f"{name}.bound", value)
    put(f"{name}.scoreGradient", s.grad)
    print(name, value.item())

save_file(out, os.path.join(os.path.dirname(os.path.abspath(__file__)), "patches.safetensors"))
