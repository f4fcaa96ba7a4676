"""One training step of the autoregressive and the masked language model, by PyTorch in float64.

    pip install torch numpy safetensors
    python make_text.py             # writes text-*.safetensors beside itself

Weights and inputs are float32 numbers; logits, losses, gradients and the weights after one AdamW
step (rate 1e-3, betas 0.9 and 0.999, epsilon 1e-8, decay 0.01 on everything) are computed in
float64 from them. Names and layouts are ours: linear weights are [in, out]. The gradient of the
keys' bias is zero in exact arithmetic, so that third of qkv.bias after the step is noise.
"""
import math, os
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

HERE = os.path.dirname(os.path.abspath(__file__))
V, C, HEADS, DEPTH, T = 7, 8, 2, 2, 6


def weights(generator, shapes):
    out = {}
    for name, shape in shapes.items():
        value = 0.4 * torch.randn(shape, generator=generator, dtype=torch.float32)
        if "norm" in name.lower() and name.endswith("weight"):
            value = value + 1
        out[name] = value.double().requires_grad_()
    return out


def block_shapes(b):
    p = f"blocks.{b}."
    return {p + "norm1.weight": [C], p + "norm1.bias": [C],
            p + "attention.qkv.weight": [C, 3 * C], p + "attention.qkv.bias": [3 * C],
            p + "attention.output.weight": [C, C], p + "attention.output.bias": [C],
            p + "norm2.weight": [C], p + "norm2.bias": [C],
            p + "mlp.0.weight": [C, 4 * C], p + "mlp.0.bias": [4 * C],
            p + "mlp.1.weight": [4 * C, C], p + "mlp.1.bias": [C]}


def norm(w, name, x):
    return F.layer_norm(x, [C], w[name + ".weight"], w[name + ".bias"])


def linear(w, name, x):
    return x @ w[name + ".weight"] + w[name + ".bias"]


def block(w, b, x, hidden, post, approximate):
    """hidden: [B or 1, T, T], true where a query may not see a key."""
    p = f"blocks.{b}."

    def attend(y):
        q, k, v = linear(w, p + "attention.qkv", y).split(C, dim=-1)
        q, k, v = (a.unflatten(-1, (HEADS, C // HEADS)).transpose(1, 2) for a in (q, k, v))
        s = (q @ k.transpose(-1, -2) / math.sqrt(C // HEADS)).masked_fill(hidden[:, None], -math.inf)
        return linear(w, p + "attention.output", (s.softmax(-1) @ v).transpose(1, 2).flatten(-2))

    def network(y):
        return linear(w, p + "mlp.1", F.gelu(linear(w, p + "mlp.0", y), approximate=approximate))

    if post:
        x = norm(w, p + "norm1", x + attend(x))
        return norm(w, p + "norm2", x + network(x))
    x = x + attend(norm(w, p + "norm1", x))
    return x + network(norm(w, p + "norm2", x))


def save(name, w, loss, **others):
    out = {"weight." + n: t.detach().numpy().copy() for n, t in w.items()}
    out["loss"] = loss.detach().numpy()
    for n, a in others.items():
        out[n] = a.detach().numpy() if torch.is_tensor(a) else np.array(a)
    optimizer = torch.optim.AdamW(w.values(), lr=1e-3, weight_decay=0.01)
    loss.backward()
    for n, t in w.items():
        out["gradient." + n] = t.grad.numpy().copy()
    optimizer.step()
    for n, t in w.items():
        out["after." + n] = t.detach().numpy()
    save_file({n: np.ascontiguousarray(a, dtype=np.float32).reshape(np.shape(a))
               for n, a in out.items()}, os.path.join(HERE, f"text-{name}.safetensors"))
    print(name, loss.item())


def autoregressive(has_start):
    g = torch.Generator().manual_seed(1)
    shapes = {"tokens.weight": [V + has_start, C], "positions.weight": [T, C]}
    for b in range(DEPTH):
        shapes |= block_shapes(b)
    w = weights(g, shapes | {"norm.weight": [C], "norm.bias": [C]})
    x = torch.randint(0, V, (3, T), generator=g)
    inputs = torch.cat([torch.full((3, 1), V), x[:, :-1]], 1) if has_start else x[:, :-1]
    targets = x if has_start else x[:, 1:]
    n = inputs.shape[1]
    hidden = torch.ones(n, n, dtype=torch.bool).triu(1)[None]
    h = w["tokens.weight"][inputs] + w["positions.weight"][:n]
    for b in range(DEPTH):
        h = block(w, b, h, hidden, False, "tanh")
    logits = norm(w, "norm", h) @ w["tokens.weight"][:V].T
    losses = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none").view(3, n)
    save("gpt" if not has_start else "gpt-start", w, losses.mean(), x=x, logits=logits,
         losses=losses, sequences=losses.sum(1))


def masked(post):
    g = torch.Generator().manual_seed(2)
    shapes = {"tokens.weight": [V + 1, C], "positions.weight": [T, C], "norm.weight": [C],
              "norm.bias": [C]}
    for b in range(DEPTH):
        shapes |= block_shapes(b)
    w = weights(g, shapes | {"head.weight": [C, C], "head.bias": [C], "headNorm.weight": [C],
                             "headNorm.bias": [C], "outputBias": [V]})
    # The second sequence has four tokens, the rest is padding; V is the mask token.
    original = torch.tensor([[3, 1, 4, 1, 5, 6], [2, 6, 5, 3, 0, 0]])
    shown = torch.tensor([[3, V, 4, 0, 5, V], [V, 6, 5, 3, V, V]])
    chosen = torch.tensor([[0, 1, 0, 1, 0, 1], [1, 0, 1, 0, 0, 0]], dtype=torch.bool)
    seen = torch.tensor([[1] * 6, [1] * 4 + [0] * 2], dtype=torch.bool)
    h = w["tokens.weight"][shown] + w["positions.weight"]
    if post:
        h = norm(w, "norm", h)
    for b in range(DEPTH):
        h = block(w, b, h, ~seen[:, None, :].expand(-1, T, -1), post, "none")
    if not post:
        h = norm(w, "norm", h)
    h = norm(w, "headNorm", F.gelu(linear(w, "head", h[chosen])))
    logits = h @ w["tokens.weight"][:V].T + w["outputBias"]
    losses = F.cross_entropy(logits, original[chosen], reduction="none")
    save("bert-post" if post else "bert-pre", w, losses.mean(), logits=logits, losses=losses)


for has_start in (False, True):
    autoregressive(has_start)
for post in (False, True):
    masked(post)
