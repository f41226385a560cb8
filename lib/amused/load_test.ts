/** Whole pipelines from folders of the published layout. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeText } from "../text/encode.ts";
import { generate } from "../muse/pipeline.ts";
import { assertWithin } from "../run/assert_close.ts";
import { contents, withFolder } from "../run/temp_folder.ts";
import { loadAmused } from "./load.ts";
import { recorded, recordedIntegers, TESTDATA, tinyFolder } from "./parity.ts";
import { AMUSED_DEFAULTS } from "./options.ts";
import { withTiny } from "./tiny_amused.ts";

const PROMPTS = ["a red apple", "two cats on a green frog"];

for (const name of ["tiny-256", "tiny-512"] as const) {
  Deno.test(`loadAmused() reads texts as the reference does, ${name}`, async () => {
    await withTiny(name, {}, async ({ encoder }) => {
      // More text ids than the encoder reads.
      const texts = [...PROMPTS, "", PROMPTS[1].repeat(4)];
      const ids = await recordedIntegers(`${name}/text ids`);
      assert.deepEqual(encoder.tokenizer.encode(texts[0]), [
        ...ids.subarray(0, 5),
      ]);
      const { states, pooled } = await encodeText(encoder, texts);
      assertWithin(states, recorded(`${name}/text states`).data, 1e-4);
      assertWithin(pooled!, recorded(`${name}/text pooled`).data, 1e-4);
      const [again] = [await encodeText(encoder, [texts[3], texts[0]])];
      const size = states.length / 4;
      assert.deepEqual(again.states.slice(0, size), states.slice(3 * size));
      assert.deepEqual(again.states.slice(size), states.slice(0, size));
    });
  });
}

Deno.test("generate() draws with a loaded aMUSEd, by its own defaults", async () => {
  const size = [64, 96] as const;
  const options = { size, name: "mine" };
  const wanted = await withTiny("tiny-256", options, async (model) => {
    assert.equal(model.name, "mine");
    assert.equal(model.defaults, AMUSED_DEFAULTS);
    const seen: number[] = [];
    const drawn = await generate(model, PROMPTS, { seed: 3 }, (state) => {
      seen.push(state.guidance);
      const noise = 2 * (12 - state.step) / 11;
      assert.ok(Math.abs(state.choiceTemperature - noise) < 1e-9);
    });
    assert.deepEqual(seen, Array(12).fill(9));
    const [{ width, height }] = drawn.pictures;
    assert.deepEqual([height, width], size);
    const alone = await generate(model, [PROMPTS[1]], { seed: 4 });
    assert.deepEqual(alone.pictures[0], drawn.pictures[1]);
    return drawn;
  });
  assert.ok(new Set(wanted.tokens).size > 8);
  await withTiny("tiny-256", { size, lowMemory: true }, async (model) => {
    const drawn = await generate(model, PROMPTS, { seed: 3 });
    assert.deepEqual(drawn.tokens, wanted.tokens);
    assert.deepEqual(drawn.pictures, wanted.pictures);
  });
});

Deno.test("generate() by aMUSEd takes the library's options", async () => {
  await withTiny("tiny-512", { size: [64, 32] }, async (model) => {
    const options = {
      steps: 3,
      schedule: "linear",
      guidance: { kind: "constant", scale: 0 },
      sampler: { kind: "halton" },
      topK: 4,
    } as const;
    const { tokens, pictures } = await generate(model, [""], options);
    assert.equal(tokens.length, 8);
    assert.deepEqual([pictures[0].width, pictures[0].height], [32, 64]);
    const away = await generate(model, [""], { steps: 3, negative: "apple" });
    const plain = await generate(model, [""], { steps: 3 });
    assert.notDeepEqual(away.tokens, plain.tokens);
  });
});

Deno.test("loadAmused() takes float16 files where they are wanted, or alone", async () => {
  await withFolder(async (folder) => {
    for (const path of contents(tinyFolder("tiny-256"))) {
      const from = join(tinyFolder("tiny-256"), path);
      if (!(await Deno.stat(from)).isFile) continue;
      if (/(?:model)\.safetensors$/.test(path)) continue;
      const to = join(folder, path);
      await Deno.mkdir(join(to, ".."), { recursive: true });
      await Deno.copyFile(from, to);
    }
    const alone = await loadAmused(folder);
    const { hash } = alone;
    await alone.release();
    await withTiny("tiny-256", { variant: "fp16" }, (model) => {
      assert.equal(model.hash, hash);
      return Promise.resolve();
    });
    await withTiny("tiny-256", {}, (model) => {
      assert.notEqual(model.hash, hash);
      return Promise.resolve();
    });
  });
});

Deno.test("loadAmused() says what it can't load, and why", async () => {
  await assert.rejects(loadAmused(TESTDATA), /no model_index\.json/);
  await assert.rejects(
    loadAmused("amused-256"),
    /pull amused-256`, then loadAmused\(\(await findCheckpoint\("amused-256"\)/,
  );
  const sizes = [[64, 40], [0, 64], [48, 64.5]] as const;
  for (const size of sizes) {
    await assert.rejects(
      loadAmused(tinyFolder("tiny-512"), { size }),
      /multiples of 32/,
    );
  }
  await assert.rejects(
    loadAmused(tinyFolder("tiny-512"), { variant: "fp16" }),
    /no transformer\/diffusion_pytorch_model\.fp16\.safetensors/,
  );
});
