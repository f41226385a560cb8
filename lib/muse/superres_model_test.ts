import assert from "node:assert/strict";
import { createRng } from "../run/random.ts";
import { superResolve } from "./super_resolve.ts";
import {
  SUPERRES_DEFAULTS,
  type SuperresOptions,
} from "./superres_defaults.ts";
import { createSuperresModel } from "./superres_model.ts";
import { randomSuperres, TINY_SUPERRES as CONFIG } from "./tiny_superres.ts";

const LOW = 6;
const COUNT = 24;
const rng = createRng("superres model test");
const normals = (length: number) =>
  Float32Array.from({ length }, () => rng.normal());

const prompts = {
  states: normals(2 * 3 * 12),
  mask: Float32Array.of(1, 1, 1, 1, 1, 0),
};
const low = Int32Array.from({ length: 2 * LOW }, () => rng.integer(16));
const tokens = Int32Array.from(
  { length: 2 * COUNT },
  (_, i) => i % 3 ? CONFIG.codes : rng.integer(CONFIG.codes),
);
const uniforms = rng.fill(new Float32Array(2 * COUNT));
const REQUEST = { guidance: 2, temperature: 1, uniforms };

/** The second picture of two alone. */
const SECOND = {
  low: low.subarray(LOW),
  prompts: { states: prompts.states.subarray(36), mask: prompts.mask.slice(3) },
};

async function withModel(
  use: (model: ReturnType<typeof createSuperresModel>) => Promise<void>,
): Promise<void> {
  const model = createSuperresModel(CONFIG, randomSuperres());
  try {
    await use(model);
  } finally {
    await model.release();
  }
}

Deno.test("predictor() of super-resolution gives the same with the unguided half or without", () =>
  withModel(async (model) => {
    const request = { ...REQUEST, guidance: 0 };
    const alone = await model.predictor(low, prompts);
    const both = await model.predictor(low, prompts, undefined, true);
    const wanted = await alone(tokens, request);
    assert.deepEqual(await both(tokens, request), wanted);
    const guided = await both(tokens, REQUEST);
    assert.notDeepEqual(guided.confidence, wanted.confidence);
  }));

Deno.test("predictor() of super-resolution gives a picture the same in every batch", () =>
  withModel(async (model) => {
    const both = await (await model.predictor(low, prompts))(tokens, REQUEST);
    const second = await model.predictor(SECOND.low, SECOND.prompts);
    const alone = await second(tokens.subarray(COUNT), {
      ...REQUEST,
      uniforms: uniforms.subarray(COUNT),
    });
    assert.deepEqual(alone.ids, both.ids.slice(COUNT));
    assert.deepEqual(alone.confidence, both.confidence.slice(COUNT));
  }));

Deno.test("predictor() of super-resolution leads away from a negative prompt", () =>
  withModel(async (model) => {
    const unguided = await (await model.predictor(low, prompts))(tokens, {
      ...REQUEST,
      guidance: 0,
    });
    // Away from the prompt itself is nowhere.
    const same = await (await model.predictor(low, prompts, prompts))(
      tokens,
      REQUEST,
    );
    assert.deepEqual(same, unguided);
    const other = { ...prompts, states: prompts.states.map((x) => -x) };
    const away = await (await model.predictor(low, prompts, other))(
      tokens,
      REQUEST,
    );
    assert.notDeepEqual(away.confidence, unguided.confidence);
  }));

Deno.test("predictor() of super-resolution names what doesn't fit", () =>
  withModel(async (model) => {
    await assert.rejects(
      model.predictor(low.subarray(1), prompts),
      /Cannot enlarge tokens: found 11 of them, wanted 12 for 2 prompts/,
    );
    await assert.rejects(
      model.predictor(low.slice().fill(16, 3, 4), prompts),
      /found the id 16 of an unknown token, wanted .* ids from 0 to 15/,
    );
    await assert.rejects(
      model.predictor(low.slice().fill(-1, 3, 4), prompts),
      /found the id -1, wanted/,
    );
    const predict = await model.predictor(low, prompts);
    await assert.rejects(
      predict(tokens.subarray(1), REQUEST),
      /found 47 of them .* wanted 48: 2 prompts with 24 tokens each/,
    );
  }));

Deno.test("superResolve() finds all tokens, of each picture as if it were alone", () =>
  withModel(async (model) => {
    const options = { ...SUPERRES_DEFAULTS, steps: 3 };
    const run = async (
      input: Parameters<typeof superResolve>[1],
      changes = {},
    ) => {
      const states = await Array.fromAsync(
        superResolve(model, input, { ...options, ...changes }),
      );
      return states;
    };
    const both = await run({ low, prompts, seed: 4 });
    assert.equal(both.length, 3);
    assert.deepEqual(
      both.map(({ mask }) => mask.reduce((sum, bit) => sum + bit, 0)),
      [2 * 20, 2 * 12, 0],
    );
    const found = both[2].tokens;
    assert.ok(found.every((id) => id >= 0 && id < CONFIG.codes));
    const alone = await run({ ...SECOND, seed: [5] });
    assert.deepEqual(alone[2].tokens, found.slice(COUNT));
    const guidance = { kind: "linear", from: 0, to: 3 } as const;
    const led = await run({ low, prompts, seed: 4 }, { guidance });
    assert.deepEqual(led.map((state) => state.guidance), [0, 1.5, 3]);
    assert.notDeepEqual(led[2].tokens, found);
    // The prompt's own text to lead away from undoes the guidance.
    const nowhere = await run(
      { low, prompts, negative: prompts, seed: 4 },
      { guidance },
    );
    assert.deepEqual(nowhere[2].tokens, found);
  }));

Deno.test("superResolve() keeps known tokens by each option, and each draws others", () =>
  withModel(async (model) => {
    const options: Partial<SuperresOptions>[] = [
      {},
      { steps: 5 },
      { schedule: "linear" },
      { choiceTemperature: 0 },
      { temperature: { from: 9, to: 2 } },
      { sampler: { kind: "random" } },
      { sampler: { kind: "halton" } },
      { sampler: { kind: "hybrid", explore: 0.5 } },
      { remask: { kind: "cap", rate: 0.4 } },
      { remask: { kind: "confidence", rate: 0.4 } },
      { topK: 2 },
      { topP: 0.6 },
    ];
    const found = new Set<string>();
    for (const one of options) {
      const states = await Array.fromAsync(superResolve(
        model,
        { low, prompts, tokens, seed: 4 },
        {
          ...SUPERRES_DEFAULTS,
          ...{ temperature: 4, choiceTemperature: 1, steps: 4 },
          ...one,
        },
      ));
      const last = states.at(-1)!.tokens;
      tokens.forEach((id, i) =>
        id === CONFIG.codes
          ? assert.notEqual(last[i], id)
          : assert.equal(last[i], id)
      );
      const hidden = states.some(({ remasked }) => remasked.includes(1));
      assert.equal(hidden, one.remask !== undefined);
      found.add(last.join());
    }
    assert.equal(found.size, options.length);
  }));

Deno.test("createSuperresModel() refuses sizes that no network can have", () => {
  assert.throws(
    () => createSuperresModel({ ...CONFIG, block: [4, 4] }, new Map()),
    {
      name: "RangeError",
      message: /^Cannot make .*: "block" of its network is \[4,4\], wanted a d/,
    },
  );
});
