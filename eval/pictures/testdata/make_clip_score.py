"""Writes clip_score.json: what programs of CLIP score say of captioned pictures,
by their own code and the tiny CLIPs of lib/clip/testdata.

usage: PYTHONPATH=FOLDER_OF_PACKAGES make_clip_score.py FOLDER_OF_CLIPSCORE

FOLDER_OF_CLIPSCORE: a clone of jmhessel/clipscore at 1036465, which is on no
package index. The pictures are some of
lib/image/testdata/decode_pillow.safetensors. None is in CMYK, transparent or
has a palette: of those clipscore makes RGB after the resize, unlike others.

Made with torchmetrics 1.9.0, clip-anytorch 2.6.0 (OpenAI's code), transformers
5.23.0, torch 2.15.0, torchvision 0.29.2 and Pillow 13.0.0 on a CPU.
"""

import io
import json
import pathlib
import sys
from unittest import mock

import numpy as np
import packaging.version
import torch
from PIL import Image
from safetensors.numpy import load_file
from torchmetrics.functional.multimodal.clip_score import _clip_score_update
from torchmetrics.multimodal.clip_score import CLIPScore
from transformers import (
    CLIPImageProcessor,
    CLIPModel,
    CLIPProcessor,
    CLIPTokenizer,
)

HERE = pathlib.Path(__file__).parent
CLIPS = HERE.parents[2] / "lib/clip/testdata"
SIZE, LENGTH = 32, 16
CAPTIONS = {
    "sampled_444.jpg": "a cat",
    "grey.jpg": "2 : 10",
    "progressive.jpg": "!",
    "rgb.png": "x y z",
    "sampled_420.jpg": "the end",
    "turned.jpg": "a fox",
}
# What clipscore imports for other metrics and other versions of NumPy.
for name in ("generation_eval_utils", "sklearn", "sklearn.preprocessing"):
    sys.modules[name] = mock.MagicMock()
# Which newer setuptools lack, and clip asks for the version of PyTorch.
sys.modules["pkg_resources"] = mock.MagicMock(packaging=packaging)
sys.path.insert(0, sys.argv[1])
import clipscore  # noqa: E402

stored = load_file(HERE.parents[2] / "lib/image/testdata/decode_pillow.safetensors")
files = [stored[f"file {name}"].tobytes() for name in CAPTIONS]
captions = list(CAPTIONS.values())
tokenizer = CLIPTokenizer.from_pretrained(CLIPS / "tiny")


class Projected(CLIPModel):
    """As before transformers 5, which torchmetrics 1.9.0 takes: vectors."""

    def get_image_features(self, *args):
        return super().get_image_features(*args).pooler_output

    def get_text_features(self, *args):
        return super().get_text_features(*args).pooler_output


def by_torchmetrics() -> dict:
    pictures = [
        torch.from_numpy(np.asarray(Image.open(io.BytesIO(file)).convert("RGB")).copy())
        .permute(2, 0, 1)
        for file in files
    ]
    model = Projected.from_pretrained(CLIPS / "tiny").eval()
    prepare = CLIPImageProcessor(
        size={"shortest_edge": SIZE}, crop_size={"height": SIZE, "width": SIZE}
    )
    processor = CLIPProcessor(prepare, tokenizer)
    with torch.no_grad():
        pairs, _ = _clip_score_update(pictures, captions, model, processor)
        metric = CLIPScore(lambda: (model, processor))
        metric.update(pictures, captions)
        value = metric.compute()
    return {"value": value.item(), "pairs": pairs.tolist()}


def by_clipscore() -> dict:
    """Its size and its vocabulary are those of ViT-B/32 otherwise."""

    def tokenize(text: str, truncate: bool) -> torch.Tensor:
        assert truncate
        return tokenizer(
            text,
            padding="max_length",
            max_length=LENGTH,
            truncation=True,
            return_tensors="pt",
        )["input_ids"]

    model = torch.jit.load(CLIPS / "tiny_openai.pt").float().eval()
    transform = clipscore.CLIPImageDataset._transform_test
    with mock.patch.object(
        clipscore.CLIPImageDataset,
        "_transform_test",
        lambda self, _: transform(self, SIZE),
    ), mock.patch.object(clipscore.clip, "tokenize", tokenize):
        images = clipscore.extract_all_images(
            [io.BytesIO(file) for file in files], model, "cpu", num_workers=0
        )
        texts = clipscore.extract_all_captions
        with mock.patch.object(
            clipscore,
            "extract_all_captions",
            lambda *args: texts(*args, num_workers=0),
        ):
            value, pairs, _ = clipscore.get_clip_score(
                model, images, captions, "cpu"
            )
    return {"value": float(value), "pairs": pairs.tolist()}


expected = {
    "captions": CAPTIONS,
    "torchmetrics": by_torchmetrics(),
    "clipscore": by_clipscore(),
}
(HERE / "clip_score.json").write_text(json.dumps(expected, indent=1) + "\n")
print(json.dumps(expected, indent=1))
