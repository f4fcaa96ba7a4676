"""PyTorch's side of the kernel benchmarks: a case name to a function that runs it once.

Names are words and sizes: gemm_NT_2048x384x128 multiplies (2048 x 128) by (128 x 384), the second
operand stored transposed. `fb` is forward and backward, gradients freshly allocated as in training.
"""
import torch
import torch.nn.functional as F

R = torch.randn
GEMM = [(2048, 384, 128), (2048, 128, 128), (2048, 512, 128), (2048, 128, 512), (2048, 256, 128),
        (2048, 2048, 128), (512, 256, 64), (512, 128, 256), (256, 256, 64), (1024, 1024, 128),
        (1536, 288, 96), (1536, 96, 384), (6272, 192, 64), (50176, 32, 9), (12544, 64, 288),
        (4096, 128, 576)]
BATCHED = [(64, 128, 32), (32, 256, 32), (128, 64, 32), (512, 49, 16), (512, 12, 24)]
ATTENTION = [("causal", "16x4x128x32"), ("causal", "8x4x256x32"), ("full", "32x4x64x32"),
             ("full", "128x4x49x16"), ("full", "128x4x12x24")]


def names():
    for n in (16, 32, 64, 96, 128, 256, 384, 512, 1024):
        yield f"gemm_NN_{n}x{n}x{n}"
    for m, n, k in GEMM:  # y = x W', dx = dy W, dW = dy' x
        yield from (f"gemm_NT_{m}x{n}x{k}", f"gemm_NN_{m}x{k}x{n}", f"gemm_TN_{n}x{k}x{m}")
    for b, t, d in BATCHED:
        yield from (f"bmm_NT_{b}x{t}x{t}x{d}", f"bmm_NN_{b}x{t}x{d}x{t}")
    for f in ("exp", "log", "tanh", "erf", "sigmoid", "sin", "sqrt", "add"):
        yield f"map_{f}_65536"
    yield from ("map_add_4194304", "map_sum_4194304")
    for r, c in [(8192, 128), (8192, 64), (2048, 256), (2048, 2048), (1024, 1024), (4096, 4096)]:
        yield from (f"softmax_fwd_{r}x{c}", f"softmax_bwd_{r}x{c}")
    yield from ("xent_fb_2048x2048", "xent_fb_2048x256")
    for r, c in [(2048, 128), (1536, 96), (6272, 64)]:
        yield from (f"layernorm_fwd_{r}x{c}", f"layernorm_fb_{r}x{c}")
    for form in ("erf", "tanh"):
        yield from (f"gelu_{form}_fwd_1048576", f"gelu_{form}_fb_1048576")
    yield "adamw_1048576"
    for v in (2048, 256):
        yield from (f"embedding_fwd_{v}x128x2048", f"embedding_fb_{v}x128x2048")
    for ci, co, hw in [(1, 32, 28), (32, 64, 14), (64, 128, 7)]:
        yield from (f"conv_fwd_256x{ci}x{co}x{hw}", f"conv_fb_256x{ci}x{co}x{hw}")
    yield from ("gn_fb_256x32x14x14", "bn_fb_256x32x14x14")
    for kind, shape in ATTENTION:
        yield from (f"attn_{kind}_fwd_{shape}", f"attn_{kind}_fb_{shape}")
    yield from ("ntxent_256x64", "ntxent_1024x128", "ntxent_4096x128")


def flops(name):
    """Multiply-add = 2; 0 where the work is not matrix products."""
    kind, *words, sizes = name.split("_")
    s = [int(x) for x in sizes.split("x")]
    if kind == "gemm":
        return 2 * s[0] * s[1] * s[2]
    if kind == "bmm":
        return 2 * s[0] * s[1] * s[2] * s[3]
    if kind == "attn":
        return (3 if words[-1] == "fb" else 1) * 4 * s[0] * s[1] * s[2] * s[2] * s[3]
    if kind == "conv":
        out = (s[3] + 1) // 2
        times = 1 if words[0] == "fwd" else 3 if s[1] > 1 else 2
        return times * 2 * s[0] * out * out * s[1] * s[2] * 9
    if kind == "ntxent":
        return 6 * s[0] * s[0] * s[1]
    return 0


def backward(leaves, loss, g=None):
    def run():
        for x in leaves:
            x.grad = None
        y = loss()
        y.backward() if g is None else y.backward(g)
    return run


def no_grad(f):
    def run():
        with torch.no_grad():
            f()
    return run


