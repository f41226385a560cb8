import assert from "node:assert/strict";
import { createEmojiLoader } from "../../datasets/mod.ts";
import { decodeImage } from "../../lib/image/decode.ts";
import { createRng } from "../../lib/run/random.ts";
import { compareStops, inFolder, runToy } from "../../lib/train/toy_run.ts";
import { TOY_OPTIMIZER } from "../../lib/train/toy_training.ts";
import { augment } from "./augment.ts";
import {
  describeReading,
  probeStage,
  type ProbeTraining,
  type Rebuild,
} from "./stage.ts";
import { TOY } from "./toy_probe.ts";

const BATCH = 4;
const TRAINING: ProbeTraining = {
  seed: 1,
  batch: BATCH,
  averaging: 0.5,
  optimizer: TOY_OPTIMIZER,
  losses: {
    centre: 1,
    kind: 1,
    side: 0.3,
    tint: 0.3,
    background: 0.5,
    style: 0.5,
  },
  rebuilt: 0.5,
};

/** Stands in for a tokenizer: pictures in 8 shades a channel. */
const coarsen: Rebuild = (pixels) =>
  Promise.resolve(pixels.map((value) => Math.round(value * 4) / 4));

/** Opens the stage on so many batches, again and again. */
function open(batches: number, rebuild = coarsen) {
  return async () => {
    const { at } = await createEmojiLoader({
      split: "train",
      size: TOY.imageSize,
      batch: BATCH,
    });
    const source = {
      at: (position: number) => Promise.resolve(at(position % batches)),
      shown: () => Promise.resolve(at(batches)),
    };
    return await probeStage(TOY, TRAINING, source, rebuild);
  };
}

Deno.test(
  "probeStage() goes on after a stop with the same losses, to the bit",
  inFolder(async (folder) => {
    let rebuilt = 0;
    const count: Rebuild = (pixels) => {
      rebuilt++;
      return coarsen(pixels);
    };
    const options = { steps: 6, logEvery: 2 };
    await compareStops(open(10, count), folder, [3], options);
    assert.ok(rebuilt > 0 && rebuilt < 12, `rebuilt ${rebuilt} of 12 batches`);
  }),
);

Deno.test(
  "probeStage() learns to read a few scenes",
  inFolder(async (folder) => {
    const { numbers } = await runToy(open(1), {
      folder,
      steps: 60,
      sampleEvery: 60,
      learningRate: 0.01,
    });
    const [first, last] = [numbers[0], numbers.at(-1)!];
    for (const part of ["loss", "centre", "kind", "background"]) {
      const change = `${part} from ${first[part]} to ${last[part]}`;
      assert.ok(last[part] < 0.6 * first[part], change);
    }
    assert.ok(last.kindRight > first.kindRight);
    const file = await Deno.readFile(`${folder}/0000060.png`);
    assert.ok((await decodeImage(file)).width > 2 * TOY.imageSize);
  }),
);

Deno.test("augment() changes colours by little, and edges by a blur", () => {
  const side = 8;
  const plain = new Float32Array(6 * side * side).fill(0.5);
  augment(plain, side, createRng("plain"));
  assert.ok(new Set(plain).size > 1);
  assert.ok(plain.every((value) => Math.abs(value - 0.5) < 0.05));
  for (let c = 0; c < 6; c++) {
    const channel = plain.subarray(c * side ** 2, (c + 1) * side ** 2);
    const [low, high] = [Math.min(...channel), Math.max(...channel)];
    assert.ok(high - low < 1e-6, "a colour stays one colour");
  }
  const count = 100;
  const edges = Float32Array.from(
    { length: count * 3 * side ** 2 },
    (_, i) => i % side < side / 2 ? -1 : 1,
  );
  augment(edges, side, createRng("edges"));
  let blurred = 0;
  for (let i = 0; i < count; i++) {
    const at = i * 3 * side ** 2;
    if (edges[at + side / 2] < 0.9 * edges[at + side - 1]) blurred++;
  }
  assert.ok(blurred > 0.2 * count && blurred < 0.7 * count, `${blurred}`);
});

Deno.test("describeReading() counts what is alike", () => {
  const box = { x: 0, y: 0, side: 1 };
  const object = { kind: "fox", tint: null, box, probability: 1 };
  const reading = {
    objects: [object, { ...object, tint: "red" as const }, object],
    background: ["blue", "purple"] as const,
    style: "3d" as const,
  };
  const text = describeReading(reading);
  assert.equal(text, "2 fox, red fox on blue to purple, 3d");
  const empty = describeReading({ ...reading, objects: [] });
  assert.match(empty, /^nothing on /);
});
