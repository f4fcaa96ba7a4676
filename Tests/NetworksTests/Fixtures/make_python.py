"""A file as Python writes it, which SafetensorsTests.swift reads; and the check in the other direction.

    python make_python.py           # writes python.safetensors beside itself
    python make_python.py FILE      # reads a file written by us and prints what it holds
"""
import os, sys
import numpy as np
from safetensors.numpy import load_file, save_file

if len(sys.argv) > 1:
    for name, value in load_file(sys.argv[1]).items():
        print(name, value.dtype, value.shape, value.ravel().tolist())
else:
    save_file(
        {"weight": np.array([[1.5, -2, 3], [4, 5e-8, 6]], dtype=np.float32),
         "half": np.array([1.5, -0.25, 65504, 6e-8], dtype=np.float16),
         "double": np.array([0.1, 1e300]),
         "scalar": np.array(7, dtype=np.float32).reshape(()),
         "empty": np.zeros((0, 3), dtype=np.float32)},
        os.path.join(os.path.dirname(os.path.abspath(__file__)), "python.safetensors"),
        metadata={"format": 'pt "x"'})