def leaf(*shape):
    return R(*shape, requires_grad=True)


def case(name):
    kind, *words, sizes = name.split("_")
    s = [int(x) for x in sizes.split("x")]
    if kind == "gemm":
        m, n, k = s
        a = R(m, k) if words[0][0] == "N" else R(k, m).t()
        b = R(k, n) if words[0][1] == "N" else R(n, k).t()
        c = torch.empty(m, n)
        return lambda: torch.mm(a, b, out=c)
    if kind == "bmm":
        count, m, n, k = s
        a = R(count, m, k)
        b = R(count, n, k).transpose(1, 2) if words[0] == "NT" else R(count, k, n)
        return lambda: torch.bmm(a, b)
    if kind == "map":
        x, p, out = R(s[0]) * 2, R(s[0]).abs() + 0.1, torch.empty(s[0])
        if words[0] == "add":
            return lambda: torch.add(x, p, out=out)
        if words[0] == "sum":
            return lambda: x.sum()
        f = getattr(torch, words[0])
        v = p if words[0] in ("log", "sqrt") else x
        return lambda: f(v, out=out)
    if kind == "softmax":
        a = R(*s) * 2
        if words[0] == "fwd":
            return lambda: torch.softmax(a, 1)
        y, g = torch.softmax(a, 1), R(*s)
        return lambda: torch.ops.aten._softmax_backward_data(g, y, 1, torch.float32)
    if kind == "xent":
        a, y = leaf(*s), torch.randint(0, s[1], (s[0],))
        return backward([a], lambda: F.cross_entropy(a, y))
    if kind == "layernorm":
        a, w, b, g = leaf(*s), leaf(s[1]), leaf(s[1]), R(*s)
        f = lambda: F.layer_norm(a, (s[1],), w, b)
        return no_grad(f) if words[0] == "fwd" else backward([a, w, b], f, g)
    if kind == "gelu":
        a, g = leaf(s[0] // 512, 512), R(s[0] // 512, 512)
        form = "tanh" if words[0] == "tanh" else "none"
        f = lambda: F.gelu(a, approximate=form)
        return no_grad(f) if words[1] == "fwd" else backward([a], f, g)
    if kind == "adamw":
        p = torch.nn.Parameter(R(s[0]))
        p.grad = R(s[0])
        return torch.optim.AdamW([p], lr=1e-3, weight_decay=0.01, fused=True).step
    if kind == "embedding":
        v, d, t = s
        e, ids, g = leaf(v, d), torch.randint(0, v, (t,)), R(t, d)
        f = lambda: F.embedding(ids, e)
        return no_grad(f) if words[0] == "fwd" else backward([e], f, g)
    if kind == "conv":
        count, ci, co, hw = s
        ho, last = (hw + 1) // 2, torch.channels_last
        a = R(count, ci, hw, hw).to(memory_format=last).requires_grad_(ci > 1)
        w = R(co, ci, 3, 3).to(memory_format=last).requires_grad_(True)
        g = R(count, co, ho, ho).to(memory_format=last)
        f = lambda: F.conv2d(a, w, stride=2, padding=1)
        return no_grad(f) if words[0] == "fwd" else backward([a, w], f, g)
    if kind in ("gn", "bn"):
        c = s[1]
        a, w, b, g = leaf(*s), leaf(c), leaf(c), R(*s)
        if kind == "gn":
            return backward([a, w, b], lambda: F.relu(F.group_norm(a, 8, w, b)), g)
        return backward([a, w, b], lambda: F.relu(F.batch_norm(a, None, None, w, b, training=True)), g)
    if kind == "attn":
        b, h, t, d = s
        q, k, v = (R(b, t, h * d).view(b, t, h, d).transpose(1, 2).detach().requires_grad_(True)
                   for _ in range(3))
        g = R(b, t, h, d).transpose(1, 2)
        f = lambda: F.scaled_dot_product_attention(q, k, v, is_causal=words[0] == "causal")
        return no_grad(f) if words[1] == "fwd" else backward([q, k, v], f, g)
    if kind == "ntxent":
        n, d = s
        z = leaf(n, d)
        diagonal, partner = torch.eye(n, dtype=torch.bool), torch.arange(n) ^ 1
        def loss():
            u = F.normalize(z, dim=1)
            return F.cross_entropy((u @ u.t() / 0.5).masked_fill(diagonal, float("-inf")), partner)
        return backward([z], loss)
    raise ValueError(name)
