/** Whether the parts of a model were made for each other. */

import type { PromptEncoder } from "../text/encode.ts";
import { gridSize, type VqganConfig } from "../vqgan/config.ts";
import type { BaseConfig } from "./config.ts";

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
  const pairs: [string, number | string, number | string][] = [
    ["codes of the tokenizer", tokenizer.codes, base.codes],
    ["grid of the tokenizer", `${side}x${side}`, base.grid.join("x")],
    ["width of the text encoder", encoder.width, base.textWidth],
    ["length of its texts", encoder.length, base.textLength],
  ];
  const faults = pairs
    .filter(([, found, wanted]) => found !== wanted)
    .map(([what, found, wanted]) => `${what}: ${found}, wanted ${wanted}`);
  if (faults.length === 0) return;
  throw new Error(
    `Cannot ${doing}: the base transformer is made for other parts (` +
      `${faults.join("; ")}); take parts that fit`,
  );
}
