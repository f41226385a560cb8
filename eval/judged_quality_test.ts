import assert from "node:assert/strict";
import { KINDS } from "../datasets/mod.ts";
import { loadMuse } from "../lib/muse/pipeline.ts";
import { withFolder } from "../lib/run/temp_folder.ts";
import { judgedQuality, SYNONYMS } from "./judged_quality.ts";
import { loadJudge } from "./probe/judge.ts";
import { judged } from "./probe/measure.ts";
import { toyQuality, writeToyJudge } from "./probe/toy_probe.ts";
import { measureModel } from "./quality.ts";
import { writeModel } from "./random_model.ts";
import { openSweep } from "./sweep.ts";

Deno.test("a judge measures a model, its tokenizer and its settings", async () => {
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
      assert.deepEqual(told, [16, 32, 48, 64, 80, 96]);
      assert.equal(quality.judge, judge.hash);
      assert.equal(quality.real.object.rate, 0.96);
      assert.equal(quality.rebuilt.pictures, 32);
      const [validation, heldout] = quality.drawn;
      assert.deepEqual(
        [validation.split, heldout.split],
        ["validation", "heldout"],
      );
      for (const { pictures, fdProbe, style } of quality.drawn) {
        assert.equal(pictures, 32);
        assert.ok(fdProbe > 0);
        assert.equal(style.trials, 32);
      }
      assert.deepEqual(
        quality.synonyms.map(({ word, pictures }) => [word, pictures]),
        SYNONYMS.map(([word]) => [word, 16]),
      );

      const sweep = await openSweep(muse, {
        scenes: 16,
        seed: 1,
        measures: [judged(path)],
      });
      const figures = await sweep.reference();
      await sweep.release();
      const names = judged(path).columns.map(({ name }) => name);
      assert.deepEqual(Object.keys(figures).sort(), [...names].sort());
      assert.ok(figures.fdProbe.value > 0);

      const all = await measureModel({
        model: "tiny",
        weights,
        scenes: 16,
        judge,
        onProgress: (done, total) => told.push(done / total),
      });
      assert.equal(told.at(-1), 1);
      assert.equal(all.judged?.drawn.length, 2);
    } finally {
      await judge.release();
      await muse.release();
    }
  });
});

Deno.test("SYNONYMS are words that no caption has", () => {
  const nouns = KINDS.flatMap(({ nouns }) => nouns.map((n) => n.singular));
  for (const [word, kind] of SYNONYMS) {
    assert.ok(KINDS.some(({ id }) => id === kind), kind);
    const same = nouns.filter((noun) => noun.split(" ").includes(word));
    assert.deepEqual(same, []);
  }
});
