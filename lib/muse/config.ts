/** Sizes of Muse's transformers. */

import { count, EXTENT, FLAG } from "../run/field.ts";
import { type NetworkForm, parseNetwork } from "../run/network_form.ts";

/** What every network says of the tokens that it finds. */
export interface TokenSizes {
  /** Codes K of the tokenizer; K itself is the id of the mask. */
  readonly codes: number;
  /** Token grid h x w; N = h * w. */
  readonly grid: readonly [number, number];
}

/** A base transformer (paper, Table 4). */
export interface BaseConfig extends TokenSizes {
  /** Width E of the text encoder's states. */
  readonly textWidth: number;
  /** Text tokens T; prompts are padded or cut to it. */
  readonly textLength: number;
  /** Width D. */
  readonly width: number;
  /** Transformer blocks. */
  readonly layers: number;
  /** Attention heads; divides the width. */
  readonly heads: number;
  /** Hidden width of the feed-forward part. */
  readonly hidden: number;
  /**
   * Self-attention knows how places lie to each other, by rotary positions,
   * besides the learned ones of the paper. False by default.
   */
  readonly rotary?: boolean;
}

/** The id that stands for an unknown token. */
export function maskId(config: TokenSizes): number {
  return config.codes;
}

/** Number of tokens N. */
export function tokenCount(config: TokenSizes): number {
  return config.grid[0] * config.grid[1];
}

/** What files say of a network. */
export const BASE_FORM: NetworkForm<BaseConfig> = {
  fields: {
    textWidth: count(),
    textLength: count(),
    width: count(),
    layers: count(),
    heads: count(),
    hidden: count(),
    codes: count(),
    grid: EXTENT,
    rotary: FLAG,
  },
  missing: { rotary: false },
  rules: ({ width, heads, rotary }) => [
    rotary
      ? [
        "heads",
        width % (4 * heads) === 0,
        // Two axes of pairs.
        `a divisor of a quarter of the width ${width}`,
      ]
      : ["heads", width % heads === 0, `a divisor of the width ${width}`],
  ],
};

/**
 * Reads the sizes that a file of weights comes with.
 *
 * @param path of the file, for errors
 * @throws Error naming the file and the fields that are wrong
 */
export function parseBaseConfig(json: unknown, path: string): BaseConfig {
  return parseNetwork(BASE_FORM, `base transformer ${path}`, json);
}
