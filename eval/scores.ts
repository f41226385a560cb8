/** Scores by which the best of several pictures is chosen. */

import type { Score } from "../lib/muse/best_of.ts";
import { tokenCount } from "../lib/muse/config.ts";
import { isBaseModel } from "../lib/muse/model.ts";
import type { Model } from "../lib/muse/pipeline.ts";
import { encodeText } from "../lib/text/encode.ts";
import { openLikelihood } from "./caption_likelihood.ts";
import { tokenAgreement } from "./token_agreement.ts";

/** What a picture may be chosen by. */
export type ScoreName = "likelihood" | "agreement";

/** A score, ready to be used. */
export interface OpenScore {
  /** What `generate()` takes. */
  readonly score: Score;
  /** Frees what it holds; not the model. */
  release(): Promise<void>;
}

const OPENERS: Readonly<
  Record<ScoreName, (model: Model) => Promise<OpenScore>>
> = {
  async likelihood({ name, base, encoder }) {
    if (!isBaseModel(base)) {
      throw new Error(
        `Cannot choose by likelihood: ${name} has no base transformer of ` +
          `ours; choose by agreement`,
      );
    }
    const { rate, release } = await openLikelihood(base.config, base.weights);
    return {
      async score({ prompts, tokens }) {
        const text = await encodeText(encoder, prompts);
        return await rate(tokens, text, [...prompts.keys()]);
      },
      release,
    };
  },
  agreement({ tokenizer, base }) {
    const length = tokenCount(base.config);
    return Promise.resolve({
      score: ({ tokens }) => tokenAgreement(tokenizer, tokens, length),
      release: () => Promise.resolve(),
    });
  },
};

/** Names of all scores. */
export const SCORE_NAMES: readonly ScoreName[] = Object.keys(
  OPENERS,
) as ScoreName[];

/**
 * A score by the model itself: how likely it finds the picture under its
 * prompt, or how many of its tokens come back when it is encoded again.
 */
export function openScore(
  name: ScoreName,
  muse: Model,
): Promise<OpenScore> {
  return OPENERS[name](muse);
}
