"""Writes tiny_t5.safetensors, tiny_t5_relu.safetensors and t5_buckets.json.

Made with torch 2.15.0, transformers 5.23.0, safetensors 0.8.0, on a CPU in
float32.
"""

import json
import pathlib

import torch
from safetensors.torch import save_file
from transformers import T5Config, T5EncoderModel
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
