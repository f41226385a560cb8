import assert from "node:assert/strict";
import { join } from "node:path";
import { contents, withFolder } from "../../lib/run/temp_folder.ts";
import {
  encodeText,
  loadTextEncoder,
  type PromptEncoder,
} from "../../lib/text/encode.ts";
import { createTokenizer, type Tokenizer } from "../../lib/vqgan/model.ts";
import { randomVqgan, TINY_VQGAN } from "../../lib/vqgan/tiny_vqgan.ts";
import { writeFiles, writePairs } from "../pairs/fixture.ts";
import { createPairLoader } from "../pairs/loader.ts";
import { openPairs } from "../pairs/open.ts";
import type { PairSet } from "../pairs/pair.ts";
import { cachedBatches } from "./batches.ts";
import { openTextCache } from "./texts.ts";
import { openTokenCache } from "./tokens.ts";

const MINI = new URL("../../weights/text", import.meta.url).pathname;

/** Lends a set and a tokenizer that counts its calls. */
async function withSet(
  use: (parts: {
    readonly set: PairSet;
    readonly folder: string;
    readonly cache: string;
    readonly tokenizer: Tokenizer;
    readonly calls: { count: number };
  }) => Promise<void>,
) {
  const whole = createTokenizer(TINY_VQGAN, randomVqgan());
  const calls = { count: 0 };
  const tokenizer: Tokenizer = {
    ...whole,
    encode(...args) {
      calls.count++;
      return whole.encode(...args);
    },
  };
  try {
    await withFolder(async (root) => {
      const folder = join(root, "set");
      await writePairs(folder, 21);
      await writeFiles(folder, { "0003.txt": "one caption\nand another" });
      const set = await openPairs(folder);
      await use({ set, folder, cache: join(root, "cache"), tokenizer, calls });
    });
  } finally {
    await whole.release();
  }
}

Deno.test("cachedBatches() has what a loader's batches are encoded to", () =>
  withSet(async ({ set, folder, cache, tokenizer }) => {
    const encoder = await loadTextEncoder(MINI, { length: 12 });
    await Deno.truncate(join(folder, "0005.webp"), 30);
    const tokens = await openTokenCache(set, tokenizer, "w", { cache });
    const texts = await openTextCache(set, encoder, "e", { cache });
    assert.deepEqual(tokens.broken.map(({ name }) => name), ["0005.webp"]);
    const indices = Array.from(set.pairs.keys());
    const order = { set, indices, seed: 4, batch: 5 };
    const source = cachedBatches({ ...order, tokens: [tokens], texts });
    const loader = createPairLoader({ ...order, size: 16 });
    for (const position of [0, 4, 1, 30]) {
      const { pixels, captions } = await loader.at(position);
      const { states, mask } = await encodeText(encoder, captions);
      const found = await source.at(position);
      assert.deepEqual(found.tokens, [await tokenizer.encode(pixels)]);
      assert.deepEqual(found.textMask, mask);
      states.forEach((value, i) => {
        const shown = mask[Math.floor(i / encoder.width)];
        const wanted = value * shown; // what fills up is zero
        const close = 1e-3 * Math.max(1, Math.abs(value));
        assert.ok(Math.abs(found.states[i] - wanted) <= close, `${i}`);
      });
    }
    await encoder.release();
  }));

Deno.test("openTokenCache() computes once, and anew for other weights, sizes and pictures", () =>
  withSet(async ({ set, folder, cache, tokenizer, calls }) => {
    const open = async (weights: string, of = set, by = tokenizer) => {
      const before = calls.count;
      const progress: number[] = [];
      const { computed } = await openTokenCache(of, by, weights, {
        cache,
        onProgress: (done) => progress.push(done),
      });
      return [calls.count - before, computed, progress.at(-1)];
    };
    assert.deepEqual(await open("a"), [2, 1, 21]);
    assert.deepEqual(await open("a"), [0, 0, undefined]);
    assert.deepEqual(await open("b"), [2, 1, 21]);
    const small = { ...tokenizer, config: { ...TINY_VQGAN, imageSize: 8 } };
    small.encode = (pixels) => tokenizer.encode(pixels, [8, 8]);
    assert.deepEqual(await open("a", set, small), [2, 1, 21]);
    await Deno.utime(join(folder, "0007.jpeg"), 5, 5);
    const touched = await openPairs(folder);
    assert.deepEqual(await open("a", touched), [2, 1, 21]);
    await writeFiles(folder, { "0007.txt": "other words" });
    assert.deepEqual(await open("a", await openPairs(folder)), [
      0,
      0,
      undefined,
    ]);
    assert.equal(contents(join(cache, "tokens")).length, 8);
  }));

Deno.test("openTextCache() computes once, and anew for other captions, weights and lengths", () =>
  withSet(async ({ set, folder, cache }) => {
    const whole = await loadTextEncoder(MINI, { length: 12 });
    let calls = 0;
    const encoder: PromptEncoder = {
      ...whole,
      encode(...args) {
        calls++;
        return whole.encode(...args);
      },
    };
    const open = async (weights: string, of = set) => {
      const before = calls;
      const { computed } = await openTextCache(of, encoder, weights, { cache });
      return [calls - before, computed];
    };
    assert.deepEqual(await open("a"), [1, 1]);
    assert.deepEqual(await open("a"), [0, 0]);
    assert.deepEqual(await open("b"), [1, 1]);
    await writeFiles(folder, { "0007.txt": "other words" });
    assert.deepEqual(await open("a", await openPairs(folder)), [1, 1]);
    await whole.release();
  }));

Deno.test("openTokenCache() makes damaged shards again, and refuses others' shards", () =>
  withSet(async ({ set, cache, tokenizer }) => {
    const open = (weights: string) =>
      openTokenCache(set, tokenizer, weights, { cache });
    const first = await (await open("a")).read(20);
    const [path] = contents(cache).filter((name) => name.endsWith("sors"));
    const shard = join(cache, path);
    await Deno.truncate(shard, 300);
    const again = await open("a");
    assert.equal(again.computed, 1);
    assert.deepEqual(await again.read(20), first);
    await open("b");
    const shards = contents(cache).filter((name) => name.endsWith("sors"));
    const other = shards.find((name) => name !== path)!;
    await Deno.copyFile(join(cache, other), shard);
    await assert.rejects(open("a"), /from other data or other weights; remove/);
  }));

Deno.test("openTokenCache() stops when it is told, and goes on from there", () =>
  withSet(async ({ set, cache, tokenizer }) => {
    const stop = new AbortController();
    const options = {
      cache,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    };
    await assert.rejects(openTokenCache(set, tokenizer, "a", options), {
      name: "AbortError",
    });
    assert.equal(
      contents(cache).filter((one) => /part|sors/.test(one)).length,
      0,
    );
    const whole = await openTokenCache(set, tokenizer, "a", { cache });
    assert.equal(whole.computed, 1);
  }));
