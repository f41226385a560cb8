"""Writes hostile.safetensors: what the tools of evaluation say of pictures that
readers disagree about, read from files by their own code, resized by their own
code, and shown to the narrow Inception of eval/networks/testdata.

usage: PYTHONPATH=FOLDER_OF_PACKAGES make_hostile.py

The pictures are some of lib/image/testdata/decode_pillow.safetensors. Distances are of those with even numbers and the others.

Made with pytorch-fid 0.3.0, clean-fid 0.1.35, torch-fidelity 0.4.0, torchmetrics
1.9.0 (its resize: interpolate with antialiasing), torch 2.15.0, torchvision
0.29.2, Pillow 13.0.0, numpy 2.4.6 and scipy 1.17.1 on a CPU.
"""

import json
import pathlib
import sys
import tempfile

import numpy as np
import torch
from cleanfid import fid as clean
from pytorch_fid import fid_score, inception
from safetensors.numpy import load_file, save_file
from torch_fidelity.datasets import ImagesPathDataset
from torch_fidelity.interpolate_compat_tensorflow import (
    interpolate_bilinear_2d_like_tensorflow1x,
)

HERE = pathlib.Path(__file__).parent
NETWORKS = HERE.parents[1] / "networks" / "testdata"
sys.path.insert(0, str(NETWORKS))
from narrow import narrow  # noqa: E402

DIVISOR = 16
WIDTH = 2048 // DIVISOR

inception.load_state_dict_from_url = lambda *_, **__: whole.state_dict()
torch.manual_seed(1)
import torchvision  # noqa: E402

whole = torchvision.models.inception_v3(
    num_classes=1008, aux_logits=False, init_weights=False, weights=None
)
model = inception.fid_inception_v3()
narrow(model, DIVISOR)
model.fc = torch.nn.Linear(WIDTH, 1008 // DIVISOR)
model.load_state_dict(torch.load(NETWORKS / "narrow_inception.pth"), strict=False)
inception.fid_inception_v3 = lambda: model
taps = inception.InceptionV3([3], False, False).eval()


def features(pixels: torch.Tensor) -> torch.Tensor:
    """Of pixels in 0..255 that have the network's size."""
    with torch.no_grad():
        return taps((pixels.float() - 128) / 128)[0].mean((2, 3))


def one_by_one(files: list[pathlib.Path], resize) -> np.ndarray:
    """By torch-fidelity's reading."""
    pictures = ImagesPathDataset([str(file) for file in files])
    rows = [features(resize(picture[None].float())) for picture in pictures]
    return torch.cat(rows).numpy()


def tf1(x: torch.Tensor) -> torch.Tensor:
    return interpolate_bilinear_2d_like_tensorflow1x(
        x, size=(299, 299), align_corners=False
    )


def smooth(x: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.interpolate(
        x, (299, 299), mode="bilinear", align_corners=False, antialias=True
    )


NAMES = """
animated.webp black_white.bmp clear.webp cmyk.jpg deep.pgm grey.jpg grey_16.png
palette_clear.png profile.png rgb_16.png rgba.png sampled_420.jpg turned.jpg
turned.tif
"""
stored = load_file(HERE.parents[2] / "lib/image/testdata/decode_pillow.safetensors")
names = sorted(NAMES.split())
tensors: dict[str, np.ndarray] = {}
with tempfile.TemporaryDirectory() as folder:
    files = [pathlib.Path(folder) / name for name in names]
    for file in files:
        file.write_bytes(stored[f"file {file.name}"].tobytes())
    # Pictures differ in size, which pytorch-fid's batches don't allow.
    tensors["torch"] = fid_score.get_activations(
        files, inception.InceptionV3([3]).eval(), 1, WIDTH, "cpu", 0
    ).astype(np.float32)
    tensors["clean"] = clean.get_files_features(
        files, features, 0, 8, torch.device("cpu"), "clean", verbose=False
    )
    tensors["tf1"] = one_by_one(files, tf1)
    tensors["torchmetrics"] = one_by_one(files, smooth)

distances = {}
for name, rows in tensors.items():
    parts = [rows[0::2].astype(np.float64), rows[1::2].astype(np.float64)]
    gaussians = [(part.mean(0), np.cov(part, rowvar=False)) for part in parts]
    (mu1, sigma1), (mu2, sigma2) = gaussians
    distance = clean.frechet_distance if name == "clean" else (
        fid_score.calculate_frechet_distance
    )
    distances[name] = float(distance(mu1, sigma1, mu2, sigma2))
print(len(names), distances)
save_file(
    tensors,
    HERE / "hostile.safetensors",
    metadata={"names": json.dumps(names), "distances": json.dumps(distances)},
)
