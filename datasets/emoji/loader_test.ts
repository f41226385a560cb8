import assert from "node:assert/strict";
import { createRng } from "../../lib/run/random.ts";
import { captionScene } from "./caption.ts";
import { createEmojiLoader } from "./loader.ts";
import { renderScene } from "./render.ts";
import { sampleScene } from "./sample.ts";
import { loadSprites } from "./sprites.ts";

const options = { split: "train", size: 32, batch: 3, seed: 5 } as const;

Deno.test("createEmojiLoader() batches pictures, captions and scenes in order", async () => {
  const loader = await createEmojiLoader(options);
  const sprites = await loadSprites({ largest: 64 });
  loader.next();
  const { pixels, captions, scenes } = loader.next();
  assert.equal(pixels.length, 3 * 3 * 32 * 32);
  assert.ok(pixels.every((value) => value >= -1 && value <= 1));
  for (let i = 0; i < 3; i++) {
    const scene = sampleScene("train", 3 + i, { seed: 5 });
    assert.deepEqual(scenes[i], scene);
    const rng = createRng("emoji caption", "train", 5, 3 + i);
    assert.equal(captions[i], captionScene(scene, rng));
    const { data } = renderScene(scene, 32, sprites);
    for (const channel of [0, 1, 2]) {
      const plane = (3 * i + channel) * 1024;
      assert.equal(
        pixels[plane + 40],
        Math.fround(data[40 * 3 + channel] / 127.5 - 1),
      );
    }
  }
});

Deno.test("createEmojiLoader() goes on where it was left, and jumps", async () => {
  const loader = await createEmojiLoader(options);
  for (let i = 0; i < 4; i++) loader.next();
  assert.equal(loader.position, 4);
  const resumed = await createEmojiLoader({ ...options, start: 4 });
  const wanted = loader.at(4);
  assert.equal(loader.position, 4);
  assert.deepEqual(resumed.next(), wanted);
  assert.deepEqual(loader.next(), wanted);
  assert.equal(resumed.position, 5);
});

Deno.test("createEmojiLoader() gives other batches for another seed or split", async () => {
  const captions = await Promise.all(
    [
      options,
      { ...options, seed: 6 },
      { ...options, split: "heldout" } as const,
    ]
      .map(async (each) =>
        (await createEmojiLoader(each)).next().captions.join()
      ),
  );
  assert.equal(new Set(captions).size, 3);
});

Deno.test("createEmojiLoader() refuses what makes no batch", async () => {
  await assert.rejects(
    createEmojiLoader({ ...options, batch: 0 }),
    /at least one picture, not 0/,
  );
  await assert.rejects(
    createEmojiLoader({ ...options, start: -1 }),
    /batch 0 or later/,
  );
  await assert.rejects(
    createEmojiLoader({ ...options, size: 300 }),
    /8 to 256/,
  );
});
