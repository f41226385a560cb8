import assert from "node:assert/strict";
import { withFolder } from "../lib/run/temp_folder.ts";
import { loadJudge } from "./probe/judge.ts";
import { toyQuality, writeToyJudge } from "./probe/toy_probe.ts";
import { largestDrop, measureBesideFloat32 } from "./quality_change.ts";
import { writeModel } from "./random_model.ts";

Deno.test("measureBesideFloat32() measures the same figures in both precisions", async () => {
  await withFolder(async (weights) => {
    await writeModel(weights, { superres: true, finetuned: true });
    const path = `${weights}/judge.safetensors`;
    await writeToyJudge(path, toyQuality(0.96));
    const judge = await loadJudge(path);
    const told: number[] = [];
    try {
      const { fp32, other, changes } = await measureBesideFloat32({
        ...{ model: "tiny", weights, cache: `${weights}/cache`, scenes: 16 },
        ...{ precision: "fp16-storage", judge },
        onProgress: (done, total) => told.push(done / total),
      });
      assert.equal(told.at(-1), 1);
      assert.deepEqual(told, told.toSorted((a, b) => a - b));
      assert.equal(fp32.precision, "fp32");
      assert.equal(other.precision, "fp16-storage");
      const find = (part: string, figure: string) =>
        changes.find((change) =>
          change.part === part && change.figure === figure
        )!;
      const psnr = find("tokenizer", "PSNR");
      assert.equal(psnr.fp32, fp32.tokenizer.psnr);
      assert.equal(psnr.other, other.tokenizer.psnr);
      const guess = find("base, heldout", "cross-entropy at 0.90");
      assert.equal(guess.fp32, fp32.base[1].gains[2].rightCaption);
      // Half of the digits: another number, and nearly the same
      assert.notEqual(guess.other, guess.fp32);
      assert.ok(Math.abs(guess.other - guess.fp32) < 0.01);
      const style = find("drawn, validation", "style");
      assert.equal(style.fp32, 100 * fp32.judged!.drawn[0].style.rate);
      assert.ok(style.isJudged && !psnr.isJudged);
      assert.ok(find("super-res", "gain at 1.00"));
      assert.ok(find("super-res tokenizer", "codes used"));
      const { judged } = fp32.superres!.tokenizer;
      const kept = find("super-res tokenizer", "objects kept");
      assert.equal(kept.fp32, 100 * judged!.objectShare);
      assert.ok(find("super-res tokenizer, rebuilt", "style").isJudged);
      const before = find("super-res tokenizer before finetuning", "FD-probe");
      assert.notEqual(before.fp32, before.other);
      const { superres } = other.judged!.drawn[0];
      const enlarged = find("super-resolved, validation", "FD-probe, enlarged");
      assert.equal(enlarged.other, superres!.fdProbeEnlarged);
      assert.ok(find("super-resolved, validation", "style").isJudged);
    } finally {
      await judge.release();
    }
  });
});

Deno.test("largestDrop() looks at what the judge says alone", () => {
  const change = (fp32: number, other: number, isJudged: boolean) => {
    const unit = "%" as const;
    return { part: "drawn", figure: "style", unit, fp32, other, isJudged };
  };
  assert.equal(
    largestDrop([
      change(90, 50, false),
      change(50, 49.5, true),
      change(50, 52, true),
    ]),
    0.5,
  );
  assert.equal(largestDrop([change(50, 51, true)]), 0);
});
