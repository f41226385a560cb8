import assert from "node:assert/strict";
import { join } from "node:path";
import { createEmojiLoader } from "./loader.ts";
import { ROWS } from "./sprite_file.ts";
import { streamEmoji } from "./stream.ts";

const OPTIONS = { split: "train", size: 16, batch: 2, seed: 3 } as const;

Deno.test("streamEmoji() gives the loader's batches, in any order and again", async () => {
  const loader = await createEmojiLoader(OPTIONS);
  const stream = streamEmoji(OPTIONS);
  for (const position of [0, 1, 5, 2, 2, 0]) {
    assert.deepEqual(await stream.at(position), loader.at(position));
  }
  const [four, nine, again] = await Promise.all([4, 9, 4].map(stream.at));
  assert.deepEqual([four, nine], [loader.at(4), loader.at(9)]);
  assert.deepEqual(again, four);
  stream.close();
});

Deno.test("streamEmoji() fails where a batch is asked for that can't be made", async () => {
  const stream = streamEmoji({ ...OPTIONS, size: 300 });
  await assert.rejects(
    stream.at(0),
    /Cannot load a batch: .*8 to 256/,
  );
  await assert.rejects(stream.at(1), /Cannot load a batch: .*8 to 256/);
  stream.close();
});

Deno.test("streamEmoji() tells that it draws the art for a new cache", async () => {
  const folder = await Deno.makeTempDir();
  const cache = join(folder, "cache");
  const told = Promise.withResolvers<[number, number]>();
  const stream = streamEmoji({
    ...OPTIONS,
    sprites: { cache, onProgress: (...counts) => told.resolve(counts) },
  });
  const [done, total] = await told.promise;
  stream.close();
  assert.ok(done > 0 && done < total && total === ROWS);
  assert.equal([...Deno.readDirSync(cache)].length, 1);
  await Deno.remove(folder, { recursive: true });
});
