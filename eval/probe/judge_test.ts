import assert from "node:assert/strict";
import { createEmojiLoader } from "../../datasets/mod.ts";
import { fromPlanarBatch } from "../../lib/image/picture.ts";
import { assertClose } from "../../lib/run/assert_close.ts";
import { interpret } from "../../lib/run/interpret.ts";
import { createRng } from "../../lib/run/random.ts";
import { weightFeeds } from "../../lib/run/random_weights.ts";
import { createSession } from "../../lib/run/session.ts";
import { inFolder } from "../../lib/train/toy_run.ts";
import { parseProbeConfig } from "./config.ts";
import {
  judgePictures,
  loadJudge,
  loadProbe,
  probeDistance,
  qualityFaults,
} from "./judge.ts";
import { judgeQuality } from "./quality.ts";
import {
  TOY,
  toyGraph,
  toyQuality,
  toyWeights,
  writeToyJudge,
} from "./toy_probe.ts";

const SIDE = TOY.imageSize;

/** Some pictures with what they show. */
async function draw(batch: number, size = SIDE) {
  const options = { split: "validation", size, batch } as const;
  const { pixels, scenes } = (await createEmojiLoader(options)).next();
  return { pictures: fromPlanarBatch(pixels, size, size), scenes };
}

Deno.test("readingGraph() gives the same on both engines", async () => {
  const { kind: _k, side: _s, tint: _t, ...outputs } = toyGraph();
  const weights = toyWeights();
  const rng = createRng("pictures");
  const pictures = Float32Array.from(
    { length: 2 * 3 * SIDE ** 2 },
    () => 2 * rng.uniform() - 1,
  );
  const session = await createSession(outputs, weights);
  const fast = await session.run({ pictures });
  await session.release();
  const checked = interpret(outputs, { pictures, ...weightFeeds(weights) });
  for (const [name, { data, shape }] of Object.entries(fast)) {
    const tensor = checked[name as keyof typeof checked];
    assert.deepEqual([...shape], tensor.shape);
    assertClose(data, tensor.dataSync(), 1e-4, () => `is ${name}`);
    tensor.dispose();
  }
});

Deno.test(
  "loadJudge() refuses a judge that has not shown that it reads well",
  inFolder(async (folder) => {
    const path = `${folder}/judge.safetensors`;
    await assert.rejects(loadJudge(path), /no .*judge\.safetensors; train one/);
    await writeToyJudge(path);
    await assert.rejects(loadJudge(path), /judge\.safetensors: .* none yet; t/);
    await writeToyJudge(path, toyQuality(0.94));
    await assert.rejects(loadJudge(path), (error: Error) => {
      assert.match(error.message, /count right in 94\.0%, wanted 95%, backgr/);
      assert.doesNotMatch(error.message, /object|tint/);
      return true;
    });
    await writeToyJudge(path, toyQuality(0.95));
    const judge = await loadJudge(path);
    assert.match(judge.hash, /^[0-9a-f]{64}$/);
    assert.equal(judge.quality.style.rate, 0.95);
    await judge.release();
  }),
);

Deno.test("qualityFaults() asks for enough scenes, and figures of a known form", () => {
  assert.deepEqual(qualityFaults(toyQuality(0.99)), []);
  assert.deepEqual(qualityFaults(toyQuality(0.99, 100)), [
    "read 100 scenes, wanted 1000",
  ]);
  for (const odd of ["{", "null", "7", '{"pictures":"2000"}']) {
    assert.equal(qualityFaults(odd).length, 1, odd);
  }
  const lacking = '{"pictures":2000,"object":null,"count":{"rate":"1"}}';
  assert.match(qualityFaults(lacking).join(), /object right in nothing, /);
});

Deno.test("parseProbeConfig() names the field that is wrong", () => {
  assert.deepEqual(parseProbeConfig(TOY, "j"), TOY);
  const cases: [object, RegExp][] = [
    [{ channels: [8, 9] }, /"channels" .* \[8,9\], wanted .* of 4 groups/],
    [{ blocks: [1] }, /"blocks" .*, wanted one number for each of 2 widths/],
    [{ imageSize: 32 }, /"imageSize" .* 32, wanted 16 cells of 1 pixels, 16/],
  ];
  for (const [change, message] of cases) {
    assert.throws(() => parseProbeConfig({ ...TOY, ...change }, "j"), message);
  }
});

Deno.test(
  "a judge reads pictures alike in any batch, and of its own size only",
  inFolder(async (folder) => {
    const path = `${folder}/judge.safetensors`;
    await writeToyJudge(path);
    const judge = await loadProbe(path);
    try {
      const { pictures, scenes } = await draw(20);
      const all = await judge.read(pictures);
      assert.equal(all.length, 20);
      assert.deepEqual(await judge.read([pictures[18]]), [all[18]]);
      const { count, width, data } = await judge.features(pictures);
      assert.equal(count, 20);
      assert.equal(width, 8 + 8 + 16);
      const one = await judge.features([pictures[17]]);
      assert.deepEqual(one.data, data.slice(17 * width, 18 * width));
      const larger = await draw(3, 2 * SIDE);
      await assert.rejects(
        judge.read(larger.pictures),
        /found one of 32x32, wanted pictures of 16 pixels/,
      );
      await assert.rejects(
        judge.features([...pictures, ...larger.pictures]),
        /found one of 32x32, wanted pictures of 16 pixels/,
      );
      await assert.rejects(judge.features([]), /found none/);
      await assert.rejects(
        judgePictures(judge, pictures, scenes.slice(1)),
        /found 20 and 19 scenes/,
      );
      const features = { count, width, data };
      assert.ok(Math.abs(await probeDistance(features, features)) < 1e-6);
      assert.ok(
        await probeDistance(features, {
          ...features,
          data: data.map((x) => x + 1),
        }) > 0.99 * width,
      );
      const figures = await judgeQuality(judge, { scenes: 40 });
      assert.equal(figures.pictures, 48);
      assert.deepEqual(await judgeQuality(judge, { scenes: 40 }), figures);
      const black = await judgeQuality(judge, {
        scenes: 40,
        rebuild: (pixels) => Promise.resolve(pixels.map(() => -1)),
      });
      // Pictures that are all alike are right by chance.
      assert.equal(black.style.rate, 0.5);
    } finally {
      await judge.release();
    }
  }),
);
