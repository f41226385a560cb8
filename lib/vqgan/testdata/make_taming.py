"""Writes tiny open VQGANs as they are published, and what they give.

The reference implementations are imported from checkouts of their repositories,
whose folders are the arguments, in this order:

- CompVis/taming-transformers 3ba01b2 (MIT): taming.ckpt and gumbel.ckpt,
  checkpoints as PyTorch Lightning writes them, with losses, optimizers and
  callbacks, one as a zip file and one in the older form;
- huggingface/open-muse 64e1afe (Apache-2.0): maskgit.bin, a state dict;
- baaivision/MUSE-Pytorch 35acebd (MIT): mage.ckpt, a state dict.

All normalize 4 groups of channels in place of 32, so that they can be small.
taming.safetensors holds inputs and outputs. The Gumbel quantizer's tokens are
the largest of its logits: its noise is left out.

Made with torch 2.15.0, einops 0.8.2 and safetensors 0.8.0, on a CPU in float32.
"""

import importlib
import pathlib
import sys
import types

import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
TAMING, OPEN_MUSE, BAAI = sys.argv[1:4]
RECORDED = {}


class FewGroups(torch.nn.GroupNorm):
    def __init__(self, num_groups, num_channels, eps, affine):
        super().__init__(4, num_channels, eps=eps, affine=affine)


torch.nn.GroupNorm = FewGroups


def stub(name, **members):
    """What the references import and this doesn't need."""
    module = types.ModuleType(name)
    vars(module).update(members)
    sys.modules[name] = module
    return module


class ModelCheckpoint:
    pass


ModelCheckpoint.__module__ = "pytorch_lightning.callbacks.model_checkpoint"
stub("pytorch_lightning", LightningModule=torch.nn.Module)
stub("pytorch_lightning.callbacks")
stub(ModelCheckpoint.__module__, ModelCheckpoint=ModelCheckpoint)


class Loss(torch.nn.Module):
    """In place of a loss, whose parameters are in the checkpoints too."""

    def __init__(self):
        super().__init__()
        self.logvar = torch.nn.Parameter(torch.zeros(()))
        self.discriminator = torch.nn.Linear(3, 2)


stub("main", instantiate_from_config=lambda config: config["target"]())


def fresh(folder, name):
    """A module of a checkout; several have packages of the same names."""
    for known in [*sys.modules]:
        if known.split(".")[0] in ("taming", "muse"):
            del sys.modules[known]
    sys.path.insert(0, folder)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(folder)


def initialize(model):
    """Weights far from their start, so that a mistake anywhere shows."""
    for name, parameter in model.named_parameters():
        if parameter.ndim > 1:
            fan_in = parameter[0].numel()
            torch.nn.init.normal_(parameter, std=1.2 / fan_in**0.5)
        elif name.endswith("weight"):
            torch.nn.init.normal_(parameter, mean=1, std=0.2)
        else:
            torch.nn.init.normal_(parameter, std=0.3)
    return model.eval()


def spread_codes(latents, table):
    """Codes near latents, so that most of them are the nearest to some."""
    rows = latents.permute(0, 2, 3, 1).reshape(-1, table.shape[1])
    codes = rows[torch.randperm(len(rows))[: len(table)]]
    table.copy_(codes + 0.05 * rows.std() * torch.randn(codes.shape))


def record(name, pictures, latents, ids, rebuilt):
    ids = ids.reshape(latents.shape[0], -1).int()
    print(name, tuple(latents.shape), len(ids.unique()), "codes used")
    values = dict(pictures=pictures, latents=latents, ids=ids, rebuilt=rebuilt)
    for part, value in values.items():
        RECORDED[f"{name}/{part}"] = value.contiguous()


def lightning(model, name, **form):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    torch.save(
        {
            "epoch": 3,
            "global_step": 1000,
            "pytorch-lightning_version": "1.0.8",
            "callbacks": {ModelCheckpoint: {"best_model_path": "last.ckpt"}},
            "optimizer_states": [optimizer.state_dict()],
            "lr_schedulers": [],
            "state_dict": model.state_dict(),
        },
        HERE / f"{name}.ckpt",
        **form,
    )


