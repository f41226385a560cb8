import assert from "node:assert/strict";
import type { Tokenizer } from "../vqgan/model.ts";
import { CODES, tablePredict } from "./decode_table.ts";
import { tableMuse } from "./edit_table.ts";
import { openSuperres, type Superres, superresSteps } from "./enlarge.ts";
import {
  generate,
  type GenerateOptions,
  type Muse,
  openMuse,
} from "./pipeline.ts";
import type { SuperresConfig } from "./superres_config.ts";
import { SUPERRES_DEFAULTS } from "./superres_defaults.ts";

const GRID = 16;
const LENGTH = GRID ** 2;
const CONFIG: SuperresConfig = {
  textWidth: 1,
  textLength: 4,
  width: 2,
  heads: 2,
  hidden: 1,
  lowLayers: 1,
  lowCodes: CODES,
  lowGrid: [8, 8],
  layers: 1,
  codes: CODES,
  grid: [GRID, GRID],
  block: [4, 4],
};

/** What super-resolution was asked for. */
interface Asked {
  readonly low: Int32Array;
  readonly mask: Float32Array;
  readonly negative: boolean;
}

/** A model of tables with super-resolution, and what is asked of that. */
function cascade() {
  const { muse, calls: baseCalls } = tableMuse();
  const { predict, calls } = tablePredict(LENGTH);
  const asked: Asked[] = [];
  const opened: string[] = [];
  const nothing = () => Promise.resolve();
  const superres: Superres = {
    model: {
      config: CONFIG,
      weights: new Map(),
      predictor(low, prompts, negative) {
        const { mask } = prompts;
        asked.push({ low, mask, negative: negative !== undefined });
        return Promise.resolve(predict);
      },
      open: ({ guided }) => Promise.resolve(void opened.push(`${guided}`)),
      release: nothing,
    },
    tokenizer: {
      ...muse.tokenizer,
      config: { ...muse.tokenizer.config, imageSize: 32 },
      // A token is a square of 2 pixels.
      decode: (ids) =>
        Promise.resolve(Float32Array.from(
          { length: ids.length / LENGTH * 3 * 32 * 32 },
          (_, i) => {
            const picture = Math.floor(i / (3 * 32 * 32));
            const [y, x] = [Math.floor(i / 32) % 32, i % 32];
            const at = Math.floor(y / 2) * GRID + Math.floor(x / 2);
            return 2 * ids[picture * LENGTH + at] / (CODES - 1) - 1;
          },
        )),
      openDecoder: () => Promise.resolve(void opened.push("decoder")),
    },
    release: nothing,
  };
  const tokenizer: Tokenizer = {
    ...muse.tokenizer,
    openDecoder: () => Promise.resolve(void opened.push("base decoder")),
  };
  const whole: Muse = { ...muse, tokenizer, superres };
  return { muse: whole, alone: muse, calls, baseCalls, asked, opened };
}

const QUICK = { steps: 2, seed: 6 } as const;

Deno.test("generate() goes on from the base's tokens, in 8 steps without guidance", async () => {
  const { muse, alone, calls, asked } = cascade();
  const seen: number[][] = [[], []];
  const drawn = await generate(
    muse,
    ["ab", "abc"],
    { ...QUICK, negative: "a" },
    (state) => seen[0].push(state.tokens.length),
    (state) => seen[1].push(state.mask.reduce((sum, bit) => sum + bit, 0)),
  );
  const base = await generate(alone, ["ab", "abc"], { ...QUICK });
  assert.deepEqual(drawn.tokens, base.tokens);
  assert.equal(base.superresTokens, undefined);
  assert.equal(base.seconds.superres, undefined);
  assert.deepEqual(asked.length, 1);
  assert.deepEqual(asked[0].low, drawn.tokens);
  assert.deepEqual([...asked[0].mask], [1, 1, 0, 0, 1, 1, 1, 0]);
  assert.equal(asked[0].negative, false); // no step is guided
  assert.equal(calls.length, 8);
  assert.ok(calls.every(({ guidance }) => guidance === 0));
  assert.deepEqual(seen[0], [128, 128]);
  assert.equal(seen[1].length, 8);
  assert.equal(seen[1].at(-1), 0);
  assert.equal(drawn.superresTokens!.length, 2 * LENGTH);
  assert.ok(drawn.seconds.superres! >= 0);
  for (const [i, { width, height, data }] of drawn.pictures.entries()) {
    assert.deepEqual([width, height], [32, 32]);
    const [first] = drawn.superresTokens!.subarray(i * LENGTH);
    assert.equal(data[0], Math.round(first / (CODES - 1) * 255));
  }
});

