import assert from "node:assert/strict";
import { grad } from "../graph/grad.ts";
import { isKind, leaves, type Node } from "../graph/node.ts";
import type { Values } from "../graph/op.ts";
import {
  add,
  gelu,
  input,
  matmul,
  mean,
  mul,
  neg,
  parameter,
  square,
  stopGradient,
  sub,
  sum,
} from "../graph/ops.ts";
import { linear } from "../nn/linear.ts";
import { assertClose } from "../run/assert_close.ts";
import { interpret } from "../run/interpret.ts";
import { createRng } from "../run/random.ts";
import { adamW, type AdamWOptions, clipFactor, globalNorm } from "./adamw.ts";
import { createTrainState, type TrainState } from "./state.ts";
import { averagingAt, createTrainStep, type Loss, trainsAll } from "./step.ts";

const OPTIMIZER: AdamWOptions = {
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0.1,
  clipNorm: 0.5,
};
const AVERAGING = 0.8;
const PARTS = ["values", "first", "second", "averages"] as const;

const rng = createRng("step test");
const normals = (length: number) =>
  Float32Array.from({ length }, () => rng.normal());

/** Mean square error of a small network on [5,3] -> [5,2]. */
function regression(): { readonly loss: Node; readonly output: Node } {
  const hidden = gelu(linear("up", input("x", [5, 3]), 4)); // [5,4]
  const output = linear("down", hidden, 2); // [5,2]
  const loss = mean(square(sub(output, input("y", [5, 2]))));
  return { loss, output };
}
const feeds = { x: normals(15), y: normals(10) };

function objective(losses: readonly Loss[]) {
  return { losses, outputs: {}, optimizer: OPTIMIZER, averaging: AVERAGING };
}

Deno.test("averagingAt() forgets the start and settles", () => {
  assert.equal(averagingAt(0.999, 0), 0.1);
  assert.equal(averagingAt(0.999, 90), 0.91);
  assert.equal(averagingAt(0.999, 100_000), 0.999);
});

function copyState(state: TrainState): TrainState {
  const copy = (part: typeof PARTS[number]) =>
    new Map([...state[part]].map(([name, data]) => [name, data.slice()]));
  return {
    step: state.step,
    values: copy("values"),
    first: copy("first"),
    second: copy("second"),
    averages: copy("averages"),
  };
}

/** The same step by TensorFlow.js, nothing in place. */
function referenceStep(
  loss: Node,
  state: TrainState,
  feeds: Readonly<Record<string, Values>>,
  learningRate: number,
): { readonly next: TrainState; readonly loss: number } {
  const parameters = leaves([loss], "parameter");
  const gradients = grad(loss, parameters);
  const clip = clipFactor(globalNorm(gradients), OPTIMIZER.clipNorm);
  const scalars = {
    learningRate: input("learningRate", []),
    correction1: input("correction1", []),
    correction2: input("correction2", []),
  };
  const all: Record<string, Values> = {
    ...feeds,
    learningRate: Float32Array.of(learningRate),
    correction1: Float32Array.of(1 - OPTIMIZER.beta1 ** (state.step + 1)),
    correction2: Float32Array.of(1 - OPTIMIZER.beta2 ** (state.step + 1)),
  };
  const outputs: Record<string, Node> = { loss };
  parameters.forEach((node, i) => {
    const { op: { name }, shape } = node;
    all[name] = state.values.get(name)!;
    all[`first ${name}`] = state.first.get(name)!;
    all[`second ${name}`] = state.second.get(name)!;
    const moments = {
      value: node,
      first: input(`first ${name}`, shape),
      second: input(`second ${name}`, shape),
    };
    const next = adamW(moments, gradients[i], clip, scalars, OPTIMIZER);
    outputs[`values ${name}`] = next.value;
    outputs[`first ${name}`] = next.first;
    outputs[`second ${name}`] = next.second;
  });
  const results = interpret(outputs, all);
  const next = copyState(state);
  next.step++;
  for (const { op: { name } } of parameters) {
    for (const part of ["values", "first", "second"] as const) {
      next[part].get(name)!.set(results[`${part} ${name}`].dataSync());
    }
    const value = next.values.get(name)!;
    const average = next.averages.get(name)!;
    const kept = averagingAt(AVERAGING, state.step);
    average.forEach((old, i) =>
      average[i] = kept * old + (1 - kept) * value[i]
    );
  }
  const [lossValue] = results.loss.dataSync();
  Object.values(results).forEach((tensor) => tensor.dispose());
  return { next, loss: lossValue };
}

