"""Writes the tiny CLIPs of random weights and what the references make of them.

usage: make_tiny_clip.py FOLDER_OF_THE_PACKAGE_CLIP

tiny/          both towers in the Hugging Face layout
tiny_text/     a text tower alone, in float16, as a PyTorch file of older times
tiny_openai.pt both towers in OpenAI's layout and container: TorchScript, float16
*_outputs.safetensors   inputs and outputs of each

Made with torch 2.15.0, torchvision 0.29.2, Pillow 13.0.0, transformers
5.23.0, safetensors 0.8.0 on a CPU in float32, and the package clip-anytorch 2.6.0, which is OpenAI's code (MIT). The
vocabulary is the beginning of CLIP's own (MIT, see lib/text/vocabulary).
"""

import gzip
import json
import pathlib
import sys

import torch
from PIL import Image
from safetensors.torch import save_file
from transformers import (
    CLIPConfig,
    CLIPModel,
    CLIPTextConfig,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    PreTrainedConfig,
)

HERE = pathlib.Path(__file__).parent
PACKAGE = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(PACKAGE.parent))
from clip.clip import _transform  # noqa: E402
from clip.model import CLIP  # noqa: E402
from clip.simple_tokenizer import bytes_to_unicode  # noqa: E402

MERGES = 300
LENGTH = 16
PROMPTS = [
    "a photo of a cat",
    "",
    "two small red apples above a sleeping cat on a yellow background, it's "
    "far too long for this model",
]
STACK = {
    "hidden_act": "quick_gelu",
    "attention_dropout": 0.0,
    "layer_norm_eps": 1e-5,
}


def write_vocabulary(folder: pathlib.Path) -> int:
    """The first merges of CLIP's vocabulary, as published; its size."""
    folder.mkdir(exist_ok=True)
    path = PACKAGE / "bpe_simple_vocab_16e6.txt.gz"
    merges = gzip.decompress(path.read_bytes()).decode().split("\n")
    merges = merges[1 : MERGES + 1]
    letters = list(bytes_to_unicode().values())
    words = letters + [letter + "</w>" for letter in letters]
    words += ["".join(merge.split()) for merge in merges]
    words += ["<|startoftext|>", "<|endoftext|>"]
    vocab = {word: i for i, word in enumerate(words)}
    (folder / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=False))
    text = "#version: 0.2\n" + "".join(f"{merge}\n" for merge in merges)
    (folder / "merges.txt").write_text(text)
    config = {
        "bos_token": "<|startoftext|>",
        "eos_token": "<|endoftext|>",
        "pad_token": "<|endoftext|>",
        "unk_token": "<|endoftext|>",
        "model_max_length": LENGTH,
        "tokenizer_class": "CLIPTokenizer",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2))
    return len(words)


def shake(model: torch.nn.Module) -> None:
    """Weights far from their start, so that a mistake anywhere shows."""
    for name, parameter in model.named_parameters():
        torch.nn.init.normal_(parameter, std=0.15)
        if parameter.dim() == 1 and name.endswith("weight"):
            parameter.data += 1


def write_config(folder: str, config: dict) -> pathlib.Path:
    path = HERE / folder
    path.mkdir(exist_ok=True)
    text = json.dumps(published(config), indent=2)
    (path / "config.json").write_text(f"{text}\n")
    return path


def write_outputs(name: str, tensors: dict) -> None:
    tensors = {name: value.contiguous() for name, value in tensors.items()}
    metadata = {f"prompt.{i}": prompt for i, prompt in enumerate(PROMPTS)}
    save_file(tensors, HERE / f"{name}_outputs.safetensors", metadata)


def published(config: dict) -> dict:
    """A configuration without what this library's version adds."""
    left_out = set(PreTrainedConfig().to_dict()) - {"model_type"}
    return {
        key: published(value) if isinstance(value, dict) else value
        for key, value in config.items()
        if key not in left_out
    }


vocabulary = write_vocabulary(HERE / "tiny")
tokenizer = CLIPTokenizer.from_pretrained(HERE / "tiny")
ids = tokenizer(
    PROMPTS,
    padding="max_length",
    max_length=LENGTH,
    truncation=True,
    return_tensors="pt",
)["input_ids"]
text_sizes = {
    **STACK,
    "vocab_size": vocabulary,
    "hidden_size": 24,
    "intermediate_size": 48,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "max_position_embeddings": LENGTH,
    "bos_token_id": 0,
    "pad_token_id": 1,
    "eos_token_id": 2,  # as the first published files have it
    "projection_dim": 20,
}

