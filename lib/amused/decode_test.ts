/**
 * Whole decodes against diffusers' pipelines, token for token, by recorded
 * uniform numbers and Gumbel noise.
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import { decode } from "../muse/decode.ts";
import { type DecodeStart, startDecode } from "../muse/decode_state.ts";
import type { PromptStates, TokenModel } from "../muse/model.ts";
import { settingsOf } from "../muse/options.ts";
import { replay } from "../muse/replay.ts";
import { maskedCounts, type Schedule } from "../muse/schedule.ts";
import type { StepOptions } from "../muse/step_options.ts";
import { loadWeights } from "../run/load_weights.ts";
import { createUVitModel, type Grid } from "./model.ts";
import { lastSteps } from "./last_steps.ts";
import { AMUSED_DEFAULTS } from "./options.ts";
import {
  recorded,
  recordedIntegers,
  recordedTokens,
  TINY_CODES,
  tinyConfig,
  tinyFolder,
} from "./parity.ts";

type Name = "tiny-256" | "tiny-512";

const TEXT_LENGTH = 12;

/** Grids of the recorded decodes. */
const GRIDS = { "tiny-256": [4, 6], "tiny-512": [8, 4] } as const;

async function openModel(name: Name): Promise<TokenModel> {
  const folder = join(tinyFolder(name), "transformer");
  const path = join(folder, "diffusion_pytorch_model.safetensors");
  const [height, width] = GRIDS[name];
  return createUVitModel(await tinyConfig(name), await loadWeights(path), {
    grid: GRIDS[name],
    textLength: TEXT_LENGTH,
    micro: { size: [16 * width, 16 * height], crop: [0, 0], score: 6 },
  });
}

/** What the recorded text encoder says: two prompts, then none. */
function texts(name: Name, from: number, to: number): PromptStates {
  const rows = (part: string, size: number) =>
    recorded(`${name}/text ${part}`).data.subarray(from * size, to * size);
  return {
    states: rows("states", TEXT_LENGTH * 16),
    pooled: rows("pooled", 16),
    mask: new Float32Array((to - from) * TEXT_LENGTH).fill(1),
  };
}

/** Compares the tokens after every step with the recorded ones. */
async function compare(
  name: Name,
  kind: string,
  start: Pick<DecodeStart, "tokens" | "schedule" | "steps">,
  options: StepOptions,
): Promise<void> {
  const grid: Grid = GRIDS[name];
  const length = grid[0] * grid[1];
  const batch = start.tokens.length / length;
  const wanted = await recordedTokens(`${name}/${kind}/tokens`);
  const model = await openModel(name);
  const predict = await model.predictor(
    texts(name, 0, batch),
    texts(name, 2, 3),
    true,
  );
  let state = startDecode({
    ...start,
    length,
    grid,
    maskId: TINY_CODES,
    seed: 0,
  });
  const numbers = (part: string) => recorded(`${name}/${kind}/${part}`);
  const streams = replay(numbers("uniforms"), numbers("noise"));
  for await (state of decode(state, predict, options, streams)) {
    const from = (state.step - 1) * start.tokens.length;
    assert.deepEqual(
      state.tokens,
      wanted.subarray(from, from + start.tokens.length),
      `step ${state.step}`,
    );
  }
  assert.equal(state.step * start.tokens.length, wanted.length);
  await model.release();
}

for (const name of ["tiny-256", "tiny-512"] as const) {
  const [height, width] = GRIDS[name];

  Deno.test(`a decode finds the tokens of AmusedPipeline, ${name}`, async () => {
    const tokens = new Int32Array(2 * height * width).fill(TINY_CODES);
    const { schedule, steps } = AMUSED_DEFAULTS;
    await compare(
      name,
      "text to image",
      { tokens, schedule, steps },
      AMUSED_DEFAULTS,
    );
  });

  Deno.test(`a decode finds the tokens of AmusedInpaintPipeline, ${name}`, async () => {
    const tokens = await recordedTokens(`${name}/inpaint/start`);
    assert.ok(tokens.includes(TINY_CODES));
    assert.ok(tokens.some((id) => id < TINY_CODES));
    await compare(
      name,
      "inpaint",
      { tokens, schedule: "linear32", steps: 12 },
      AMUSED_DEFAULTS,
    );
  });

  Deno.test(`lastSteps() find the tokens of AmusedImg2ImgPipeline, ${name}`, async () => {
    const tokens = await recordedTokens(`${name}/image to image/start`);
    const all = settingsOf({}, AMUSED_DEFAULTS);
    const { masked, settings } = lastSteps(all, 0.75, tokens.length);
    const { schedule, steps } = settings;
    assert.equal(steps, 9);
    // There, each token is masked by chance.
    const found = tokens.filter((id) => id === TINY_CODES).length;
    assert.ok(Math.abs(masked - found) <= 4);
    await compare(
      name,
      "image to image",
      { tokens, schedule, steps },
      settings,
    );
  });
}

Deno.test("maskedCounts() is what AmusedScheduler leaves masked", async () => {
  const masked = [1, 7, 100, 181, 256, 384, 1000, 1024];
  const names: readonly Schedule[] = ["cosine32", "linear32"];
  for (const schedule of names) {
    for (const steps of [2, 5, 8, 12, 18, 25]) {
      const kind = `${schedule}`.replace("32", "");
      const wanted = await recordedIntegers(`counts/${kind} ${steps}`);
      masked.forEach((count, i) =>
        assert.deepEqual(
          maskedCounts(schedule, count, steps, 1024),
          [...wanted.subarray(i * steps, (i + 1) * steps)],
          `${schedule}, ${count} of 1024 in ${steps} steps`,
        )
      );
    }
  }
});
