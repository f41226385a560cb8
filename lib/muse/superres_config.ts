/** Sizes of the super-resolution transformer. */

import { count, EXTENT, FLAG } from "../run/field.ts";
import { type NetworkForm, parseNetwork } from "../run/network_form.ts";

/** A super-resolution transformer (paper, section 2.4 and Table 6). */
export interface SuperresConfig {
  /** Width E of the text encoder's states. */
  readonly textWidth: number;
  /** Text tokens T; prompts are padded or cut to it. */
  readonly textLength: number;
  /** Width D. */
  readonly width: number;
  /** Attention heads, an even number that divides the width. */
  readonly heads: number;
  /** Hidden width of the feed-forward parts. */
  readonly hidden: number;
  /** Self-attention layers over the low-resolution tokens. */
  readonly lowLayers: number;
  /** Codes of the base tokenizer. */
  readonly lowCodes: number;
  /** Token grid of the base tokenizer. */
  readonly lowGrid: readonly [number, number];
  /** Multi-axis layers over the high-resolution tokens. */
  readonly layers: number;
  /** Codes K of the high-resolution tokenizer; K itself is the mask's id. */
  readonly codes: number;
  /** Token grid h x w; a multiple of the low-resolution one. */
  readonly grid: readonly [number, number];
  /** Size of a block of the multi-axis attention; divides the grid. */
  readonly block: readonly [number, number];
  /**
   * Attention knows how places lie to each other, of high and low tokens alike,
   * by rotary positions, in place of the learned ones of the paper: the same
   * weights serve grids of any size. False by default.
   */
  readonly rotary?: boolean;
  /**
   * A high-resolution token starts with what the low-resolution one that covers
   * it says of its place, added to its own embedding, besides reading all of
   * them as in the paper: no attention has to learn where to look first. False
   * by default.
   */
  readonly lowAdded?: boolean;
}

/** What files say of a network. */
export const SUPERRES_FORM: NetworkForm<SuperresConfig> = {
  fields: {
    textWidth: count(),
    textLength: count(),
    width: count(),
    heads: count(),
    hidden: count(),
    lowLayers: count(),
    lowCodes: count(),
    lowGrid: EXTENT,
    layers: count(),
    codes: count(),
    grid: EXTENT,
    block: EXTENT,
    rotary: FLAG,
    lowAdded: FLAG,
  },
  missing: { rotary: false, lowAdded: false },
  rules: ({ width, heads, grid, lowGrid, block, rotary }) => [
    [
      "heads",
      heads % 2 === 0 && width % heads === 0,
      `an even divisor of the width ${width}`,
    ],
    [
      "heads",
      !rotary || width % (4 * heads) === 0,
      `a divisor of a quarter of the width ${width}`,
    ],
    ["lowGrid", divides(lowGrid, grid), `a divisor of the grid ${grid}`],
    ["block", divides(block, grid), `a divisor of the grid ${grid}`],
  ],
};

function divides(part: readonly number[], whole: readonly number[]): boolean {
  return whole.every((size, axis) => size % part[axis] === 0);
}

/**
 * Reads the sizes that a file of weights comes with.
 *
 * @param path of the file, for errors
 * @throws Error naming the file and the fields that are wrong
 */
export function parseSuperresConfig(
  json: unknown,
  path: string,
): SuperresConfig {
  const network = `super-resolution transformer ${path}`;
  return parseNetwork(SUPERRES_FORM, network, json);
}
