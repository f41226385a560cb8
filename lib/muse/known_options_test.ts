import assert from "node:assert/strict";
import { boxMask } from "../image/pixel_mask.ts";
import { createPicture } from "../image/picture.ts";
import { editMaskFree } from "./edit_free.ts";
import { inpaint } from "./edit_inpaint.ts";
import { tableMuse } from "./edit_table.ts";
import { vary } from "./edit_vary.ts";
import { generate } from "./pipeline.ts";

/** As a notebook's cell calls it, which no compiler has read. */
type Loose = (prompts: unknown, options: object) => Promise<unknown>;

function functions() {
  const { muse, calls } = tableMuse();
  const picture = createPicture(16, 16);
  const region = boxMask(16, 16, { x: 0, y: 0, width: 8, height: 8 });
  const drawing: Record<string, Loose> = {
    generate: (prompts, options) => generate(muse, prompts as [], options),
    inpaint: (prompts, options) =>
      inpaint(muse, picture, region, prompts as [], options),
    vary: (prompts, options) => vary(muse, picture, prompts as [], options),
  };
  const all: Record<string, Loose> = {
    ...drawing,
    editMaskFree: (prompts, options) =>
      editMaskFree(muse, picture, prompts as [], options),
  };
  return { all, drawing, calls };
}

async function refuses(call: Loose, prompts: unknown, options: object) {
  try {
    await call(prompts, options);
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing";
}

Deno.test("generate() and the edits say what is wrong with options and prompts", async () => {
  const { all, calls } = functions();
  const wrong: [unknown, object, RegExp][] = [
    [["a"], { cfg: 4 }, /found the option cfg, wanted seed, /],
    [["a"], { negativ: "b" }, /option negativ, .*; did you mean "negative"\?/],
    [["a"], { guidance_scale: 4 }, /_scale, .*; did you mean "guidance"\?/],
    [["a"], { guidance: 4 }, /found 4 as the guidance, .*"constant", scale/],
    [["a"], { guidance: { kind: "liner" } }, /"liner" .* mean "linear"\?/],
    [["a"], { guidance: null }, /found null as the guidance/],
    ["a red apple", {}, /found "a red apple", wanted a list of texts/],
    [[1], {}, /found \[ 1 \], wanted a list of texts/],
    [[], {}, /found none, wanted one or more/],
  ];
  for (const [name, call] of Object.entries(all)) {
    for (const [prompts, options, message] of wrong) {
      assert.match(await refuses(call, prompts, options), message, name);
    }
  }
  assert.equal(calls.length, 0);
});

Deno.test("generate() and the edits say what is wrong with the options of a decode", async () => {
  const { drawing, calls } = functions();
  const wrong: [object, RegExp][] = [
    [{ schedule: "cosin" }, /schedule "cosin", .*; did you mean "cosine"\?/],
    [{ schedule: [0.5, 0] }, /schedule \[ 0\.5, 0 \], .* \{ fractions/],
    [{ sampler: { kind: "foo" } }, /kind "foo" as the sampler, .* halton/],
    [{ sampler: "halton" }, /found "halton" as the sampler/],
    [{ remask: { kind: "cop", rate: 0.1 } }, /remask, .*; did you mean "cap"/],
    [{ steps: 1.5 }, /found 1\.5 steps, wanted a whole number/],
    [{ steps: 0 }, /found 0 steps/],
    [{ steps: "8" }, /found 8 steps/],
  ];
  for (const [name, call] of Object.entries(drawing)) {
    for (const [options, message] of wrong) {
      assert.match(await refuses(call, ["a"], options), message, name);
    }
  }
  assert.equal(calls.length, 0);
});
