/** How fast training runs, beside the runtime's own matrix product. */

import type { Node } from "../graph/node.ts";
import { add, gelu, input, parameter } from "../graph/ops.ts";
import { countGflop } from "../graph/products.ts";
import { attend, joinHeads, splitHeads } from "../nn/attention.ts";
import { embedding, linear } from "../nn/linear.ts";
import { layerNorm } from "../nn/norm.ts";
import { multiplyRate } from "../run/multiply_rate.ts";
import { profileRuns } from "../run/profile.ts";
import { createRng } from "../run/random.ts";
import type { SessionOptions } from "../run/session.ts";
import { median } from "../run/timing.ts";
import { TRANSFORMER_ADAMW } from "./adamw.ts";
import { maskedCrossEntropy } from "./masked_loss.ts";
import { partsOf } from "./parts.ts";
import { createTrainState } from "./state.ts";
import { createTrainStep, trainsAll, type TrainStep } from "./step.ts";

/** A transformer of self-attention over tokens. */
export interface BenchmarkModel {
  readonly layers: number;
  readonly batch: number;
  readonly tokens: number;
  readonly width: number;
  readonly heads: number;
  readonly vocabulary: number;
}

/** The transformer that is trained for the measurement. */
export const BENCHMARK_MODEL: BenchmarkModel = {
  layers: 8,
  batch: 16,
  tokens: 256,
  width: 512,
  heads: 8,
  vocabulary: 1024,
};

/** Figures of one run. */
export interface TrainingThroughput {
  /** The runtime's fp32 product of 2048x1024 and 1024x1024 matrices. */
  readonly multiplyGflops: number;
  readonly trainGflops: number;
  /** The second of these over the first. */
  readonly ratio: number;
  readonly secondsPerStep: number;
  /** Share of a step's time spent outside the runtime, by its profile. */
  readonly outsideRuntimeShare: number;
  /** Resident memory after the first and the last step, in MB. */
  readonly residentMb: readonly [number, number];
}

/** How to measure. */
export interface ThroughputOptions {
  /** Measured steps. */
  readonly steps: number;
  readonly model?: BenchmarkModel;
  /** Hears the seconds of each step. */
  readonly onStep?: (step: number, seconds: number) => void;
}

/** Steps before the measured ones, and steps with a profile. */
const WARM_UP = 2;
const PROFILED = 3;

/** Floating-point operations of one step's matrix products, in 10^9. */
export function stepGflop(model: BenchmarkModel): number {
  const forward = countGflop([trainingLoss(model)]);
  return 3 * forward; // the backward pass takes twice the forward one
}

function trainingLoss(model: BenchmarkModel): Node {
  const { layers, batch, tokens, width, heads, vocabulary } = model;
  const noBias = { bias: false };
  const parts = partsOf(batch, tokens);
  const shape = [batch / parts, tokens];
  const ids = input("ids", shape, "int32");
  const targets = input("targets", shape, "int32");
  const weights = input("weights", shape);
  let x = embedding("embedding", ids, vocabulary, width);
  x = add(x, parameter("position_embedding.weight", [tokens, width]));
  for (let i = 0; i < layers; i++) {
    const own = layerNorm(`${i}.norm1`, x);
    const [q, k, v] = ["q", "k", "v"].map((part) =>
      splitHeads(linear(`${i}.${part}`, own, width, noBias), heads)
    );
    const mixed = joinHeads(attend(q, k, v));
    x = add(x, linear(`${i}.out`, mixed, width, noBias));
    const normed = layerNorm(`${i}.norm2`, x);
    const wide = gelu(linear(`${i}.up`, normed, 4 * width, noBias));
    x = add(x, linear(`${i}.down`, wide, width, noBias));
  }
  const logits = linear("head", layerNorm("norm", x), vocabulary);
  return maskedCrossEntropy(logits, targets, weights, parts).crossEntropy;
}

function compileStep(
  model: BenchmarkModel,
  options: SessionOptions,
): Promise<TrainStep> {
  return createTrainStep({
    losses: [{ value: trainingLoss(model), trains: trainsAll }],
    outputs: {},
    optimizer: TRANSFORMER_ADAMW,
  }, options);
}

/** Trains on random tokens; returns what each step took, in seconds. */
async function timeSteps(
  step: TrainStep,
  { batch, tokens, vocabulary }: BenchmarkModel,
  steps: number,
  onStep: (step: number, seconds: number) => void = () => {},
): Promise<number[]> {
  const rng = createRng("bench train");
  const state = createTrainState(step.parameters, rng);
  const ids = Int32Array.from(
    { length: batch * tokens },
    () => rng.integer(vocabulary),
  );
  const weights = new Float32Array(ids.length).fill(1);
  const times: number[] = [];
  for (let i = 1; i <= steps; i++) {
    const start = performance.now();
    await step.run(state, { ids, targets: ids, weights }, 1e-4);
    times.push((performance.now() - start) / 1000);
    onStep(i, times.at(-1)!);
  }
  return times;
}

/** Share of the steps' time outside the runtime, in a session of its own. */
async function outsideRuntime(model: BenchmarkModel): Promise<number> {
  let wall: number[] = [];
  const inside = await profileRuns(async (profilePrefix) => {
    const step = await compileStep(model, { profilePrefix });
    wall = await timeSteps(step, model, WARM_UP + PROFILED);
    return step.session;
  });
  const total = (seconds: readonly number[]) =>
    seconds.slice(WARM_UP).reduce((a, b) => a + b, 0);
  return 1 - total(inside) / total(wall);
}

/** Trains for some steps and measures. */
export async function measureTraining(
  { steps, model = BENCHMARK_MODEL, onStep = () => {} }: ThroughputOptions,
): Promise<TrainingThroughput> {
  const multiplyGflops = await multiplyRate();
  const step = await compileStep(model, {});
  const resident: number[] = [];
  let times: number[];
  try {
    times = await timeSteps(step, model, WARM_UP + steps, (i, seconds) => {
      if (i <= WARM_UP) return;
      resident.push(Deno.memoryUsage().rss / 1e6);
      onStep(i - WARM_UP, seconds);
    });
  } finally {
    await step.release();
  }
  const secondsPerStep = median(times.slice(WARM_UP));
  const trainGflops = stepGflop(model) / secondsPerStep;
  return {
    multiplyGflops,
    trainGflops,
    ratio: trainGflops / multiplyGflops,
    secondsPerStep,
    outsideRuntimeShare: await outsideRuntime(model),
    residentMb: [resident[0], resident.at(-1)!],
  };
}
