/** Sizes of aMUSEd's U-ViT, as published files state them. */

import { networkFields } from "../run/network_fields.ts";

/** A U-ViT (diffusers, uvit_2d.py). */
export interface UVitConfig {
  /** Width E of the text encoder's states. */
  readonly textWidth: number;
  /** Width P of the text encoder's one vector for a whole text. */
  readonly pooledWidth: number;
  /** Width of the sinusoids of each micro-condition. */
  readonly microWidth: number;
  /** Codes K of the tokenizer. */
  readonly codes: number;
  /** Rows of the table of tokens: the codes, fillers, and the mask at last. */
  readonly vocabulary: number;
  /** Width of the table of tokens. */
  readonly embedding: number;
  /** Channels C of the blocks before and after the trunk. */
  readonly channels: number;
  /** Pairs of a ConvNeXt block and an attention block, at each side. */
  readonly blocks: number;
  /** Heads of the attention blocks; divides the channels. */
  readonly blockHeads: number;
  /** The trunk's grid is half as high and wide as that of the tokens. */
  readonly halved: boolean;
  /** Width D of the trunk. */
  readonly width: number;
  /** Layers of the trunk. */
  readonly layers: number;
  /** Heads of the trunk; divides its width. */
  readonly heads: number;
  /** Hidden width of the trunk's feed-forward part. */
  readonly hidden: number;
  /** What the normalizations add to a variance. */
  readonly epsilon: number;
  /** Tokens a side of the pictures it was trained on; others fit as well. */
  readonly side: number;
}

/** Numbers that a picture is conditioned by beside its text. */
export const MICRO_CONDITIONS = 5;

/**
 * Reads the sizes from a `transformer/config.json`.
 *
 * @param path of the file, for errors
 * @throws Error naming the file and the field that is wrong
 */
export function parseUVitConfig(json: unknown, path: string): UVitConfig {
  const fields = networkFields(
    `transformer ${path}`,
    json,
    "take the file from the model's publisher",
  );
  if (fields.flag("use_bias", false)) fields.wrong("use_bias", "false");
  if (!fields.flag("ln_elementwise_affine", true)) {
    fields.wrong("ln_elementwise_affine", "true");
  }
  const halved = fields.flag("downsample", false);
  if (fields.flag("upsample", false) !== halved) {
    fields.wrong("upsample", `${halved}, as "downsample" is`);
  }
  const config = {
    textWidth: fields.count("encoder_hidden_size"),
    pooledWidth: fields.count("cond_embed_dim"),
    microWidth: fields.count("micro_cond_encode_dim"),
    codes: fields.count("codebook_size"),
    vocabulary: fields.count("vocab_size"),
    embedding: fields.count("in_channels"),
    channels: fields.count("block_out_channels"),
    blocks: fields.count("num_res_blocks"),
    blockHeads: fields.count("block_num_heads"),
    halved,
    width: fields.count("hidden_size"),
    layers: fields.count("num_hidden_layers"),
    heads: fields.count("num_attention_heads"),
    hidden: fields.count("intermediate_size"),
    epsilon: fields.number("layer_norm_eps"),
    side: fields.count("sample_size"),
  };
  if (config.microWidth % 2 !== 0) {
    fields.wrong("micro_cond_encode_dim", "an even number");
  }
  const micro = MICRO_CONDITIONS * config.microWidth;
  if (fields.count("micro_cond_embed_dim") !== micro) {
    fields.wrong("micro_cond_embed_dim", `${micro}`);
  }
  if (config.width % config.heads !== 0) {
    fields.wrong("num_attention_heads", `a divisor of ${config.width}`);
  }
  if (config.channels % config.blockHeads !== 0) {
    fields.wrong("block_num_heads", `a divisor of ${config.channels}`);
  }
  if (config.vocabulary <= config.codes) {
    fields.wrong("vocab_size", `more than the ${config.codes} codes`);
  }
  if (halved && config.side % 2 !== 0) {
    fields.wrong("sample_size", "an even number, since the trunk halves it");
  }
  return config;
}

/** The table's row of an unknown token: the last one. */
export function maskRow({ vocabulary }: UVitConfig): number {
  return vocabulary - 1;
}
