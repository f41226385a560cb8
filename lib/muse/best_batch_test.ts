import assert from "node:assert/strict";
import { contents, withFolder } from "../run/temp_folder.ts";
import { bestBatch, fastestBatch } from "./best_batch.ts";
import { loadMuse } from "./pipeline.ts";

Deno.test("fastestBatch() stops where larger batches are not worth it", async () => {
  const search = async (rates: Record<number, number>) => {
    const tried: number[] = [];
    const best = await fastestBatch((batch) => {
      tried.push(batch);
      return Promise.resolve(rates[batch]);
    });
    return [best, tried];
  };
  assert.deepEqual(await search({ 1: 10, 2: 10.1 }), [1, [1, 2]]);
  assert.deepEqual(await search({ 1: 10, 2: 15, 4: 9 }), [2, [1, 2, 4]]);
  const rising = { 1: 1, 2: 2, 4: 3, 8: 4, 16: 5 };
  assert.deepEqual(await search(rising), [16, [1, 2, 4, 8, 16]]);
});

Deno.test("bestBatch() is tried once, and again where it was damaged", async () => {
  await withFolder(async (folder) => {
    const muse = await loadMuse("mini");
    const options = { run: {}, guided: false, folder };
    const batch = await bestBatch(muse, options);
    assert.ok([1, 2, 4, 8, 16].includes(batch));
    const [file] = contents(folder);
    const path = `${folder}/${file}`;
    const kept = JSON.parse(await Deno.readTextFile(path));
    assert.equal(kept.batch, batch);
    // What is remembered is believed.
    const other = batch === 4 ? 8 : 4;
    const forged = JSON.stringify({ ...kept, batch: other });
    await Deno.writeTextFile(path, forged);
    assert.equal(await bestBatch(muse, options), other);
    await Deno.writeTextFile(path, forged.slice(0, -3));
    await bestBatch(muse, options);
    assert.equal(JSON.parse(await Deno.readTextFile(path)).key, kept.key);
    await muse.release();
  });
});