# Both towers.
torch.manual_seed(1)
model = CLIPModel(
    CLIPConfig(
        text_config=text_sizes,
        vision_config={
            **STACK,
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "image_size": 32,
            "patch_size": 8,
            "projection_dim": 20,
        },
        projection_dim=20,
    )
).eval()
shake(model)
model.logit_scale.data.fill_(2.5)
pixels = torch.randn(2, 3, 32, 32)
picture = torch.randint(0, 256, (33, 47, 3), dtype=torch.uint8)
prepared = _transform(32)(Image.fromarray(picture.numpy()))[None]
with torch.no_grad():
    text = model.text_model(input_ids=ids, output_hidden_states=True)
    vision = model.vision_model(pixel_values=pixels)
    # Normalized, unlike the two projections.
    out = model(input_ids=ids, pixel_values=pixels)
    text_embedding = model.text_projection(text.pooler_output)
    image_embedding = model.visual_projection(vision.pooler_output)
    seen = model(input_ids=ids, pixel_values=prepared)
save_file(
    model.state_dict(),
    write_config("tiny", model.config.to_dict()) / "model.safetensors",
    metadata={"format": "pt"},
)
write_outputs(
    "tiny",
    {
        "ids": ids.int(),
        "pixels": pixels,
        "text_last": text.last_hidden_state,
        "text_pooled": text.pooler_output,
        "text_penultimate": text.hidden_states[-2],
        "text_embedding": text_embedding,
        "vision_last": vision.last_hidden_state,
        "vision_pooled": vision.pooler_output,
        "image_embedding": image_embedding,
        "text_unit": out.text_embeds,
        "image_unit": out.image_embeds,
        "logits_per_image": out.logits_per_image,
        "picture": picture,
        "picture_unit": seen.image_embeds,
    },
)

# A text tower alone, with the other activation and the other pooling.
torch.manual_seed(2)
sizes = {**text_sizes, "hidden_act": "gelu", "eos_token_id": vocabulary - 1}
alone = CLIPTextModelWithProjection(CLIPTextConfig(**sizes)).eval()
shake(alone)
alone.half().float()  # the values that the file holds
with torch.no_grad():
    out = alone(input_ids=ids, output_hidden_states=True)
state = {
    name if name.startswith("text_") else f"text_model.{name}": value.half()
    for name, value in alone.state_dict().items()
}
state["text_model.embeddings.position_ids"] = torch.arange(LENGTH)[None]
folder = write_config("tiny_text", alone.config.to_dict())
torch.save(state, folder / "pytorch_model.bin")
write_outputs(
    "tiny_text",
    {
        "ids": ids.int(),
        "penultimate": out.hidden_states[-2],
        "last": out.last_hidden_state,
        "embedding": out.text_embeds,
    },
)

# OpenAI's layout. Heads are 64 wide there.
torch.manual_seed(3)
openai = CLIP(
    embed_dim=20,
    image_resolution=32,
    vision_layers=1,
    vision_width=64,
    vision_patch_size=8,
    context_length=LENGTH,
    vocab_size=vocabulary,
    transformer_width=64,
    transformer_heads=1,
    transformer_layers=1,
).eval()
shake(openai)
openai.logit_scale.data.fill_(2.5)
openai.half().float()
with torch.no_grad():
    text, image = openai.encode_text(ids), openai.encode_image(pixels)
    logits, _ = openai(pixels, ids)
    seen = openai.encode_image(prepared)
traced = torch.jit.trace_module(
    openai,
    {
        "forward": (pixels, ids),
        "encode_image": (pixels,),
        "encode_text": (ids,),
    },
)
torch.jit.save(traced.half(), HERE / "tiny_openai.pt")
write_outputs(
    "tiny_openai",
    {
        "ids": ids.int(),
        "pixels": pixels,
        "text_embedding": text,
        "image_embedding": image,
        "logits_per_image": logits,
        "picture": picture,
        "picture_embedding": seen,
    },
)
