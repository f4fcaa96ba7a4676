"""VICReg, Barlow Twins, SimSiam, BYOL and DINO by PyTorch in float64: losses with their gradients,
and one training step of each model, tiny. What JointEmbeddingLossTests, DINOTests and
JointEmbeddingModelTests compare with.

    pip install torch numpy safetensors
    python make_joint.py            # writes joint.safetensors beside itself

Inputs and weights are float32 numbers; everything else is computed in float64 from them. Names and
layouts are ours: linear weights [in, out]. AdamW: rate 1e-3, betas 0.9 and 0.999, epsilon 1e-8,
decay 0.01 on everything. Projectors have no last bias: losses that nothing but differences between
rows enters would give it a gradient of 0 in exact arithmetic, and a step of noise.
"""
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.numpy import save_file

torch.set_num_threads(1)
torch.manual_seed(39)
torch.set_default_dtype(torch.float64)
out = {}


def put(name, value):
    a = value.detach().numpy()
    out[name] = np.ascontiguousarray(a.astype(np.float32)).reshape(a.shape)


def single(*shape):
    """Numbers that float32 holds."""
    return torch.randn(*shape).float().double()


# Losses.
def vicreg(z, w):
    invariance = F.mse_loss(z, w)
    variance = sum(F.relu(1 - torch.sqrt(x.var(0) + 1e-4)).mean() for x in (z, w)) / 2

    def off(x):
        c = torch.cov(x.T)
        return (c - torch.diag(torch.diagonal(c))).pow(2).sum() / x.shape[1]

    return invariance, variance, off(z) + off(w)


def correlation(z, w):
    norm = lambda x: F.batch_norm(x, None, None, training=True, eps=1e-5)
    return norm(z).T @ norm(w) / len(z)


def barlow(z, w, weight):
    c = correlation(z, w)
    on = torch.diagonal(c)
    return (on - 1).pow(2).sum() + weight * (c.pow(2).sum() - on.pow(2).sum())


def simsiam(p, z):
    return -F.cosine_similarity(p, z.detach(), dim=1)


def byol(p, z):
    return (F.normalize(p, dim=1) - F.normalize(z.detach(), dim=1)).pow(2).sum(1)


def dino(student, teacher, images, temperature):
    """Per image, over pairs of a global view u and another view v."""
    q, p = F.log_softmax(student / temperature, 1).split(images), teacher.detach().split(images)
    terms = [-(p[u] * q[v]).sum(1) for u in range(2) for v in range(len(q)) if u != v]
    return sum(terms) / len(terms)


def sinkhorn(scores, temperature, iterations):
    """The listing of SwAV's appendix."""
    q = torch.exp(scores / temperature).T
    q = q / q.sum()
    k, b = q.shape
    for _ in range(iterations):
        q = q / q.sum(1, keepdim=True) / k
        q = q / q.sum(0, keepdim=True) / b
    return (q * b).T


# Coordinates of different size, some deviations below 1 and some above, two views that differ.
base = single(6, 5)
z = torch.cat([base, base + 0.4 * single(6, 5)]) * torch.tensor([0.3, 0.7, 1, 1.5, 2])
z = z.float().double().requires_grad_()
put("loss.views", z)
terms = vicreg(*z.split(6))
for name, term in zip(["invariance", "variance", "covariance"], terms):
    put("vicreg." + name, term)
loss = 25 * terms[0] + 25 * terms[1] + terms[2]
put("vicreg.loss", loss)
put("vicreg.gradient", torch.autograd.grad(loss, z)[0])
put("barlow.correlation", correlation(*z.split(6)))
loss = barlow(*z.split(6), 5e-3)
put("barlow.loss", loss)
put("barlow.gradient", torch.autograd.grad(loss, z)[0])

p, t = single(7, 4).requires_grad_(), single(7, 4)
put("siamese.predictions", p)
put("siamese.targets", t)
for name, losses in [("simsiam", simsiam(p, t)), ("byol", byol(p, t))]:
    put(name + ".losses", losses)
    put(name + ".gradient", torch.autograd.grad(losses.mean(), p)[0])

student, teacher, center = single(12, 5).requires_grad_(), single(6, 5), 0.3 * single(5)
center = center.float().double()
put("dino.student", student)
put("dino.teacher", teacher)
put("dino.center", center)
target = F.softmax((teacher - center) / 0.4, 1)
put("dino.probabilities", target)
losses = dino(student, target, 3, 0.5)
put("dino.losses", losses)
put("dino.gradient", torch.autograd.grad(losses.mean(), student)[0])
for iterations in (1, 3, 50):
    put(f"dino.sinkhorn.{iterations}", sinkhorn(teacher, 0.4, iterations))


# Models.
class BatchNormMLP(nn.Module):
    def __init__(self, sizes, ending="linear", last_bias=True):
        super().__init__()
        last = len(sizes) - 2
        self.relu = [i < last or ending == "relu" for i in range(last + 1)]
        normalized = [i < last or ending != "linear" for i in range(last + 1)]
        self.layers = nn.ModuleList(
            nn.Linear(a, b, bias=not n and last_bias)
            for a, b, n in zip(sizes, sizes[1:], normalized))
        self.norms = nn.ModuleList(
            nn.BatchNorm1d(b, affine=i < last or ending != "standardized")
            for i, (b, n) in enumerate(zip(sizes[1:], normalized)) if n)

    def forward(self, x):
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if i < len(self.norms):
                x = self.norms[i](x)
            if self.relu[i]:
                x = F.relu(x)
        return x


