import assert from "node:assert/strict";
import { loadMuse } from "../lib/muse/pipeline.ts";
import { withFolder } from "../lib/run/temp_folder.ts";
import { drawnQuality } from "./drawn_quality.ts";
import { judgedPictures, judgedQuality } from "./judged_quality.ts";
import { loadJudge, loadProbe } from "./probe/judge.ts";
import { judged } from "./probe/measure.ts";
import { toyQuality, writeToyJudge } from "./probe/toy_probe.ts";
import { writeModel } from "./random_model.ts";
import { openSweep } from "./sweep.ts";
import { UNSEEN_WORDS } from "./unseen_words.ts";

Deno.test("a judge measures a model and its settings", async () => {
  await withFolder(async (weights) => {
    await writeModel(weights);
    const path = `${weights}/judge.safetensors`;
    await writeToyJudge(path, toyQuality(0.96));
    const muse = await loadMuse("tiny", { weights });
    const judge = await loadJudge(path);
    try {
      const told: number[] = [];
      const quality = await judgedQuality(muse, judge, {
        scenes: 20,
        onProgress: (done) => told.push(done),
      });
      const all = Array.from({ length: 12 }, (_, i) => 16 * (i + 1));
      assert.deepEqual(told, all); // the words that no caption has included
      assert.equal(told.at(-1), judgedPictures(20));
      assert.equal(quality.judge, judge.hash);
      const [validation, heldout] = quality.drawn;
      assert.deepEqual(
        [validation.split, heldout.split],
        ["validation", "heldout"],
      );
      for (const { pictures, fdProbe, style, superres } of quality.drawn) {
        assert.equal(pictures, 32);
        assert.ok(fdProbe > 0);
        assert.equal(style.trials, 32);
        assert.equal(superres, undefined);
      }
      const { rate, each, words } = quality.unseen;
      assert.deepEqual(
        words.map(({ word, kind }) => [word, kind]),
        UNSEEN_WORDS,
      );
      const right = words.reduce((sum, word) => sum + word.right, 0);
      assert.equal(rate, right / (each * words.length));

      const sweep = await openSweep(muse, {
        scenes: 16,
        seed: 1,
        measures: [judged(judge)],
      });
      const figures = await sweep.rebuilt();
      await sweep.release();
      const names = judged(judge).columns.map(({ name }) => name);
      assert.deepEqual(Object.keys(figures).sort(), [...names].sort());
      assert.ok(figures.fdProbe.value > 0);
    } finally {
      await judge.release();
      await muse.release();
    }
  });
});

Deno.test("drawnQuality() judges super-resolved pictures of the same tokens", async () => {
  await withFolder(async (weights) => {
    await writeModel(weights, { superres: true });
    const path = `${weights}/judge.safetensors`;
    await writeToyJudge(path);
    const muse = await loadMuse("tiny", { weights });
    const judge = await loadProbe(path);
    try {
      const options = { scenes: 16 };
      const found = await drawnQuality(muse, judge, "validation", options);
      const { superres, ...small } = found;
      assert.equal(superres?.size, 32);
      assert.equal(superres!.pictures, 16);
      const { fdProbe, fdProbeEnlarged } = superres!;
      assert.ok(fdProbe > 0 && fdProbeEnlarged > 0);
      assert.notEqual(fdProbe, fdProbeEnlarged);
      assert.notEqual(fdProbe, small.fdProbe);
      // The base's pictures are those that it draws alone.
      const base = { ...muse, superres: undefined };
      const alone = await drawnQuality(base, judge, "validation", options);
      assert.deepEqual(alone, small);
    } finally {
      await judge.release();
      await muse.release();
    }
  });
});
