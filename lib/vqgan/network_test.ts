import assert from "node:assert/strict";
import fc from "fast-check";
import { grad } from "../graph/grad.ts";
import type { Node } from "../graph/node.ts";
import { input, mul, sum } from "../graph/ops.ts";
import { assertClose } from "../run/assert_close.ts";
import { checkWeights } from "../run/check_weights.ts";
import { interpret } from "../run/interpret.ts";
import { loadWeights } from "../run/load_weights.ts";
import { createRng } from "../run/random.ts";
import { randomWeights } from "../run/random_weights.ts";
import {
  readSafetensorsHeader,
  readTensor,
  readTensorsF32,
} from "../run/safetensors.ts";
import { createSession } from "../run/session.ts";
import { gridSize, tokenSize, type VqganConfig } from "./config.ts";
import { createTokenizer } from "./model.ts";
import {
  codebook,
  decoder,
  encoder,
  latentRows,
  nearestCode,
  pictureTokens,
  quantize,
  tokenPictures,
} from "./network.ts";
import { TINY_VQGAN } from "./tiny_vqgan.ts";

/** What diffusers made: see testdata/vq_model.py. */
const PUBLISHED: VqganConfig = {
  imageSize: 16,
  stem: 1,
  channels: [4, 4, 8],
  encoderBlocks: 2,
  decoderBlocks: 3,
  middleBlocks: 2,
  groups: 2,
  codeWidth: 4,
  codes: 32,
  normalizeCodes: false,
};
const FILE = new URL("testdata/vq_model.safetensors", import.meta.url).pathname;
const HEADER = await readSafetensorsHeader(FILE);
const RECORDED = await readTensorsF32(HEADER);
const IDS = await readTensor(HEADER, "ids") as Int32Array;

const OWN: VqganConfig = {
  ...TINY_VQGAN,
  decoderBlocks: 2,
  codeWidth: 3,
  codes: 16,
};

/** Random weights that keep the size of what goes through. */
const randomNetwork = (graph: Readonly<Record<string, Node>>) =>
  randomWeights(
    "vqgan",
    Object.values(graph),
    (shape) => 1.5 / Math.sqrt(shape.slice(1).reduce((a, b) => a * b, 1)),
  );

function wholeNetwork(config: VqganConfig, height: number, width: number) {
  const source = input("pictures", ["1B", 3, height, width]);
  const size = tokenSize(config);
  const [h, w] = [height / size, width / size];
  return {
    latents: encoder(config, source),
    ids: pictureTokens(config, source),
    rebuilt: tokenPictures(config, input("ids", ["1B", h * w], "int32"), h),
  };
}

function somePictures(batch: number, height: number, width: number) {
  const rng = createRng("pictures", batch, height, width);
  return Float32Array.from(
    { length: batch * 3 * height * width },
    () => 2 * rng.uniform() - 1,
  );
}

Deno.test("encoder(), pictureTokens() and tokenPictures() give what diffusers' VQModel gives", async () => {
  const graph = wholeNetwork(PUBLISHED, 16, 24);
  const weights = await loadWeights(FILE);
  // The file holds the results too.
  const known = (name: string) =>
    ["pictures", "latents", "ids", "rebuilt"].includes(name);
  checkWeights(FILE, weights, Object.values(graph), known);
  const feeds = { pictures: RECORDED.get("pictures")!.data, ids: IDS };
  assert.ok(new Set(IDS).size > 15);

  const session = await createSession(graph, weights);
  const results = await session.run(feeds);
  await session.release();
  assert.deepEqual(results.latents.shape, [2, 4, 4, 6]);
  assertClose(results.latents.data, RECORDED.get("latents")!.data, 1e-4);
  assert.deepEqual(results.ids.data, IDS);
  assertClose(results.rebuilt.data, RECORDED.get("rebuilt")!.data, 1e-4);

  const again = interpret(
    graph,
    feeds,
    (name) => RECORDED.get(name)?.data,
  );
  assertClose(again.latents.dataSync(), RECORDED.get("latents")!.data, 1e-4);
  assert.deepEqual([...again.ids.dataSync()], [...IDS]);
  assertClose(again.rebuilt.dataSync(), RECORDED.get("rebuilt")!.data, 1e-4);
  Object.values(again).forEach((tensor) => tensor.dispose());
});

