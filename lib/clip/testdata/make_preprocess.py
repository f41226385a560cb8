"""Writes preprocess.safetensors: pictures, and what the references make of them
for CLIP's vision tower.

usage: make_preprocess.py FOLDER_OF_THE_PACKAGE_CLIP

Made with Pillow 13.0.0, torchvision 0.29.2, torch 2.15.0, transformers 5.23.0
and the package clip-anytorch 2.6.0, which is OpenAI's code.
"""

import pathlib
import sys

import numpy as np
from PIL import Image
from safetensors.numpy import save_file
from transformers import CLIPImageProcessor
from transformers.models.clip.image_processing_pil_clip import (
    CLIPImageProcessorPil,
)

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(pathlib.Path(sys.argv[1]).parent))
from clip.clip import _transform  # noqa: E402

SIZE = 12
# Width and height: landscape, portrait, square, odd rests, no resize, larger.
SIZES = [(31, 20), (20, 31), (17, 17), (12, 12), (12, 45), (19, 12), (9, 5),
         (61, 48)]

sizes = {
    "size": {"shortest_edge": SIZE},
    "crop_size": {"height": SIZE, "width": SIZE},
}
references = {
    "openai": _transform(SIZE),
    "transformers": lambda picture: CLIPImageProcessor(**sizes)(
        picture, return_tensors="np"
    )["pixel_values"][0],
    "transformers-pil": lambda picture: CLIPImageProcessorPil(**sizes)(
        picture, return_tensors="np"
    )["pixel_values"][0],
}
generator = np.random.default_rng(1)
tensors = {}
for width, height in SIZES:
    data = generator.integers(0, 256, (height, width, 3), np.uint8)
    # Half the bytes are extremes, so that overshoot has to be clipped.
    extremes = generator.integers(0, 2, data.shape, np.uint8) * 255
    data = np.where(generator.random(data.shape) < 0.5, data, extremes)
    tensors[f"picture {width}x{height}"] = data
    for name, reference in references.items():
        pixels = np.asarray(reference(Image.fromarray(data)))
        tensors[f"{name} {width}x{height}"] = np.ascontiguousarray(pixels)
save_file(tensors, HERE / "preprocess.safetensors")
