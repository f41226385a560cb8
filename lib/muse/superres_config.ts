/** Sizes of the super-resolution transformer. */

import { networkFields } from "../run/network_fields.ts";

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
   * by rotary positions, besides the learned ones of the paper.
   */
  readonly rotary?: boolean;
}

/**
 * Reads the sizes that a file of weights comes with.
 *
 * @param path of the file, for errors
 * @throws Error naming the file and the field that is wrong
 */
export function parseSuperresConfig(
  json: unknown,
  path: string,
): SuperresConfig {
  const fields = networkFields(`super-resolution transformer ${path}`, json);
  const pair = (name: string) => {
    const [height, width, ...rest] = fields.counts(name);
    return width === undefined || rest.length > 0
      ? fields.wrong(name, "a height and a width")
      : [height, width] as const;
  };
  const config = {
    textWidth: fields.count("textWidth"),
    textLength: fields.count("textLength"),
    width: fields.count("width"),
    heads: fields.count("heads"),
    hidden: fields.count("hidden"),
    lowLayers: fields.count("lowLayers"),
    lowCodes: fields.count("lowCodes"),
    lowGrid: pair("lowGrid"),
    layers: fields.count("layers"),
    codes: fields.count("codes"),
    grid: pair("grid"),
    block: pair("block"),
    rotary: fields.flag("rotary", false),
  };
  for (const [name, wanted] of superresFaults(config)) {
    fields.wrong(name, wanted);
  }
  return config;
}

/** The fields that don't fit each other, each with what is wanted of it. */
export function superresFaults(
  config: SuperresConfig,
): [keyof SuperresConfig, string][] {
  const { width, heads, grid, lowGrid, block, rotary } = config;
  const divides = (part: readonly number[], whole: readonly number[]) =>
    whole.every((size, axis) => size % part[axis] === 0);
  const rules: [boolean, keyof SuperresConfig, string][] = [
    [
      heads % 2 === 0 && width % heads === 0,
      "heads",
      `an even divisor of the width ${width}`,
    ],
    [
      !rotary || width % (4 * heads) === 0,
      "heads",
      `a divisor of a quarter of the width ${width}`,
    ],
    [divides(lowGrid, grid), "lowGrid", `a divisor of the grid ${grid}`],
    [divides(block, grid), "block", `a divisor of the grid ${grid}`],
  ];
  return rules.flatMap(([holds, name, wanted]) =>
    holds ? [] : [[name, wanted] as const]
  ) as [keyof SuperresConfig, string][];
}
