/** Models with their text and tokens as tensors: the face for notebooks. */

import type { TextTensors } from "../text/tensors.ts";
import type { Predict } from "./decode.ts";
import type { PromptStates, TokenModel } from "./model.ts";
import { superResolve as superResolveArrays } from "./super_resolve.ts";
import {
  type SuperresOptions,
  superresSettingsOf,
} from "./superres_defaults.ts";
import type { SuperresModel } from "./superres_model.ts";
import {
  type DecodeTensors,
  stateTensors,
  type Tensor2D,
  tokenArray,
} from "./tensors.ts";

/**
 * The network for a batch of prompts, as {@linkcode TokenModel.predictor}.
 *
 * @param text of the prompts
 * @param negative of what guidance leads away from, one for each prompt or
 * one for all
 * @throws RangeError if the numbers of prompts or their states don't fit
 */
export function predictor(
  model: TokenModel,
  text: TextTensors,
  negative?: TextTensors,
): Promise<Predict> {
  return model.predictor(arrays(text), negative && arrays(negative));
}

/** What is to be super-resolved. */
export interface TensorSuperresInput {
  /** The base's tokens, int32 [B,N]. */
  readonly tokens: Tensor2D;
  /** Of the prompts. */
  readonly text: TextTensors;
  /** Of what guidance leads away from, one for each prompt or one for all. */
  readonly negative?: TextTensors;
  /**
   * High-resolution tokens that are known, int32 [B,M] with the mask id
   * elsewhere; none by default.
   */
  readonly known?: Tensor2D;
  /** Of the pictures, as for the base's decode; 0 by default. */
  readonly seed?: number | readonly number[];
}

/**
 * Draws the high-resolution tokens [B,M] of the base's (paper, section 2.4),
 * yielding the state after every step.
 *
 * @throws RangeError for inputs that don't fit the model, and options out of
 * range; TypeError for tokens that are not of type int32
 */
export async function* superResolve(
  model: SuperresModel,
  { tokens, text, negative, known, seed = 0 }: TensorSuperresInput,
  options: Partial<SuperresOptions> = {},
): AsyncGenerator<DecodeTensors, void, void> {
  const states = superResolveArrays(model, {
    low: tokenArray(tokens),
    prompts: arrays(text),
    negative: negative && arrays(negative),
    tokens: known && tokenArray(known),
    seed,
  }, superresSettingsOf(options));
  for await (const state of states) yield stateTensors(state);
}

function arrays({ states, mask, pooled }: TextTensors): PromptStates {
  return {
    states: states.dataSync<"float32">(),
    mask: mask.dataSync<"float32">(),
    ...(pooled && { pooled: pooled.dataSync<"float32">() }),
  };
}
