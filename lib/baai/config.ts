/** Sizes of baaivision's U-ViT. */

import { networkFields } from "../run/network_fields.ts";

/** A U-ViT that reads text in its sequence (MUSE-Pytorch, uvit_t2i_vq.py). */
export interface BaaiConfig {
  /** Number of states T of a text. */
  readonly textLength: number;
  /** Width E of the states. */
  readonly textWidth: number;
  /** Codes K of the tokenizer; one more is the mask. */
  readonly codes: number;
  /** Tokens a side; each has a position of its own. */
  readonly side: number;
  /** D. */
  readonly width: number;
  /** Blocks before the middle one, and as many after it. */
  readonly blocks: number;
  /** Attention heads; divides the width. */
  readonly heads: number;
  /** Hidden width of the feed-forward parts. */
  readonly hidden: number;
}

/**
 * The model that was trained on CC3M for 285,000 steps
 * (configs/cc3m_xl_vqf16_jax_2048bs_featset_CLIP_G.py).
 */
export const CC3M: BaaiConfig = {
  textLength: 77,
  textWidth: 1280,
  codes: 1024,
  side: 16,
  width: 1152,
  blocks: 14,
  heads: 16,
  hidden: 4608,
};

/**
 * Reads the sizes of another one of its kind, under the names that the
 * repository's configurations have for them.
 *
 * @param path of the file, for errors
 * @throws Error naming the file and the field that is wrong
 */
export function parseBaaiConfig(json: unknown, path: string): BaaiConfig {
  const fields = networkFields(
    `transformer ${path}`,
    json,
    "take the sizes from the configuration it was trained by",
  );
  if (fields.flag("qkv_bias", false)) fields.wrong("qkv_bias", "false");
  if (!fields.flag("skip", true)) fields.wrong("skip", "true");
  const width = fields.count("embed_dim");
  const heads = fields.count("num_heads");
  if (width % heads !== 0) fields.wrong("num_heads", `a divisor of ${width}`);
  return {
    textLength: fields.count("num_clip_token"),
    textWidth: fields.count("clip_dim"),
    codes: fields.count("codebook_size"),
    side: fields.count("img_size"),
    width,
    blocks: Math.floor(fields.count("depth", 2) / 2),
    heads,
    hidden: Math.floor(width * fields.number("mlp_ratio", 4)),
  };
}
