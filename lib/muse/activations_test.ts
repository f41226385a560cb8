import assert from "node:assert/strict";
import { input } from "../graph/ops.ts";
import { assertClose } from "../run/assert_close.ts";
import { compute, type Executor } from "../run/compute.ts";
import { createRng } from "../run/random.ts";
import { tf } from "../run/tf.ts";
import { activations, attentionMaps } from "./activations.ts";
import { guide } from "./guidance.ts";
import { createBaseModel } from "./model.ts";
import type { Tensor2D } from "./tensors.ts";
import { randomBase, TINY } from "./tiny_base.ts";

const rng = createRng("activations test");
const normals = (shape: [number, number, number]) =>
  tf.tensor3d(
    Float32Array.from(
      { length: shape.reduce((a, b) => a * b) },
      () => rng.normal(),
    ),
    shape,
  );

const tokens: Tensor2D = tf.tensor2d(
  [[16, 16, 3, 16, 16, 16], [16, 0, 16, 16, 16, 15]],
  [2, 6],
  "int32",
);
const text = {
  states: normals([2, 3, 12]),
  mask: tf.tensor2d([[1, 1, 1], [1, 1, 0]]),
};
const EXECUTORS: Executor[] = ["onnxruntime", "tensorflow"];

Deno.test("attentionMaps() gives rows of sum 1, none of them on padding, by either executor", async () => {
  const model = createBaseModel(TINY, randomBase());
  const found = [];
  for (const by of EXECUTORS) {
    const maps = await attentionMaps(model, { tokens, text, by });
    assert.deepEqual(maps.shape, [2, 2, 2, 6, 3]); // [layers,B,heads,N,T]
    const sums = maps.sum(-1).dataSync();
    assertClose(sums, new Float32Array(48).fill(1), 1e-5);
    assert.ok(maps.min().arraySync() as number >= 0);
    const padding = maps.slice([0, 1, 0, 0, 2], [-1, 1, -1, -1, 1]).dataSync();
    assert.ok(padding.every((share) => share === 0));
    const read = maps.slice([0, 0, 0, 0, 2], [-1, 1, -1, -1, 1]).dataSync();
    assert.ok(read.every((share) => share > 0));
    found.push(maps.dataSync());
  }
  assertClose(found[0], found[1], 1e-4);
  // Heads, layers and tokens look elsewhere.
  assert.equal(new Set(found[0]).size > 90, true);
  await model.release();
});

Deno.test("attentionMaps() shows the layers that are asked for, of one text for all", async () => {
  const model = createBaseModel(TINY, randomBase());
  const all = await attentionMaps(model, { tokens, text });
  const layers = [1, 0, 1];
  const some = await attentionMaps(model, { tokens, text, layers });
  assert.deepEqual(some.arraySync(), all.gather(layers).arraySync());
  const first = {
    states: text.states.slice([0], [1]),
    mask: text.mask.slice([0], [1]),
  } as typeof text;
  const shared = await attentionMaps(model, { tokens, text: first });
  assert.deepEqual(shared.shape, all.shape);
  const alone = await attentionMaps(model, {
    tokens: tokens.slice([1], [1]),
    text: first,
  });
  assert.deepEqual(
    shared.slice([0, 1], [-1, 1]).arraySync(),
    alone.arraySync(),
  );
  await model.release();
});

Deno.test("activations() gives the nodes it is asked for, and keeps no tensors", async () => {
  const model = createBaseModel(TINY, randomBase());
  const before = tf.memory().numTensors;
  const [native, checked] = await Promise.all(
    EXECUTORS.map((by) =>
      activations(model, { tokens, text, by }, ({ layers, logits }) => ({
        self: layers[0].selfAttention,
        last: layers[1].output,
        logits,
      }))
    ),
  );
  assert.equal(tf.memory().numTensors, before + 6);
  assert.deepEqual(native.self.shape, [2, 2, 6, 6]);
  assert.deepEqual(native.last.shape, [2, 6, 16]);
  assert.deepEqual(native.logits.shape, [2, 6, 16]);
  assertClose(
    native.self.sum(-1).dataSync(),
    new Float32Array(24).fill(1),
    1e-5,
  );
  for (const name of ["self", "last", "logits"] as const) {
    assertClose(native[name].dataSync(), checked[name].dataSync(), 1e-4);
  }
  const uniforms = new Float32Array(12).fill(0.5);
  const predict = await model.predictor({
    states: text.states.dataSync<"float32">(),
    mask: text.mask.dataSync<"float32">(),
  });
  const request = { guidance: 0, temperature: 0, uniforms };
  const { ids } = await predict(tokens.dataSync<"int32">(), request);
  assert.deepEqual([...native.logits.argMax(-1).dataSync()], [...ids]);
  await model.release();
});

Deno.test("activations() gives both halves of what guidance computes", async () => {
  const model = createBaseModel(TINY, randomBase());
  const logitsOf = async (unconditional: boolean, prompts = text) => {
    const reading = { tokens, text: prompts, unconditional };
    const { logits } = await activations(
      model,
      reading,
      ({ logits }) => ({ logits }),
    );
    return logits; // [B,N,K]
  };
  const [heard, unheard] = [await logitsOf(false), await logitsOf(true)];
  const other = { states: normals([2, 3, 12]), mask: text.mask };
  assert.deepEqual(
    (await logitsOf(true, other)).arraySync(),
    unheard.arraySync(),
    "no text counts",
  );
  assert.notDeepEqual(heard.arraySync(), unheard.arraySync());
  const shape = ["1B", 6, 16] as const;
  const [a, b] = ["heard", "unheard"].map((name) => input(name, shape));
  const { guided } = await compute(
    { guided: guide(a, b, 3) },
    { heard, unheard },
  );
  const predict = await model.predictor({
    states: text.states.dataSync<"float32">(),
    mask: text.mask.dataSync<"float32">(),
  });
  const uniforms = new Float32Array(12).fill(0.5);
  const request = { guidance: 3, temperature: 0, uniforms };
  const { ids } = await predict(tokens.dataSync<"int32">(), request);
  assert.deepEqual([...guided.argMax(-1).dataSync()], [...ids]);
  const free = await predict(tokens.dataSync<"int32">(), {
    ...request,
    guidance: 0,
  });
  assert.notDeepEqual([...free.ids], [...ids], "guidance changes something");
  await model.release();
});

Deno.test("attentionMaps() names what the network can't read or doesn't have", async () => {
  const model = createBaseModel(TINY, randomBase());
  const three = { states: normals([3, 3, 12]), mask: tf.ones([3, 3]) };
  const wide = { states: normals([2, 3, 13]), mask: text.mask };
  const odd: [object, RegExp][] = [
    [{ layers: [2] }, /the attention of layer 2: wanted layers from 0 to 1/],
    [{ layers: [] }, /the attention of layer none/],
    [{ tokens: tokens.toFloat() }, /float32\[2,6\], wanted int32\[B,6\]/],
    [{ tokens: tokens.slice([0, 0], [2, 5]) }, /int32\[2,5\], wanted/],
    [
      { tokens: tokens.add(tf.scalar(1, "int32")) },
      /found the token 17, wanted codes/,
    ],
    [{ text: three }, /states \[3,3,12\] .* with B = 1 or 2/],
    [{ text: wide }, /states \[2,3,13\] .* wanted \[B,3,12\]/],
  ];
  for (const [changes, message] of odd) {
    const reading = { tokens, text, ...changes };
    await assert.rejects(attentionMaps(model, reading), message);
  }
  await model.release();
});
