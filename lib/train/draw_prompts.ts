/** Pictures that show how far a base transformer has come. */

import { encodePng } from "../image/encode.ts";
import { contactSheet } from "../image/sheet.ts";
import type { BaseConfig } from "../muse/config.ts";
import { createBaseModel } from "../muse/model.ts";
import { generate } from "../muse/pipeline.ts";
import { writeAtomic } from "../run/atomic.ts";
import type { Weights } from "../run/weights.ts";
import type { PromptEncoder } from "../text/encode.ts";
import type { Tokenizer } from "../vqgan/model.ts";

/** What is drawn: one kind of thing, counts, relations, colours, a style. */
export const SAMPLE_PROMPTS: readonly string[] = [
  "a fox",
  "a red apple",
  "three green apples",
  "a rocket above a house",
  "a cat to the left of a dog",
  "a bicycle on a blue background",
  "a slice of watermelon, flat style",
  "a crown",
  "two hearts",
  "a bear below a rainbow",
  "a snail in front of a tree",
  "a pizza on a pink background",
];

/** Draws {@linkcode SAMPLE_PROMPTS} by the given weights on one sheet. */
export async function drawPrompts(
  config: BaseConfig,
  weights: Weights,
  parts: { readonly tokenizer: Tokenizer; readonly encoder: PromptEncoder },
  path: string,
): Promise<void> {
  const base = createBaseModel(config, weights);
  try {
    const muse = { name: "in training", hash: "", base, ...parts };
    const { pictures } = await generate(
      { ...muse, release: () => base.release() },
      SAMPLE_PROMPTS,
    );
    const sheet = contactSheet(pictures, { captions: SAMPLE_PROMPTS });
    await writeAtomic(path, [await encodePng(sheet)]);
  } finally {
    await base.release();
  }
}
