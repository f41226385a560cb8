/** Sizes of Muse's transformers; the named models are rows of a table. */

/** A base transformer (paper, Table 4). */
export interface BaseConfig {
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
  /** Codes K of the tokenizer; K itself is the id of the mask. */
  readonly codes: number;
  /** Token grid h x w; N = h * w. */
  readonly grid: readonly [number, number];
}

/** The id that stands for an unknown token. */
export function maskId(config: BaseConfig): number {
  return config.codes;
}

/** Number of tokens N. */
export function tokenCount(config: BaseConfig): number {
  return config.grid[0] * config.grid[1];
}
