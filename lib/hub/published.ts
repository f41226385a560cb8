/**
 * The checkpoints that people have published and that this project reads.
 *
 * A size or hash stands here only where somebody has published it; `about` is
 * what a web page rounds to, or float32 parameters times four. A revision is a
 * commit where several projects name the same, and otherwise "main": the commit
 * found at the first download is kept then.
 */

import type { Checkpoint, PublishedFile } from "./checkpoint.ts";

type Hub = Extract<Checkpoint, { kind: "hub" }>;

const MB = 1e6;
const GB = 1e9;

interface AmusedHashes {
  readonly transformer?: string;
  readonly vqvae?: string;
}

/** Both sizes of aMUSEd have the same files, in float32 and in float16. */
function amused(
  pixels: 256 | 512,
  precision: "fp32" | "fp16",
  hashes: AmusedHashes,
): Hub {
  const half = precision === "fp16";
  const weights = (folder: string, stem: string): string =>
    `${folder}/${stem}${half ? ".fp16" : ""}.safetensors`;
  const transformer = pixels === 256 ? 2.41 * GB : 2.43 * GB;
  return {
    kind: "hub",
    name: `amused-${pixels}${half ? "-fp16" : ""}`,
    about: `aMUSEd, text to pictures of ${pixels} px, ${precision}`,
    licence: "OpenRAIL++",
    repository: `amused/amused-${pixels}`,
    revision: "main",
    files: [
      { path: "model_index.json", about: 387 },
      { path: "scheduler/scheduler_config.json", about: 135 },
      { path: "text_encoder/config.json", about: 574 },
      {
        path: weights("text_encoder", "model"),
        about: half ? 247 * MB : 495 * MB,
      },
      { path: "tokenizer/merges.txt", about: 525_000 },
      { path: "tokenizer/special_tokens_map.json", about: 574 },
      { path: "tokenizer/tokenizer_config.json", about: 855 },
      { path: "tokenizer/vocab.json", about: 1.06 * MB },
      { path: "transformer/config.json", about: 676 },
      {
        path: weights("transformer", "diffusion_pytorch_model"),
        about: half ? transformer / 2 : transformer,
        sha256: hashes.transformer,
      },
      { path: "vqvae/config.json", about: 804 },
      {
        path: weights("vqvae", "diffusion_pytorch_model"),
        about: half ? 293 * MB : 585 * MB,
        sha256: hashes.vqvae,
      },
    ],
  };
}

/** Only `.bin` files are on the main branches of Google's repositories. */
function t5(size: string, parameters: number, revision = "main"): Hub {
  return {
    kind: "hub",
    name: `t5-v1_1-${size}`,
    about: `T5 v1.1 ${size}: the text encoder, in a file with the decoder`,
    licence: "Apache-2.0",
    repository: `google/t5-v1_1-${size}`,
    revision,
    files: [
      { path: "config.json", about: 600 },
      { path: "spiece.model", about: 0.79 * MB },
      { path: "pytorch_model.bin", about: 4 * parameters },
    ],
  };
}

function clip(
  title: string,
  repository: string,
  revision: string,
  files: readonly PublishedFile[],
): Hub {
  return {
    kind: "hub",
    name: repository.split("/")[1],
    about: `CLIP ${title}: score of pictures and texts`,
    licence: "MIT",
    repository,
    revision,
    files: [
      { path: "preprocessor_config.json", about: 316 },
      { path: "merges.txt", bytes: 524_657 },
      { path: "vocab.json", about: 0.96 * MB },
      ...files,
    ],
  };
}

/**
 * CLIP as OpenAI shares it: TorchScript in float16, but for the table of text
 * ids.
 */
function openAiClip(
  name: string,
  sha256: string,
  parameters: number,
  width: number,
): Checkpoint {
  const path = `${name}.pt`;
  return {
    kind: "addresses",
    name: `openai-clip-${name.toLowerCase()}`,
    about: `CLIP ${name} in OpenAI's own layout, with the tokenizer from here`,
    licence: "MIT",
    source: "https://github.com/openai/CLIP",
    files: [{
      path,
      url: `https://openaipublic.azureedge.net/clip/models/${sha256}/${path}`,
      about: 2 * (parameters + 49_408 * width),
      sha256,
    }],
  };
}

