"""Writes vq_model.safetensors: a tiny VQ model of the published layout.

Its shape is that of aMUSEd's tokenizer with fewer channels and levels: two
residual blocks a level in the encoder, three in the decoder, two in between.

Made with torch 2.15.0, diffusers 0.42.1 and safetensors 0.8.0, on a CPU in
float32.
"""

import pathlib

import torch
from diffusers import VQModel
from safetensors.torch import save_file

torch.manual_seed(1)
model = VQModel(
    down_block_types=["DownEncoderBlock2D"] * 3,
    up_block_types=["UpDecoderBlock2D"] * 3,
    block_out_channels=[4, 4, 8],
    layers_per_block=2,
    latent_channels=4,
    num_vq_embeddings=32,
    norm_num_groups=2,
    mid_block_add_attention=False,
    lookup_from_codebook=True,
).eval()
for name, parameter in model.named_parameters():
    # Weights far from their start, so that a mistake anywhere shows.
    fan_in = parameter[0].numel()
    torch.nn.init.normal_(parameter, std=max(0.2, 1.5 / fan_in**0.5))

with torch.no_grad():
    # Wider than high, so that the axes can't be mixed up.
    pictures = torch.rand(2, 3, 16, 24)
    latents = model.encode(pictures).latents
    # Codes near the latents, so that most of them are the nearest to some.
    rows = latents.permute(0, 2, 3, 1).reshape(-1, 4)
    codes = rows[torch.randperm(len(rows))[:32]]
    codes += 0.05 * rows.std() * torch.randn(codes.shape)
    model.quantize.embedding.weight.copy_(codes)
    _, _, (_, _, ids) = model.quantize(latents)
    ids = ids.reshape(2, 4, 6)
    rebuilt = model.decode(
        ids, force_not_quantize=True, shape=(2, 4, 6, 4)
    ).sample

save_file(
    {
        **model.state_dict(),
        "pictures": pictures,
        "latents": latents.contiguous(),
        "ids": ids.int(),
        "rebuilt": rebuilt.contiguous(),
    },
    pathlib.Path(__file__).with_suffix(".safetensors"),
)
print(len(ids.unique()), "codes used")
