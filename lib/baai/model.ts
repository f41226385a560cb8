/** A U-ViT with its weights, as the function the decode loop calls. */

import type { Node } from "../graph/node.ts";
import { input } from "../graph/ops.ts";
import type { TokenModel } from "../muse/model.ts";
import { predictWith, twice } from "../muse/predict_with.ts";
import { countPrompts, joinPrompts } from "../muse/prompt_batch.ts";
import type { SamplerOptions } from "../muse/sample_graph.ts";
import { stepSamples } from "../muse/step_graph.ts";
import { variantName } from "../muse/step_variant.ts";
import { lazySessions } from "../run/lazy_sessions.ts";
import type { ThreadOptions } from "../run/session.ts";
import type { Weights } from "../run/weights.ts";
import type { BaaiConfig } from "./config.ts";
import { baaiLogits } from "./u_vit.ts";

/** How a model is run. */
export interface BaaiModelOptions extends ThreadOptions {
  /** Loads the weights at the first step only; false by default. */
  readonly lowMemory?: boolean;
}

/**
 * Makes a model of the given weights. Where any step of a decode is guided,
 * all of them run the guided network: another session would hold the weights
 * once more.
 */
export function createBaaiModel(
  config: BaaiConfig,
  weights: Weights,
  { lowMemory = false, ...how }: BaaiModelOptions = {},
): TokenModel {
  const { side, codes } = config;
  const steps = lazySessions("U-ViT", weights, { ...how, most: 1 });
  const openStep = (variant: SamplerOptions) =>
    steps.open(variantName(variant), () => stepOutputs(config, variant));
  return {
    config: { codes, grid: [side, side] },
    emptyText: "",
    async open(variant) {
      if (!lowMemory) await openStep(variant);
    },
    // deno-lint-ignore require-await
    async predictor(prompts, negative, always = false) {
      const batch = countPrompts(config, prompts);
      const guided = negative !== undefined;
      const states = guided
        ? joinPrompts(config, prompts, negative).states
        : twice(prompts.states);
      return predictWith({
        feeds: { states },
        batch,
        length: side ** 2,
        codes,
        always: always || guided,
        openStep,
      });
    },
    release: () => steps.release(),
  };
}

/**
 * Tokens [B,N] -> drawn ids, their probabilities and, as its sampler ranks
 * positions, their logits, all [B,N].
 */
function stepOutputs(
  config: BaaiConfig,
  variant: SamplerOptions,
): Record<string, Node> {
  const { side, textLength, textWidth } = config;
  const { ids, confidence, logits } = stepSamples(
    side ** 2,
    variant,
    (ids, batch) => {
      const states = input("states", [batch, textLength, textWidth]);
      return baaiLogits(config, ids, states);
    },
  );
  return { ids, confidence, scores: logits };
}
