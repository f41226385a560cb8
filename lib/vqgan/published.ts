/** Tokenizers as diffusers publishes them: its VQModel. */

import { checkWeights } from "../run/check_weights.ts";
import { loadWeights } from "../run/load_weights.ts";
import { networkFields } from "../run/network_fields.ts";
import type { RunOptions } from "../run/precise_weights.ts";
import type { VqganConfig } from "./config.ts";
import { bothDirections, createTokenizer, type Tokenizer } from "./model.ts";
import { preciseDecoder } from "./precise_decoder.ts";

/** What of a `config.json` has to be as it is for our network to be its. */
const FIXED = {
  in_channels: 3,
  out_channels: 3,
  act_fn: "silu",
  norm_type: "group",
  lookup_from_codebook: true,
  mid_block_add_attention: false,
} as const;

/**
 * Reads the sizes from a VQModel's `config.json`. Its pictures are in 0..1, as
 * aMUSEd's are.
 *
 * @param path of the file, for errors
 * @param imageSize pixels a side that it is used with; the file doesn't say
 * @throws Error naming the file and the field that is wrong
 */
export function parseVqModelConfig(
  json: unknown,
  path: string,
  imageSize: number,
): VqganConfig {
  const fields = networkFields(
    `tokenizer ${path}`,
    json,
    "take the file from the model's publisher",
  );
  const found = json as Readonly<Record<string, unknown>>;
  for (const [name, wanted] of Object.entries(FIXED)) {
    if (found[name] !== wanted) fields.wrong(name, JSON.stringify(wanted));
  }
  const channels = fields.counts("block_out_channels");
  const blocks = {
    down_block_types: "DownEncoderBlock2D",
    up_block_types: "UpDecoderBlock2D",
  };
  for (const [name, kind] of Object.entries(blocks)) {
    const wanted = channels.map(() => kind);
    if (JSON.stringify(found[name]) !== JSON.stringify(wanted)) {
      fields.wrong(name, `"${kind}" ${channels.length} times`);
    }
  }
  const layers = fields.count("layers_per_block");
  const codeWidth = fields.count("latent_channels");
  if ((found.vq_embed_dim ?? codeWidth) !== codeWidth) {
    fields.wrong("vq_embed_dim", `null or ${codeWidth}`);
  }
  const groups = fields.count("norm_num_groups");
  if (channels.some((width) => width % groups !== 0)) {
    fields.wrong("norm_num_groups", `a divisor of [${channels}]`);
  }
  return {
    imageSize,
    stem: 1,
    channels,
    encoderBlocks: layers,
    decoderBlocks: layers + 1, // diffusers' vae.py
    middleBlocks: 2,
    groups,
    codeWidth,
    codes: fields.count("num_vq_embeddings"),
    normalizeCodes: false,
    unitPixels: true,
  };
}

/**
 * Loads a tokenizer in diffusers' layout. What is not used is not read: a
 * tokenizer that draws only leaves its encoder in the file.
 *
 * @param config of it, see {@linkcode parseVqModelConfig}
 * @param path of its safetensors file, in float32 or float16
 * @throws Error if the file is damaged or holds other tensors than the network
 * needs
 */
export async function loadVqModel(
  config: VqganConfig,
  path: string,
  run: RunOptions = {},
): Promise<Tokenizer> {
  const own = await loadWeights(path);
  const outputs = bothDirections(config);
  checkWeights(path, own, outputs);
  const weights = await preciseDecoder(outputs, own, run);
  return createTokenizer(config, weights, run);
}
