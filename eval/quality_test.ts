import assert from "node:assert/strict";
import { sampleScene } from "../datasets/mod.ts";
import { embeddedPath, measureFile } from "../lib/hub/embedded.ts";
import type { BaseConfig } from "../lib/muse/config.ts";
import { createRng } from "../lib/run/random.ts";
import { writeSafetensors } from "../lib/run/safetensors.ts";
import { networkShapes } from "../lib/train/shapes.ts";
import type { VqganConfig } from "../lib/vqgan/config.ts";
import { measureModel } from "./quality.ts";
import { insideBoxes, perplexity, squaredErrors } from "./tokenizer_quality.ts";

Deno.test("perplexity() counts what is used in effect", () => {
  assert.equal(perplexity(Float64Array.of(5, 5, 0, 5, 5)), 4);
  assert.equal(perplexity(Float64Array.of(0, 9)), 1);
});

Deno.test("squaredErrors() compares one picture on the scale of 0 to 1", () => {
  const pixels = new Float32Array(2 * 3 * 4);
  const rebuilt = pixels.slice();
  rebuilt[12] = 1; // the second picture, red, first pixel
  rebuilt[17] = -3; // green, second pixel; clipped to -1
  const errors = squaredErrors(pixels, rebuilt, 1, 2);
  assert.deepEqual(errors, Float32Array.of(0.25 / 3, 0.25 / 3, 0, 0));
  assert.deepEqual(squaredErrors(pixels, rebuilt, 0, 2), new Float32Array(4));
});

Deno.test("insideBoxes() marks the pixels of the objects", () => {
  const scene = sampleScene("validation", 0);
  const [group] = scene.groups;
  const boxes = [{ x: 0.25, y: 0, side: 0.5 }, { x: 0.9, y: 0.75, side: 0.5 }];
  const inside = insideBoxes({ ...scene, groups: [{ ...group, boxes }] }, 4);
  const rows = [0, 4, 8, 12].map((at) =>
    inside.slice(at, at + 4).map((bit) => bit ? "x" : ".").join("")
  );
  assert.deepEqual(rows, [".xx.", ".xx.", "....", "...."]);
});

const TOKENIZER: VqganConfig = {
  imageSize: 16,
  stem: 4,
  channels: [8],
  encoderBlocks: 1,
  decoderBlocks: 1,
  middleBlocks: 0,
  groups: 4,
  codeWidth: 4,
  codes: 16,
  normalizeCodes: true,
};
const BASE: BaseConfig = {
  textWidth: 384,
  textLength: 16,
  width: 16,
  layers: 1,
  heads: 2,
  hidden: 16,
  codes: 16,
  grid: [4, 4],
};

/** A folder of weights with one model, whose networks are random. */
async function writeModel(root: string): Promise<void> {
  const rng = createRng("quality test");
  const files = [];
  for (
    const [stage, network, shapes] of [
      ["tokenizer", TOKENIZER, networkShapes("tokenizer", TOKENIZER)],
      ["base", BASE, networkShapes("base", BASE)],
    ] as const
  ) {
    const tensors = [...shapes].map(([name, shape]) => ({
      name,
      dtype: "F32" as const,
      shape,
      data: Float32Array.from(
        { length: shape.reduce((a, b) => a * b, 1) },
        () => 0.3 * rng.normal(),
      ),
    }));
    const path = `${stage}.safetensors`;
    const metadata = { stage, network: JSON.stringify(network) };
    await writeSafetensors(`${root}/${path}`, tensors, metadata);
    const measured = await measureFile(`${root}/${path}`);
    files.push({ path, ...measured, source: "random", licence: "none" });
  }
  await Deno.symlink(embeddedPath("text"), `${root}/text`);
  const paths = {
    tokenizer: "tokenizer.safetensors",
    base: "base.safetensors",
    text: "text",
  };
  await Deno.writeTextFile(
    `${root}/manifest.json`,
    JSON.stringify({ models: { tiny: paths }, files }),
  );
}

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
