"""Writes tiny aMUSEd pipelines of the published layout, and what they give.

tiny-256 has the shape of amused-256, tiny-512 that of amused-512 (its trunk
runs on a grid half as high and wide), both with fewer channels, layers and
codes; beside them are their float16 files and LoRAs of tiny-256: of the
transformer alone, as peft has it, and of both networks, as diffusers saves it.

parity.safetensors holds inputs and outputs of every network, and whole
decodes: the pipelines' own code, with recorded uniform numbers in place of
PyTorch's generator. torch.multinomial draws by inverting the distribution
function at a recorded number; the Gumbel noise is of a recorded number too.

Made with torch 2.15.0, diffusers 0.33.1, transformers 4.51.3, peft 0.15.2 and
safetensors 0.5.3, on a CPU in float32.
"""

import json
import math
import pathlib
import shutil
import tempfile

import torch
from diffusers import (
    AmusedImg2ImgPipeline,
    AmusedInpaintPipeline,
    AmusedPipeline,
    AmusedScheduler,
    UVit2DModel,
    VQModel,
)
from diffusers.loaders import AmusedLoraLoaderMixin
from diffusers.schedulers import scheduling_amused
from diffusers.utils import convert_state_dict_to_diffusers
from peft import LoraConfig, get_peft_model_state_dict
from safetensors.torch import load_file, save_file
from transformers import (
    CLIPTextConfig,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
)

HERE = pathlib.Path(__file__).parent
CODES = 32
WIDTH = 16
WORDS = ["red", "apple", "green", "frog", "two", "cats", "on", "a"]
PROMPTS = ["a red apple", "two cats on a green frog"]
RECORDED = {}


def initialize(model):
    """Weights far from their start, so that a mistake anywhere shows."""
    for name, parameter in model.named_parameters():
        if parameter.ndim == 1 and name.endswith("weight"):
            torch.nn.init.normal_(parameter, mean=1, std=0.2)
        elif "channelwise_norm" in name or parameter.ndim == 1:
            torch.nn.init.normal_(parameter, std=0.3)
        else:
            fan_in = parameter[0].numel()
            torch.nn.init.normal_(parameter, std=1 / fan_in**0.5)
    return model.eval()


def make_tokenizer():
    """All bytes, the pieces of a few words, start and end."""
    from transformers.models.clip.tokenization_clip import bytes_to_unicode

    letters = list(bytes_to_unicode().values())
    vocabulary = letters + [letter + "</w>" for letter in letters]
    merges = []
    for word in WORDS:
        pieces = [*word[:-1], word[-1] + "</w>"]
        while len(pieces) > 1:
            pair = (pieces[0], pieces[1])
            if pair not in merges:
                merges.append(pair)
                vocabulary.append("".join(pair))
            pieces = ["".join(pair), *pieces[2:]]
    vocabulary += ["<|startoftext|>", "<|endoftext|>"]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        ids = {piece: i for i, piece in enumerate(vocabulary)}
        (path / "vocab.json").write_text(json.dumps(ids, ensure_ascii=False))
        lines = ["#version: 0.2", *(" ".join(pair) for pair in merges), ""]
        (path / "merges.txt").write_text("\n".join(lines))
        return CLIPTokenizer(
            str(path / "vocab.json"),
            str(path / "merges.txt"),
            pad_token="!",
            model_max_length=12,
        )


