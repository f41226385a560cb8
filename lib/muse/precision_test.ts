import assert from "node:assert/strict";
import { contents, withFolder } from "../run/temp_folder.ts";
import { generate, loadMuse } from "./pipeline.ts";

const PROMPTS = ["a red apple", "two hearts", "a blue fish"];
const OPTIONS = { steps: 3, seed: [5, 6, 7] };

Deno.test("generate() in int8 draws the same picture alone and in a batch", async () => {
  await withFolder(async (cache) => {
    const how = { precision: "int8", cache } as const;
    const muse = await loadMuse("mini", how);
    const { pictures, tokens } = await generate(muse, PROMPTS, OPTIONS);
    const size = tokens.length / PROMPTS.length;
    for (const [i, prompt] of PROMPTS.entries()) {
      const seed = OPTIONS.seed[i];
      const alone = await generate(muse, [prompt], { ...OPTIONS, seed });
      assert.deepEqual(
        [...alone.tokens],
        [...tokens.slice(i * size, (i + 1) * size)],
      );
      assert.deepEqual(alone.pictures[0], pictures[i]);
    }
    await muse.release();
    // The second load finds the copies of the first.
    const copies = contents(cache);
    assert.ok(copies.length >= 3, `${copies}`);
    const again = await loadMuse("mini", how);
    assert.deepEqual(contents(cache), copies);
    const [base] = copies.filter((name) => name.startsWith("base"));
    const stored = (await Deno.stat(`${cache}/${base}`)).size;
    const values = again.base.weights.values()
      .map(({ shape }) => shape.reduce((a, b) => a * b, 1))
      .reduce((a, b) => a + b);
    assert.ok(stored < 1.2 * values, `${stored} bytes of ${values} values`);
    await again.release();
  });
});

for (const precision of ["int4", "fp16-storage"] as const) {
  Deno.test(`generate() draws in ${precision}`, async () => {
    await withFolder(async (cache) => {
      const muse = await loadMuse("mini", { precision, cache });
      const { tokens } = await generate(muse, ["a red apple"], { steps: 2 });
      assert.equal(tokens.length, 256);
      await muse.release();
    });
  });
}