/** A VQGAN as the authors of taming-transformers share it. */
function taming(
  name: string,
  title: string,
  checkpoint: string,
  config: string,
): Checkpoint {
  const at = (id: string) => `https://heibox.uni-heidelberg.de/f/${id}/?dl=1`;
  return {
    kind: "addresses",
    name: `taming-${name}`,
    about: `VQGAN of taming-transformers, ${title}`,
    licence: "MIT",
    source: "https://github.com/CompVis/taming-transformers",
    files: [
      { path: "model.yaml", url: at(config) },
      { path: "last.ckpt", url: at(checkpoint) },
    ],
  };
}

/** Every checkpoint that has a name here. */
export const PUBLISHED: readonly Checkpoint[] = [
  amused(256, "fp32", {
    transformer:
      "9cc8627bf729474c628762c22668a3e0aaf9fef347480bb23937a98828e0936c",
    vqvae: "1241a5c88b635af4f8cfb268e388ccaa70f55a458a473d68943e5c28d7b7f762",
  }),
  amused(256, "fp16", {
    transformer:
      "49b6e7c8f858a6f9f6ef4f240aea9e46046f9c12ff919b81247f20f299dec272",
  }),
  amused(512, "fp32", {}),
  amused(512, "fp16", {
    vqvae: "62ac839c4caebd5221d3c69a26ae76c057a2bb5b34ac59acec2e48ce4b9ae0a8",
  }),
  t5("small", 76_961_152),
  t5("base", 247_577_856),
  t5("large", 783_150_080),
  t5("xl", 2_849_757_184),
  t5("xxl", 11_135_332_352, "3db67ab1af984cf10548a73467f0e5bca2aaaeb2"),
  clip(
    "ViT-B/32",
    "openai/clip-vit-base-patch32",
    "3d74acf9a28c67741b2f4f2ea7635f0aaf6f0268",
    [
      { path: "config.json", about: 4_190 },
      {
        path: "pytorch_model.bin",
        bytes: 605_247_071,
        sha256:
          "a63082132ba4f97a80bea76823f544493bffa8082296d62d71581a4feff1576f",
      },
    ],
  ),
  clip(
    "ViT-L/14",
    "openai/clip-vit-large-patch14",
    "32bd64288804d66eefd0ccbe215aa642df71cc41",
    [
      { path: "config.json", bytes: 4_519 },
      {
        path: "model.safetensors",
        bytes: 1_710_540_580,
        sha256:
          "a2bf730a0c7debf160f7a6b50b3aaf3703e7e88ac73de7a314903141db026dcb",
      },
    ],
  ),
  clip(
    "ViT-L/14 at 336 px",
    "openai/clip-vit-large-patch14-336",
    "ce19dc912ca5cd21c8a653c79e251e808ccabcd1",
    [
      { path: "config.json", about: 4_760 },
      { path: "pytorch_model.bin", about: 4 * 427_944_193 },
    ],
  ),
  openAiClip(
    "ViT-B-32",
    "40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af",
    151_277_313,
    512,
  ),
  openAiClip(
    "ViT-L-14",
    "b8cca3fd41ae0c99ba7e8951adf17d267cdb84cd88be6f7c2e0eca1737a03836",
    427_616_513,
    768,
  ),
  openAiClip(
    "ViT-L-14-336px",
    "3035c92b350959924f9f00213499208652fc7ea050643e8b385c2dac08641f02",
    427_944_193,
    768,
  ),
  {
    kind: "addresses",
    name: "fid-inception",
    about: "Inception of FID, 2015-12-05, as PyTorch weights",
    licence: "Apache-2.0",
    source: "https://github.com/mseitzer/pytorch-fid",
    files: [{
      path: "pt_inception-2015-12-05-6726825d.pth",
      url: "https://github.com/mseitzer/pytorch-fid/releases/download/" +
        "fid_weights/pt_inception-2015-12-05-6726825d.pth",
      bytes: 95_628_359,
      sha256:
        "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2",
    }],
  },
  {
    kind: "addresses",
    name: "dinov2-vitl14",
    about: "DINOv2 ViT-L/14: features for FD-DINOv2",
    licence: "Apache-2.0",
    source: "https://github.com/facebookresearch/dinov2",
    files: [{
      path: "dinov2_vitl14_pretrain.pth",
      url: "https://dl.fbaipublicfiles.com/dinov2/dinov2_vitl14/" +
        "dinov2_vitl14_pretrain.pth",
      bytes: 1_217_586_395,
      sha256:
        "d5383ea8f4877b2472eb973e0fd72d557c7da5d3611bd527ceeb1d7162cbf428",
    }],
  },
  taming(
    "f16-1024",
    "16 px a token, 1024 codes",
    "140747ba53464f49b476",
    "6ecf2af6c658432c8298",
  ),
  taming(
    "f16-16384",
    "16 px a token, 16384 codes",
    "867b05fc8c4841768640",
    "274fb24ed38341bfa753",
  ),
  taming(
    "gumbel-f8-8192",
    "8 px a token, 8192 codes",
    "34a747d5765840b5a99d",
    "b24d14998a8d4f19a34f",
  ),
  {
    kind: "hub",
    name: "maskgit-vqgan",
    // open-muse's conversion; the repositories of its organization openMUSE
    // are gone, this copy is the one that TiTok and RAR load.
    about: "MaskGIT's VQGAN, 16 px a token, 1024 codes, in PyTorch's form",
    licence: "Apache-2.0",
    repository: "fun-research/TiTok",
    revision: "main",
    files: [{ path: "maskgit-vqgan-imagenet-f16-256.bin" }],
  },
  {
    kind: "hub",
    name: "muse-cc3m",
    about: "baaivision's MUSE, U-ViT-Huge on CC3M, without its VQGAN",
    licence: "MIT",
    repository: "nzl-thu/MUSE",
    revision: "main",
    files: [{
      path: "assets/ckpts/cc3m-285000.ckpt/nnet_ema.pth",
      bytes: 2_014_648_751,
      sha256:
        "3ed2d6c697a7c9c1d0e3217c4d81897ed9e4590e7ccac763fd939bfd6e62cc59",
    }],
  },
  {
    kind: "hub",
    name: "mage-vqgan",
    // Its authors share it by Google Drive; two copies on the hub are equal.
    about: "MAGE's VQGAN, 16 px a token, 1024 codes, which muse-cc3m needs",
    licence: "MIT",
    repository: "zideliu/vqgan",
    revision: "de74b2f6f43373e79d33123c49a15442e0bacfdb",
    files: [{
      path: "vqgan_jax_strongaug.ckpt",
      bytes: 218_130_007,
      sha256:
        "bac193bccc890db48c498e36ac5a6f2b0e067d3eb360669bd4c2250bf1ae4c6d",
    }],
  },
  {
    kind: "hub",
    name: "clip-bigg-text",
    // OpenCLIP's own files hold both towers; this is the text tower alone.
    about: "OpenCLIP ViT-bigG/14's text tower as SDXL has it, for muse-cc3m",
    licence: "OpenRAIL++",
    repository: "stabilityai/stable-diffusion-xl-base-1.0",
    revision: "main",
    files: [
      { path: "text_encoder_2/config.json", about: 575 },
      { path: "text_encoder_2/model.safetensors", about: 2.78 * GB },
      { path: "tokenizer_2/merges.txt", about: 525_000 },
      { path: "tokenizer_2/special_tokens_map.json", about: 460 },
      { path: "tokenizer_2/tokenizer_config.json", about: 725 },
      { path: "tokenizer_2/vocab.json", about: 1.06 * MB },
    ],
  },
];
