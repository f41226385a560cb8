/**
 * Which sampler a step needs: each is compiled when it is first asked for, so
 * that steps don't pay for what they don't use.
 */

import type { PredictRequest } from "./decode.ts";
import type { SamplerOptions } from "./sample_graph.ts";

/**
 * The sampler for a request.
 *
 * @param codes number K of codes; a top k of at least as many is none
 * @param guided use the guided one, even for a scale of 0
 */
export function variantOf(
  { guidance, topK, topP }: Pick<PredictRequest, "guidance" | "topK" | "topP">,
  codes: number,
  guided = false,
): SamplerOptions {
  return {
    guided: guided || guidance !== 0,
    truncated: (topK ?? codes) < codes || (topP ?? 1) < 1,
  };
}

/** A name for the session of a variant. */
export function variantName({ guided, truncated }: SamplerOptions): string {
  return `${guided ? "guided" : "plain"}${truncated ? " truncated" : ""}`;
}

/** What the sampler of a variant is fed for a request. */
export function samplerFeeds(
  request: PredictRequest,
  codes: number,
  { guided, truncated }: SamplerOptions,
): Record<string, Float32Array> {
  const { uniforms, temperature, guidance, topK, topP } = request;
  return {
    uniforms,
    temperature: Float32Array.of(temperature),
    ...(guided ? { guidance: Float32Array.of(guidance) } : {}),
    ...(truncated
      ? {
        topK: Float32Array.of(Math.min(topK ?? codes, codes)),
        topP: Float32Array.of(topP ?? 1),
      }
      : {}),
  };
}
