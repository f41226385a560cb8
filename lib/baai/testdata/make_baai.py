"""Writes a tiny baaivision Muse as it is published, and what it gives.

The reference implementation is imported from a checkout of its repository,
whose folder is the argument: baaivision/MUSE-Pytorch 35acebd (MIT), with its
copies of open_clip and timm. tiny/ holds

- nnet_ema.pth, the transformer's state dict as its trainer saves it, and
  config.json, its sizes as the repository's configurations name them;
- text_encoder_2 and tokenizer_2, a text tower of open_clip in the layout in
  which transformers publishes the same one; the tokenizer is that of the tiny
  aMUSEd, and the text ids are those recorded there.

parity.safetensors holds inputs and outputs of both networks, and a whole
decode: the reference's own loop, with recorded uniform numbers in place of its
generator. A token is drawn by inverting the distribution function that adding
Gumbel noise to the logits draws from; the noise of positions is of a recorded
number too.

Made with torch 2.15.0, einops 0.8.2, loguru 0.7.3 and safetensors 0.8.0, on a
CPU in float32.
"""

import json
import math
import pathlib
import shutil
import sys
import types
import unittest.mock

import torch
from safetensors.torch import load_file, save_file

HERE = pathlib.Path(__file__).parent
AMUSED = HERE.parent.parent / "amused" / "testdata"
TINY = HERE / "tiny"
STEPS = 18
RECORDED = {}

sys.path.insert(0, sys.argv[1])

# What its copies of timm and open_clip import and the networks don't use.
for unused in (
    "PIL ftfy torch._six torchvision torchvision.datasets "
    "torchvision.datasets.utils torchvision.ops torchvision.ops.misc "
    "torchvision.transforms torchvision.transforms.functional "
    "timm.data"
).split():
    sys.modules[unused] = unittest.mock.MagicMock()

from libs import muse, uvit_t2i_vq  # noqa: E402
from open_clip.model import CLIP  # noqa: E402

SIZES = dict(
    img_size=8,
    codebook_size=24,
    embed_dim=16,
    depth=4,
    num_heads=2,
    mlp_ratio=4,
    qkv_bias=False,
    clip_dim=16,
    num_clip_token=12,
    skip=True,
)


def initialize(model):
    """Weights far from their start, so that a mistake anywhere shows."""
    for name, parameter in model.named_parameters():
        if parameter.ndim == 1 and name.endswith("weight"):
            torch.nn.init.normal_(parameter, mean=1, std=0.2)
        elif parameter.ndim < 2 or name == "mlm_layer.bias":
            torch.nn.init.normal_(parameter, std=0.3)
        else:
            fan_in = parameter[0].numel()
            torch.nn.init.normal_(parameter, std=1.5 / fan_in**0.5)
    return model.eval()


def record(name, value):
    value = value.detach().contiguous().clone()
    RECORDED[name] = value.int() if value.dtype == torch.int64 else value


def published_names(tower):
    """A text tower's tensors by the names that transformers has for them."""
    found = {
        "embeddings.token_embedding.weight": tower.token_embedding.weight,
        "embeddings.position_embedding.weight": tower.positional_embedding,
        "final_layer_norm.weight": tower.ln_final.weight,
        "final_layer_norm.bias": tower.ln_final.bias,
    }
    for i, block in enumerate(tower.transformer.resblocks):
        layer = f"encoder.layers.{i}"
        for part, module in {
            "layer_norm1": block.ln_1,
            "layer_norm2": block.ln_2,
            "self_attn.out_proj": block.attn.out_proj,
            "mlp.fc1": block.mlp.c_fc,
            "mlp.fc2": block.mlp.c_proj,
        }.items():
            found[f"{layer}.{part}.weight"] = module.weight
            found[f"{layer}.{part}.bias"] = module.bias
        weights = block.attn.in_proj_weight.chunk(3)
        biases = block.attn.in_proj_bias.chunk(3)
        for part, weight, bias in zip("qkv", weights, biases):
            found[f"{layer}.self_attn.{part}_proj.weight"] = weight
            found[f"{layer}.self_attn.{part}_proj.bias"] = bias
    named = {f"text_model.{name}": value for name, value in found.items()}
    named["text_projection.weight"] = tower.text_projection.t()
    return {name: value.detach().contiguous() for name, value in named.items()}


