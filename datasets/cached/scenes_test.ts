import assert from "node:assert/strict";
import { embeddedPath } from "../../lib/hub/embedded.ts";
import { withFolder } from "../../lib/run/temp_folder.ts";
import { encodeText, loadTextEncoder } from "../../lib/text/encode.ts";
import { createTokenizer } from "../../lib/vqgan/model.ts";
import { randomVqgan, TINY_VQGAN } from "../../lib/vqgan/tiny_vqgan.ts";
import { createEmojiLoader } from "../emoji/loader.ts";
import { cachedScenes } from "./scenes.ts";

Deno.test("cachedScenes() has the batches that a loader's are encoded to, computed once", () =>
  withFolder(async (cache) => {
    const tokenizer = createTokenizer(TINY_VQGAN, randomVqgan());
    const encoder = await loadTextEncoder(embeddedPath("text"), { length: 8 });
    const model = { tokenizer, encoder, hash: "a" };
    const wanted = {
      split: "validation",
      scenes: 18,
      batch: 6,
      cache,
    } as const;
    const progress: number[] = [];
    const scenes = await cachedScenes(model, {
      ...wanted,
      onProgress: (done) => progress.push(done),
    });
    assert.deepEqual(progress, [16, 18]);
    assert.deepEqual([scenes.grid, scenes.computed], [[4, 4], 2]);
    const loader = await createEmojiLoader({
      split: "validation",
      size: TINY_VQGAN.imageSize,
      batch: 6,
    });
    for (const position of [0, 2]) {
      const { pixels, captions } = loader.at(position);
      const found = await scenes.at(position);
      assert.deepEqual(
        scenes.captions.slice(6 * position, 6 * position + 6),
        captions,
      );
      assert.deepEqual(found.tokens, await tokenizer.encode(pixels));
      const { mask } = await encodeText(encoder, captions);
      assert.deepEqual(found.textMask, mask);
    }
    assert.deepEqual(await scenes.at(3), await scenes.at(0));
    assert.equal((await cachedScenes(model, wanted)).computed, 0);
    const other = await cachedScenes({ ...model, hash: "b" }, wanted);
    assert.equal(other.computed, 2);
    const small = await cachedScenes(model, { ...wanted, size: 8 });
    assert.deepEqual([small.grid, small.computed], [[2, 2], 1]);
    await Promise.all([tokenizer.release(), encoder.release()]);
  }));
