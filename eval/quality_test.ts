import assert from "node:assert/strict";
import { measureModel } from "./quality.ts";
import { writeModel } from "./random_model.ts";

Deno.test("measureModel() gives the same figures again, and those of a random model", async () => {
  const weights = await Deno.makeTempDir();
  try {
    await writeModel(weights);
    const told: number[] = [];
    const options = {
      model: "tiny",
      weights,
      scenes: 20,
      onProgress: (done: number, total: number) => told.push(done / total),
    };
    const quality = await measureModel(options);
    assert.deepEqual(told, [1, 2, 3, 4, 5, 6].map((part) => part / 6));
    assert.deepEqual(await measureModel(options), quality);
    const { tokenizer, base } = quality;
    assert.equal(tokenizer.scenes, 32);
    assert.ok(tokenizer.psnr > 0 && tokenizer.psnr < 20);
    assert.notEqual(tokenizer.psnr, tokenizer.psnrInBoxes);
    assert.ok(tokenizer.codesUsed > 0 && tokenizer.codesUsed <= 1);
    assert.ok(tokenizer.perplexity <= 16 * tokenizer.codesUsed + 1e-9);
    assert.deepEqual(base.map(({ split }) => split), ["validation", "heldout"]);
    for (const { scenes, gains } of base) {
      assert.equal(scenes, 32);
      assert.deepEqual(gains.map(({ maskRate }) => maskRate), [
        0.3,
        0.64,
        0.9,
        1,
      ]);
      for (const { rightCaption, otherCaption } of gains) {
        // It has learnt nothing: about log 16 nats, whatever the caption.
        assert.ok(rightCaption > 1 && rightCaption < 10);
        assert.ok(Math.abs(rightCaption - otherCaption) < 0.3);
        assert.notEqual(rightCaption, otherCaption);
      }
    }
    await Deno.writeTextFile(`${weights}/base.safetensors`, "no");
    await assert.rejects(measureModel(options), /base\.safetensors.*damaged/);
  } finally {
    await Deno.remove(weights, { recursive: true });
  }
});

Deno.test("measureModel() measures super-resolution, if the model has it", async () => {
  const weights = await Deno.makeTempDir();
  try {
    await writeModel(weights, { superres: true });
    const told: number[] = [];
    const { size, superres } = await measureModel({
      model: "tiny",
      weights,
      scenes: 16,
      onProgress: (done, total) => told.push(done / total),
    });
    assert.deepEqual(told.slice(-3), [0.9, 0.95, 1]);
    assert.equal(superres?.size, 2 * size);
    const { tokenizer, transformer } = superres!;
    assert.ok(tokenizer.psnr > 0 && tokenizer.psnr < 20);
    assert.equal(transformer.scenes, 16);
    const rates = transformer.gains.map(({ maskRate }) => maskRate);
    assert.deepEqual(rates, [0.3, 0.64, 0.9, 1]);
    for (const { rightTokens, otherTokens } of transformer.gains) {
      // About that of guessing by chance, log 16 = 2.77 nats
      assert.ok(rightTokens > 2 && rightTokens < 4, `${rightTokens}`);
      assert.notEqual(rightTokens, otherTokens);
      assert.ok(Math.abs(rightTokens - otherTokens) < 0.5);
    }
  } finally {
    await Deno.remove(weights, { recursive: true });
  }
});
