"""One training step of every workload, tiny, by PyTorch in float64: what the tests compare with.

    pip install torch numpy safetensors
    python make_steps.py            # writes step-*.safetensors beside itself

Inputs and weights are float32 numbers; loss, gradients and the weights after one AdamW step are
computed in float64 from them. Names and layouts are ours: linear weights [in, out], convolution
weights [height, width, in, out], images channels last. AdamW: rate 1e-3, betas 0.9 and 0.999,
epsilon 1e-8, decay 0.01 on everything. The gradient of the keys' bias is zero in exact arithmetic,
so its sign, and with it the first Adam step, is noise: that third of `qkv.bias` is left out of the
comparison of weights after the step.
"""
import os, re, sys
import numpy as np
import torch
from safetensors.numpy import save_file

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../../benchmarks/torch"))
import workloads as W

torch.set_num_threads(1)

BLOCK = [("ln1", "norm1"), ("ln2", "norm2"), ("attn.qkv", "attention.qkv"),
         ("attn.proj", "attention.output"), ("mlp.fc", "mlp.0"), ("mlp.proj", "mlp.1")]
TOP = {
    "gpt": [("emb.", "tokens."), (r"^pos$", "positions.weight"), (r"^ln\.", "norm.")],
    "bert_mlm": [("emb.", "tokens."), (r"^pos$", "positions.weight"), (r"^ln0\.", "norm."),
                 (r"^lnh\.", "headNorm."), ("out_bias", "outputBias")],
    "mae": [("pos_e", "encoderPositions"), ("pos_d", "decoderPositions"), (r"^enc\.", "encoder."),
            (r"^dec\.", "decoder."), ("ln_e", "encoderNorm"), ("ln_d", "decoderNorm"),
            ("to_d", "toDecoder"), ("mask_token", "maskToken"), (r"^pred\.", "prediction.")],
    "clip": [("emb.", "tokens."), (r"^pos$", "positions.weight"), (r"^ln\.", "norm."),
             (r"img\.convs", "images.convolutions"), (r"img\.norms", "images.norms"),
             (r"^pi\.", "imageProjection."), (r"^pt\.", "textProjection."),
             ("logit_scale", "logitScale")],
    "simclr_mlp": [(r"^0\.", "encoder.0."), (r"^2\.", "encoder.1."), (r"^3\.", "projector.0."),
                   (r"^5\.", "projector.1.")],
    "simclr_conv_gn": [(r"enc\.convs", "encoder.convolutions"), (r"enc\.norms", "encoder.norms"),
                       (r"^p1\.", "projector.0."), (r"^p2\.", "projector.1.")],
}
TOP["bert_mlm_gather"] = TOP["bert_mlm"]
TOP["simclr_conv_bn"] = TOP["simclr_conv_gn"]


def name(workload, theirs):
    for pattern, ours in TOP[workload] + BLOCK:
        theirs = re.sub(pattern, ours, theirs)
    return theirs


def layout(theirs, value):
    a = value.detach().double().numpy()
    if a.ndim == 4:
        a = a.transpose(2, 3, 1, 0)
    elif a.ndim == 2 and theirs.endswith("weight") and not theirs.startswith("emb."):
        a = a.T
    # A number stays a number: ascontiguousarray would make it a vector.
    return np.ascontiguousarray(a.astype(np.float32)).reshape(a.shape)


for key, cls in W.ALL.items():
    if key.startswith("ntxent") and key != "ntxent_256x64":
        continue
    w = cls("tiny", torch.float64)
    out = {}
    if w.model is None:
        loss = w.loss()
        loss.backward()
        out["input.z"] = layout("", w.inputs["z"])
        out["gradient.z"] = layout("", w.inputs["z"].grad)
        key = "ntxent"
    else:
        for n, p in w.model.named_parameters():
            out["weight." + name(key, n)] = layout(n, p)
        for n, t in w.inputs.items():
            a = t.double().numpy()
            if a.ndim == 4:
                a = a.transpose(0, 2, 3, 1)
            out["input." + n] = np.ascontiguousarray(a.astype(np.float32))
        optimizer = torch.optim.AdamW(w.model.parameters(), lr=w.lr, weight_decay=w.wd)
        loss = w.loss()
        loss.backward()
        for n, p in w.model.named_parameters():
            out["gradient." + name(key, n)] = layout(n, p.grad)
        optimizer.step()
        for n, p in w.model.named_parameters():
            out["after." + name(key, n)] = layout(n, p)
    out["loss"] = np.array([loss.item()], dtype=np.float32)
    save_file(out, os.path.join(HERE, f"step-{key}.safetensors"))
    print(key, loss.item(), len(out))
