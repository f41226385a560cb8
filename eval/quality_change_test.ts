import assert from "node:assert/strict";
import { withFolder } from "../lib/run/temp_folder.ts";
import { pairedChanges } from "./probe/paired.ts";
import { loadJudge } from "./probe/judge.ts";
import { toyQuality, writeToyJudge } from "./probe/toy_probe.ts";
import { keepsPoints, measureBesideFloat32 } from "./quality_change.ts";
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
      assert.equal(psnr.judged, undefined);
      const [a, b] = [fp32, other].map(({ judged }) =>
        judged!.drawn[0].verdicts
      );
      assert.equal(a.length, 16);
      const { low, high } = pairedChanges(a, b).style;
      assert.deepEqual(style.judged, { low: 100 * low, high: 100 * high });
      const moves = changes.filter(({ judged }) => judged);
      for (const { fp32, other, judged, ...rest } of moves) {
        const change = other - fp32;
        const slack = 1e-9;
        const isInside = judged!.low <= change + slack &&
          judged!.high >= change - slack;
        assert.ok(isInside, JSON.stringify(rest));
      }
      assert.ok(find("super-res", "gain at 1.00"));
      assert.ok(find("super-res tokenizer", "codes used"));
      const { judged } = fp32.superres!.tokenizer;
      const kept = find("super-res tokenizer", "objects kept");
      assert.equal(kept.fp32, 100 * judged!.objectShare);
      assert.ok(find("super-res tokenizer, rebuilt", "style").judged);
      const before = find("super-res tokenizer before finetuning", "FD-probe");
      assert.notEqual(before.fp32, before.other);
      const { superres } = other.judged!.drawn[0];
      const enlarged = find("super-resolved, validation", "FD-probe, enlarged");
      assert.equal(enlarged.other, superres!.fdProbeEnlarged);
      assert.ok(find("super-resolved, validation", "style").judged);
    } finally {
      await judge.release();
    }
  });
});

Deno.test("keepsPoints() tells whether a judged figure drops by more than a point", () => {
  const keeps = (low: number, high: number) =>
    keepsPoints({
      ...{ part: "drawn", figure: "style", unit: "%", fp32: 50, other: 50 },
      judged: { low, high },
    });
  assert.equal(keeps(-1, 3), "yes");
  assert.equal(keeps(-1.1, 3), "unsure");
  assert.equal(keeps(-3, -1.1), "no");
  const psnr = { part: "tokenizer", figure: "PSNR", unit: "dB" } as const;
  assert.equal(keepsPoints({ ...psnr, fp32: 20, other: 10 }), undefined);
});
