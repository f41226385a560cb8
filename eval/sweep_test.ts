import assert from "node:assert/strict";
import { loadMuse } from "../lib/muse/pipeline.ts";
import { meanOf, type Measure } from "./measure.ts";
import { OWN_MEASURES } from "./own_measures.ts";
import { writeModel } from "./random_model.ts";
import { openSweep } from "./sweep.ts";

/** A measure of the same form as those to come: it counts what it is shown. */
const COUNTING: Measure = {
  columns: [{
    name: "seen",
    title: "pictures seen",
    unit: "pictures",
    better: "higher",
    shows: "fidelity",
  }],
  open: () =>
    Promise.resolve({
      start() {
        const seen: number[] = [];
        return {
          add({ indices, scenes, captions, pixels, tokens, pictures }) {
            assert.equal(scenes.length, captions.length);
            assert.equal(pixels.length, captions.length * 3 * 16 * 16);
            assert.equal(tokens.length, captions.length * 16);
            assert.equal(pictures.length, captions.length);
            seen.push(...indices);
            return Promise.resolve();
          },
          figures: () => ({ seen: { value: new Set(seen).size } }),
        };
      },
      release: () => Promise.resolve(),
    }),
};

Deno.test("openSweep() draws the same captions by the same seeds for every setting", async () => {
  const weights = await Deno.makeTempDir();
  try {
    await writeModel(weights);
    const muse = await loadMuse("tiny", { weights });
    const sweep = await openSweep(muse, {
      scenes: 20,
      seed: 5,
      measures: [...OWN_MEASURES, COUNTING],
    });
    assert.equal(sweep.scenes, 32);
    const told: number[] = [];
    const four = await sweep.measure({ steps: 2 }, (share) => told.push(share));
    assert.deepEqual(told, [0.25, 0.5, 0.75, 1]);
    assert.deepEqual(
      Object.keys(four.figures),
      ["agreement", "likelihood", "captionGain", "seen"],
    );
    assert.equal(four.figures.seen.value, 32);
    assert(four.seconds > 0);
    const again = await sweep.measure({ steps: 2 });
    assert.deepEqual(again.figures, four.figures);
    const greedy = await sweep.measure({ steps: 2, temperature: 0 });
    assert(
      greedy.figures.likelihood.value > four.figures.likelihood.value,
      "likelier tokens are likelier",
    );
    const rebuilt = await sweep.rebuilt();
    const { agreement } = rebuilt;
    assert(
      agreement.value > four.figures.agreement.value,
      `${agreement.value}`,
    );
    assert(agreement.error! > 0);
    await sweep.release();
    await muse.release();
  } finally {
    await Deno.remove(weights, { recursive: true });
  }
});

Deno.test("openSweep() frees the measures that did open if one doesn't", async () => {
  const weights = await Deno.makeTempDir();
  try {
    await writeModel(weights);
    const muse = await loadMuse("tiny", { weights });
    const freed: string[] = [];
    const good: Measure = {
      columns: [],
      open: () =>
        Promise.resolve({
          start: () => ({
            add: () => Promise.resolve(),
            figures: () => ({ one: meanOf([1]) }),
          }),
          release: () => Promise.resolve(void freed.push("good")),
        }),
    };
    const bad: Measure = {
      columns: [],
      open: () => Promise.reject(new Error("no judge")),
    };
    const options = { scenes: 1, seed: 0, measures: [good, bad] };
    await assert.rejects(openSweep(muse, options), /no judge/);
    assert.deepEqual(freed, ["good"]);
    await muse.release();
  } finally {
    await Deno.remove(weights, { recursive: true });
  }
});
