/** Prompts, read for the networks that draw them. */

import { encodeText, type PromptEncoder } from "../text/encode.ts";
import type { Predict } from "./decode.ts";
import { countGuided, type Guidance } from "./guidance.ts";
import type { PromptStates, TokenModel } from "./model.ts";

/** How often and how far drawing leads away from something. */
export interface Guiding {
  /** Scale of the guidance over the steps. */
  readonly guidance: Guidance;
  /** How many steps there are. */
  readonly steps: number;
  /** What guidance leads away from; nothing by default. */
  readonly negative?: string;
}

/** A batch of prompts. */
export interface EncodedPrompts {
  /** Their states. */
  readonly text: PromptStates;
  /** Those of what guidance leads away from, where the base is guided. */
  readonly negative: PromptStates | undefined;
  /** The base transformer for them. */
  readonly predict: Predict;
}

/** Reads prompts for the base transformer. */
export async function readPrompts(
  { encoder, base }: {
    readonly encoder: PromptEncoder;
    readonly base: TokenModel;
  },
  prompts: readonly string[],
  guiding: Guiding,
): Promise<EncodedPrompts> {
  const text = await encodeText(encoder, prompts);
  const networks = networksFor(guiding);
  const away = networks.includes(1)
    ? guiding.negative ?? base.emptyText
    : undefined;
  const negative = away === undefined
    ? undefined
    : await encodeText(encoder, [away]);
  const always = !networks.includes(0);
  const predict = await base.predictor(text, negative, always);
  return { text, negative, predict };
}

/**
 * The networks that are needed, each by a scale that asks for it. Where only a
 * few steps are not guided, the guided network serves them too: that is faster
 * than to compile another.
 */
export function networksFor({ guidance, steps }: Guiding): number[] {
  const guided = countGuided(guidance, steps);
  if (guided === 0) return [0];
  return steps - guided <= Math.max(1, steps / 4) ? [1] : [0, 1];
}
