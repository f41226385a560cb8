"""Writes blocks.safetensors: PyTorch's and diffusers' blocks on small inputs.

Made with torch 2.15.0, diffusers 0.42.1 and safetensors 0.8.0, on a CPU in
float32.
"""

import pathlib

import torch
import torch.nn.functional as F
from diffusers.models.resnet import ResnetBlock2D
from safetensors.torch import save_file

torch.manual_seed(1)
tensors = {}


def layer(name: str, module: torch.nn.Module) -> torch.nn.Module:
    # Weights far from their start, so that a mistake anywhere shows.
    for key, parameter in module.named_parameters():
        torch.nn.init.normal_(parameter, std=0.5)
        tensors[f"{name}.{key}"] = parameter.data
    return module


with torch.no_grad():
    x = torch.randn(2, 8, 4, 6)
    tensors["x"] = x
    for name, outputs in [("same", 8), ("wider", 12)]:
        block = ResnetBlock2D(
            in_channels=8,
            out_channels=outputs,
            temb_channels=None,
            groups=4,
            eps=1e-6,
        )
        tensors[f"{name}/out"] = layer(name, block)(x, None)
    norm = layer("group_norm", torch.nn.GroupNorm(2, 8, eps=1e-6))
    tensors["group_norm/out"] = norm(x)

    conv = layer("down", torch.nn.Conv2d(8, 6, 3, stride=2))
    tensors["down/out"] = conv(F.pad(x, (0, 1, 0, 1)))
    conv = layer("grouped", torch.nn.Conv2d(8, 4, 3, padding=1, groups=2))
    tensors["grouped/out"] = conv(x)
    up = torch.nn.ConvTranspose2d(
        8, 6, 3, stride=2, padding=1, output_padding=1, groups=2
    )
    tensors["up/out"] = layer("up", up)(x)
    tensors["unshuffled"] = F.pixel_unshuffle(x, 2)
    tensors["shuffled"] = F.pixel_shuffle(x, 2)

    q, k, v = torch.randn(2, 2, 5, 4), torch.randn(2, 2, 3, 4), torch.randn(2, 2, 3, 4)
    mask = torch.tensor([[1.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    tensors |= {"q": q, "k": k, "v": v, "mask": mask}
    tensors["attention/out"] = F.scaled_dot_product_attention(q, k, v)
    tensors["masked/out"] = F.scaled_dot_product_attention(
        q, k, v, attn_mask=mask[:, None, None, :].bool()
    )

    text = torch.randn(2, 3, 8)
    ids = torch.tensor([[0, 4, 4], [3, 1, 2]])
    tensors |= {"text": text, "ids": ids.int()}
    tensors["dense/out"] = layer("dense", torch.nn.Linear(8, 5))(text)
    tensors["table/out"] = layer("table", torch.nn.Embedding(5, 8))(ids)
    norm = layer("layer_norm", torch.nn.LayerNorm(8, eps=1e-5))
    tensors["layer_norm/out"] = norm(text)

    # A whole layer of cross-attention, heads split and joined.
    cross = torch.nn.MultiheadAttention(8, 2, bias=False, batch_first=True)
    layer("cross", cross)
    words = torch.randn(2, 4, 8)
    padding = torch.tensor([[1.0, 1, 1, 0], [1, 1, 0, 0]])
    tensors |= {"words": words, "padding": padding}
    tensors["cross/out"] = cross(
        text, words, words, key_padding_mask=padding == 0
    )[0]

save_file(
    {name: tensor.contiguous() for name, tensor in tensors.items()},
    pathlib.Path(__file__).with_suffix(".safetensors"),
)
