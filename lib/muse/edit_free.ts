/**
 * Mask-free editing (Muse, section 3.3.2): the tokens of a picture are
 * resampled by a prompt until they show it.
 */

import type { Picture } from "../image/picture.ts";
import { maskId, tokenCount } from "./config.ts";
import { type FreeEditOptions, freeSettingsOf } from "./edit_options.ts";
import { drawInto, type Edited, type Editor, forEach } from "./edit_picture.ts";
import { readSquare, tokensOf } from "./edit_tokens.ts";
import { boxOf, windowOfAll } from "./edit_window.ts";
import { readPrompts } from "./prompted.ts";
import { checkResample, resample, type ResampleState } from "./resample.ts";

/** Pictures of an iteration before the last. */
export interface KeptPictures {
  readonly iteration: number;
  /** One for each prompt. */
  readonly pictures: readonly Picture[];
}

/** Edits of a picture, and how they came about. */
export interface FreelyEdited extends Edited {
  /** In the order of the iterations; `pictures` are those of the last. */
  readonly kept: readonly KeptPictures[];
}

/**
 * Edits a picture by a prompt alone, once for each prompt. The model sees all
 * of it, in the middle of a square; what of that lies beyond the picture begins
 * as its outermost pixels and is left out in the end.
 *
 * @param onIteration hears the state after every iteration
 * @throws RangeError for options out of range, naming them
 */
export async function editMaskFree(
  muse: Editor,
  picture: Picture,
  prompts: readonly string[],
  options: Partial<FreeEditOptions> = {},
  onIteration: (state: ResampleState) => void = () => {},
): Promise<FreelyEdited> {
  const settings = freeSettingsOf(options);
  const { iterations, guidance, negative, seed } = settings;
  checkResample(settings);
  checkKeep(settings.keepEvery);
  const began = performance.now();
  const { tokenizer, base: { config } } = muse;
  const window = windowOfAll(picture);
  const square = readSquare(tokenizer, picture, boxOf(window));
  const given = await tokensOf(tokenizer, [square]);
  const read = performance.now();
  const guiding = { guidance, steps: iterations, negative };
  const { predict } = await readPrompts(muse, prompts, guiding);
  const encoded = performance.now();

  let tokens = forEach(prompts, given);
  const stages: { iteration: number; tokens: Int32Array }[] = [];
  const start = { tokens, length: tokenCount(config), maskId: maskId(config) };
  for await (
    const state of resample({ ...start, seed }, predict, settings)
  ) {
    tokens = state.tokens;
    if (isKept(state, settings.keepEvery)) stages.push(state);
    onIteration(state);
  }
  const decoded = performance.now();

  const draw = (some: Int32Array) => drawInto(muse, { picture, window }, some);
  const kept: KeptPictures[] = [];
  for (const { iteration, tokens } of stages) {
    kept.push({ iteration, pictures: await draw(tokens) });
  }
  return {
    tokens,
    window,
    pictures: await draw(tokens),
    kept,
    seconds: {
      tokens: (read - began) / 1000,
      text: (encoded - read) / 1000,
      decode: (decoded - encoded) / 1000,
      picture: (performance.now() - decoded) / 1000,
    },
  };
}

/** Whether an iteration before the last one is kept. */
function isKept(
  { iteration, iterations }: ResampleState,
  every: number | undefined,
): boolean {
  return every !== undefined && iteration % every === 0 &&
    iteration < iterations;
}

function checkKeep(every: number | undefined): void {
  if (every === undefined || Number.isSafeInteger(every) && every > 0) return;
  throw new RangeError(
    `Cannot keep pictures of every ${every} iterations: wanted a whole ` +
      `number of at least 1`,
  );
}
