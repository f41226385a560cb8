/** Pictures that show how far a super-resolution transformer has come. */

import { encodePng } from "../image/encode.ts";
import { fromPlanarBatch } from "../image/picture.ts";
import { resize } from "../image/resize.ts";
import { contactSheet } from "../image/sheet.ts";
import { superResolve } from "../muse/super_resolve.ts";
import type { SuperresConfig } from "../muse/superres_config.ts";
import { SUPERRES_DEFAULTS } from "../muse/superres_defaults.ts";
import { createSuperresModel } from "../muse/superres_model.ts";
import { writeAtomic } from "../run/atomic.ts";
import type { Weights } from "../run/weights.ts";
import type { Tokenizer } from "../vqgan/model.ts";
import type { SuperresBatch } from "./superres_stage.ts";

/** The tokenizers of both sizes. */
export interface TokenizerPair {
  readonly low: Tokenizer;
  readonly high: Tokenizer;
}

/**
 * Draws a batch three times on one sheet: above from the low-resolution
 * tokens, below them what the weights make of those, and at the bottom from
 * the high-resolution tokens of the picture itself.
 */
export async function drawSuperres(
  config: SuperresConfig,
  weights: Weights,
  { low, tokens, states, textMask }: SuperresBatch,
  tokenizers: TokenizerPair,
  path: string,
): Promise<void> {
  const model = createSuperresModel(config, weights);
  try {
    let drawn = tokens;
    const prompts = { states, mask: textMask };
    const input = { low, prompts, seed: 0 };
    for await (const state of superResolve(model, input, SUPERRES_DEFAULTS)) {
      drawn = state.tokens;
    }
    const { imageSize: small } = tokenizers.low.config;
    const { imageSize: side } = tokenizers.high.config;
    const above = await tokenizers.low.decode(low);
    const rows = [
      fromPlanarBatch(above, small, small)
        .map((picture) => resize(picture, side, side, "bicubic")),
      fromPlanarBatch(await tokenizers.high.decode(drawn), side, side),
      fromPlanarBatch(await tokenizers.high.decode(tokens), side, side),
    ];
    const sheet = contactSheet(rows.flat(), { columns: rows[0].length });
    await writeAtomic(path, [await encodePng(sheet)]);
  } finally {
    await model.release();
  }
}
