"""Writes stored.safetensors: pictures as "file NAME" (bytes) by how their
pixels are stored, with their squares for CLIP's vision tower: "rgb first NAME",
made RGB and then resized as transformers does, and "resized first NAME", the
other way round as OpenAI's preprocessing does.

usage: make_stored.py

torchvision's Resize and CenterCrop of a Pillow picture are Pillow's resize and
crop, which are called here. Made with Pillow 13.0.0, numpy 2.4.6 and
safetensors 0.8.0.
"""

import io
import pathlib

import numpy as np
from PIL import Image
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent
W, H, SIZE = 36, 24, 12
generator = np.random.default_rng(4)


def smooth(channels: int) -> np.ndarray:
    y, x = np.mgrid[0:H, 0:W]
    planes = [
        127 + 120 * np.sin(x * (c + 1) / 9 + y / 7 + 2 * c)
        for c in range(channels)
    ]
    noise = generator.normal(0, 9, (H, W, channels))
    return np.clip(np.stack(planes, -1) + noise, 0, 255).astype(np.uint8)


rgb = Image.fromarray(smooth(3))
grey = rgb.convert("L")
opaque = rgb.convert("RGBA")
clear = Image.fromarray(smooth(4), "RGBA")
pictures = {
    "rgb.png": rgb,
    "grey.png": grey,
    "grey.jpg": grey,
    "opaque.png": opaque,
    "opaque_grey.png": opaque.convert("LA"),
    "palette.png": rgb.quantize(16),
    "black_white.png": grey.convert("1"),
    "clear.png": clear,
    "clear_grey.png": clear.convert("LA"),
    "grey_16.png": Image.fromarray(np.asarray(grey).astype(np.uint16) * 2),
    "cmyk.jpg": Image.fromarray(smooth(4), "CMYK"),
}


def square(image: Image.Image) -> Image.Image:
    width, height = W * SIZE // H, SIZE
    left = (width - SIZE) // 2
    resized = image.resize((width, height), Image.Resampling.BICUBIC)
    return resized.crop((left, 0, left + SIZE, SIZE))


tensors = {}
for name, picture in pictures.items():
    out = io.BytesIO()
    kind = "JPEG" if name.endswith("jpg") else "PNG"
    picture.save(out, kind)
    stored = Image.open(out)
    assert stored.mode == ("I;16" if name == "grey_16.png" else picture.mode)
    one = np.asarray(square(stored.convert("RGB"))).copy()
    other = np.asarray(square(stored).convert("RGB")).copy()
    tensors[f"file {name}"] = np.frombuffer(out.getvalue(), np.uint8)
    tensors[f"rgb first {name}"] = one
    tensors[f"resized first {name}"] = other
    print(f"{name:16}", np.abs(one.astype(int) - other).max())
save_file(tensors, HERE / "stored.safetensors")
