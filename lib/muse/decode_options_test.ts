import assert from "node:assert/strict";
import type { StepOptions } from "./decode.ts";
import { blankTokens } from "./decode_state.ts";
import { CODES, tablePredict } from "./decode_table.ts";
import {
  finalTokens,
  LENGTH,
  OPTIONS,
  print,
  run,
  start,
} from "./decode_runs.ts";
import type { Sampler } from "./sampler.ts";

Deno.test("decode() finds these tokens by each sampler", async () => {
  const samplers: Sampler[] = [
    { kind: "random" },
    { kind: "halton" },
    { kind: "hybrid", explore: 0.5 },
  ];
  const shown = [];
  for (const sampler of samplers) {
    const first = start({ length: 24, grid: [4, 6], steps: 4, seed: 42 });
    const states = await run(first, { ...OPTIONS, sampler });
    shown.push(states.slice(1).map(print));
  }
  assert.deepEqual(shown, [
    [
      "........9.......9.......",
      "9.....9.9.969...9.3.....",
      "9.0.9.9.90969.799.3.96..",
      "900190909096907990329637",
    ],
    [
      ".9.....................9",
      ".90.......96..77..3....9",
      ".90..7.79.964.770.3..679",
      "990197479096477701327679",
    ],
    [
      ".9.....................9",
      ".90.......96..77..3....9",
      "790197.79.96..77..3.9..9",
      "790197479096777767329079",
    ],
  ]);
});

Deno.test("decode() by Halton's sequence fills a hole with what is around it given", async () => {
  // Given: all but the middle of 8 x 8.
  const isHole = (i: number) => (i >> 3) % 6 > 1 && (i & 7) % 6 > 1;
  const tokens = blankTokens(1, LENGTH, CODES)
    .map((id, i) => isHole(i) ? id : i % CODES);
  const options = { ...OPTIONS, sampler: { kind: "halton" } as const };
  const states = await run(start({ tokens, steps: 4 }), options);
  const last = states.at(-1)!.tokens;
  tokens.forEach((id, i) => {
    if (isHole(i)) assert.notEqual(last[i], CODES);
    else assert.equal(last[i], id);
  });
  // All steps find some, spread over the hole: the first half in all quarters.
  const half = states[2].mask;
  const quarters = new Set(
    [...half.keys()].filter((i) => isHole(i) && !half[i])
      .map((i) => 2 * ((i >> 3) % 6 >> 2) + ((i & 7) % 6 >> 2)),
  );
  assert.equal(quarters.size, 4);
});

Deno.test("decode() by Halton's sequence needs to know the rows and columns", async () => {
  const options = { ...OPTIONS, sampler: { kind: "halton" } as const };
  await assert.rejects(
    run(start({ length: 24 }), options),
    /pictures of 24 tokens, which are no square, .* start the decode with a grid/,
  );
  const wide = await run(start({ length: 24, grid: [2, 12] }), options);
  const tall = await run(start({ length: 24, grid: [12, 2] }), options);
  assert.notDeepEqual(wide.at(-1)!.tokens, tall.at(-1)!.tokens);
});

Deno.test("decode() draws by these temperatures and this guidance in every step", async () => {
  const first = start({ length: 32, steps: 4, seed: 3 });
  const draw = async (changes: Partial<StepOptions>) =>
    (await finalTokens(first, { ...OPTIONS, ...changes })).join("");
  const temperature = { from: 2, to: 0.5 };
  assert.deepEqual(
    [
      await draw({ temperature }),
      await draw({ temperature: { steps: [2, 0.1, 1, 3] } }),
      await draw({ choiceTemperature: { from: 0, to: 9 } }),
      await draw({ guidance: { kind: "powerCosine", scale: 9, power: 3 } }),
      await draw({
        guidance: { kind: "interval", scale: 4, from: 0.5, to: 1 },
      }),
      await draw({ guidance: { kind: "list", scales: [0, 0, 5, 1] } }),
    ],
    [
      "99760490770796479701074797647976",
      "99907091336696489701790197647977",
      "90990490177707769733074590904076",
      "90760490777097499701074799901776",
      "90760197077797499701074799901376",
      "90760197067797599701074399904077",
    ],
  );
  const steps = [2, 1.5, 1, 0.5];
  assert.equal(
    await draw({ temperature: { steps } }),
    await draw({ temperature }),
  );
});

Deno.test("decode() passes top k and top p on", async () => {
  const first = start({ length: 32, steps: 4, seed: 3 });
  const draw = async (changes: Partial<StepOptions>) =>
    (await finalTokens(first, { ...OPTIONS, ...changes })).join("");
  assert.deepEqual(
    [
      await draw({}),
      await draw({ topK: 2 }),
      await draw({ topP: 0.8 }),
      await draw({ topK: 4, topP: 0.8 }),
    ],
    [
      "90760490777797499701074599904976",
      "97907097077077049770790199017776",
      "97760490777297269701074797647776",
      "97760490777297269701074799017776",
    ],
  );
  assert.equal(await draw({ topK: 1 }), await draw({ topP: 1e-9 }));
});

Deno.test("decode() passes the token temperature on", async () => {
  const greedy = { ...OPTIONS, temperature: 0, choiceTemperature: 0 };
  assert.deepEqual(
    await finalTokens(start({ seed: 1 }), greedy),
    await finalTokens(start({ seed: 2 }), greedy),
  );
  assert.notDeepEqual(
    await finalTokens(start({ seed: 1 })),
    await finalTokens(start({ seed: 2 })),
  );
});

Deno.test("decode() gives the network the guidance of each step", async () => {
  const { predict, calls } = tablePredict(LENGTH);
  const states = await run(start({ steps: 3 }, 2), OPTIONS, predict);
  const guidance = [0, 1, 2];
  assert.deepEqual(calls, guidance.map((guidance) => ({ batch: 2, guidance })));
  assert.deepEqual(states.slice(1).map((state) => state.guidance), guidance);
  assert.deepEqual(
    states.slice(1).map((state) => state.choiceTemperature),
    [2, 1, 0],
  );
  assert(states.slice(1).every(({ seconds }) => seconds > 0));
});