def make_pipeline(name, large, seed):
    torch.manual_seed(seed)
    tokenizer = make_tokenizer()
    text_encoder = CLIPTextModelWithProjection(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=WIDTH,
            intermediate_size=32,
            projection_dim=WIDTH,
            num_hidden_layers=3,
            num_attention_heads=2,
            max_position_embeddings=12,
            eos_token_id=2,
            hidden_act="quick_gelu",
        )
    )
    transformer = UVit2DModel(
        hidden_size=24,
        cond_embed_dim=WIDTH,
        micro_cond_encode_dim=8,
        micro_cond_embed_dim=40,
        encoder_hidden_size=WIDTH,
        vocab_size=CODES + 8,
        codebook_size=CODES,
        in_channels=12,
        block_out_channels=12,
        num_res_blocks=2,
        downsample=large,
        upsample=large,
        block_num_heads=3,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=20,
        sample_size=8 if large else 4,
    )
    vqvae = VQModel(
        down_block_types=["DownEncoderBlock2D"] * 5,
        up_block_types=["UpDecoderBlock2D"] * 5,
        block_out_channels=[4, 4, 4, 8, 8],
        layers_per_block=2,
        latent_channels=4,
        num_vq_embeddings=CODES,
        norm_num_groups=2,
        mid_block_add_attention=False,
        lookup_from_codebook=True,
        force_upcast=True,
    )
    pipeline = AmusedPipeline(
        vqvae=initialize(vqvae),
        tokenizer=tokenizer,
        text_encoder=initialize(text_encoder),
        transformer=initialize(transformer),
        scheduler=AmusedScheduler(mask_token_id=CODES + 7),
    )
    spread_codes(vqvae)
    pipeline.set_progress_bar_config(disable=True)
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    pipeline.save_pretrained(folder)
    if not large:
        pipeline.to(torch.float16).save_pretrained(folder, variant="fp16")
    # Again in float32: that rounded what is in memory.
    again = AmusedPipeline.from_pretrained(folder)
    again.set_progress_bar_config(disable=True)
    return again


def spread_codes(vqvae):
    """Codes near latents, so that most of them are the nearest to some."""
    with torch.no_grad():
        latents = vqvae.encode(torch.rand(1, 3, 128, 128)).latents
        rows = latents.permute(0, 2, 3, 1).reshape(-1, 4)
        codes = rows[torch.randperm(len(rows))[:CODES]]
        codes += 0.05 * rows.std() * torch.randn(codes.shape)
        vqvae.quantize.embedding.weight.copy_(codes)


def record(name, value):
    value = value.detach().contiguous().clone()
    RECORDED[name] = value.int() if value.dtype == torch.int64 else value


def record_networks(pipeline, name, grid):
    """Every network alone, on inputs wider than high or the other way."""
    height, width = grid
    transformer, vqvae = pipeline.transformer, pipeline.vqvae
    with torch.no_grad():
        ids = torch.randint(0, CODES, (2, height, width))
        ids[torch.rand(ids.shape) < 0.5] = CODES + 7
        states = torch.randn(2, 12, WIDTH)
        pooled = torch.randn(2, WIDTH)
        micro = torch.tensor([[512, 384, 0, 16, 6], [256, 256, 3, 0, 5]])
        record(f"{name}/ids", ids)
        record(f"{name}/states", states)
        record(f"{name}/pooled", pooled)
        record(f"{name}/micro", micro.float())
        inputs = dict(
            encoder_hidden_states=states,
            pooled_text_emb=pooled,
            micro_conds=micro.float(),
        )
        record(f"{name}/logits", transformer(ids, **inputs))
        pictures = torch.rand(2, 3, 48, 32)
        record(f"{name}/pictures", pictures)
        latents = vqvae.encode(pictures).latents
        _, _, (_, _, codes) = vqvae.quantize(latents)
        codes = codes.reshape(2, 3, 2)
        record(f"{name}/codes", codes)
        shape = (2, 3, 2, 4)
        record(
            f"{name}/rebuilt",
            vqvae.decode(codes, force_not_quantize=True, shape=shape).sample,
        )
        if name == "tiny-512":
            return
        half = AmusedPipeline.from_pretrained(
            HERE / name, variant="fp16", torch_dtype=torch.float32
        )
        record(f"{name}/logits fp16", half.transformer(ids, **inputs))
        record(
            f"{name}/rebuilt fp16",
            half.vqvae.decode(
                codes, force_not_quantize=True, shape=shape
            ).sample,
        )


class Draws:
    """Uniform numbers for a whole decode, and the least distance to a tie."""

    def __init__(self, name, pictures, tokens, steps):
        self.shape = (pictures, tokens)
        self.uniforms = torch.rand(steps, pictures, tokens)
        self.noise = torch.rand(steps, pictures, tokens)
        self.margin = math.inf
        self.drawn = 0
        self.noised = 0
        record(f"{name}/uniforms", self.uniforms)
        record(f"{name}/noise", self.noise)

    def multinomial(self, probs, count, generator=None):
        upto = probs.double().cumsum(-1)
        at = self.uniforms[self.drawn].double().reshape(-1, 1) * upto[:, -1:]
        self.drawn += 1
        self.margin = min(self.margin, (upto - at).abs().min().item())
        return (upto <= at).sum(-1, keepdim=True)

    def gumbel(self, t, generator=None):
        noise = self.noise[self.noised].reshape(t.shape)
        self.noised += 1
        return -torch.log((-torch.log(noise.clamp(1e-20))).clamp(1e-20))

    def topk(self, mask_len, probs, temperature=1.0, generator=None):
        confidence = torch.log(probs.clamp(1e-20))
        confidence = confidence + temperature * self.gumbel(probs)
        ordered = torch.sort(confidence, dim=-1).values
        at = torch.gather(ordered, 1, mask_len.long())
        below = torch.gather(ordered, 1, mask_len.long() - 1)
        self.margin = min(self.margin, (at - below).min().item())
        return confidence < at


