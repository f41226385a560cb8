"""Writes published_tensors.json.gz: names and shapes of published networks.

usage: make_published_tensors.py TAMING_TRANSFORMERS DINOV2

The reference implementations make each network at its full size, without
values, and say what a file of it holds. The arguments are checkouts of
CompVis/taming-transformers 3ba01b2 and facebookresearch/dinov2 b8931f7.

Made with torch 2.15.0, torchvision 0.29.2, diffusers 0.33.1, transformers
4.51.3, pytorch-fid 0.3.0, clip-anytorch 2.6.0, einops 0.8.2.
"""

import gzip
import json
import os
import pathlib
import sys
import types

import torch

HERE = pathlib.Path(__file__).parent
TAMING, DINOV2 = sys.argv[1:3]
TENSORS = {}


def record(name, make, keep=lambda tensor: True):
    with torch.device("meta"):
        state = make().state_dict()
    shapes = {key: list(value.shape) for key, value in state.items()}
    TENSORS[name] = {key: shape for key, shape in shapes.items() if keep(key)}
    print(name, len(TENSORS[name]), "tensors")


def stub(name, **members):
    """What the references import and this doesn't need."""
    module = types.ModuleType(name)
    vars(module).update(members)
    sys.modules[name] = module


def record_amused():
    from diffusers import UVit2DModel, VQModel
    from transformers import CLIPTextConfig, CLIPTextModelWithProjection

    for pixels in (256, 512):
        large = pixels == 512
        record(
            f"amused-{pixels}/transformer",
            lambda: UVit2DModel(
                downsample=large, upsample=large, sample_size=pixels // 16
            ),
        )
    record(
        "amused/vqvae",
        lambda: VQModel(
            down_block_types=["DownEncoderBlock2D"] * 5,
            up_block_types=["UpDecoderBlock2D"] * 5,
            block_out_channels=[128, 256, 256, 512, 768],
            layers_per_block=2,
            latent_channels=64,
            num_vq_embeddings=8192,
            mid_block_add_attention=False,
            lookup_from_codebook=True,
            force_upcast=True,
        ),
    )
    record(
        "amused/text_encoder",
        lambda: CLIPTextModelWithProjection(
            CLIPTextConfig(
                hidden_size=768,
                intermediate_size=3072,
                projection_dim=768,
                num_hidden_layers=12,
                num_attention_heads=12,
            )
        ),
    )


def record_t5():
    from transformers import T5Config, T5ForConditionalGeneration

    sizes = {
        "small": (512, 1024, 8, 6),
        "base": (768, 2048, 12, 12),
        "large": (1024, 2816, 24, 16),
        "xl": (2048, 5120, 24, 32),
        "xxl": (4096, 10240, 24, 64),
    }
    for size, (d_model, d_ff, layers, heads) in sizes.items():
        config = T5Config(
            vocab_size=32128,
            d_model=d_model,
            d_kv=64,
            d_ff=d_ff,
            num_layers=layers,
            num_heads=heads,
            feed_forward_proj="gated-gelu",
            tie_word_embeddings=False,
        )
        record(f"t5-v1_1-{size}", lambda: T5ForConditionalGeneration(config))


def record_clip():
    from clip.model import CLIP
    from transformers import CLIPConfig, CLIPModel

    sizes = {
        "vit-b-32": (512, 8, 768, 12, 224, 32),
        "vit-l-14": (768, 12, 1024, 24, 224, 14),
        "vit-l-14-336": (768, 12, 1024, 24, 336, 14),
    }
    for name, (text, heads, vision, layers, size, patch) in sizes.items():
        config = CLIPConfig(
            text_config=dict(
                hidden_size=text,
                intermediate_size=4 * text,
                num_hidden_layers=12,
                num_attention_heads=heads,
            ),
            vision_config=dict(
                hidden_size=vision,
                intermediate_size=4 * vision,
                num_hidden_layers=layers,
                num_attention_heads=vision // 64,
                image_size=size,
                patch_size=patch,
            ),
            projection_dim=text,
        )
        record(f"clip-{name}/huggingface", lambda: CLIPModel(config))
        record(
            f"clip-{name}/openai",
            lambda: CLIP(
                text, size, layers, vision, patch, 77, 49408, text, heads, 12
            ),
        )


def record_features():
    from pytorch_fid.inception import fid_inception_v3
    from transformers import Dinov2Config, Dinov2Model

    inception = sys.modules["pytorch_fid.inception"]
    # Their function begins by downloading the weights.
    torch.hub.load_state_dict_from_url = inception.load_state_dict_from_url = (
        lambda *_, **__: {}
    )
    torch.nn.Module.load_state_dict = lambda *_, **__: None
    record(
        "fid-inception",
        fid_inception_v3,
        # PyTorch counts batches; the file was converted and has no counts.
        lambda key: not key.endswith("num_batches_tracked"),
    )
    record(
        "dinov2-vitl14/huggingface",
        lambda: Dinov2Model(
            Dinov2Config(
                hidden_size=1024,
                num_hidden_layers=24,
                num_attention_heads=16,
                image_size=518,
                patch_size=14,
            )
        ),
    )
    os.environ["XFORMERS_DISABLED"] = "1"
    sys.path.insert(0, DINOV2)
    from dinov2.models.vision_transformer import vit_large

    record(
        "dinov2-vitl14/original",
        lambda: vit_large(
            patch_size=14, img_size=518, init_values=1.0, block_chunks=0
        ),
    )


def record_taming():
    stub("pytorch_lightning", LightningModule=torch.nn.Module)
    stub("main", instantiate_from_config=lambda config: config["target"]())
    sys.path.insert(0, TAMING)
    from taming.models import vqgan

    def sizes(multiples, resolution):
        return dict(
            double_z=False,
            z_channels=256,
            resolution=256,
            in_channels=3,
            out_ch=3,
            ch=128,
            ch_mult=multiples,
            num_res_blocks=2,
            attn_resolutions=[resolution],
            dropout=0.0,
        )

    loss = {"target": torch.nn.Identity}
    for codes in (1024, 16384):
        record(
            f"taming-f16-{codes}",
            lambda: vqgan.VQModel(
                sizes([1, 1, 2, 2, 4], 16), loss, codes, 256
            ),
        )
    record(
        "taming-gumbel-f8-8192",
        lambda: vqgan.GumbelVQ(
            sizes([1, 1, 2, 4], 32), loss, 8192, 256, loss
        ),
    )


record_amused()
record_t5()
record_clip()
record_taming()
record_features()
text = json.dumps(TENSORS, separators=(",", ":"))
path = HERE / "published_tensors.json.gz"
path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
