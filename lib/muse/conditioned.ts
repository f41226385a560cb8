/** A base model with its text as tensors: the face for notebooks. */

import type { TextTensors } from "../text/tensors.ts";
import type { Predict } from "./decode.ts";
import type { BaseModel, PromptStates } from "./model.ts";

/**
 * The network for a batch of prompts, as {@linkcode BaseModel.predictor}.
 *
 * @param text of the prompts
 * @param negative of what guidance leads away from, one for each prompt or
 * one for all
 * @throws RangeError if the numbers of prompts or their states don't fit
 */
export function predictor(
  model: BaseModel,
  text: TextTensors,
  negative?: TextTensors,
): Promise<Predict> {
  return model.predictor(arrays(text), negative && arrays(negative));
}

function arrays({ states, mask }: TextTensors): PromptStates {
  return {
    states: states.dataSync<"float32">(),
    mask: mask.dataSync<"float32">(),
  };
}
