"""SigLIP, SupCon's two forms, decoupled and debiased NT-Xent, binary cross-entropy and masked
diffusion by PyTorch in float64, with gradients: what NegativeLossTests and MaskedDiffusionTests
compare with.

    pip install torch numpy safetensors
    python make_negatives.py        # writes negatives.safetensors beside itself

Inputs are float32 numbers; everything else is computed in float64 from them.
"""
import math, os
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

torch.manual_seed(11)
torch.set_default_dtype(torch.float64)
out = {}


def put(name, value):
    a = value.detach().numpy().astype(np.float32)
    out[name] = np.ascontiguousarray(a).reshape(a.shape)


def single(*shape):
    return torch.randn(*shape).float().double()


def put_loss(name, losses, **inputs):
    put(name + ".losses", losses)
    for key, g in zip(inputs, torch.autograd.grad(losses.mean(), list(inputs.values()),
                                            retain_graph=True)):
        put(f"{name}.gradient.{key}", g)


images, texts = single(5, 4).requires_grad_(), single(5, 4).requires_grad_()
scale, bias = torch.tensor(1.75, requires_grad=True), torch.tensor(-2.5, requires_grad=True)
for name, value in [("images", images), ("texts", texts), ("scale", scale), ("bias", bias)]:
    put("siglip." + name, value)
logits = scale.exp() * F.normalize(images, dim=1) @ F.normalize(texts, dim=1).T + bias
signs = 2 * torch.eye(5) - 1
put_loss("siglip", -F.logsigmoid(signs * logits).sum(1),
         images=images, texts=texts, scale=scale, bias=bias)

views = single(10, 4).requires_grad_()
put("views", views)


def scores(tau):
    u = F.normalize(views, dim=1)
    return u @ u.T / tau


# Labels 3 and 4 stand once.
labels = torch.tensor([0, 1, 0, 2, 1, 0, 3, 0, 2, 4])
s = scores(0.5).masked_fill(torch.eye(10, dtype=torch.bool), -math.inf)
q = s.softmax(1)
same = (labels[:, None] == labels[None]) & ~torch.eye(10, dtype=torch.bool)
has = same.any(1)
inside = -((q * same).sum(1)[has] / same.sum(1)[has]).log()
outside = -(torch.where(same, s.log_softmax(1), 0.0).sum(1)[has] / same.sum(1)[has])
put_loss("supcon.inside", inside, views=views)
put_loss("supcon.outside", outside, views=views)

partner = (torch.arange(10) + 5) % 10
for name, tau in [("hot", 0.5), ("cold", 0.05)]:
    s = scores(tau)
    own = s[torch.arange(10), partner]
    rest = torch.ones(10, 10, dtype=torch.bool)
    rest[torch.arange(10), torch.arange(10)] = False
    rest[torch.arange(10), partner] = False
    negative = s[rest].view(10, 8)
    put_loss("decoupled." + name, negative.logsumexp(1) - own, views=views)
    g = (negative.exp().mean(1) - 0.1 * own.exp()) / 0.9
    g = g.clamp(min=math.exp(-1 / tau))
    put_loss("debiased." + name, -(own.exp() / (own.exp() + 8 * g)).log(), views=views)

x, y = (3 * single(4, 3)).float().double().requires_grad_(), torch.rand(4, 3).float().double()
y[0] = torch.tensor([0.0, 1.0, 0.5])
put("binary.logits", x)
put("binary.targets", y)
put_loss("binary", F.binary_cross_entropy_with_logits(x, y, reduction="none"), logits=x)

logits = (2 * single(6, 4)).float().double().requires_grad_()
targets = torch.tensor([3, 0, 0, 2, 1, 3])
put("diffusion.logits", logits)
each = F.cross_entropy(logits, targets, reduction="none").split([2, 1, 3])
put_loss("diffusion", torch.stack([e.mean() for e in each]), logits=logits)

save_file(out, os.path.join(os.path.dirname(os.path.abspath(__file__)), "negatives.safetensors"))
print(len(out), "tensors")
