/** Prompts, read for the networks that draw them. */

import { encodeText, type PromptEncoder } from "../text/encode.ts";
import type { Predict } from "./decode.ts";
import { countGuided, type Guidance } from "./guidance.ts";
import type { PromptStates, TokenModel } from "./model.ts";
import { type Enlarging, isSuperresGuided } from "./options.ts";
import type { SamplerOptions } from "./sample_graph.ts";
import type { StepOptions } from "./step_options.ts";
import { variantOf } from "./step_variant.ts";

/** How often and how far drawing leads away from something. */
export interface Guiding extends Enlarging {
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
  /**
   * Those of what guidance leads away from, where the base or super-resolution
   * is guided.
   */
  readonly negative: PromptStates | undefined;
  /** The base transformer for them. */
  readonly predict: Predict;
  /** How many text ids of each weren't read. */
  readonly cut: readonly number[];
}

/** Reads prompts for the base transformer, and for super-resolution. */
export async function readPrompts(
  { encoder, base }: {
    readonly encoder: PromptEncoder;
    readonly base: TokenModel;
  },
  prompts: readonly string[],
  guiding: Guiding,
): Promise<EncodedPrompts> {
  const text = await encodeText(encoder, prompts);
  const { plain, guided } = networksFor(guiding);
  const away = guided || isSuperresGuided(guiding)
    ? guiding.negative ?? base.emptyText
    : undefined;
  const negative = away === undefined
    ? undefined
    : await encodeText(encoder, [away]);
  const predict = await base.predictor(
    text,
    guided ? negative : undefined,
    !plain,
  );
  return { text, negative, predict, cut: text.cut };
}

/** The networks that the steps of a decode need. */
export interface Networks {
  /** The one for the prompts alone. */
  readonly plain: boolean;
  /** The one that sees both, the prompts and what is led away from. */
  readonly guided: boolean;
}

/**
 * Where only a few steps are not guided, the guided network serves them too:
 * that is faster than to compile another.
 */
export function networksFor(
  { guidance, steps }: Pick<Guiding, "guidance" | "steps">,
): Networks {
  const guided = countGuided(guidance, steps);
  const unguided = steps - guided;
  return {
    plain: guided === 0 || unguided > Math.max(1, steps / 4),
    guided: guided > 0,
  };
}

/** The samplers of those networks, to be opened before the first step. */
export function variantsFor(
  options:
    & Pick<Guiding, "guidance" | "steps">
    & Pick<StepOptions, "topK" | "topP">,
  codes: number,
): SamplerOptions[] {
  const { topK, topP } = options;
  const { plain, guided } = networksFor(options);
  const scales = [...plain ? [0] : [], ...guided ? [1] : []];
  return scales.map((guidance) => variantOf({ guidance, topK, topP }, codes));
}
