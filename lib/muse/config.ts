/** Sizes of Muse's transformers. */

import { networkFields } from "../run/network_fields.ts";

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

/**
 * Reads the sizes that a file of weights comes with.
 *
 * @param path of the file, for errors
 * @throws Error naming the file and the field that is wrong
 */
export function parseBaseConfig(json: unknown, path: string): BaseConfig {
  const fields = networkFields(`base transformer ${path}`, json);
  const [height, width, ...rest] = fields.counts("grid");
  if (width === undefined || rest.length > 0) {
    fields.wrong("grid", "a height and a width");
  }
  const config = {
    textWidth: fields.count("textWidth"),
    textLength: fields.count("textLength"),
    width: fields.count("width"),
    layers: fields.count("layers"),
    heads: fields.count("heads"),
    hidden: fields.count("hidden"),
    codes: fields.count("codes"),
    grid: [height, width] as const,
    rotary: fields.flag("rotary", false),
  };
  if (config.width % config.heads !== 0) {
    fields.wrong("heads", `a divisor of the width ${config.width}`);
  }
  if (config.rotary && config.width % (4 * config.heads) !== 0) {
    fields.wrong("heads", `a divisor of a quarter of the width`);
  }
  return config;
}
