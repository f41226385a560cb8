/** A table in place of a network, for tests of the decode loop. */

import { createRng } from "../run/random.ts";
import type { Predict, PredictRequest } from "./decode.ts";

/** Codes of the table's pictures. */
export const CODES = 10;

/** A row for every token to the left, the mask included: weights of codes. */
const TABLE = Array.from({ length: CODES + 1 }, (_, left) => {
  const rng = createRng("decode table", left);
  return Array.from({ length: CODES }, () => rng.uniform() ** 3);
});

/**
 * A network whose distribution at a position depends on the token to its
 * left, and is sharper the larger the guidance. Every call is logged.
 */
export function tablePredict(
  length: number,
): { predict: Predict; calls: { batch: number; guidance: number }[] } {
  const calls: { batch: number; guidance: number }[] = [];
  const predict: Predict = (tokens, request) => {
    const { guidance, temperature, uniforms } = request;
    calls.push({ batch: tokens.length / length, guidance });
    const power = (1 + guidance) / Math.max(temperature, 1e-3);
    const ids = new Int32Array(tokens.length);
    const confidence = new Float32Array(tokens.length);
    tokens.forEach((_, i) => {
      const left = i % length === 0 ? CODES : tokens[i - 1];
      const largest = Math.max(...TABLE[left]);
      const weights = TABLE[left].map((weight) => (weight / largest) ** power);
      const total = weights.reduce((a, b) => a + b);
      const kept = likeliest(weights, request);
      let rest = uniforms[i] * kept.reduce((a, b) => a + b);
      const id = kept.findIndex((weight) => (rest -= weight) < 0);
      ids[i] = id < 0 ? kept.findLastIndex((weight) => weight > 0) : id;
      confidence[i] = weights[ids[i]] / total;
    });
    return Promise.resolve({ ids, confidence });
  };
  return { predict, calls };
}

/** The weights of the top k and the top p; 0 for the others. */
function likeliest(
  weights: readonly number[],
  { topK = CODES, topP = 1 }: PredictRequest,
): number[] {
  const sorted = weights.toSorted((a, b) => b - a);
  const share = topP * sorted.reduce((a, b) => a + b);
  let upTo = 0;
  const last = sorted.findIndex((weight, i) =>
    (upTo += weight) > share || i + 1 === topK
  );
  const least = sorted.at(last)!; // -1, the last one, if none is above
  return weights.map((weight) => weight >= least ? weight : 0);
}
