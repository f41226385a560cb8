import assert from "node:assert/strict";
import type { Node } from "../graph/node.ts";
import { add, input, mul, parameter, sum } from "../graph/ops.ts";
import { assertClose } from "../run/assert_close.ts";
import { createRng } from "../run/random.ts";
import { adamW, clipFactor, globalNorm } from "./adamw.ts";
import { followRecord, readRecord, STEPS } from "./optimizer_record.ts";
import { createTrainState } from "./state.ts";
import { createTrainStep, trainsAll } from "./step.ts";

const NAMES = ["dense.weight", "conv.weight", "bias"];
const OPTIONS = {
  beta1: 0.9,
  beta2: 0.96,
  epsilon: 1e-8,
  weightDecay: 0.1,
  clipNorm: 1,
};
const recorded = await readRecord("adamw.safetensors");
const shapeOf = (name: string) => recorded(`0/${name}`).shape;

/** A number of each step. */
const ofStep = (name: string, step: number) =>
  recorded(name).data.slice(step - 1, step);

/** One update of all recorded parameters, everything fed as an input. */
function updateGraph(): Record<string, Node> {
  const gradients = NAMES.map((name) =>
    input(`gradient/${name}`, shapeOf(name))
  );
  const norm = globalNorm(gradients);
  const clip = clipFactor(norm, OPTIONS.clipNorm);
  const scalars = {
    learningRate: input("learningRate", []),
    correction1: input("correction1", []),
    correction2: input("correction2", []),
  };
  const outputs: Record<string, Node> = { norm };
  NAMES.forEach((name, i) => {
    const next = adamW(
      {
        value: input(name, shapeOf(name)),
        first: input(`first/${name}`, shapeOf(name)),
        second: input(`second/${name}`, shapeOf(name)),
      },
      gradients[i],
      clip,
      scalars,
      OPTIONS,
    );
    outputs[name] = next.value;
    outputs[`first/${name}`] = next.first;
    outputs[`second/${name}`] = next.second;
  });
  return outputs;
}

for (const by of ["onnxruntime", "tensorflow"] as const) {
  Deno.test(`adamW() follows PyTorch's AdamW with clipping on ${by}`, () =>
    followRecord(recorded, NAMES, updateGraph(), {
      by,
      moments: ["first", "second"],
      tolerance: 2e-6,
      feeds: (step) => ({
        learningRate: ofStep("rates", step),
        correction1: Float32Array.of(1 - OPTIONS.beta1 ** step),
        correction2: Float32Array.of(1 - OPTIONS.beta2 ** step),
      }),
      check: ({ norm }, step) => assertClose(norm, ofStep("norms", step), 1e-6),
    }));
}

Deno.test("createTrainStep() follows PyTorch's AdamW, corrections included", async () => {
  const loss = NAMES.map((name) =>
    sum(mul(parameter(name, shapeOf(name)), input(`g/${name}`, shapeOf(name))))
  ).reduce((a, b) => add(a, b));
  const step = await createTrainStep({
    losses: [{ value: loss, trains: trainsAll }],
    outputs: {},
    optimizer: OPTIONS,
    averaging: 0.5,
  });
  const given = new Map(
    NAMES.map((name) => [name, recorded(`0/${name}`).data]),
  );
  const state = createTrainState(step.parameters, createRng("adamw"), given);
  for (let number = 1; number <= STEPS; number++) {
    const feeds = Object.fromEntries(
      NAMES.map((name) => [
        `g/${name}`,
        recorded(`${number}/gradient/${name}`).data,
      ]),
    );
    const rate = recorded("rates").data[number - 1];
    const { gradientNorm } = await step.run(state, feeds, rate);
    assertClose(gradientNorm.data, ofStep("norms", number), 1e-6);
    for (const name of NAMES) {
      const wanted = recorded(`${number}/${name}`).data;
      assertClose(state.values.get(name)!, wanted, 2e-6, () => name);
    }
  }
  assert.equal(state.step, STEPS);
  await step.release();
});