function assertStates(found: TrainState, wanted: TrainState): void {
  assert.equal(found.step, wanted.step);
  for (const part of PARTS) {
    for (const [name, data] of wanted[part]) {
      const about = () => `${part} of ${name}`;
      assertClose(found[part].get(name)!, data, 1e-5, about);
    }
  }
}

Deno.test("createTrainStep() updates in place as TensorFlow.js does out of place", async () => {
  const { loss } = regression();
  const step = await createTrainStep(
    objective([{ value: loss, trains: trainsAll }]),
  );
  const state = createTrainState(step.parameters, createRng("state"));
  const buffers = [...state.values.values()];
  for (let i = 0; i < 4; i++) {
    const rate = 0.1 / (i + 1);
    const wanted = referenceStep(loss, state, feeds, rate);
    const results = await step.run(state, feeds, rate);
    assertClose(results.loss.data, [wanted.loss], 1e-5);
    assertStates(state, wanted.next);
  }
  assert.ok(
    [...state.values.values()].every((data, i) => data === buffers[i]),
  );
  await step.release();
});

Deno.test("createTrainStep() reports what was before the update", async () => {
  // The gradient of a linear loss doesn't wait for the loss.
  const weight = parameter("a.weight", [3, 2]);
  const x = input("x", [5, 3]);
  const loss = mean(matmul(x, weight));
  const beside = sum(matmul(square(x), weight));
  const step = await createTrainStep({
    ...objective([{ value: loss, trains: trainsAll }]),
    outputs: { beside },
  });
  const state = createTrainState(step.parameters, createRng("late"));
  for (let i = 0; i < 3; i++) {
    const before = copyState(state);
    const wanted = referenceStep(loss, state, { x: feeds.x }, 0.2);
    const results = await step.run(state, { x: feeds.x }, 0.2);
    const tensors = interpret({ beside }, {
      x: feeds.x,
      "a.weight": before.values.get("a.weight")!,
    });
    assertClose(results.loss.data, [wanted.loss], 1e-5);
    assertClose(results.beside.data, tensors.beside.dataSync(), 1e-5);
    tensors.beside.dispose();
    assertStates(state, wanted.next);
  }
  await step.release();
});

Deno.test("createTrainStep() leaves frozen parameters as they are, to the bit", async () => {
  const { loss } = regression();
  const step = await createTrainStep(
    objective([{ value: loss, trains: (name) => name.startsWith("down") }]),
  );
  const state = createTrainState(step.parameters, createRng("frozen"));
  const before = copyState(state);
  for (let i = 0; i < 3; i++) await step.run(state, feeds, 0.1);
  for (const part of PARTS) {
    for (const [name, data] of state[part]) {
      const old = before[part].get(name);
      if (name.startsWith("up")) assert.deepEqual(data, old, name);
      else assert.notDeepEqual(data, old, `${part} of ${name}`);
    }
  }
  await step.release();
});

Deno.test("createTrainStep() leaves the averages alone if there is no averaging", async () => {
  const { loss } = regression();
  const losses = [{ value: loss, trains: trainsAll }];
  const averaging = await createTrainStep(objective(losses));
  const plain = await createTrainStep({
    ...objective(losses),
    averaging: undefined,
  });
  const state = createTrainState(plain.parameters, createRng("plain"));
  const start = copyState(state);
  const other = copyState(state);
  await plain.run(state, feeds, 0.1);
  await averaging.run(other, feeds, 0.1);
  assert.deepEqual(state, { ...other, averages: start.averages });
  await plain.release();
  await averaging.release();
});

/** Two losses as those of a GAN: the second is played against by the first. */
function duel(since?: number): [Loss, Loss] {
  const made = linear("maker", input("x", [5, 3]), 3);
  const judge = parameter("judge.weight", [3, 1]);
  const score = (x: Node) => mean(square(matmul(x, judge)));
  const generatorLoss = neg(score(made));
  const discriminatorLoss = sub(
    score(stopGradient(made)),
    score(input("y", [5, 3])),
  );
  return [
    { value: generatorLoss, trains: (name) => name.startsWith("maker") },
    {
      value: discriminatorLoss,
      trains: (name) => name.startsWith("judge"),
      since,
    },
  ];
}