def make_text():
    folder = TINY / "text_encoder_2"
    folder.mkdir(parents=True)
    shutil.copytree(AMUSED / "tiny-256" / "tokenizer", TINY / "tokenizer_2")
    vocabulary = json.loads((TINY / "tokenizer_2" / "vocab.json").read_text())
    tower = initialize(
        CLIP(
            embed_dim=16,
            vision_cfg=dict(layers=1, width=16, head_width=8, patch_size=8, image_size=8),
            text_cfg=dict(
                context_length=12,
                vocab_size=len(vocabulary),
                width=16,
                heads=2,
                layers=2,
            ),
        )
    )
    save_file(
        published_names(tower),
        folder / "model.safetensors",
        metadata={"format": "pt"},
    )
    config = dict(
        architectures=["CLIPTextModelWithProjection"],
        model_type="clip_text_model",
        vocab_size=len(vocabulary),
        hidden_size=16,
        intermediate_size=64,
        projection_dim=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=12,
        hidden_act="gelu",
        layer_norm_eps=1e-5,
        eos_token_id=2,
    )
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    ids = load_file(AMUSED / "parity.safetensors")["tiny-256/text ids"]
    states = tower.encode_text(ids.long())
    record("text ids", ids)
    record("states", states)
    return states


def make_transformer():
    model = initialize(uvit_t2i_vq.UViT(**SIZES))
    torch.save(model.state_dict(), TINY / "nnet_ema.pth")
    (TINY / "config.json").write_text(json.dumps(SIZES, indent=2) + "\n")
    return model


class Draws:
    """Uniform numbers for a decode, and how near it comes to ties."""

    def __init__(self, pictures, tokens):
        self.uniforms = torch.rand(STEPS, pictures, tokens)
        self.noise = torch.rand(STEPS, pictures, tokens)
        self.seen = []
        self.nearest = {"token": math.inf, "rank": math.inf}

    def add_gumbel_noise(self, scores, temperature, device):
        if scores.ndim == 3:
            return self.drawn(scores, temperature)
        step = len(self.seen) - 1
        noise = self.noise[step].double().clamp(1e-20)
        noise = -torch.log((-torch.log(noise)).clamp(1e-20))
        noisy = scores + temperature * noise
        left = math.floor(scores.shape[1] * math.cos(math.pi / 2 * (step + 1) / STEPS))
        if left > 0:
            ordered = noisy.sort(-1).values
            self.note("rank", ordered[:, left] - ordered[:, left - 1])
        return noisy

    def drawn(self, logits, temperature):
        """Largest at the token that is drawn."""
        unknown = self.seen[-1] == 24
        uniforms = self.uniforms[len(self.seen) - 1].double()[..., None]
        if temperature == 0:
            ordered = logits.sort(-1).values
            self.note("rank", (ordered[..., -1] - ordered[..., -2])[unknown])
            return logits
        upto = (logits.double() / temperature).softmax(-1).cumsum(-1)
        at = uniforms * upto[..., -1:]
        self.note("token", (upto - at).abs()[unknown])
        ids = (upto <= at).sum(-1)
        return torch.nn.functional.one_hot(ids, logits.shape[-1])

    def note(self, what, gaps):
        self.nearest[what] = min(self.nearest[what], gaps.min().item())


def record_decode(model, states):
    """Whether no choice in a decode comes so near a tie that rounding counts."""
    draws = Draws(2, 64)
    muse.add_gumbel_noise = draws.add_gumbel_noise

    def guided(ids, context, scale):
        draws.seen.append(ids.clone())
        conditional = model(ids, context=context)
        empty = states[2:3].expand(len(ids), -1, -1)
        away = model(ids, context=empty)
        return conditional + scale * (conditional - away)

    config = types.SimpleNamespace(
        z_shape=(8, 8, 8),
        eval=types.SimpleNamespace(sample_steps=STEPS),
        sample=types.SimpleNamespace(scale=10.0),
    )
    loop = muse.MUSE(24, "cpu", gen_temp=4.5)
    final = loop.generate(
        config, 2, guided, lambda ids: ids, context=states[:2]
    )
    tokens = torch.stack([*draws.seen[1:], final.reshape(2, 64)])
    record("decode/uniforms", draws.uniforms)
    record("decode/noise", draws.noise)
    record("decode/tokens", tokens)
    print("masked:", (tokens == 24).sum(-1)[:, 0].tolist(), draws.nearest)
    return draws.nearest["token"] > 2e-5 and draws.nearest["rank"] > 1e-3


with torch.no_grad():
    shutil.rmtree(TINY, ignore_errors=True)
    torch.manual_seed(1)
    states = make_text()
    transformer = make_transformer()
    ids = torch.randint(0, 25, (2, 64))
    record("ids", ids)
    record("logits", transformer(ids, states[:2]))
    while not record_decode(transformer, states):
        pass
save_file(RECORDED, HERE / "parity.safetensors")
