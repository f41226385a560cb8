import assert from "node:assert/strict";
import { measureFile } from "../lib/hub/embedded.ts";
import { withFolder } from "../lib/run/temp_folder.ts";
import { loadTokenizer } from "../lib/vqgan/load.ts";
import { loadJudge } from "./probe/judge.ts";
import { toyQuality, writeToyJudge } from "./probe/toy_probe.ts";
import { measureModel } from "./quality.ts";
import { writeModel } from "./random_model.ts";
import { rebuiltQuality } from "./rebuilt_quality.ts";
import { UNSEEN_PICTURES } from "./unseen_words.ts";

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

Deno.test("measureModel() judges tokenizers, drawings and a finetuned decoder", () =>
  withFolder(async (weights) => {
    await writeModel(weights, { superres: true, finetuned: true });
    const path = `${weights}/judge.safetensors`;
    await writeToyJudge(path, toyQuality(0.96));
    const log = JSON.stringify({ step: 50, secondsPerStep: 72 });
    await Deno.writeTextFile(`${weights}/base.log.jsonl`, log);
    const judge = await loadJudge(path);
    const told: number[] = [];
    try {
      const quality = await measureModel({
        ...{ model: "tiny", weights, scenes: 16, judge },
        onProgress: (done, total) => told.push(done / total),
      });
      // Seven sets and the words that no caption has, in batches of 16 but
      // for super-resolution's transformer, which has 4 at once
      const total = 7 * 16 + UNSEEN_PICTURES;
      const wanted = Array.from(
        { length: total / 16 - 1 },
        (_, i) => 16 * i + 16,
      );
      wanted.push(total - 12, total - 8, total - 4, total);
      assert.deepEqual(told, wanted.map((done) => done / total));
      assert.deepEqual(quality.training, [
        { name: "base", steps: 50, pictures: null, hours: 1 },
      ]);
      const { tokenizer, judged, superres } = quality;
      assert.equal(tokenizer.tokensOf, undefined);
      assert.equal(tokenizer.beforeFinetuning, undefined);
      assert.equal(judged!.judge, judge.hash);
      assert.equal(judged!.drawn[0].superres?.size, 32);
      assert.equal(judged!.drawn[1].superres, undefined);
      for (const { judged } of [tokenizer, superres!.tokenizer]) {
        const { original, rebuilt, objectShare, fdProbe } = judged!;
        assert.deepEqual([original.pictures, rebuilt.pictures], [16, 16]);
        const { rate } = original.object;
        const share = rate > 0 ? rebuilt.object.rate / rate : 0;
        assert.equal(objectShare, share);
        assert.ok(fdProbe > 0);
      }
      const { tokensOf, beforeFinetuning: before, ...now } = superres!
        .tokenizer;
      const original = `${weights}/tokenizer_high.safetensors`;
      assert.equal(tokensOf, (await measureFile(original)).sha256);
      assert.notEqual(before!.psnr, now.psnr);
      assert.notEqual(before!.fdProbe, now.judged!.fdProbe);

      const alone = await loadTokenizer(original);
      const found = await rebuiltQuality(alone, { scenes: 16, judge });
      await alone.release();
      const { psnr, psnrInBoxes, judged: { fdProbe } = {} } = found;
      assert.deepEqual(before, { psnr, psnrInBoxes, fdProbe });
    } finally {
      await judge.release();
    }
  }));
