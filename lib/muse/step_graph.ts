/** A step of a decode as a graph: a network joined to its sampler. */

import { B, type Dim } from "../graph/dim.ts";
import type { Node } from "../graph/node.ts";
import { concat, input } from "../graph/ops.ts";
import {
  samplerInputs,
  type SamplerOptions,
  type Samples,
  sampleTokens,
} from "./sample_graph.ts";

/**
 * Tokens [B,N] -> what is drawn at each position. A guided network sees them
 * twice, [2B,N]: with what the prompts say, and with what is led away from.
 *
 * @param count N
 * @param logits of the ids [B,N] or [2B,N], with that batch
 */
export function stepSamples(
  count: number,
  variant: SamplerOptions,
  logits: (ids: Node, batch: Dim) => Node,
): Samples {
  const tokens = input("tokens", [B, count], "int32");
  const found = variant.guided
    ? logits(concat([tokens, tokens], 0), "2B")
    : logits(tokens, B);
  return sampleTokens(found, samplerInputs(count), variant);
}
