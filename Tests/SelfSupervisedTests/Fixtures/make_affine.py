"""Affine resampling by PyTorch in float64: what AffineMapTests compares with.

    pip install torch numpy safetensors
    python make_affine.py           # writes affine.safetensors beside itself

Degrees, scale, shear, right and down of each case stand in the tests.
"""
import math, os
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

torch.manual_seed(29)
torch.set_default_dtype(torch.float64)
out = {}


def put(name, value):
    a = value.detach().numpy().astype(np.float32)
    out[name] = np.ascontiguousarray(a).reshape(a.shape)


images = torch.rand(2, 8, 8).float().double()
put("images", images)
cases = [(30, 1, 0, 0, 0), (0, 1.3, 0, 0, 0), (0, 1, 0.4, 0, 0), (0, 1, 0, 1.25, -2), (-40, 0.8, 0.2, 0.5, 1.5)]
for i, (degrees, scale, shear, right, down) in enumerate(cases):
    a = math.radians(degrees)
    turn = torch.tensor([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]])
    slant = torch.tensor([[1, shear], [0, 1.0]])
    # Coordinates of the grid run from −1 to 1 over 8 pixels.
    move = torch.tensor([[-right], [-down]]) * 2 / 8
    theta = torch.cat([turn @ slant / scale, move], 1).expand(2, 2, 3)
    grid = F.affine_grid(theta, (2, 1, 8, 8), align_corners=False)
    put(f"case.{i}", F.grid_sample(images[:, None], grid, align_corners=False)[:, 0])

save_file(out, os.path.join(os.path.dirname(os.path.abspath(__file__)), "affine.safetensors"))
print(len(out), "tensors")
