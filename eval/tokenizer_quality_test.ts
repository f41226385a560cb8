import assert from "node:assert/strict";
import { sampleScene } from "../datasets/mod.ts";
import { createTokenizer, type Tokenizer } from "../lib/vqgan/model.ts";
import { randomVqgan, TINY_VQGAN } from "../lib/vqgan/tiny_vqgan.ts";
import {
  insideBoxes,
  perplexity,
  squaredErrors,
  tokenizerQuality,
} from "./tokenizer_quality.ts";

Deno.test("perplexity() counts what is used in effect", () => {
  assert.equal(perplexity(Float64Array.of(5, 5, 0, 5, 5)), 4);
  assert.equal(perplexity(Float64Array.of(0, 9)), 1);
});

Deno.test("squaredErrors() compares one picture on the scale of 0 to 1", () => {
  const pixels = new Float32Array(2 * 3 * 4);
  const rebuilt = pixels.slice();
  rebuilt[12] = 1; // the second picture, red, first pixel
  rebuilt[17] = -3; // green, second pixel; clipped to -1
  const errors = squaredErrors(pixels, rebuilt, 1, 2);
  assert.deepEqual(errors, Float32Array.of(0.25 / 3, 0.25 / 3, 0, 0));
  assert.deepEqual(squaredErrors(pixels, rebuilt, 0, 2), new Float32Array(4));
});

Deno.test("insideBoxes() marks the pixels of the objects", () => {
  const scene = sampleScene("validation", 0);
  const [group] = scene.groups;
  const boxes = [{ x: 0.25, y: 0, side: 0.5 }, { x: 0.9, y: 0.75, side: 0.5 }];
  const inside = insideBoxes({ ...scene, groups: [{ ...group, boxes }] }, 4);
  const rows = [0, 4, 8, 12].map((at) =>
    inside.slice(at, at + 4).map((bit) => bit ? "x" : ".").join("")
  );
  assert.deepEqual(rows, [".xx.", ".xx.", "....", "...."]);
});

/**
 * What a tokenizer would be that rebuilds pictures up to an error towards the
 * middle, and finds one token after the other.
 */
function nearTokenizer(error: number): Tokenizer {
  let seen = new Float32Array();
  return {
    config: { ...TINY_VQGAN, codes: 32 },
    weights: new Map(),
    encode(pixels) {
      seen = Float32Array.from(pixels);
      const count = pixels.length / (3 * 16 * 16) * 16;
      return Promise.resolve(
        Int32Array.from({ length: count }, (_, i) => i % 8),
      );
    },
    decode: () =>
      Promise.resolve(seen.map((x) => x > 0 ? x - error : x + error)),
    openDecoder: () => Promise.resolve(),
    release: () => Promise.resolve(),
  };
}

Deno.test("tokenizerQuality() gives the decibels of a known error, and the codes that occur", async () => {
  const told: number[] = [];
  const found = await tokenizerQuality(nearTokenizer(0.02), {
    scenes: 20,
    onProgress: (scenes) => told.push(scenes),
  });
  assert.deepEqual(told, [16, 32]);
  assert.equal(found.scenes, 32);
  // An error of 0.01 on the scale of 0 to 1.
  assert.ok(Math.abs(found.psnr - 40) < 1e-3, `${found.psnr} dB`);
  assert.ok(Math.abs(found.psnrInBoxes - 40) < 1e-3, `${found.psnrInBoxes} dB`);
  assert.equal(found.codesUsed, 8 / 32);
  assert.ok(Math.abs(found.perplexity - 8) < 1e-9);
  const exact = await tokenizerQuality(nearTokenizer(0), { scenes: 1 });
  assert.equal(exact.psnr, 100, "the most that is said");
});

Deno.test("tokenizerQuality() of a random network is the same again, and poor", async () => {
  const tokenizer = createTokenizer(TINY_VQGAN, randomVqgan());
  const found = await tokenizerQuality(tokenizer, { scenes: 16 });
  assert.deepEqual(await tokenizerQuality(tokenizer, { scenes: 3 }), found);
  assert.ok(found.psnr > 0 && found.psnr < 15, `${found.psnr} dB`);
  assert.notEqual(found.psnr, found.psnrInBoxes);
  assert.ok(found.perplexity <= TINY_VQGAN.codes * found.codesUsed + 1e-9);
  await tokenizer.release();
});
