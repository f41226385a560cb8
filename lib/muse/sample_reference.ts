/**
 * The sampler's plain definition in fp64, and how tests run the graph beside
 * it.
 */

import assert from "node:assert/strict";
import type { Rng } from "../run/random.ts";
import { createSession } from "../run/session.ts";
import { samplerGraph, type SamplerOptions } from "./sample_graph.ts";

export const UNGUIDED = { guided: false };
/** The largest float32 below 1. */
export const ALMOST_ONE = 1 - 2 ** -24;

/** What a sampler is fed; logits are [2B,N,K] or [B,N,K]. */
export interface Feeds {
  readonly logits: Float32Array;
  readonly uniforms: Float32Array;
  readonly temperature: Float32Array;
  readonly guidance: Float32Array;
}

/** Feeds of a run. */
export function feeds(
  logits: Float32Array,
  uniforms: Float32Array,
  temperature = 1,
  guidance = 0,
): Feeds {
  const [t, g] = [temperature, guidance].map((x) => Float32Array.of(x));
  return { logits, uniforms, temperature: t, guidance: g };
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
      const { ids, confidence } = await session.run({ ...fed });
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
  k: number,
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
  const least = logits.toSorted((a, b) => b - a)[k - 1];
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

/** The plain definition of everything, row by row. */
export function sampleRows(fed: Feeds, codes: number, options: SamplerOptions) {
  const [temperature, t] = [fed.temperature[0], fed.guidance[0]];
  return Array.from(fed.uniforms, (u, row) => {
    const logits = Array.from({ length: codes }, (_, code) => {
      const c = fed.logits[row * codes + code];
      if (!options.guided) return c;
      const half = fed.logits.length / 2;
      return (1 + t) * c - t * fed.logits[half + row * codes + code];
    });
    return sampleRow(logits, u, temperature, options.topK ?? codes);
  });
}