Deno.test("generate() super-resolves a picture the same, whatever else it draws", async () => {
  const { muse } = cascade();
  const options = { ...QUICK, superresSteps: 3 };
  const both = await generate(muse, ["ab", "ab"], options);
  const [first, second] = both.pictures;
  assert.notDeepEqual(first, second);
  const alone = await generate(muse, ["ab"], { ...options, seed: [7] });
  assert.deepEqual(alone.pictures, [second]);
});

Deno.test("generate() takes other steps of super-resolution, or none", async () => {
  const { muse, alone, calls } = cascade();
  await generate(muse, ["a"], { ...QUICK, superresSteps: 3 });
  assert.equal(calls.length, 3);
  const off = { ...QUICK, superresSteps: 0 };
  const small = await generate(muse, ["a"], off);
  assert.equal(calls.length, 3);
  assert.deepEqual(
    small.pictures,
    (await generate(alone, ["a"], off)).pictures,
  );
  assert.equal(small.pictures[0].width, 16);
});

Deno.test("openMuse() opens what will be drawn with, and no more", async () => {
  const bestOf = { count: 2, score: () => [0] };
  const wanted: [Partial<GenerateOptions>, string[]][] = [
    [{ superresSteps: 0 }, ["base decoder"]],
    [{}, ["false", "decoder"]],
    [{ bestOf }, ["false", "decoder", "base decoder"]],
    [{ bestOf, superresSteps: 0 }, ["base decoder"]],
  ];
  for (const [options, names] of wanted) {
    const { muse, opened } = cascade();
    await openMuse(muse, { ...QUICK, ...options });
    assert.deepEqual(opened, names);
  }
  const { muse, opened } = cascade();
  await openSuperres(muse.superres!, { ...SUPERRES_DEFAULTS, steps: 3 });
  assert.deepEqual(opened, ["false", "decoder"]);
});

Deno.test("generate() guides super-resolution away from the negative prompt where asked to", async () => {
  const { muse, alone, calls, asked, opened } = cascade();
  const superres = { guidance: { kind: "constant", scale: 2 } } as const;
  const options = { ...QUICK, negative: "a", superres };
  await generate(muse, ["ab"], options);
  assert.equal(asked[0].negative, true);
  assert.ok(calls.length === 8 && calls.every((one) => one.guidance === 2));
  await openMuse(muse, options);
  assert.deepEqual(opened, ["true", "decoder"]);
  // The base need not be guided for that.
  const bases: boolean[] = [];
  const { predictor } = muse.base;
  const base: Muse["base"] = {
    ...muse.base,
    predictor(text, negative, always) {
      bases.push(negative !== undefined);
      return predictor(text, negative, always);
    },
  };
  const plain = { kind: "constant", scale: 0 } as const;
  await generate({ ...muse, base }, ["ab"], { ...options, guidance: plain });
  assert.deepEqual(bases, [false]);
  assert.equal(asked[1].negative, true);
  const wrong = { ...QUICK, superres: { temperature: -1 } };
  await assert.rejects(generate(muse, ["a"], wrong), /temperature -1/);
  const odd = { ...QUICK, superres: { temprature: 1 } as object };
  await assert.rejects(generate(muse, ["a"], odd), /mean "temperature"\?$/);
  await assert.rejects(
    generate(alone, ["a"], options),
    /"table" has no super-resolution; leave out superres$/,
  );
});

Deno.test("superresSteps() refuses what no model can do, or this one", async () => {
  const { muse, alone, baseCalls } = cascade();
  assert.equal(superresSteps(alone, {}), 0);
  assert.equal(superresSteps(alone, { superresSteps: 0 }), 0);
  assert.equal(superresSteps(muse, {}), 8);
  for (const steps of [-1, 1.5, NaN]) {
    const wrong = { ...QUICK, superresSteps: steps };
    await assert.rejects(
      generate(muse, ["a"], wrong),
      /found .* steps, wanted a whole number of at least 0/,
    );
  }
  await assert.rejects(
    generate(alone, ["a"], { ...QUICK, superresSteps: 8 }),
    /in 8 steps: the model "table" has no super-resolution; leave out/,
  );
  for (const superresSteps of [undefined, 0, 8]) {
    const inside = { superres: { steps: 3 } as object, superresSteps };
    await assert.rejects(
      generate(muse, ["a"], { ...QUICK, ...inside }),
      /found 3 steps in superres, wanted them beside it; use superresSteps$/,
    );
  }
  const superres = { schedule: { fractions: [0.5, 0.2, 0] } };
  await assert.rejects(
    generate(muse, ["a"], { ...QUICK, superres }),
    /found 3 fractions for 8 steps/,
  );
  assert.equal(baseCalls.length, 0);
});
