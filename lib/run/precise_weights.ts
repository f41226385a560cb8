/** Weights as a network is to be run with them. */

import type { Node } from "../graph/node.ts";
import type { Precision } from "./precision.ts";
import { quantizedCopy, type QuantizedCopyOptions } from "./quantized_copy.ts";
import type { ThreadOptions } from "./session.ts";
import type { Weights } from "./weights.ts";

/** How networks are run. */
export interface RunOptions extends ThreadOptions {
  /**
   * Of weights and products, float32 by default. Others make a copy of the
   * weights the first time, in a stream, and memory is needed for it alone.
   */
  readonly precision?: Precision;
  /** Folder of the copies, by default in Muselab's cache. */
  readonly cache?: string;
  /**
   * Folder in which a text encoder keeps what it said of texts, so that it is
   * loaded only for others; none by default.
   */
  readonly texts?: string;
}

/** Those of some options that say how networks are run. */
export function runOf(
  { threads, device, precision, cache, texts }: RunOptions,
): RunOptions {
  return { threads, device, precision, cache, texts };
}

/**
 * The weights in the precision that is asked for.
 *
 * @param outputs of the whole network, whose layers are tried
 * @throws as {@linkcode quantizedCopy}
 */
export async function preciseWeights(
  outputs: readonly Node[],
  weights: Weights,
  { precision = "fp32", cache }: RunOptions,
  options: Omit<QuantizedCopyOptions, "cache"> = {},
): Promise<Weights> {
  return precision === "fp32"
    ? weights
    : await quantizedCopy(outputs, weights, precision, { ...options, cache });
}