Deno.test("encoder() and decoder() fit each other at every size that divides", () => {
  const config = fc.record({
    stem: fc.constantFrom(1, 2, 4),
    channels: fc.array(fc.constantFrom(4, 8, 12), {
      minLength: 1,
      maxLength: 3,
    }),
    encoderBlocks: fc.integer({ min: 1, max: 2 }),
    decoderBlocks: fc.integer({ min: 1, max: 3 }),
    middleBlocks: fc.integer({ min: 0, max: 2 }),
    groups: fc.constantFrom(1, 2, 4),
    codeWidth: fc.integer({ min: 1, max: 5 }),
    codes: fc.constantFrom(8, 32),
    normalizeCodes: fc.boolean(),
    localEncoder: fc.boolean(),
  });
  const side = fc.integer({ min: 1, max: 4 });
  fc.assert(
    fc.property(config, side, side, (some, h, w) => {
      const config = { ...some, imageSize: 64 };
      const size = tokenSize(config);
      assert.equal(gridSize(config), 64 / size);
      const graph = wholeNetwork(config, h * size, w * size);
      assert.deepEqual(graph.latents.shape, ["1B", config.codeWidth, h, w]);
      assert.deepEqual(graph.ids.shape, ["1B", h * w]);
      assert.deepEqual(graph.rebuilt.shape, ["1B", 3, h * size, w * size]);
      const codes = input("codes", ["1B", config.codeWidth, h, w]);
      assert.deepEqual(decoder(config, codes).shape, graph.rebuilt.shape);
    }),
    { numRuns: 30 },
  );
});

Deno.test("pictureTokens() and tokenPictures() are the same on both engines", async () => {
  for (
    const config of [
      OWN,
      { ...OWN, normalizeCodes: false },
      { ...OWN, localEncoder: true },
    ]
  ) {
    const graph = wholeNetwork(config, 16, 8);
    const weights = randomNetwork(graph);
    const feeds = {
      pictures: somePictures(2, 16, 8),
      ids: Int32Array.from({ length: 2 * 8 }, (_, i) => i),
    };
    const session = await createSession(graph, weights);
    const results = await session.run(feeds);
    await session.release();
    const again = interpret(
      graph,
      feeds,
      (name) => weights.get(name)?.data,
    );
    assertClose(results.latents.data, again.latents.dataSync(), 1e-4);
    assertClose(results.rebuilt.data, again.rebuilt.dataSync(), 1e-4);
    assert.deepEqual([...results.ids.data], [...again.ids.dataSync()]);
    Object.values(again).forEach((tensor) => tensor.dispose());
  }
});

Deno.test("a local encoder's tokens know nothing but their own pixels", async () => {
  const config = { ...OWN, localEncoder: true };
  const graph = {
    latents: encoder(config, input("pictures", ["1B", 3, 16, 16])),
  };
  const session = await createSession(
    graph,
    randomNetwork(graph),
  );
  const before = somePictures(1, 16, 16);
  const after = before.map((value, i) => {
    const [y, x] = [Math.floor(i / 16) % 16, i % 16];
    return x < 4 && y < 4 ? -value : value; // the first token's pixels
  });
  const [was, is] = [
    (await session.run({ pictures: before })).latents.data,
    (await session.run({ pictures: after })).latents.data,
  ];
  await session.release();
  const changed = Array.from(
    { length: 16 },
    (_, i) => [0, 1, 2].some((c) => was[16 * c + i] !== is[16 * c + i]),
  ); // a grid of 4x4 tokens
  assert.deepEqual(changed, changed.map((_, i) => i === 0));
});

