/**
 * Mask-free editing (Muse, section 3.3.2): the tokens of a picture are
 * resampled by a prompt until they show it.
 */

import type { Picture } from "../image/picture.ts";
import { checkPrompts } from "../text/check_prompts.ts";
import { maskId, tokenCount } from "./config.ts";
import { drawBest } from "./best_of.ts";
import type { DecodeState } from "./decode_state.ts";
import { drawFound } from "./draw_tokens.ts";
import { type FreeEditOptions, freeSettingsOf } from "./edit_options.ts";
import {
  type Edited,
  type Editor,
  type EditSeconds,
  type Place,
  putAllBack,
  repeatFor,
} from "./edit_picture.ts";
import { readSquare, tokensOf } from "./edit_tokens.ts";
import { boxOf, windowOfAll } from "./edit_window.ts";
import { superresOptions } from "./enlarge.ts";
import type { DrawListeners } from "./pipeline.ts";
import { type EncodedPrompts, readPrompts } from "./prompted.ts";
import { checkResample, resample, type ResampleState } from "./resample.ts";

/** Pictures of an iteration before the last. */
export interface KeptPictures {
  /** Its number, from 1. */
  readonly iteration: number;
  /** One for each prompt. */
  readonly pictures: readonly Picture[];
}

/** Edits of a picture, and how they came about. */
export interface FreelyEdited extends Edited {
  /** In the order of the iterations; `pictures` are those of the last. */
  readonly kept: readonly KeptPictures[];
}

/** `editMaskFree()` of `edits.ts`, on arrays. */
export async function editMaskFree(
  muse: Editor,
  picture: Picture,
  prompts: readonly string[],
  options: Partial<FreeEditOptions> = {},
  onIteration?: (state: ResampleState) => void,
  onSuperresStep?: (state: DecodeState) => void,
): Promise<FreelyEdited> {
  const { bestOf, ...settings } = freeSettingsOf(options);
  const { iterations } = settings;
  checkPrompts(prompts);
  checkResample(settings);
  checkKeep(settings.keepEvery);
  superresOptions(muse, settings);
  const began = performance.now();
  const { tokenizer } = muse;
  const window = windowOfAll(picture);
  const square = readSquare(tokenizer, picture, boxOf(window));
  const tokens = repeatFor(prompts, await tokensOf(tokenizer, [square]));
  const read = performance.now();
  const guiding = { ...settings, steps: iterations };
  const prompted = await readPrompts(muse, prompts, guiding);
  const encoded = performance.now();
  const start = { picture, window, tokens, prompted };
  const listeners = { onIteration, onSuperresStep };
  const draw = (seed: readonly number[], isLast: boolean) =>
    isLast
      ? editOnce(muse, start, { ...settings, seed }, listeners)
      : editOnce(muse, start, { ...settings, ...CANDIDATE, seed }, {});
  const edited = await drawBest(bestOf, prompts, settings.seed, draw);
  return {
    ...edited,
    seconds: {
      tokens: (read - began) / 1000,
      text: (encoded - read) / 1000,
      ...edited.seconds,
    },
  };
}

/** What candidates don't have: they are compared as the base draws them. */
const CANDIDATE = { superresSteps: 0, keepEvery: undefined };

/** What is edited. */
interface FreeStart extends Place {
  /** [B,N] */
  readonly tokens: Int32Array;
  readonly prompted: EncodedPrompts;
}

/** What is called with the states of an edit. */
interface FreeListeners extends Omit<DrawListeners, "onStep"> {
  readonly onIteration?: (state: ResampleState) => void;
}

/** One edit for each prompt, from its tokens to the pictures. */
async function editOnce(
  muse: Editor,
  { tokens: given, prompted, ...place }: FreeStart,
  settings: FreeEditOptions & { readonly seed: readonly number[] },
  { onIteration, onSuperresStep }: FreeListeners,
): Promise<
  Omit<FreelyEdited, "seconds"> & {
    readonly seconds: Omit<EditSeconds, "tokens" | "text">;
  }
> {
  const began = performance.now();
  const states = await resampleAll(
    muse,
    given,
    prompted,
    settings,
    onIteration,
  );
  const decoded = performance.now();
  const kept: KeptPictures[] = [];
  let superres = 0;
  const small = settings.superresKept
    ? settings
    : { ...settings, superresSteps: 0 };
  for (const { iteration, tokens } of states.slice(0, -1)) {
    const drawn = await drawFound(muse, { tokens, prompted }, small);
    superres += drawn.seconds.superres ?? 0;
    kept.push({ iteration, pictures: putAllBack(place, drawn.pictures) });
  }
  const { tokens } = states.at(-1)!;
  const found = { tokens, prompted };
  const drawn = await drawFound(muse, found, settings, onSuperresStep);
  superres += drawn.seconds.superres ?? 0;
  const pictures = putAllBack(place, drawn.pictures);
  return {
    ...drawn,
    tokens,
    window: place.window,
    pictures,
    kept,
    seeds: settings.seed,
    cut: prompted.cut,
    seconds: {
      decode: (decoded - began) / 1000,
      ...(drawn.superresTokens && { superres }),
      picture: (performance.now() - decoded) / 1000 - superres,
    },
  };
}

/** All iterations; returns the states that are kept, the last one at the end. */
async function resampleAll(
  { base: { config } }: Editor,
  tokens: Int32Array,
  { predict }: EncodedPrompts,
  settings: FreeEditOptions,
  onIteration: (state: ResampleState) => void = () => {},
): Promise<ResampleState[]> {
  const kept: ResampleState[] = [];
  const start = {
    tokens,
    length: tokenCount(config),
    maskId: maskId(config),
    seed: settings.seed,
  };
  for await (const state of resample(start, predict, settings)) {
    const { iteration, iterations } = state;
    const isKept = iteration % (settings.keepEvery ?? iterations) === 0;
    if (isKept || iteration === iterations) kept.push(state);
    onIteration(state);
  }
  return kept;
}

function checkKeep(every: number | undefined): void {
  if (every === undefined || Number.isSafeInteger(every) && every > 0) return;
  throw new RangeError(
    `Cannot keep pictures of every ${every} iterations: wanted a whole ` +
      `number of at least 1`,
  );
}
