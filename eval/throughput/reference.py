"""Runs a part of a system by its reference implementation.

usage: reference.py JOB

The job is JSON: family, path, part, batch, steps, dtype, threads, settings.
Standard output gets a line of JSON about the part, or {"missing": PACKAGE};
then a number for each line of standard input, "run", "peakMb" or
"multiplyGflops", until that ends (process_runner.ts).

Written for torch 2.15, diffusers 0.42, transformers 5.23 and pytorch-fid 0.3.
Weights are those of the same files that Muselab is measured with; they are
converted once where another dtype is asked for.
"""

import importlib.metadata
import json
import os
import platform
import resource
import statistics
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"  # nothing is downloaded to be measured

PROMPT = "a red apple beside two green pears"


def amused(job, torch, dtype):
    """aMUSEd by diffusers; a step is the network, guidance and the sampler."""
    import transformers
    from diffusers import AmusedPipeline, AmusedScheduler, UVit2DModel, VQModel

    path, batch, part = job["path"], job["batch"], job["part"]
    side = job["settings"]["side"]

    def load(kind, folder):
        return kind.from_pretrained(path, subfolder=folder).to(dtype).eval()

    def text_encoder():
        return load(transformers.CLIPTextModelWithProjection, "text_encoder")

    if part == "text":
        model = text_encoder()
        config = model.config
        ids = torch.randint(config.vocab_size, (batch, config.max_position_embeddings))
        return model, lambda: model(ids, output_hidden_states=True)
    if part == "VQGAN decode":
        model = load(VQModel, "vqvae")
        config = model.config
        ids = torch.randint(config.num_vq_embeddings, (batch, side, side))
        shape = (batch, side, side, config.latent_channels)
        decode = model.decode
        return model, lambda: decode(ids, force_not_quantize=True, shape=shape)
    scheduler = AmusedScheduler.from_pretrained(path, subfolder="scheduler")
    transformer = load(UVit2DModel, "transformer")
    if part == "base step":
        return transformer, amused_step(torch, transformer, scheduler, batch, side, dtype)
    encoder = text_encoder()
    tokenizer = transformers.CLIPTokenizer.from_pretrained(path, subfolder="tokenizer")
    tokenizer.model_max_length = encoder.config.max_position_embeddings
    pipeline = AmusedPipeline(
        load(VQModel, "vqvae"), tokenizer, encoder, transformer, scheduler
    )
    pipeline.set_progress_bar_config(disable=True)
    steps = job.get("steps") or 12
    prompts = [PROMPT] * batch
    return pipeline, lambda: pipeline(prompts, num_inference_steps=steps)


def amused_step(torch, transformer, scheduler, batch, side, dtype):
    config = transformer.config
    texts = {
        "encoder_hidden_states": torch.randn(2 * batch, 77, config.encoder_hidden_size),
        "pooled_text_emb": torch.randn(2 * batch, config.cond_embed_dim),
        "micro_conds": torch.tensor([[16 * side, 16 * side, 0, 0, 6]] * (2 * batch)),
    }
    texts = {name: value.to(dtype) for name, value in texts.items()}
    mask = scheduler.config.mask_token_id
    tokens = torch.full((batch, side, side), mask, dtype=torch.long)
    scheduler.set_timesteps(12, (2, 0))
    first = scheduler.timesteps[0]

    def run():
        both = transformer(torch.cat([tokens] * 2), **texts)
        without, given = both.chunk(2)
        logits = without + 10 * (given - without)
        return scheduler.step(model_output=logits, timestep=first, sample=tokens)

    return run


def t5(job, torch, dtype):
    from transformers import T5EncoderModel

    model = T5EncoderModel.from_pretrained(job["path"]).to(dtype).eval()
    shape = (job["batch"], job["settings"]["length"])
    ids = torch.randint(model.config.vocab_size, shape)
    mask = torch.ones_like(ids)
    return model, lambda: model(input_ids=ids, attention_mask=mask)


def clip(job, torch, dtype):
    import transformers

    batch = job["batch"]
    if job["part"] == "features":
        kind = transformers.CLIPVisionModelWithProjection
        model = kind.from_pretrained(job["path"]).to(dtype).eval()
        size = model.config.image_size
        pixels = torch.randn(batch, 3, size, size, dtype=dtype)
        return model, lambda: model(pixel_values=pixels)
    kind = transformers.CLIPTextModelWithProjection
    model = kind.from_pretrained(job["path"]).to(dtype).eval()
    config = model.config
    ids = torch.randint(config.vocab_size, (batch, config.max_position_embeddings))
    return model, lambda: model(input_ids=ids)


def inception(job, torch, dtype):
    from pytorch_fid import inception as reference

    def state(*_, **__):
        if not job["path"].endswith(".safetensors"):
            return torch.load(job["path"])
        from safetensors.torch import load_file

        return load_file(job["path"])

    # It would download the published weights.
    reference.load_state_dict_from_url = state
    model = reference.InceptionV3([3], resize_input=False, normalize_input=False)
    model = model.to(dtype).eval()
    pixels = torch.randn(job["batch"], 3, 299, 299, dtype=dtype)
    return model, lambda: model(pixels)


# What runs each family, and the packages whose versions matter.
FAMILIES = {
    "amused": (amused, ["diffusers", "transformers"]),
    "t5": (t5, ["transformers"]),
    "clip": (clip, ["transformers"]),
    "inception": (inception, ["pytorch-fid", "torchvision"]),
}


def say(line):
    print(json.dumps(line), flush=True)


def versions(packages):
    found = {name: importlib.metadata.version(name) for name in ["torch", *packages]}
    return {"python": platform.python_version(), **found}


def timed(work):
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def multiply_rate(torch):
    a, b = torch.full((2048, 1024), 1 / 32), torch.full((1024, 1024), 1 / 32)

    def work():
        product = a
        for _ in range(8):
            product = product @ b

    seconds = [timed(work) for _ in range(12)][2:]
    return 2 * 8 * 2048 * 1024**2 / statistics.median(seconds) / 1e9


def main():
    job = json.loads(sys.argv[1])
    build, packages = FAMILIES[job["family"]]
    try:
        import torch

        torch.set_num_threads(job["threads"])
        torch.set_grad_enabled(False)
        dtype = {"fp32": torch.float32, "bf16": torch.bfloat16}[job["dtype"]]
        began = time.perf_counter()
        model, run = build(job, torch, dtype)
        run()
        load = time.perf_counter() - began
    except ModuleNotFoundError as error:
        return say({"missing": error.name})
    except importlib.metadata.PackageNotFoundError as error:
        # transformers says "The 'requests' distribution was not found …".
        quoted = str(error).split("'")
        return say({"missing": quoted[1] if len(quoted) > 2 else error.name})
    except Exception as error:
        return say({"error": f"{type(error).__name__}: {error}"})
    say({"about": {"load": load}, "versions": versions(packages)})
    answers = {
        "run": lambda: timed(run),
        "peakMb": lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
        "multiplyGflops": lambda: multiply_rate(torch),
    }
    for line in sys.stdin:
        say(answers[line.strip()]())


main()
