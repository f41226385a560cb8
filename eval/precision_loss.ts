/** What a precision changes: logits, and the tokens of a whole decode. */

import type { Node } from "../lib/graph/node.ts";
import type { Values } from "../lib/graph/op.ts";
import { generate, type Model } from "../lib/muse/pipeline.ts";
import { preciseWeights, type RunOptions } from "../lib/run/precise_weights.ts";
import { runOnce } from "../lib/run/run_once.ts";
import type { Weights } from "../lib/run/weights.ts";

/** How far a precision is from float32. */
export interface PrecisionLoss {
  /** Root of the squared error of logits over that of their squares. */
  readonly logits: number;
  /** Share of the tokens of a whole decode that are the same. */
  readonly tokens: number;
}

/** A network from its inputs to its logits, and what it is fed. */
export interface LogitsCase {
  readonly logits: Node;
  readonly weights: Weights;
  readonly feeds: Readonly<Record<string, Values>>;
}

/** The relative error of logits in a precision. */
export async function logitsError(
  { logits, weights, feeds }: LogitsCase,
  run: RunOptions,
): Promise<number> {
  const exact = await logitsOf({ logits, weights, feeds }, run);
  const rounded = await preciseWeights([logits], weights, run);
  const found = await logitsOf({ logits, weights: rounded, feeds }, run);
  let [error, energy] = [0, 0];
  exact.forEach((value, i) => {
    error += (found[i] - value) ** 2;
    energy += value ** 2;
  });
  return Math.sqrt(error / energy);
}

async function logitsOf(
  { logits, weights, feeds }: LogitsCase,
  { threads, device }: RunOptions,
): Promise<Float32Array> {
  const run = { threads, device };
  const found = await runOnce({ logits }, feeds, weights, run);
  return found.logits.data as Float32Array;
}

/** The share of equal tokens among two that were drawn by the same seed. */
export function equalTokens(a: Int32Array, b: Int32Array): number {
  return a.reduce((same, id, i) => same + Number(id === b[i]), 0) / a.length;
}

/** The tokens of a prompt, drawn as the model is. */
export async function drawTokens(
  model: Model,
  prompt: string,
  steps: number,
): Promise<Int32Array> {
  return (await generate(model, [prompt], { steps, seed: 0 })).tokens;
}
