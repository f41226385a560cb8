/** Pictures of which some tokens are unknown, or all, drawn to the last one. */

import type { PromptEncoder } from "../text/encode.ts";
import { maskId, tokenCount } from "./config.ts";
import { decode } from "./decode.ts";
import { type DecodeState, startDecode } from "./decode_state.ts";
import type { TokenModel } from "./model.ts";
import type { DrawOptions } from "./options.ts";
import { type EncodedPrompts, readPrompts } from "./prompted.ts";
import { checkSteps } from "./step_options.ts";

/** The parts of a model that turn prompts into tokens. */
export interface TokenDrawer {
  /** Prompts -> states. */
  readonly encoder: PromptEncoder;
  /** States -> tokens. */
  readonly base: TokenModel;
}

/** Tokens that are all known, and how long that took. */
export interface Completed {
  /** [B,N] */
  readonly tokens: Int32Array;
  /** The prompts as they were read. */
  readonly prompted: EncodedPrompts;
  readonly seconds: { readonly text: number; readonly decode: number };
}

/**
 * Finds the unknown tokens of one picture for each prompt.
 *
 * @param tokens [B,N], the mask id where unknown; the others stay
 * @param onStep is called with the state after every decode step
 * @throws RangeError for options out of range, naming them
 */
export async function completeTokens(
  drawer: TokenDrawer,
  prompts: readonly string[],
  tokens: Int32Array,
  settings: DrawOptions,
  onStep: (state: DecodeState) => void = () => {},
): Promise<Completed> {
  checkSteps(settings, settings.steps);
  const began = performance.now();
  const prompted = await readPrompts(drawer, prompts, settings);
  const read = performance.now();
  const { config } = drawer.base;
  let state = startDecode({
    tokens,
    length: tokenCount(config),
    grid: config.grid,
    maskId: maskId(config),
    seed: settings.seed,
    schedule: settings.schedule,
    steps: settings.steps,
  });
  for await (state of decode(state, prompted.predict, settings)) onStep(state);
  return {
    tokens: state.tokens,
    prompted,
    seconds: {
      text: (read - began) / 1000,
      decode: (performance.now() - read) / 1000,
    },
  };
}