Deno.test("nearestCode() finds the nearest code, as brute force does", () => {
  const rng = createRng("nearest");
  for (const normalizeCodes of [false, true]) {
    const config = { ...OWN, normalizeCodes };
    const latents = input("latents", [2, 3, 4, 5]);
    const graph = {
      rows: latentRows(config, latents),
      table: codebook(config),
      ids: nearestCode(latentRows(config, latents), codebook(config)),
    };
    const normals = (length: number) =>
      Float32Array.from({ length }, () => rng.normal());
    const results = interpret(graph, {
      latents: normals(120),
      "quantize.embedding.weight": normals(16 * 3),
    });
    const [rows, table, ids] = [results.rows, results.table, results.ids]
      .map((tensor) => tensor.arraySync() as number[][]);
    const distance = (row: number[], code: number[]) =>
      row.reduce((sum, x, i) => sum + (x - code[i]) ** 2, 0);
    const wanted = rows.map((row) => {
      const distances = table.map((code) => distance(row, code));
      return distances.indexOf(Math.min(...distances));
    });
    assert.deepEqual(ids, wanted);
    assert.ok(new Set(wanted).size > 5);
    for (const row of normalizeCodes ? [...rows, ...table] : []) {
      assert.ok(Math.abs(Math.hypot(...row) - 1) < 1e-5);
    }
    Object.values(results).forEach((tensor) => tensor.dispose());
  }
});

Deno.test("latentRows() takes the codes across the grid, row by row", () => {
  const latents = input("latents", [1, 3, 2, 2]);
  const { rows } = interpret(
    { rows: latentRows({ ...OWN, normalizeCodes: false }, latents) },
    { latents: Float32Array.of(0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23) },
  );
  assert.deepEqual(rows.arraySync(), [
    [0, 10, 20],
    [1, 11, 21],
    [2, 12, 22],
    [3, 13, 23],
  ]);
  rows.dispose();
});

Deno.test("quantize() passes gradients straight to the latents", () => {
  const config = { ...OWN, normalizeCodes: false };
  const latents = input("latents", [1, 3, 2, 2]);
  const quantized = quantize(config, latents);
  const weights = input("weights", [1, 3, 2, 2]);
  const [gradient] = grad(sum(mul(quantized.codes, weights)), [latents]);
  const rng = createRng("straight");
  const normals = (length: number) =>
    Float32Array.from({ length }, () => rng.normal());
  const feeds = {
    latents: normals(12),
    weights: normals(12),
    "quantize.embedding.weight": normals(16 * 3),
  };
  const results = interpret({ ...quantized, gradient }, feeds);
  assert.deepEqual(results.gradient.dataSync(), feeds.weights);
  // Forward, the codes are those of the table.
  const ids = [...results.ids.dataSync()];
  const table = feeds["quantize.embedding.weight"];
  const wanted = [0, 1, 2].flatMap((c) => ids.map((id) => table[3 * id + c]));
  assertClose(results.codes.dataSync(), wanted, 1e-6);
  Object.values(results).forEach((tensor) => tensor.dispose());
});

Deno.test("createTokenizer() gives tokens in range, the same in every batch", async () => {
  const weights = randomNetwork(wholeNetwork(OWN, 16, 16));
  const tokenizer = createTokenizer(OWN, weights);
  const pixels = somePictures(3, 16, 16);
  const ids = await tokenizer.encode(pixels);
  assert.equal(ids.length, 3 * gridSize(OWN) ** 2);
  assert.ok(ids.every((id) => Number.isInteger(id) && id >= 0 && id < 16));
  assert.ok(new Set(ids).size > 3);
  const rebuilt = await tokenizer.decode(ids);
  assert.equal(rebuilt.length, pixels.length);
  const size = pixels.length / 3;
  const second = pixels.subarray(size, 2 * size);
  const own = await tokenizer.encode(second);
  assert.deepEqual(own, ids.slice(16, 32));
  assert.deepEqual(
    await tokenizer.decode(own),
    rebuilt.slice(size, 2 * size),
  );
  await tokenizer.release();
});
