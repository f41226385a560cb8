"""Writes resize_planes.safetensors: what others make of planes of floats, and
what PyTorch makes of bytes.

usage: make_resize_planes.py

Made with Pillow 13.0.0, torch 2.15.0 and torch-fidelity 0.4.0, whose resize is
TensorFlow 1's, to the last bit; on a processor with AVX-512.
"""

import base64
import json
import pathlib

import numpy as np
import torch
from PIL import Image
from safetensors.numpy import save_file
from torch.nn.functional import interpolate
from torch_fidelity.interpolate_compat_tensorflow import (
    interpolate_bilinear_2d_like_tensorflow1x,
)

HERE = pathlib.Path(__file__).parent
FILTERS = {
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
# Width and height: smaller, larger, one side only, mixed, a single pixel.
SIZES = [(5, 4), (37, 29), (11, 3), (4, 9), (7, 15), (1, 1), (10, 8)]

picture = json.loads((HERE / "resize.json").read_text())
width, height = picture["width"], picture["height"]
data = np.frombuffer(base64.b64decode(picture["data"]), np.uint8)
pixels = np.ascontiguousarray(data.reshape(height, width, 3).transpose(2, 0, 1))
generator = np.random.default_rng(1)
planes = (pixels + generator.random(pixels.shape)).astype(np.float32)

tensors = {"planes": planes}
for w, h in SIZES:
    batch, size = torch.tensor(planes)[None], (h, w)
    plain = {"mode": "bilinear", "align_corners": False}
    for name, method in FILTERS.items():
        tensors[f"pillow {name} {w}x{h}"] = np.stack([
            np.asarray(Image.fromarray(plane, "F").resize((w, h), method))
            for plane in planes
        ])
    tensors[f"tf1 bilinear {w}x{h}"] = (
        interpolate_bilinear_2d_like_tensorflow1x(
            batch, size=size, align_corners=False
        )[0].numpy()
    )
    tensors[f"torch bilinear {w}x{h}"] = interpolate(batch, size, **plain)[0]
    for mode in ["bilinear", "bicubic"]:
        smooth = {**plain, "mode": mode, "antialias": True}
        tensors[f"smooth {mode} {w}x{h}"] = interpolate(batch, size, **smooth)[0]
        if size == (1, 1):
            continue  # torch 2.15.0 fails
        tensors[f"bytes {mode} {w}x{h}"] = interpolate(
            torch.tensor(pixels)[None], size, **smooth
        )[0]
save_file(
    {name: np.ascontiguousarray(value) for name, value in tensors.items()},
    HERE / "resize_planes.safetensors",
)