def projector():
    return BatchNormMLP([5, 7, 4], last_bias=False)


class Network(nn.Module):
    def __init__(self, encoder, projector):
        super().__init__()
        self.encoder, self.projector = encoder, projector

    def forward(self, x):
        return self.projector(self.encoder(x))


def settle(module):
    """Weights that float32 holds, norms that do something."""
    with torch.no_grad():
        for name, w in module.named_parameters():
            if ".norms." in name:
                w.add_(0.2 * torch.randn(w.shape))
            w.copy_(w.float().double())
    return module


def put_all(prefix, module, gradient=False):
    for name, w in module.named_parameters():
        a = (w.grad if gradient else w).detach()
        put(f"{prefix}.{name}", a.T if a.ndim == 2 and not name.endswith("prototypes") else a)


def step(prefix, module, loss):
    """Weights before, gradients, weights after one update."""
    optimizer = torch.optim.AdamW(module.parameters(), lr=1e-3, weight_decay=0.01)
    loss.backward()
    put_all(prefix + ".weight", module)
    put_all(prefix + ".gradient", module, gradient=True)
    put(prefix + ".loss", loss)
    optimizer.step()
    put_all(prefix + ".after", module)


def follow(target, online, momentum):
    with torch.no_grad():
        for a, b in zip(target.parameters(), online.parameters()):
            a.mul_(momentum).add_(b, alpha=1 - momentum)


views = single(12, 6)
one, two = views.split(6)
put("step.views", views)

for name, loss_of in [
    ("vicregStep", lambda z, w: sum(a * b for a, b in zip((25, 25, 1), vicreg(z, w)))),
    ("barlowStep", lambda z, w: barlow(z, w, 5e-3)),
]:
    net = settle(Network(BatchNormMLP([6, 8, 5], "relu"), projector()))
    step(name, net, loss_of(net(one), net(two)))
    put(name + ".mean", net.encoder.norms[0].running_mean)
    put(name + ".variance", net.encoder.norms[0].running_var)


class SimSiam(nn.Module):
    def __init__(self):
        super().__init__()
        self.network = Network(
            BatchNormMLP([6, 8, 5], "relu"), BatchNormMLP([5, 7, 4], "standardized"))
        self.predictor = BatchNormMLP([4, 3, 4])


model = settle(SimSiam())
z, w = model.network(one), model.network(two)
loss = (simsiam(model.predictor(z), w).mean() + simsiam(model.predictor(w), z).mean()) / 2
step("simsiamStep", model, loss)


class BYOL(nn.Module):
    def __init__(self):
        super().__init__()
        self.online = Network(BatchNormMLP([6, 8, 5], "relu"), projector())
        self.predictor = BatchNormMLP([4, 3, 4])


model = settle(BYOL())
target = settle(Network(BatchNormMLP([6, 8, 5], "relu"), projector()))
put_all("byolTarget.weight", target)
with torch.no_grad():
    a, b = target(one), target(two)
p, q = model.predictor(model.online(one)), model.predictor(model.online(two))
step("byolStep", model, (byol(p, b).mean() + byol(q, a).mean()) / 2)
follow(target, model.online, 0.9)
put_all("byolStep.target", target)


class MLP(nn.Module):
    """Visits its layers without a name of their own, as ours does."""

    def __init__(self, sizes, activation, last=False):
        super().__init__()
        for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
            self.add_module(str(i), nn.Linear(a, b))
        self.count, self.activation, self.last = len(sizes) - 1, activation, last

    def forward(self, x):
        for i in range(self.count):
            x = getattr(self, str(i))(x)
            if self.last or i < self.count - 1:
                x = self.activation(x)
        return x


class PrototypeHead(nn.Module):
    def __init__(self, sizes, prototypes):
        super().__init__()
        self.layers = MLP(sizes, F.gelu)
        self.prototypes = nn.Parameter(torch.randn(prototypes, sizes[-1]) / 2)

    def forward(self, x):
        return F.normalize(self.layers(x), dim=1) @ F.normalize(self.prototypes, dim=1).T


class Student(nn.Module):
    def __init__(self):
        super().__init__()
        self.student = Network(MLP([6, 8, 5], F.relu, last=True), PrototypeHead([5, 7, 4], 3))


# Three views of four images; the third is local.
model = settle(Student())
teacher = settle(Student()).student
put_all("dinoTeacher.weight", teacher)
with torch.no_grad():
    scores = teacher(views[:8])
    target = F.softmax(scores / 0.04, 1)
step("dinoStep", model, dino(model.student(views), target, 4, 0.1).mean())
put("dinoStep.center", 0.1 * scores.mean(0))
follow(teacher, model.student, 0.9)
put_all("dinoStep.teacher", teacher)

save_file(out, os.path.join(os.path.dirname(os.path.abspath(__file__)), "joint.safetensors"))
print(len(out), "tensors")