def ddconfig(**sizes):
    return dict(
        double_z=False,
        in_channels=3,
        out_ch=3,
        ch=8,
        num_res_blocks=1,
        dropout=0.0,
        resolution=16,
        **sizes,
    )


LOSS = {"target": Loss}

with torch.no_grad():
    torch.manual_seed(1)
    vqgan = fresh(TAMING, "taming.models.vqgan")
    model = initialize(
        vqgan.VQModel(
            ddconfig(ch_mult=[1, 1, 2], attn_resolutions=[4], z_channels=8),
            LOSS,
            n_embed=24,
            embed_dim=6,
        )
    )
    # Wider than high, so that the axes can't be mixed up.
    pictures = 2 * torch.rand(2, 3, 16, 24) - 1
    latents = model.quant_conv(model.encoder(pictures))
    spread_codes(latents, model.quantize.embedding.weight)
    codes, _, (_, _, ids) = model.encode(pictures)
    record("taming", pictures, latents, ids, model.decode(codes))
    lightning(model, "taming")

    model = initialize(
        vqgan.GumbelVQ(
            ddconfig(ch_mult=[1, 2], attn_resolutions=[8], z_channels=6),
            LOSS,
            n_embed=24,
            embed_dim=6,
            temperature_scheduler_config={"target": torch.nn.Identity},
        )
    )
    pictures = 2 * torch.rand(2, 3, 6, 8) - 1
    latents = model.encode_to_prequant(pictures)
    ids = model.quantize.proj(latents).argmax(1)
    codes = model.quantize.get_codebook_entry(ids.flatten(), (2, 3, 4, 6))
    record("gumbel", pictures, latents, ids, model.decode(codes))
    lightning(model, "gumbel", _use_new_zipfile_serialization=False)

    # Its package imports more than its file of the tokenizer.
    stub("muse").__path__ = [f"{OPEN_MUSE}/muse"]
    sys.modules["muse.modeling_utils"] = stub(
        "modeling_utils",
        ConfigMixin=object,
        ModelMixin=torch.nn.Module,
        register_to_config=lambda method: method,
    )
    maskgit = importlib.import_module("muse.modeling_maskgit_vqgan")
    sizes = dict(
        resolution=16,
        num_channels=3,
        hidden_channels=8,
        channel_mult=(1, 2),
        num_res_blocks=2,
        z_channels=6,
        num_embeddings=24,
        quantized_embed_dim=6,
    )
    maskgit.MaskGitVQGAN.config = types.SimpleNamespace(
        dropout=0.0, commitment_cost=0.25, **sizes
    )
    model = initialize(maskgit.MaskGitVQGAN(**sizes))
    # It draws squares only.
    pictures = torch.rand(2, 3, 8, 8)
    latents = model.encoder(pictures)
    spread_codes(latents, model.quantize.embedding.weight)
    _, ids = model.encode(pictures)
    record("maskgit", pictures, latents, ids, model.decode_code(ids))
    torch.save(model.state_dict(), HERE / "maskgit.bin")

    vqgan = fresh(BAAI, "taming.models.vqgan")
    model = initialize(
        vqgan.VQModel(
            ddconfig(ch_mult=[1, 2], attn_resolutions=[8], z_channels=6),
            LOSS,
            n_embed=24,
            embed_dim=6,
        )
    )
    pictures = torch.rand(2, 3, 6, 8)
    latents = model.encoder(pictures)
    spread_codes(latents, model.quantize.embedding.weight)
    _, _, (_, _, ids) = model.encode(pictures)
    ids = ids.reshape(2, 3, 4)
    record("mage", pictures, latents, ids, model.decode_code(ids))
    torch.save(model.state_dict(), HERE / "mage.ckpt")

save_file(RECORDED, HERE / "taming.safetensors")
