import assert from "node:assert/strict";
import { createRng } from "../run/random.ts";
import { tf } from "../run/tf.ts";
import { superResolve } from "./conditioned.ts";
import { superResolve as superResolveArrays } from "./super_resolve.ts";
import { SUPERRES_DEFAULTS } from "./superres_defaults.ts";
import { createSuperresModel } from "./superres_model.ts";
import { disposeState } from "./tensors.ts";
import { randomSuperres, TINY_SUPERRES as CONFIG } from "./tiny_superres.ts";

const rng = createRng("conditioned test");
const low = Int32Array.from({ length: 2 * 6 }, () => rng.integer(16));
const states = Float32Array.from({ length: 2 * 3 * 12 }, () => rng.normal());
const mask = Float32Array.of(1, 1, 1, 1, 1, 0);
/** A third of the tokens of both pictures. */
const known = Int32Array.from(
  { length: 2 * 24 },
  (_, i) => i % 3 ? CONFIG.codes : rng.integer(CONFIG.codes),
);

Deno.test("superResolve() of tensors gives what that of arrays gives, and keeps known tokens", async () => {
  const model = createSuperresModel(CONFIG, randomSuperres());
  const input = {
    tokens: tf.tensor2d(low, [2, 6], "int32"),
    text: {
      states: tf.tensor3d(states, [2, 3, 12]),
      mask: tf.tensor2d(mask, [2, 3]),
    },
    known: tf.tensor2d(known, [2, 24], "int32"),
    seed: 3,
  };
  const options = { steps: 2, temperature: 0.5 };
  try {
    const wanted = await Array.fromAsync(superResolveArrays(model, {
      low,
      prompts: { states, mask },
      tokens: known,
      seed: 3,
    }, { ...SUPERRES_DEFAULTS, ...options }));
    const before = tf.memory().numTensors;
    let step = 0;
    for await (const state of superResolve(model, input, options)) {
      const { tokens } = wanted[step];
      assert.deepEqual(state.tokens.shape, [2, 24]);
      assert.deepEqual(state.tokens.dataSync(), tokens);
      disposeState(state);
      known.forEach((id, i) => {
        if (id < CONFIG.codes) assert.equal(tokens[i], id);
      });
      step++;
    }
    assert.equal(step, 2);
    assert.equal(tf.memory().numTensors, before);
    const float = { ...input, tokens: input.tokens.toFloat() };
    await assert.rejects(
      superResolve(model, float).next(),
      /found float32\[2,6\], wanted int32\[B,N\]/,
    );
  } finally {
    await model.release();
  }
});
