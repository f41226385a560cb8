/**
 * The sampler's plain definition in fp64, and how tests run the graph beside
 * it.
 */

import assert from "node:assert/strict";
import type { Rng } from "../run/random.ts";
import { createSession } from "../run/session.ts";
import { samplerGraph, type SamplerOptions } from "./sample_graph.ts";

export const UNGUIDED = { guided: false, truncated: false };
export const GUIDED = { guided: true, truncated: false };
/** The largest float32 below 1. */
export const ALMOST_ONE = 1 - 2 ** -24;

/** What a sampler is fed; logits are [2B,N,K] or [B,N,K]. */
export interface Feeds {
  readonly logits: Float32Array;
  readonly uniforms: Float32Array;
  readonly temperature: Float32Array;
  readonly guidance: Float32Array;
  readonly topK: Float32Array;
  readonly topP: Float32Array;
}

/** Which codes are drawn from; all by default. */
export interface Limits {
  readonly topK?: number;
  readonly topP?: number;
}

/** Feeds of a run. */
export function feeds(
  logits: Float32Array,
  uniforms: Float32Array,
  temperature = 1,
  guidance = 0,
  { topK = Infinity, topP = 1 }: Limits = {},
): Feeds {
  const one = (x: number) => Float32Array.of(x);
  return {
    logits,
    uniforms,
    temperature: one(temperature),
    guidance: one(guidance),
    topK: one(topK),
    topP: one(topP),
  };
}

/** Normal numbers, times the scale. */
export function normals(count: number, scale: number, rng: Rng): Float32Array {
  return Float32Array.from({ length: count }, () => scale * rng.normal());
}

/** Runs a compiled sampler. */
export type Run = (
  fed: Feeds,
) => Promise<{ ids: Int32Array; confidence: Float32Array }>;

/** Compiles a sampler for ONNX Runtime, and frees it after the body. */
export async function withSampler(
  tokens: number,
  codes: number,
  options: SamplerOptions,
  body: (run: Run) => Promise<void>,
): Promise<void> {
  const graph = samplerGraph(tokens, codes, options);
  const session = await createSession({ ...graph });
  try {
    await body(async (fed) => {
      const topK = fed.topK.map((k) => Math.min(k, codes));
      const { ids, confidence } = await session.run({ ...fed, topK });
      assert.equal(ids.dtype, "int32");
      return {
        ids: ids.data as Int32Array,
        confidence: confidence.data as Float32Array,
      };
    });
  } finally {
    await session.release();
  }
}

/** One row of the plain definition, in fp64. */
export function sampleRow(
  logits: readonly number[],
  u: number,
  temperature: number,
  { topK = Infinity, topP = 1 }: Limits = {},
): { id: number; confidence: number[]; margin: number } {
  const top = Math.max(...logits);
  const softmax = (t: number, keep: (x: number) => boolean) => {
    const e = logits.map((x) => keep(x) ? Math.exp((x - top) / t) : 0);
    const total = e.reduce((a, b) => a + b);
    return e.map((x) => x / total);
  };
  const confidence = softmax(1, () => true);
  if (temperature === 0) {
    return { id: logits.indexOf(top), confidence, margin: 1 };
  }
  const sorted = logits.toSorted((a, b) => b - a);
  let least = sorted.at(Math.min(topK, sorted.length) - 1)!;
  if (topP < 1) {
    least = Math.max(least, leastOfShare(sorted, temperature, topP));
  }
  let upTo = 0;
  let margin = 1;
  let id = -1;
  softmax(temperature, (x) => x >= least).forEach((p, i) => {
    upTo += p;
    if (p > 0) margin = Math.min(margin, Math.abs(upTo - u));
    if (id < 0 && upTo > u) id = i;
  });
  return { id, confidence, margin };
}

/** The last of the falling logits whose sum is the first above the share. */
function leastOfShare(
  sorted: readonly number[],
  temperature: number,
  topP: number,
): number {
  const weights = sorted.map((x) => Math.exp((x - sorted[0]) / temperature));
  const total = weights.reduce((a, b) => a + b);
  let upTo = 0;
  return sorted[weights.findIndex((w) => (upTo += w) > topP * total)];
}

/** The plain definition of everything, row by row. */
export function sampleRows(fed: Feeds, codes: number, options: SamplerOptions) {
  const [temperature, t] = [fed.temperature[0], fed.guidance[0]];
  const truncation = { topK: fed.topK[0], topP: fed.topP[0] };
  return Array.from(fed.uniforms, (u, row) => {
    const logits = Array.from({ length: codes }, (_, code) => {
      const c = fed.logits[row * codes + code];
      if (!options.guided) return c;
      const half = fed.logits.length / 2;
      return (1 + t) * c - t * fed.logits[half + row * codes + code];
    });
    return sampleRow(logits, u, temperature, truncation);
  });
}
