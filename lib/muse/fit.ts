/** Whether the parts of a model were made for each other. */

import type { PromptEncoder } from "../text/encode.ts";
import { gridSize, type VqganConfig } from "../vqgan/config.ts";
import type { BaseConfig } from "./config.ts";
import type { SuperresConfig } from "./superres_config.ts";

/**
 * Compares the tokenizer and the text encoder with what the base transformer
 * beside them is made for.
 *
 * @param doing what the parts are put together for: "Cannot …" in the error
 * @throws Error naming everything that doesn't fit
 */
export function checkFit(
  doing: string,
  base: BaseConfig,
  tokenizer: VqganConfig,
  encoder: Pick<PromptEncoder, "length" | "width">,
): void {
  const side = gridSize(tokenizer);
  const pairs: Pair[] = [
    ["codes of the tokenizer", tokenizer.codes, base.codes],
    ["grid of the tokenizer", `${side}x${side}`, base.grid.join("x")],
    ["width of the text encoder", encoder.width, base.textWidth],
    ["length of its texts", encoder.length, base.textLength],
  ];
  refuse(doing, "base transformer", pairs);
}

/** What a super-resolution transformer works with. */
export interface SuperresParts {
  /** Of the base. */
  readonly low: VqganConfig;
  /** Of the pictures that come out. */
  readonly high: VqganConfig;
  readonly encoder: Pick<PromptEncoder, "length" | "width">;
}

/**
 * Compares the tokenizers and the text encoder with what a super-resolution
 * transformer is made for.
 *
 * @throws Error naming everything that doesn't fit
 */
export function checkSuperresFit(
  doing: string,
  superres: SuperresConfig,
  { low, high, encoder }: SuperresParts,
): void {
  const gridName = (config: VqganConfig) => {
    const side = gridSize(config);
    return `${side}x${side}`;
  };
  const { lowGrid, grid } = superres;
  refuse(doing, "super-resolution transformer", [
    ["codes of the base tokenizer", low.codes, superres.lowCodes],
    ["grid of the base tokenizer", gridName(low), lowGrid.join("x")],
    ["codes of the high-resolution tokenizer", high.codes, superres.codes],
    ["grid of the high-resolution tokenizer", gridName(high), grid.join("x")],
    ["width of the text encoder", encoder.width, superres.textWidth],
    ["length of its texts", encoder.length, superres.textLength],
  ]);
}

/** A name, what was found and what was wanted. */
type Pair = readonly [string, number | string, number | string];

function refuse(doing: string, network: string, pairs: readonly Pair[]): void {
  const faults = pairs
    .filter(([, found, wanted]) => found !== wanted)
    .map(([what, found, wanted]) => `${what}: ${found}, wanted ${wanted}`);
  if (faults.length === 0) return;
  throw new Error(
    `Cannot ${doing}: the ${network} is made for other parts (` +
      `${faults.join("; ")}); take parts that fit`,
  );
}
