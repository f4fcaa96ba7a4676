"""Every differentiable operation by PyTorch in float64: what OperationTests.swift compares with.

    pip install torch numpy safetensors
    python make_operations.py       # writes operations.safetensors beside itself

Names are those of the rows in GradientTests.swift. For each: inputs (float32 numbers), the output,
and the gradients of the sum of output times weights.
"""
import os
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.Generator(np.random.PCG64(7))
eye = torch.eye(3, dtype=torch.float64)
S, T, I = slice, torch.tensor, torch.tensor
rows = {
    "+": ([(3, 4), (3, 4)], lambda a, b: a + b),
    "+ row": ([(3, 4), (4,)], lambda a, b: a + b),
    "+ column": ([(3, 4), (3, 1)], lambda a, b: a + b),
    "+ middle axis": ([(2, 3, 4), (3, 1)], lambda a, b: a + b),
    "+ number": ([(3, 4), ()], lambda a, b: a + b),
    "- both stretched": ([(3, 1), (1, 4)], lambda a, b: a - b),
    "* row": ([(3, 4), (4,)], lambda a, b: a * b),
    "* column": ([(3, 1), (3, 4)], lambda a, b: a * b),
    "* channels": ([(2, 3, 2, 2), (1, 3, 1, 1)], lambda a, b: a * b),
    "* itself": ([(5,)], lambda a: a * a),
    "/": ([(3, 4), (3, 4)], lambda a, b: a / b, (0.5, 2)),
    "/ column": ([(3, 4), (3, 1)], lambda a, b: a / b, (0.5, 2)),
    "number - x": ([(5,)], lambda a: 2 - a),
    "x - number": ([(5,)], lambda a: a - 2),
    "x / number": ([(5,)], lambda a: a / 3),
    "number / x": ([(5,)], lambda a: 3 / a, (0.5, 2)),
    "-x": ([(5,)], lambda a: -a),
    "maximum": ([(7,), (7,)], torch.maximum),
    "minimum": ([(7,), (1,)], torch.minimum),
    "where": ([(3, 3), (3,)], lambda a, b: torch.where(eye != 0, a, b)),
    "maskedFill": ([(3, 3)], lambda a: a.masked_fill(eye != 0, 7)),
    "exp": ([(129,)], torch.exp, (-10, 10)),
    "expm1": ([(129,)], torch.expm1, (-3, 3)),
    "log": ([(129,)], torch.log, (0.01, 30)),
    "log1p": ([(129,)], torch.log1p, (-0.9, 9)),
    "sqrt": ([(129,)], torch.sqrt, (0.01, 30)),
    "squared": ([(17,)], lambda a: a**2),
    "power": ([(17,)], lambda a: a**1.7, (0.5, 3)),
    "power of a negative": ([(17,)], lambda a: a**3, (-2, -0.5)),
    "abs": ([(17,)], lambda a: (a - 3).abs() + a.abs()),
    "sin": ([(129,)], torch.sin, (-20, 20)),
    "cos": ([(129,)], torch.cos, (-20, 20)),
    "tanh": ([(129,)], torch.tanh, (-6, 6)),
    "erf": ([(129,)], torch.erf, (-4, 4)),
    "sigmoid": ([(129,)], torch.sigmoid, (-10, 10)),
    "softplus": ([(129,)], lambda a: F.softplus(a, threshold=1000), (-30, 30)),
    "relu": ([(129,)], lambda a: a.relu() + (a - 3).relu()),
    "silu": ([(129,)], F.silu, (-6, 6)),
    "gelu": ([(129,)], F.gelu, (-6, 6)),
    "gelu tanh": ([(129,)], lambda a: F.gelu(a, approximate="tanh"), (-6, 6)),
    "sum": ([(3, 4)], torch.sum),
    "sum rows": ([(3, 4)], lambda a: a.sum(-1)),
    "sum columns": ([(3, 4)], lambda a: a.sum(0, keepdim=True)),
    "sum middle": ([(2, 3, 4)], lambda a: a.sum(1)),
    "sum apart": ([(2, 3, 4)], lambda a: a.sum((0, 2))),
    "mean apart": ([(2, 3, 4)], lambda a: a.mean((0, 2), keepdim=True)),
    "variance": ([(3, 4)], lambda a: a.var(1, correction=0)),
    "variance corrected": ([(3, 4)], lambda a: a.var()),
    "max": ([(3, 5)], lambda a: a.amax(1)),
    "min columns": ([(3, 5)], lambda a: a.amin(0)),
    "logSumExp": ([(3, 33)], lambda a: a.logsumexp(1), (-50, 50)),
    "logSumExp columns": ([(3, 5)], lambda a: a.logsumexp(0, keepdim=True)),
    "softmax": ([(3, 33)], lambda a: a.softmax(-1), (-5, 5)),
    "softmax middle": ([(2, 3, 4)], lambda a: a.softmax(1)),
    "softmax apart": ([(2, 3, 4)], lambda a: a.transpose(0, 1).flatten(1).softmax(1)
                      .reshape(3, 2, 4).transpose(0, 1)),
    "logSoftmax": ([(3, 33)], lambda a: a.log_softmax(-1), (-5, 5)),
    "logSoftmax columns": ([(3, 5)], lambda a: a.log_softmax(0)),
    "crossEntropy": ([(4, 5)], lambda a: F.cross_entropy(a, T([1, -100, 0, 4]))),
    "layerNorm": ([(3, 6), (6,), (6,)], lambda a, g, b: F.layer_norm(a, (6,), g, b)),
    "layerNorm plain": ([(3, 65)], lambda a: F.layer_norm(a, (65,))),
    "l2Normalized": ([(3, 6)], lambda a: F.normalize(a, dim=1)),
    "cumulativeSum": ([(3, 4)], lambda a: a.cumsum(-1)),
    "cumulativeSum columns": ([(3, 4, 2)], lambda a: a.cumsum(1)),
    "sorted": ([(3, 5)], lambda a: a.sort(0).values),
    "topK": ([(3, 5)], lambda a: a.topk(2).values),
    "reshaped": ([(3, 4)], lambda a: a.reshape(2, -1) ** 2),
    "transposed": ([(3, 4)], lambda a: a.T),
    "permuted": ([(2, 3, 4)], lambda a: a.permute(2, 0, 1)),
    "broadcast": ([(3, 1)], lambda a: a.expand(2, 3, 4)),
    "slice": ([(3, 4)], lambda a: a[:, 1:3]),
    "slice rows": ([(3, 4)], lambda a: a[1:]),
    "subscript": ([(3, 4)], lambda a: a[-1]),
    "concatenate": ([(3, 4), (3, 2)], lambda a, b: torch.cat([a, b], 1)),
    "concatenate twice the same": ([(3, 4)], lambda a: torch.cat([a, a])),
    "stack": ([(3, 4), (3, 4)], lambda a, b: torch.stack([a, b], 1)),
    "split": ([(3, 4)], lambda a: a[:, :1] * a[:, 1:]),
    "padded": ([(3, 4)], lambda a: F.pad(a, (1, 2), value=5)),
    "gather": ([(3, 4)], lambda a: a[I([2, 0, 2])]),
    "gather lists": ([(3, 2)], lambda a: a[I([[2, 0], [1, 1]])]),
    "gatherRows": ([(2, 3, 2)], lambda a: torch.stack([a[0][I([2, 0])], a[1][I([1, 1])]])),
    "scatterAdd": ([(3, 2), (4, 2)], lambda a, b: a.index_add(0, I([0, 2, 2, 1]), b)),
    "picked": ([(3, 4)], lambda a: a[I([0, 1, 2]), I([3, 0, 1])]),
    "lowerTriangle": ([(3, 4)], lambda a: a.tril(-1)),
    "diagonal": ([(3, 4)], lambda a: a.diagonal()),
    "matmul": ([(33, 17), (17, 65)], torch.matmul),
    "matmul Aᵀ": ([(4, 3), (4, 5)], lambda a, b: a.T @ b),
    "matmul Bᵀ": ([(3, 4), (5, 4)], lambda a, b: a @ b.T),
    "matmul AᵀBᵀ": ([(4, 3), (5, 4)], lambda a, b: a.T @ b.T),
    "matmul batch × matrix": ([(2, 3, 4), (4, 5)], torch.matmul),
    "matmul batch × matrixᵀ": ([(2, 3, 4), (5, 4)], lambda a, b: a @ b.T),
    "matmul matrix × batch": ([(3, 4), (2, 4, 5)], torch.matmul),
    "matmul batch": ([(2, 3, 4), (2, 4, 2)], torch.matmul),
    "matmul batchᵀ": ([(2, 4, 3), (2, 2, 4)], lambda a, b: a.mT @ b.mT),
    "matmul broadcast batch": ([(2, 1, 3, 2), (3, 2, 4)], torch.matmul),
    "matmul vector": ([(4,), (4, 3)], torch.matmul),
    "matmul by vector": ([(2, 3, 4), (4,)], torch.matmul),
    "dot product": ([(4,), (4,)], torch.matmul),
    "linear": ([(2, 3, 4), (4, 5), (5,)], lambda x, w, b: x @ w + b),
    "linear without bias": ([(3, 4), (4, 5)], torch.matmul),
    "linear residual": ([(3, 4), (4, 5), (5,), (3, 5)], lambda x, w, b, r: x @ w + b + r),
    "linear gelu": ([(3, 4), (4, 5), (5,)],
                    lambda x, w, b: F.gelu(x @ w + b, approximate="tanh")),
    "linear exact gelu": ([(3, 4), (4, 5), (5,)], lambda x, w, b: F.gelu(x @ w + b)),
    "linear tanh": ([(3, 4), (4, 5)], lambda x, w: (x @ w).tanh()),
    "cholesky": ([(3, 3)], lambda a: torch.linalg.cholesky(a @ a.T + eye)),
    "solve": ([(3, 3), (3, 2)], lambda a, b: torch.linalg.solve(3 * eye + a, b)),
    "inverse": ([(3, 3)], lambda a: torch.linalg.inv(3 * eye + a)),
    "logDeterminant": ([(3, 3)], lambda a: torch.logdet(3 * eye + a)),
    "trace": ([(3, 3)], torch.trace),
    "symmetricEigen": ([(3, 3)], lambda a: torch.linalg.eigvalsh(a + a.T)),
    "singularValueDecomposition": ([(4, 3)], torch.linalg.svdvals),
    "singularValueDecomposition wide": ([(2, 3)], torch.linalg.svdvals),
    "conv2d": ([(2, 5, 6, 3), (3, 3, 3, 4), (4,)], lambda x, w, b: F.conv2d(
        x.permute(0, 3, 1, 2), w.permute(3, 2, 0, 1), b, stride=2, padding=1).permute(0, 2, 3, 1)),
    "conv2d plain": ([(1, 4, 4, 1), (2, 3, 1, 2)], lambda x, w: F.conv2d(
        x.permute(0, 3, 1, 2), w.permute(3, 2, 0, 1)).permute(0, 2, 3, 1)),
    "maxPooled": ([(2, 4, 5, 3)], lambda x: F.max_pool2d(
        x.permute(0, 3, 1, 2), 2).permute(0, 2, 3, 1)),
    "averagePooled": ([(2, 4, 5, 3)], lambda x: F.avg_pool2d(
        x.permute(0, 3, 1, 2), 3, 1).permute(0, 2, 3, 1)),
    "groupNorm": ([(2, 3, 2, 4), (4,), (4,)], lambda x, g, b: F.group_norm(
        x.permute(0, 3, 1, 2), 2, g, b).permute(0, 2, 3, 1)),
    "batchNorm": ([(2, 3, 2, 4), (4,), (4,)], lambda x, g, b: F.batch_norm(
        x.permute(0, 3, 1, 2), None, None, g, b, training=True).permute(0, 2, 3, 1).relu()),
    "attention": ([(2, 3, 4), (2, 5, 4), (2, 5, 4)], lambda q, k, v: attention(q, k, v, False)),
    "selfAttention causal": ([(2, 5, 12)], lambda x: attention(*x.split(4, 2), True)),
    "selfAttention masked": ([(2, 5, 12)], lambda x: attention(*x.split(4, 2), False, T(
        [[True] * 4 + [False], [True] * 2 + [False] * 3]))),
    "einsum": ([(2, 3, 4), (2, 5, 4)], lambda a, b: torch.einsum("bqd,bkd->bqk", a, b)),
    "einsum outer": ([(3,), (4,)], lambda a, b: torch.einsum("i,j->ji", a, b)),
    "softmax first": ([(2, 3, 4)], lambda a: a.softmax(0)),
    "lowerTriangle of a batch": ([(2, 3, 4)], lambda a: a.tril(1)),
    "matmul batchᵀ × matrix": ([(2, 4, 3), (4, 5)], lambda a, b: a.mT @ b),
    "matmul batchᵀ × matrixᵀ": ([(2, 4, 3), (5, 4)], lambda a, b: a.mT @ b.T),
    "clipped": ([(129,)], lambda a: a.clamp(0, 1) + (a * 3).clamp(0.05, 9)),
    "sign": ([(17,)], lambda a: (a - 3).sign() + a.sign()),
    "floor": ([(129,)], torch.floor, (-9, 9)),
    "flattened": ([(3, 4)], lambda a: a.flatten() ** 2),
    "expanded": ([(3, 4)], lambda a: a[:, None]),
    "squeezed": ([(3, 1, 4)], lambda a: a.squeeze(-2)),
    "linear relu": ([(3, 4), (4, 5)], lambda x, w: (x @ w).relu() + (-x @ w).relu()),
    "linear silu": ([(3, 4), (4, 5)], lambda x, w: F.silu(x @ w)),
    "linear sigmoid": ([(3, 4), (4, 5)], lambda x, w: (x @ w).sigmoid()),
    "solve vector": ([(3, 3), (3,)], lambda a, b: torch.linalg.solve(3 * eye + a, b)),
    "symmetricEigen vectors": ([(3, 3)], lambda a: torch.linalg.eigh(a + a.T)[1] ** 2),
    "singularValueDecomposition vectors": ([(4, 3)], lambda a: squaredVectors(a)),
    "singularValueDecomposition vectors wide": ([(2, 3)], lambda a: squaredVectors(a)),
    "singularValueDecomposition both": ([(3, 3)], lambda a: rebuilt(a)),
    "einsum column sums": ([(3, 4)], lambda a: torch.einsum("ij->j", a)),
    "einsum transposed": ([(3, 4)], lambda a: torch.einsum("ij->ji", a)),
    "einsum trace": ([(3, 3)], lambda a: torch.einsum("ii->", a)),
    "einsum diagonal": ([(2, 3, 3), (2, 4)], lambda a, b: torch.einsum("bii,bj->jbi", a, b)),
    "einsum to a number": ([(4,), (4,)], lambda a, b: torch.einsum("i,i->", a, b)),
    "einsum chain": ([(2, 3), (3, 4), (4, 5)],
                     lambda a, b, c: torch.einsum("ij,jk,kl->il", a, b, c)),
    "einsum bilinear": ([(5, 3), (3, 4), (5, 4)],
                        lambda a, b, c: torch.einsum("ni,ij,nj->n", a, b, c)),
    "einsum of four": ([(2,), (3,), (2, 4), (3, 4)],
                       lambda a, b, c, d: torch.einsum("a,b,ac,bc->ab", a, b, c, d)),
}