Deno.test("createTrainStep() trains and clips each parameter by its own loss", async () => {
  // The gradients are longer than this: each is clipped by its own norm.
  const optimizer = { ...OPTIMIZER, clipNorm: 0.01 };
  const feeds = { x: normals(15), y: normals(15) };
  const losses = duel();
  const both = await createTrainStep({ ...objective(losses), optimizer });
  const state = createTrainState(both.parameters, createRng("duel"));
  const start = copyState(state);
  const results = await both.run(state, feeds, 0.1);
  for (const loss of losses) {
    const alone = await createTrainStep({ ...objective([loss]), optimizer });
    const own = copyState(start);
    const { gradientNorm: { data: [norm] } } = await alone.run(own, feeds, 0.1);
    assert.ok(norm > 2 * optimizer.clipNorm, String(norm));
    if (loss === losses[0]) {
      assertClose(results.gradientNorm.data, [norm], 1e-6);
    }
    for (const { op: { name } } of alone.parameters.filter(trainedBy(loss))) {
      const about = () => name;
      assert.notDeepEqual(own.values.get(name), start.values.get(name), name);
      assertClose(state.values.get(name)!, own.values.get(name)!, 1e-6, about);
      assertClose(state.first.get(name)!, own.first.get(name)!, 1e-6, about);
    }
    await alone.release();
  }
  await both.release();
});

const trainedBy = (loss: Loss) => (node: Node) =>
  isKind(node, "parameter") && loss.trains(node.op.name);

Deno.test("createTrainStep() corrects the moments of a loss from the step it joins at", async () => {
  const feeds = { x: normals(15), y: normals(15) };
  for (const joined of [0, 20]) {
    const step = await createTrainStep(objective(duel(joined)));
    const state = createTrainState(step.parameters, createRng("join"));
    state.step = joined;
    const before = state.values.get("judge.weight")!.slice();
    await step.run(state, feeds, 0.1);
    await step.release();
    // The first step of AdamW has the size of the rate, whatever the gradient.
    state.values.get("judge.weight")!.forEach((value, i) => {
      const moved = Math.abs(value - before[i] * (1 - 0.1 * 0.1));
      assert.ok(Math.abs(moved - 0.1) < 1e-4, `${joined}: ${moved}`);
    });
  }
});

Deno.test("createTrainStep() refuses what it can't train", async () => {
  const twice = add(parameter("a", [2]), parameter("a", [2]));
  const one = parameter("b", [2]);
  const cases: [Loss[], RegExp][] = [
    [[{ value: sum(twice), trains: trainsAll }], /two nodes.*a:/],
    [
      [
        { value: sum(one), trains: trainsAll },
        { value: sum(mul(one, one)), trains: trainsAll },
      ],
      /parameter b by two losses/,
    ],
    [
      [{ value: sum(one), trains: () => false }],
      /trains none of its 1 parameters/,
    ],
    [[{ value: one, trains: trainsAll }], /wanted a scalar/],
  ];
  for (const [losses, message] of cases) {
    await assert.rejects(createTrainStep(objective(losses)), message);
  }
});

Deno.test("createTrainState() takes given values, and draws the others as without", () => {
  const parameters = leaves([regression().loss], "parameter");
  const given = Float32Array.from({ length: 12 }, (_, i) => i);
  const drawn = createTrainState(parameters, createRng("given"));
  const mixed = createTrainState(
    parameters,
    createRng("given"),
    new Map([["up.weight", given]]),
  );
  assert.deepEqual(mixed.values.get("up.weight"), given);
  assert.deepEqual(mixed.averages.get("up.weight"), given);
  assert.notEqual(mixed.values.get("up.weight"), given);
  assert.deepEqual(
    mixed.values.get("down.weight"),
    drawn.values.get("down.weight"),
  );
  assert.deepEqual([...mixed.first.get("up.weight")!], Array(12).fill(0));
  assert.throws(
    () =>
      createTrainState(
        parameters,
        createRng(1),
        new Map([["up.weight", given.slice(1)]]),
      ),
    /Cannot start up\.weight from 11 values: its shape is \[4,3\]/,
  );
});
