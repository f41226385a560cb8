"""Writes tiny_bert.safetensors and minilm_states.safetensors.

usage: bert_fixture.py FOLDER_OF_THE_ORIGINAL_MINILM

Made with torch 2.15.0, transformers 5.23.0, safetensors 0.8.0, on a CPU in
float32.
"""

import pathlib
import sys

import torch
from safetensors.torch import save_file
from transformers import AutoTokenizer, BertConfig, BertModel

HERE = pathlib.Path(__file__).parent
PROMPTS = [
    "a fox",
    "two small red apples above a sleeping cat on a yellow background, "
    "flat style",
    "The quick brown fox jumps over the lazy dog, doesn't it?",
    "",
]


def states(model: BertModel, ids: torch.Tensor, mask: torch.Tensor):
    with torch.no_grad():
        out = model(
            input_ids=ids, attention_mask=mask, output_hidden_states=True
        )
    return out.hidden_states


torch.manual_seed(1)
tiny = BertModel(
    BertConfig(
        vocab_size=100,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=16,
        layer_norm_eps=1e-12,
    ),
    add_pooling_layer=False,
).eval()
# Weights far from their start, so that a mistake anywhere shows.
for name, parameter in tiny.named_parameters():
    torch.nn.init.normal_(parameter, std=0.3)
    if name.endswith("LayerNorm.weight"):
        parameter.data += 1
ids = torch.randint(0, 100, (3, 8))
lengths = torch.tensor([8, 5, 1])
mask = (torch.arange(8) < lengths[:, None]).float()
save_file(
    {
        **tiny.state_dict(),
        "ids": ids.int(),
        "mask": mask,
        **{f"states.{i}": s for i, s in enumerate(states(tiny, ids, mask))},
    },
    HERE / "tiny_bert.safetensors",
)

tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
batch = tokenizer(
    PROMPTS, padding="max_length", max_length=32, return_tensors="pt"
)
minilm = BertModel.from_pretrained(sys.argv[1]).eval()
ids, mask = batch["input_ids"], batch["attention_mask"]
save_file(
    {
        "ids": ids.int(),
        "mask": mask.float(),
        "states": states(minilm, ids, mask)[-1],
    },
    HERE / "minilm_states.safetensors",
    metadata={f"prompt.{i}": p for i, p in enumerate(PROMPTS)},
)
