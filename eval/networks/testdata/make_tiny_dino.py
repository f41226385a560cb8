"""Writes tiny DINOv2s of random weights and what the references make of them.

usage: make_tiny_dino.py FOLDER_OF_THE_PACKAGE_DINOV2

tiny_dino/         the Hugging Face layout
tiny_dino.pth      the authors' layout, in float16
*_outputs.safetensors   class features of two pictures

Made with dinov2 (commit b8931f7), torch 2.15.0, torchvision 0.29.2, Pillow
13.0.0, transformers 5.23.0 and safetensors 0.8.0 on a CPU in float32.
"""

import json
import os
import pathlib
import sys
from functools import partial

import torch
from PIL import Image
from safetensors.torch import save_file
from torchvision import transforms
from transformers import Dinov2Config, Dinov2Model

os.environ["XFORMERS_DISABLED"] = "1"
sys.path.insert(0, str(pathlib.Path(sys.argv[1]).parent))
from dinov2.layers import MemEffAttention  # noqa: E402
from dinov2.layers import NestedTensorBlock as Block  # noqa: E402
from dinov2.models.vision_transformer import DinoVisionTransformer  # noqa: E402

HERE = pathlib.Path(__file__).parent


def pictures() -> torch.Tensor:
    """Two pictures of bytes that the test makes by the same formula."""
    y = torch.arange(190).reshape(1, 190, 1, 1)
    x = torch.arange(260).reshape(1, 1, 260, 1)
    b = torch.arange(2).reshape(2, 1, 1, 1)
    c = torch.arange(3).reshape(1, 1, 1, 3)
    return (x * x + 3 * x * y + 5 * y * y + 7 * y * b + 50 * c + 11 * b) % 256


# As dgm-eval prepares pictures.
prepare = transforms.Compose(
    [
        transforms.Resize((224, 224), transforms.InterpolationMode.BICUBIC),
        transforms.ToTensor(),
        transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ]
)
pixels = torch.stack(
    [prepare(Image.fromarray(one.numpy())) for one in pictures().to(torch.uint8)]
)


def shake(model: torch.nn.Module) -> None:
    """Weights far from their start, so that a mistake anywhere shows."""
    for name, parameter in model.named_parameters():
        torch.nn.init.normal_(parameter, std=0.15)
        if parameter.dim() == 1 and not name.endswith("bias"):
            parameter.data += 1
        if "pos" in name or "cls_token" in name:
            parameter.data *= 5


torch.manual_seed(1)
config = {
    "model_type": "dinov2",
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "mlp_ratio": 4,
    "hidden_act": "gelu",
    "image_size": 126,
    "patch_size": 14,
    "layer_norm_eps": 1e-6,
    "layerscale_value": 1.0,
    "qkv_bias": True,
    "use_swiglu_ffn": False,
}
model = Dinov2Model(Dinov2Config(**config)).eval()
shake(model)
with torch.no_grad():
    out = model(pixel_values=pixels)
folder = HERE / "tiny_dino"
model.save_pretrained(folder)
(folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
save_file(
    {"features": out.pooler_output.contiguous()},
    HERE / "tiny_dino_huggingface_outputs.safetensors",
)

torch.manual_seed(2)
original = DinoVisionTransformer(
    img_size=126,
    patch_size=14,
    embed_dim=128,
    depth=1,
    num_heads=2,
    mlp_ratio=1,
    init_values=1.0,
    block_chunks=0,
    block_fn=partial(Block, attn_class=MemEffAttention),
).eval()
shake(original)
original.half().float()  # the values that the file holds
with torch.no_grad():
    features = original(pixels)
state = {name: tensor.half() for name, tensor in original.state_dict().items()}
torch.save(state, HERE / "tiny_dino.pth")
save_file(
    {"features": features.contiguous()},
    HERE / "tiny_dino_original_outputs.safetensors",
)
for path in HERE.rglob("*dino*"):
    print(path.name, path.stat().st_size)
print(list(model.state_dict())[:12], features.abs().max(), out.pooler_output.abs().max())
