import assert from "node:assert/strict";
import { embeddedPath } from "../lib/hub/embedded.ts";
import type { BaseConfig } from "../lib/muse/config.ts";
import { randomBase, TINY } from "../lib/muse/tiny_base.ts";
import type { Weights } from "../lib/run/weights.ts";
import { loadTextEncoder } from "../lib/text/encode.ts";
import { createTokenizer } from "../lib/vqgan/model.ts";
import { randomVqgan, TINY_VQGAN } from "../lib/vqgan/tiny_vqgan.ts";
import { type BaseParts, baseQuality } from "./base_quality.ts";
import { batchMask, MASK_RATES } from "./mask_gains.ts";

const VQGAN = { ...TINY_VQGAN, codes: 16 };
const CONFIG: BaseConfig = {
  ...TINY,
  textWidth: 384,
  textLength: 16,
  codes: 16,
  grid: [4, 4],
};

/** Runs with a base of these weights and random other parts. */
async function withParts(
  weights: Weights,
  use: (parts: BaseParts) => Promise<void>,
): Promise<void> {
  const tokenizer = createTokenizer(VQGAN, randomVqgan(VQGAN));
  const encoder = await loadTextEncoder(embeddedPath("text"), { length: 16 });
  try {
    await use({ tokenizer, encoder, config: CONFIG, weights });
  } finally {
    await Promise.all([tokenizer.release(), encoder.release()]);
  }
}

Deno.test("baseQuality() is log K for a network that knows nothing", () => {
  const weights = randomBase(CONFIG);
  for (const name of ["head.logits.weight", "head.logits.bias"]) {
    weights.get(name)!.data.fill(0);
  }
  return withParts(weights, async (parts) => {
    const told: number[] = [];
    const options = {
      scenes: 17,
      onProgress: (scenes: number) => told.push(scenes),
    };
    const found = await baseQuality(parts, "validation", options);
    assert.deepEqual([found.split, found.scenes], ["validation", 32]);
    assert.deepEqual(told, [16, 32]);
    assert.deepEqual(found.gains.map(({ maskRate }) => maskRate), MASK_RATES);
    for (const { rightCaption, otherCaption } of found.gains) {
      assert.ok(Math.abs(rightCaption - Math.log(16)) < 1e-5);
      assert.ok(Math.abs(otherCaption - Math.log(16)) < 1e-5);
    }
  });
});

Deno.test("baseQuality() tells captions apart, gives the same again, and others of other scenes", () =>
  withParts(randomBase(CONFIG), async (parts) => {
    const options = { scenes: 16 };
    const found = await baseQuality(parts, "validation", options);
    assert.deepEqual(await baseQuality(parts, "validation", options), found);
    for (const { rightCaption, otherCaption } of found.gains) {
      assert.notEqual(rightCaption, otherCaption);
    }
    const heldOut = await baseQuality(parts, "heldout", options);
    assert.equal(heldOut.split, "heldout");
    assert.notDeepEqual(heldOut.gains, found.gains);
  }));

Deno.test("batchMask() hides the same share of every picture, elsewhere in each batch", () => {
  const mask = batchMask(0.3, 4, 20, 0);
  const rows = Array.from(
    { length: mask.length / 20 },
    (_, i) => mask.slice(20 * i, 20 * (i + 1)),
  );
  for (const row of rows) assert.equal(row.reduce((a, b) => a + b), 6);
  assert.ok(new Set(rows.map(String)).size > 1);
  assert.deepEqual(batchMask(0.3, 4, 20, 0), mask);
  assert.notDeepEqual(batchMask(0.3, 4, 20, 1), mask);
  assert.ok(batchMask(1, 4, 20, 0).every((bit) => bit === 1));
});
