"""Writes tiny_t5.safetensors, tiny_t5_relu.safetensors, t5_buckets.json,
t5_published.bin with t5_published.safetensors: a whole T5 as its publishers
store it, and the states of some prompts by its encoder and unigram.model;
t5_shards: that encoder in bfloat16, in two PyTorch files.

Made with torch 2.15.0, transformers 5.23.0, safetensors 0.8.0, on a CPU in
float32.
"""

import json
import pathlib
import shutil
import tempfile

import torch
from safetensors.torch import save_file
from transformers import (
    T5Config,
    T5EncoderModel,
    T5ForConditionalGeneration,
    T5Tokenizer,
)
from transformers.models.t5.modeling_t5 import T5Attention

HERE = pathlib.Path(__file__).parent


def write(path: str, feed_forward: str, seed: int):
    torch.manual_seed(seed)
    tiny = T5EncoderModel(
        T5Config(
            vocab_size=100,
            d_model=48,
            d_kv=16,  # not the width over the heads
            d_ff=64,
            num_layers=3,
            num_heads=2,
            feed_forward_proj=feed_forward,
        )
    ).eval()
    # Weights far from their start, so that a mistake anywhere shows.
    for name, parameter in tiny.named_parameters():
        torch.nn.init.normal_(parameter, std=0.2)
        if name.endswith("layer_norm.weight"):
            parameter.data += 1
        if "relative_attention_bias" in name:
            parameter.data *= 10
        if name == "shared.weight":
            parameter.data *= 5
    ids = torch.randint(0, 100, (3, 24))
    lengths = torch.tensor([24, 11, 1])
    mask = (torch.arange(24) < lengths[:, None]).float()
    with torch.no_grad():
        out = tiny(input_ids=ids, attention_mask=mask)
    weights = {
        name: value.contiguous()
        for name, value in tiny.state_dict().items()
        if name != "encoder.embed_tokens.weight"  # the same as shared.weight
    }
    save_file(
        {
            **weights,
            "ids": ids.int(),
            "mask": mask,
            "states": out.last_hidden_state,
        },
        HERE / path,
    )


write("tiny_t5.safetensors", "gated-gelu", 1)
write("tiny_t5_relu.safetensors", "relu", 2)

# Of distances -600 to 600, by number of kinds and farthest distance
buckets = {
    f"{number} {farthest}": T5Attention._relative_position_bucket(
        torch.arange(-600, 601), True, number, farthest
    ).tolist()
    for number, farthest in [(32, 128), (16, 64), (32, 500), (20, 37)]
}
(HERE / "t5_buckets.json").write_text(json.dumps(buckets))

PROMPTS = [
    "A red fox jumps over a sleeping dog.",
    "Zwölf ﬁsche",
    "",
    "an oil painting of three small birds and a bear on a bicycle",
]
torch.manual_seed(3)
whole = T5ForConditionalGeneration(
    T5Config(
        vocab_size=900,
        d_model=16,
        d_kv=8,
        d_ff=32,
        num_layers=2,
        num_decoder_layers=1,
        num_heads=3,
        feed_forward_proj="gated-gelu",
        tie_word_embeddings=False,
    )
).eval()
for name, parameter in whole.named_parameters():
    if not name.endswith("layer_norm.weight"):
        torch.nn.init.normal_(parameter, std=1 if "shared" in name else 0.3)
        # float16 and bfloat16 have them too.
        parameter.data = parameter.data.bfloat16().half().float()
torch.save(whole.state_dict(), HERE / "t5_published.bin")
# The encoder alone, in bfloat16 and in two files.
parts = [
    (name, value.bfloat16())
    for name, value in whole.state_dict().items()
    if name == "shared.weight"
    or name.startswith("encoder.")
    and "embed_tokens" not in name  # the same as shared.weight
]
shards = {
    f"pytorch_model-0000{i + 1}-of-00002.bin": dict(parts[i::2])
    for i in range(2)
}
index = {
    "metadata": {"total_size": sum(2 * value.numel() for _, value in parts)},
    "weight_map": {
        name: file for file, some in shards.items() for name in some
    },
}
folder = HERE / "t5_shards"
folder.mkdir(exist_ok=True)
for file, some in shards.items():
    torch.save(some, folder / file)
(folder / "pytorch_model.bin.index.json").write_text(json.dumps(index) + "\n")
with tempfile.TemporaryDirectory() as folder:
    shutil.copy(HERE / "unigram.model", pathlib.Path(folder) / "spiece.model")
    tokenizer = T5Tokenizer.from_pretrained(folder)
batch = tokenizer(
    PROMPTS,
    padding="max_length",
    max_length=12,
    truncation=True,
    return_tensors="pt",
)
mask = batch["attention_mask"]
with torch.no_grad():
    out = whole.encoder(input_ids=batch["input_ids"], attention_mask=mask)
save_file(
    {"mask": mask.float(), "states": out.last_hidden_state},
    HERE / "t5_published.safetensors",
    metadata={
        "config": json.dumps(whole.config.to_dict()),
        **{f"prompt.{i}": prompt for i, prompt in enumerate(PROMPTS)},
    },
)
