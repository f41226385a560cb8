import assert from "node:assert/strict";
import type { Node } from "../graph/node.ts";
import {
  add,
  input,
  matmul,
  mul,
  parameter,
  square,
  sum,
} from "../graph/ops.ts";
import { interpret } from "../run/interpret.ts";
import { createRng } from "../run/random.ts";
import { isHiddenMatrix, muon, orthogonalize } from "./muon.ts";
import { followRecord, readRecord } from "./optimizer_record.ts";
import { createTrainState } from "./state.ts";
import { createTrainStep, trainsAll } from "./step.ts";

const NAMES = ["wide", "square", "tall"];
const OPTIONS = { momentum: 0.9 };
const WEIGHT_DECAY = 0.1;
const recorded = await readRecord("muon.safetensors");
const shapeOf = (name: string) => recorded(`0/${name}`).shape;

function updateGraph(): Record<string, Node> {
  const outputs: Record<string, Node> = {};
  const clip = input("clip", []);
  const learningRate = input("learningRate", []);
  for (const name of NAMES) {
    const next = muon(
      {
        value: input(name, shapeOf(name)),
        first: input(`first/${name}`, shapeOf(name)),
      },
      input(`gradient/${name}`, shapeOf(name)),
      clip,
      learningRate,
      WEIGHT_DECAY,
      OPTIONS,
    );
    outputs[name] = next.value;
    outputs[`first/${name}`] = next.first;
  }
  return outputs;
}

for (const by of ["onnxruntime", "tensorflow"] as const) {
  Deno.test(`muon() follows PyTorch's Muon on ${by}`, () =>
    followRecord(recorded, NAMES, updateGraph(), {
      by,
      moments: ["first"],
      tolerance: 1e-5,
      feeds: (step) => ({
        clip: Float32Array.of(1),
        learningRate: recorded("rates").data.slice(step - 1, step),
      }),
    }));
}

Deno.test("orthogonalize() brings the singular values near to one", () => {
  const [rows, columns] = [8, 20];
  const x = input("x", [rows, columns]);
  const near = orthogonalize(x);
  const rng = createRng("orthogonal");
  const results = interpret(
    { gram: matmul(near, near, { transposeB: true }) },
    { x: Float32Array.from({ length: rows * columns }, () => rng.normal()) },
  );
  const gram = results.gram.dataSync();
  results.gram.dispose();
  // The trace of the gram matrix is the sum of the squared singular values.
  const trace = Array.from({ length: rows }, (_, i) => gram[i * (rows + 1)])
    .reduce((a, b) => a + b);
  assert.ok(trace > 0.5 * rows && trace < 1.5 * rows, `${trace}`);
});

Deno.test("muon() takes filters as a matrix with a row for each", () => {
  const rng = createRng("filters");
  const draw = () => Float32Array.from({ length: 48 }, () => rng.normal());
  const feeds = { value: draw(), first: draw(), gradient: draw() };
  const update = (shape: number[]) => {
    const of = (name: string) => input(name, shape);
    const state = { value: of("value"), first: of("first") };
    const one = input("one", []);
    const { value } = muon(state, of("gradient"), one, one, 0.1, OPTIONS);
    const next = interpret({ value }, { ...feeds, one: Float32Array.of(1) });
    assert.deepEqual(next.value.shape, shape);
    const data = next.value.dataSync();
    next.value.dispose();
    return data;
  };
  assert.deepEqual(update([4, 3, 2, 2]), update([4, 12]));
});

Deno.test("orthogonalize() leaves a matrix of zeros alone", () => {
  const results = interpret(
    { near: orthogonalize(input("x", [2, 3])) },
    { x: new Float32Array(6) },
  );
  assert.deepEqual(results.near.dataSync(), new Float32Array(6));
  results.near.dispose();
});

Deno.test("isHiddenMatrix() leaves tables, logits, pixels and vectors to AdamW", () => {
  const hidden = (name: string, shape: number[]) =>
    isHiddenMatrix(parameter(name, shape) as Node<"parameter">);
  assert.ok(hidden("layers.0.feed_forward.up.weight", [8, 4]));
  assert.ok(!hidden("token_embedding.weight", [9, 4]));
  assert.ok(!hidden("head.logits.weight", [8, 4]));
  assert.ok(!hidden("final_norm.weight", [4]));
  assert.ok(hidden("decoder.mid.0.conv_1.weight", [4, 4, 3, 3]));
  assert.ok(!hidden("decoder.conv_out.weight", [48, 4, 3, 3]));
  assert.ok(!hidden("quantize.embedding.weight", [9, 4]));
});

Deno.test("createTrainStep() trains matrices by Muon and the rest by AdamW", async () => {
  const weight = parameter("dense.weight", [3, 4]);
  const bias = parameter("dense.bias", [3]);
  const x = input("x", [5, 4]);
  const y = add(matmul(x, weight, { transposeB: true }), bias);
  const step = await createTrainStep({
    losses: [{ value: sum(square(mul(y, 0.1))), trains: trainsAll }],
    outputs: {},
    optimizer: {
      beta1: 0.9,
      beta2: 0.96,
      epsilon: 1e-8,
      weightDecay: WEIGHT_DECAY,
      clipNorm: 1,
      muon: OPTIONS,
    },
    averaging: 0.5,
  });
  const rng = createRng("muon step");
  const state = createTrainState(step.parameters, rng);
  const feeds = { x: Float32Array.from({ length: 20 }, () => rng.normal()) };
  const losses: number[] = [];
  for (let i = 0; i < 30; i++) {
    losses.push((await step.run(state, feeds, 0.05)).loss.data[0]);
  }
  await step.release();
  assert.ok(losses.at(-1)! < losses[0] / 10, `${losses}`);
  assert.ok(state.second.get("dense.weight")!.every((v) => v === 0));
  assert.ok(state.second.get("dense.bias")!.every((v) => v !== 0));
});