def attention(q, k, v, causal, mask=None):
    def heads(x):
        return x.reshape(x.shape[0], x.shape[1], 2, 2).transpose(1, 2)
    if mask is not None:
        mask = mask[:, None, None, :]
    y = F.scaled_dot_product_attention(
        heads(q), heads(k), heads(v), attn_mask=mask, is_causal=causal)
    return y.transpose(1, 2).flatten(2)


def squaredVectors(a):
    u, _, vh = torch.linalg.svd(a, full_matrices=False)
    return torch.cat([u**2, vh.mT**2])


def rebuilt(a):
    u, s, vh = torch.linalg.svd(a)
    return (u * (s + 1).log()) @ vh


out = {}
for name, (shapes, function, *limits) in rows.items():
    low, high = limits[0] if limits else (-1.5, 1.5)
    arrays = [rng.uniform(low, high, s).astype(np.float32) for s in shapes]
    inputs = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in arrays]
    y = function(*inputs)
    weights = rng.uniform(-1, 1, tuple(y.shape)).astype(np.float32)
    (y * torch.tensor(weights, dtype=torch.float64)).sum().backward()
    for i, (a, t) in enumerate(zip(arrays, inputs)):
        out[f"{name}/input.{i}"] = np.asarray(a)
        out[f"{name}/gradient.{i}"] = t.grad.numpy().astype(np.float32)
    out[f"{name}/output"] = np.ascontiguousarray(y.detach().numpy().astype(np.float32)).reshape(y.shape)
    out[f"{name}/weights"] = np.asarray(weights).reshape(y.shape)
out = {k: np.ascontiguousarray(v).reshape(v.shape) for k, v in out.items()}
save_file(out, os.path.join(HERE, "operations.safetensors"))
print(len(rows), "operations")