def decode(name, run, pictures, tokens, steps):
    """Runs a pipeline by recorded numbers; the states after every step."""
    draws = Draws(name, pictures, tokens, steps)
    states = []
    own = torch.multinomial, scheduling_amused.mask_by_random_topk
    torch.multinomial = draws.multinomial
    scheduling_amused.mask_by_random_topk = draws.topk
    try:
        run(lambda step, timestep, latents: states.append(latents.clone()))
    finally:
        torch.multinomial, scheduling_amused.mask_by_random_topk = own
    states = torch.stack(states).flatten(2)
    print(name, len(states), "steps, nearest to a tie:", draws.margin)
    assert draws.margin > 1e-5, "take another seed"
    record(f"{name}/tokens", states)
    mask = (states == CODES + 7).sum(-1)
    print("  masked after each step:", mask[:, 0].tolist())


def record_decodes(pipeline, name, size):
    height, width = size
    tokens = height * width // 256
    prompts = PROMPTS

    def text_to_image(callback):
        pipeline(
            prompts,
            height=height,
            width=width,
            output_type="latent",
            callback=callback,
        )

    decode(f"{name}/text to image", text_to_image, 2, tokens, 12)

    inpainting = AmusedInpaintPipeline(**pipeline.components)
    inpainting.set_progress_bar_config(disable=True)
    picture = torch.rand(1, 3, height, width)
    mask = torch.rand(1, height // 16, width // 16) < 0.6
    # The pipeline's own processor refuses sizes that are no multiples of 256.
    inpainting.mask_processor.preprocess = lambda *_: mask[None]

    def inpaint(callback):
        inpainting(
            prompts[:1],
            picture,
            mask,
            output_type="latent",
            callback=callback,
        )

    with torch.no_grad():
        latents = pipeline.vqvae.encode(picture).latents
        ids = pipeline.vqvae.quantize(latents)[2][2].reshape(mask.shape)
        ids[mask] = CODES + 7
    record(f"{name}/inpaint/start", ids.flatten(1))
    decode(f"{name}/inpaint", inpaint, 1, tokens, 12)
    pipeline.scheduler.register_to_config(masking_schedule="cosine")

    varying = AmusedImg2ImgPipeline(**pipeline.components)
    varying.set_progress_bar_config(disable=True)
    starts = []
    add_noise = pipeline.scheduler.add_noise

    def noticed(*arguments, **options):
        starts.append(add_noise(*arguments, **options))
        return starts[-1]

    pipeline.scheduler.add_noise = noticed

    def vary(callback):
        varying(
            prompts[:1],
            picture,
            strength=0.75,
            output_type="latent",
            callback=callback,
        )

    decode(f"{name}/image to image", vary, 1, tokens, 9)
    record(f"{name}/image to image/start", starts[0].flatten(1))
    pipeline.scheduler.add_noise = add_noise


def record_text(pipeline, name):
    prompts = [*PROMPTS, "", PROMPTS[1] * 4]
    tokens = pipeline.tokenizer(
        prompts,
        return_tensors="pt",
        padding="max_length",
        truncation=True,
        max_length=12,
    ).input_ids
    with torch.no_grad():
        outputs = pipeline.text_encoder(tokens, output_hidden_states=True)
    record(f"{name}/text ids", tokens)
    record(f"{name}/text states", outputs.hidden_states[-2])
    record(f"{name}/text pooled", outputs.text_embeds)


def record_lora(pipeline, name):
    transformer = pipeline.transformer
    torch.manual_seed(5)
    transformer.add_adapter(
        LoraConfig(
            r=2,
            lora_alpha=2,
            init_lora_weights=False,
            target_modules=["to_q", "to_k", "to_v"],
        )
    )
    layers = get_peft_model_state_dict(transformer)
    save_file(
        {f"transformer.{key}": value.contiguous() for key, value in layers.items()},
        HERE / "lora.safetensors",
    )
    inputs = dict(
        encoder_hidden_states=RECORDED[f"{name}/states"],
        pooled_text_emb=RECORDED[f"{name}/pooled"],
        micro_conds=RECORDED[f"{name}/micro"],
    )
    ids = RECORDED[f"{name}/ids"].long()
    with torch.no_grad():
        record(f"{name}/logits lora", transformer(ids, **inputs))
        for module in transformer.modules():
            if hasattr(module, "set_scale"):
                module.set_scale("default", 0.5)
        record(f"{name}/logits half lora", transformer(ids, **inputs))


def record_both_loras(name):
    """Adapters of both networks, as diffusers itself saves and loads them."""
    pipeline = AmusedPipeline.from_pretrained(HERE / name)
    torch.manual_seed(6)
    layers = []
    for model, targets in [
        (pipeline.text_encoder, ["q_proj", "v_proj", "fc1"]),
        (pipeline.transformer, ["to_k", "to_out.0"]),
    ]:
        model.add_adapter(
            LoraConfig(
                r=3,
                lora_alpha=3,
                init_lora_weights=False,
                target_modules=targets,
            )
        )
        layers.append(get_peft_model_state_dict(model))
    with tempfile.TemporaryDirectory() as folder:
        AmusedLoraLoaderMixin.save_lora_weights(
            folder,
            text_encoder_lora_layers=convert_state_dict_to_diffusers(layers[0]),
            transformer_lora_layers=layers[1],
        )
        saved = pathlib.Path(folder) / "pytorch_lora_weights.safetensors"
        shutil.copy(saved, HERE / "both_loras.safetensors")
        again = AmusedPipeline.from_pretrained(HERE / name)
        loaded = load_file(saved)
        again.transformer.load_lora_adapter(loaded, prefix="transformer")
        AmusedLoraLoaderMixin.load_lora_into_text_encoder(
            loaded, None, again.text_encoder, prefix="text_encoder"
        )
    ids = RECORDED[f"{name}/ids"].long()
    with torch.no_grad():
        logits = again.transformer(
            ids,
            encoder_hidden_states=RECORDED[f"{name}/states"],
            pooled_text_emb=RECORDED[f"{name}/pooled"],
            micro_conds=RECORDED[f"{name}/micro"],
        )
        outputs = again.text_encoder(
            RECORDED[f"{name}/text ids"].long(), output_hidden_states=True
        )
    record(f"{name}/logits both loras", logits)
    record(f"{name}/text states both loras", outputs.hidden_states[-2])
    record(f"{name}/text pooled both loras", outputs.text_embeds)


def record_counts():
    """What the scheduler leaves masked of whole pictures and of parts."""
    for schedule in ["cosine", "linear"]:
        for steps in [2, 5, 8, 12, 18, 25]:
            scheduler = AmusedScheduler(39, masking_schedule=schedule)
            scheduler.set_timesteps(steps)
            rows = []
            for masked in [1, 7, 100, 181, 256, 384, 1000, 1024]:
                sample = torch.zeros(1, 1024, dtype=torch.long)
                sample[0, :masked] = 39
                ratio = (sample == 39).sum() / sample.numel()
                row = []
                for timestep in scheduler.timesteps:
                    sample = scheduler.step(
                        torch.zeros(1, 1024, 2), timestep, sample, ratio
                    ).prev_sample
                    row.append((sample == 39).sum().item())
                rows.append(row)
            record(f"counts/{schedule} {steps}", torch.tensor(rows))


small = make_pipeline("tiny-256", False, 1)
record_text(small, "tiny-256")
record_networks(small, "tiny-256", (3, 5))
record_decodes(small, "tiny-256", (64, 96))
record_lora(small, "tiny-256")
record_both_loras("tiny-256")
large = make_pipeline("tiny-512", True, 2)
record_text(large, "tiny-512")
record_networks(large, "tiny-512", (4, 6))
record_decodes(large, "tiny-512", (128, 64))
record_counts()
save_file(RECORDED, HERE / "parity.safetensors")
