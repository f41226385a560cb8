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

/** Draws prompts by the given weights on one sheet. */
export async function drawPrompts(
  config: BaseConfig,
  weights: Weights,
  parts: { readonly tokenizer: Tokenizer; readonly encoder: PromptEncoder },
  prompts: readonly string[],
  path: string,
): Promise<void> {
  const base = createBaseModel(config, weights);
  try {
    const muse = { name: "in training", hash: "", base, ...parts };
    const { pictures } = await generate(
      { ...muse, release: () => base.release() },
      prompts,
    );
    const sheet = contactSheet(pictures, { captions: prompts });
    await writeAtomic(path, [await encodePng(sheet)]);
  } finally {
    await base.release();
  }
}
