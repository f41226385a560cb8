import assert from "node:assert/strict";
import type { BaseConfig } from "../lib/muse/config.ts";
import type { SuperresConfig } from "../lib/muse/superres_config.ts";
import type { VqganConfig } from "../lib/vqgan/config.ts";
import { type PaperFigures, runPaper } from "./paper_run.ts";
import { tiledWeights } from "./tiled_weights.ts";

const TEXT = { textWidth: 32, textLength: 4 };
const BASE: BaseConfig = {
  ...TEXT,
  width: 32,
  layers: 2,
  heads: 2,
  hidden: 64,
  codes: 12,
  grid: [4, 4],
};
const SUPERRES: SuperresConfig = {
  ...TEXT,
  width: 32,
  heads: 2,
  hidden: 64,
  lowLayers: 1,
  lowCodes: 12,
  lowGrid: [4, 4],
  layers: 1,
  codes: 16,
  grid: [16, 16],
  block: [4, 4],
};
const TOKENIZER: VqganConfig = {
  imageSize: 32,
  stem: 1,
  channels: [4, 8],
  encoderBlocks: 1,
  decoderBlocks: 1,
  middleBlocks: 1,
  groups: 2,
  codeWidth: 4,
  codes: 16,
  normalizeCodes: false,
};

Deno.test("runPaper() draws a picture of random networks, in float32 and int4", async () => {
  const figures: PaperFigures[] = [];
  for (const storage of ["float32", "int4"] as const) {
    const heard: string[] = [];
    const sizes = { base: BASE, superres: SUPERRES, tokenizer: TOKENIZER };
    figures.push(
      await runPaper({ ...sizes, storage }, {
        steps: 3,
        superresSteps: 2,
        onPart: (part) => heard.push(part),
      }),
    );
    const { size, parts } = figures.at(-1)!;
    assert.equal(size, 32);
    assert.deepEqual(parts.map(({ name }) => name), heard);
    assert.deepEqual(heard, ["weights", "base", "super-resolution", "picture"]);
    assert.ok(parts.every(({ residentMb }) => residentMb > 50));
  }
  assert.equal(figures[0].parameters, figures[1].parameters);
  // Base: 16 D² in each of 2 layers, and more
  assert.ok(figures[0].parameters > 2 * 16 * 32 ** 2);
});

Deno.test("tiledWeights() are ones, zeros, and numbers by the fan-in, linear layers in int4", () => {
  const shapes = new Map(Object.entries({
    "norm.weight": [3],
    "linear.bias": [3],
    "token_embedding.weight": [8, 64],
    "linear.weight": [2048, 1024],
    "conv.weight": [4, 2, 3, 3],
  }));
  const kinds = (storage: "float32" | "int4") =>
    [...tiledWeights(shapes, storage)].map(([, { kind }]) => kind);
  assert.deepEqual(new Set(kinds("float32")), new Set(["memory"]));
  assert.deepEqual(kinds("int4"), [
    ...["memory", "memory", "memory", "int4", "memory"],
  ]);
  const weights = tiledWeights(shapes, "float32");
  const data = (name: string) => {
    const weight = weights.get(name)!;
    return weight.kind === "memory" ? weight.data : new Float32Array();
  };
  assert.deepEqual([...data("norm.weight")], [1, 1, 1]);
  assert.deepEqual([...data("linear.bias")], [0, 0, 0]);
  const values = data("linear.weight");
  const squares = values.reduce((sum, x) => sum + x * x, 0) / values.length;
  assert.ok(Math.abs(squares * 1024 - 1) < 0.01);
});
