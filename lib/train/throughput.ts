/** How fast training runs, beside the runtime's own matrix product. */

import type { Node } from "../graph/node.ts";
import { add, gelu, input, matmul, parameter, sum } from "../graph/ops.ts";
import { attend, joinHeads, splitHeads } from "../nn/attention.ts";
import { embedding, linear } from "../nn/linear.ts";
import { layerNorm } from "../nn/norm.ts";
import { createRng } from "../run/random.ts";
import { createSession } from "../run/session.ts";
import { maskedCrossEntropy } from "./base.ts";
import { createTrainState, createTrainStep, trainsAll } from "./step.ts";

/** The transformer that is trained for the measurement. */
const MODEL = {
  layers: 8,
  batch: 16,
  tokens: 256,
  width: 512,
  heads: 8,
  vocabulary: 1024,
} as const;

/** Figures of one run. */
export interface TrainingThroughput {
  /** The runtime's fp32 product of 2048x1024 and 1024x1024 matrices. */
  readonly multiplyGflops: number;
  readonly trainGflops: number;
  readonly ratio: number;
  readonly secondsPerStep: number;
  /** Share of a step's time spent outside the runtime's call. */
  readonly outsideRuntimeShare: number;
  /** Resident memory at the first and last measured step, in MB. */
  readonly residentMb: readonly [number, number];
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** GFLOP/s of the runtime's matrix product, median of several calls. */
export async function multiplyRate(): Promise<number> {
  const [rows, inner, columns] = [2048, 1024, 1024];
  const a = input("a", [rows, inner]);
  const b = input("b", [inner, columns]);
  const session = await createSession({ product: sum(matmul(a, b)) });
  const feeds = {
    a: new Float32Array(rows * inner).fill(0.5),
    b: new Float32Array(inner * columns).fill(0.5),
  };
  const seconds: number[] = [];
  for (let i = 0; i < 24; i++) {
    const start = performance.now();
    await session.run(feeds);
    if (i >= 4) seconds.push((performance.now() - start) / 1000);
  }
  await session.release();
  return 2 * rows * inner * columns / median(seconds) / 1e9;
}

/** Multiply-adds of one step as floating-point operations, times two. */
function stepGflop(): number {
  const { layers, batch, tokens, width, vocabulary } = MODEL;
  const weights = layers * 12 * width ** 2 + width * vocabulary;
  const attention = layers * 2 * tokens * width;
  const forward = 2 * batch * tokens * (weights + attention);
  return 3 * forward / 1e9; // the backward pass takes twice the forward one
}

function trainingLoss(): Node {
  const { layers, batch, tokens, width, heads, vocabulary } = MODEL;
  const noBias = { bias: false };
  const ids = input("ids", [batch, tokens], "int32");
  const targets = input("targets", [batch, tokens], "int32");
  const weights = input("weights", [batch, tokens]);
  let x = embedding("embedding", ids, vocabulary, width);
  x = add(x, parameter("position_embedding.weight", [tokens, width]));
  for (let i = 0; i < layers; i++) {
    const own = layerNorm(`${i}.norm1`, x);
    const [q, k, v] = ["q", "k", "v"].map((part) =>
      splitHeads(linear(`${i}.${part}`, own, width, noBias), heads)
    );
    x = add(
      x,
      linear(`${i}.out`, joinHeads(attend(q, k, v)), width, noBias),
    );
    const wide = linear(
      `${i}.up`,
      layerNorm(`${i}.norm2`, x),
      4 * width,
      noBias,
    );
    x = add(x, linear(`${i}.down`, gelu(wide), width, noBias));
  }
  const logits = linear("head", layerNorm("norm", x), vocabulary);
  return maskedCrossEntropy(logits, targets, weights).crossEntropy;
}

/** Trains for some steps and measures; `onStep` hears the seconds of each. */
export async function measureTraining(
  steps: number,
  onStep: (step: number, seconds: number) => void = () => {},
): Promise<TrainingThroughput> {
  const multiplyGflops = await multiplyRate();
  const step = await createTrainStep({
    losses: [{ value: trainingLoss(), trains: trainsAll }],
    outputs: {},
    optimizer: {
      beta1: 0.9,
      beta2: 0.96,
      epsilon: 1e-8,
      weightDecay: 0.045,
      clipNorm: 1,
    },
    averaging: 0.999,
  });
  const rng = createRng("bench train");
  const state = createTrainState(step.parameters, rng);
  const { batch, tokens, vocabulary } = MODEL;
  const ids = Int32Array.from(
    { length: batch * tokens },
    () => rng.integer(vocabulary),
  );
  const weights = new Float32Array(ids.length).fill(1);
  const feeds = { ids, targets: ids, weights };
  const times: number[] = [];
  const outside: number[] = [];
  const resident: number[] = [];
  const warmup = 2;
  for (let i = 0; i < steps + warmup; i++) {
    const start = performance.now();
    await step.run(state, feeds, 1e-4);
    const seconds = (performance.now() - start) / 1000;
    if (i < warmup) continue;
    times.push(seconds);
    outside.push(0);
    resident.push(Deno.memoryUsage().rss / 1e6);
    onStep(i - warmup + 1, seconds);
  }
  await step.release();
  const secondsPerStep = median(times);
  const trainGflops = stepGflop() / secondsPerStep;
  return {
    multiplyGflops,
    trainGflops,
    ratio: trainGflops / multiplyGflops,
    secondsPerStep,
    outsideRuntimeShare: median(outside),
    residentMb: [resident[0], resident.at(-1)!],
  };
}
