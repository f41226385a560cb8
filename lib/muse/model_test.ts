import assert from "node:assert/strict";
import { createRng } from "../run/random.ts";
import { createBaseModel } from "./model.ts";
import { randomBase, TINY } from "./tiny_base.ts";

const rng = createRng("model test");
const normals = (length: number) =>
  Float32Array.from({ length }, () => rng.normal());

const prompts = {
  states: normals(2 * 3 * 12),
  mask: Float32Array.of(1, 1, 1, 1, 1, 0),
};
const tokens = Int32Array.of(16, 16, 3, 16, 16, 16, 16, 0, 16, 16, 16, 15);
const uniforms = rng.fill(new Float32Array(12));

Deno.test("predictor() gives the same with the unguided half or without, at scale 0", async () => {
  const model = createBaseModel(TINY, randomBase());
  const request = { guidance: 0, temperature: 1, uniforms };
  const alone = await model.predictor(prompts);
  const both = await model.predictor(prompts, undefined, true);
  const wanted = await alone(tokens, request);
  assert.deepEqual(await both(tokens, request), wanted);
  const guided = await both(tokens, { ...request, guidance: 3 });
  assert.notDeepEqual(guided.confidence, wanted.confidence);
  await model.release();
});

Deno.test("predictor() draws from the likeliest codes, if a step asks for it", async () => {
  const model = createBaseModel(TINY, randomBase());
  const predict = await model.predictor(prompts);
  const request = { guidance: 2, temperature: 1, uniforms };
  const all = await predict(tokens, request);
  // As many codes as there are, and all of the probability, are no limit.
  const wide = { ...request, topK: 1e9, topP: 1 };
  assert.deepEqual(await predict(tokens, wide), all);
  const greedy = await predict(tokens, { ...request, temperature: 0 });
  for (const limit of [{ topK: 1 }, { topP: 1e-9 }]) {
    assert.deepEqual(await predict(tokens, { ...request, ...limit }), greedy);
  }
  const warm = { ...request, temperature: 5 };
  const some = await predict(tokens, { ...warm, topK: 6, topP: 0.7 });
  assert.notDeepEqual(some.ids, (await predict(tokens, warm)).ids);
  assert.notDeepEqual(some.ids, greedy.ids);
  const plain = { ...request, guidance: 0, topK: 1 };
  const unguided = await predict(tokens, { ...plain, temperature: 0 });
  assert.deepEqual(await predict(tokens, plain), unguided);
  await model.release();
});

Deno.test("predictor() gives a picture the same in every batch", async () => {
  const model = createBaseModel(TINY, randomBase());
  const request = { guidance: 2, temperature: 1, uniforms };
  const batch = await (await model.predictor(prompts))(tokens, request);
  const second = await model.predictor({
    states: prompts.states.subarray(36),
    mask: prompts.mask.subarray(3),
  });
  const alone = await second(tokens.subarray(6), {
    ...request,
    uniforms: uniforms.subarray(6),
  });
  assert.deepEqual(alone.ids, batch.ids.slice(6));
  assert.deepEqual(alone.confidence, batch.confidence.slice(6));
  await model.release();
});

Deno.test("predictor() leads away from a negative prompt", async () => {
  const model = createBaseModel(TINY, randomBase());
  const request = { guidance: 2, temperature: 1, uniforms };
  const plain = await (await model.predictor(prompts, prompts))(
    tokens,
    request,
  );
  const unguided = await (await model.predictor(prompts))(tokens, {
    ...request,
    guidance: 0,
  });
  // Away from the prompt itself is nowhere.
  assert.deepEqual(plain, unguided);
  const negative = { ...prompts, states: prompts.states.map((x) => -x) };
  const led = await (await model.predictor(prompts, negative))(tokens, request);
  assert.notDeepEqual(led.confidence, plain.confidence);
  await model.release();
});

Deno.test("predictor() takes one negative prompt for all, or one for each", async () => {
  const model = createBaseModel(TINY, randomBase());
  const request = { guidance: 2, temperature: 1, uniforms };
  const one = { states: normals(36), mask: Float32Array.of(1, 1, 0) };
  const repeated = {
    states: Float32Array.of(...one.states, ...one.states),
    mask: Float32Array.of(1, 1, 0, 1, 1, 0),
  };
  const found = await (await model.predictor(prompts, one))(tokens, request);
  const each = await model.predictor(prompts, repeated);
  assert.deepEqual(found, await each(tokens, request));
  const three = { states: normals(3 * 36), mask: new Float32Array(9).fill(1) };
  await assert.rejects(
    model.predictor(prompts, three),
    /Cannot lead 2 prompts away from 3 negative ones: wanted one for each/,
  );
  await model.release();
});

Deno.test("predictor() names prompts and tokens that don't fit", async () => {
  const model = createBaseModel(TINY, randomBase());
  const none = { states: new Float32Array(0), mask: new Float32Array(0) };
  for (const odd of [none, { ...prompts, states: normals(2 * 3 * 11) }]) {
    await assert.rejects(
      model.predictor(odd),
      /wanted states \[B,3,12\] and a mask \[B,3\] of at least one prompt/,
    );
  }
  const predict = await model.predictor(prompts);
  const request = { guidance: 0, temperature: 1, uniforms };
  const odd: [Int32Array, Float32Array, RegExp][] = [
    [tokens.subarray(6), uniforms, /found 6 of .* wanted 12: 2 prompts with 6/],
    [tokens, uniforms.subarray(1), /and 11 uniform numbers, wanted 12/],
    [tokens.with(3, 17), uniforms, /found the token 17, wanted .* 0 to 15/],
    [tokens.with(3, -1), uniforms, /found the token -1, .* the mask id 16/],
  ];
  for (const [some, chance, message] of odd) {
    await assert.rejects(
      predict(some, { ...request, uniforms: chance }),
      message,
    );
  }
  await model.release();
});

Deno.test("release() of a model may be called twice, and ends its use", async () => {
  const model = createBaseModel(TINY, randomBase());
  const predict = await model.predictor(prompts);
  await model.open({ guided: false, truncated: false });
  await model.release();
  await model.release();
  const ended = /Cannot use the base transformer: it was released/;
  const request = { guidance: 0, temperature: 1, uniforms };
  await assert.rejects(predict(tokens, request), ended);
  await assert.rejects(model.predictor(prompts), ended);
});

Deno.test("createBaseModel() refuses sizes that no network can have", () => {
  createBaseModel({ ...TINY, rotary: undefined }, randomBase());
  assert.throws(() => createBaseModel({ ...TINY, heads: 5 }, new Map()), {
    name: "RangeError",
    message: 'Cannot make a base transformer: "heads" of its network is 5, ' +
      "wanted a divisor of the width 16; choose other sizes",
  });
});
