/**
 * The super-resolution step (paper, sections 2.4 and 2.8): the same parallel
 * decoding as the base's, of many more tokens in fewer steps, since the
 * low-resolution tokens say most of what there is to know.
 */

import { createRng } from "../run/random.ts";
import { maskId, tokenCount } from "./config.ts";
import { decode } from "./decode.ts";
import {
  blankTokens,
  type DecodeState,
  seedsOf,
  startDecode,
} from "./decode_state.ts";
import type { PromptStates } from "./prompt_batch.ts";
import { networksFor } from "./prompted.ts";
import { checkSteps } from "./step_options.ts";
import type { SuperresOptions } from "./superres_defaults.ts";
import type { SuperresModel } from "./superres_model.ts";

/** What is to be super-resolved. */
export interface SuperresInput {
  /** The base's tokens [B,N]. */
  readonly low: Int32Array;
  /** What they show. */
  readonly prompts: PromptStates;
  /** What guidance leads away from; by default from no text. */
  readonly negative?: PromptStates;
  /**
   * High-resolution tokens [B,M] that are known, with the mask id elsewhere;
   * none by default.
   */
  readonly tokens?: Int32Array;
  /** Of the pictures, as for the base's decode. */
  readonly seed: number | readonly number[];
}

/**
 * Draws the high-resolution tokens [B,M], yielding the state after each step.
 * @throws RangeError for inputs that don't fit the model, and options out of
 * range
 */
export async function* superResolve(
  model: SuperresModel,
  { low, prompts, negative, tokens, seed }: SuperresInput,
  options: SuperresOptions,
): AsyncGenerator<DecodeState, void, void> {
  const { schedule, steps } = options;
  const { config } = model;
  checkSteps(options, steps);
  const { plain, guided } = networksFor(options);
  const predict = await model.predictor(
    low,
    prompts,
    guided ? negative : undefined,
    !plain,
  );
  const length = tokenCount(config);
  const batch = low.length / (config.lowGrid[0] * config.lowGrid[1]);
  const start = startDecode({
    tokens: tokens ?? blankTokens(batch, length, maskId(config)),
    length,
    grid: config.grid,
    maskId: maskId(config),
    seed: superresSeeds(seed, batch),
    schedule,
    steps,
  });
  yield* decode(start, predict, options);
}

/**
 * Seeds for the second decode of the same pictures: with those of the first it
 * would draw by the very numbers that chose the low-resolution tokens.
 */
function superresSeeds(
  seed: SuperresInput["seed"],
  batch: number,
): number[] {
  return seedsOf(seed, batch)
    .map((one) => createRng("superres", one).integer(2 ** 31));
}
