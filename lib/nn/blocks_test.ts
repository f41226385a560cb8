/** The blocks against PyTorch's and diffusers', on both engines. */

import assert from "node:assert/strict";
import type { Node } from "../graph/node.ts";
import type { Values } from "../graph/op.ts";
import { convTranspose, input, parameter } from "../graph/ops.ts";
import { assertClose } from "../run/assert_close.ts";
import { interpret } from "../run/interpret.ts";
import { createRng } from "../run/random.ts";
import {
  readSafetensorsHeader,
  readTensor,
  readTensorsF32,
} from "../run/safetensors.ts";
import { createSession } from "../run/session.ts";
import { attend, joinHeads, maskBias, splitHeads } from "./attention.ts";
import { convolution, depthToSpace, spaceToDepth } from "./conv.ts";
import { embedding, linear } from "./linear.ts";
import { channelNorm, groupNorm, layerNorm } from "./norm.ts";
import { residualBlock } from "./resnet.ts";

const HEADER = await readSafetensorsHeader(
  new URL("testdata/blocks.safetensors", import.meta.url).pathname,
);
const FLOATS = await readTensorsF32(HEADER);
const IDS = await readTensor(HEADER, "ids") as Int32Array;

const recorded = (name: string) => input(name, FLOATS.get(name)!.shape);
const [x, q, k, v, mask, text, words, padding] = [
  "x",
  "q",
  "k",
  "v",
  "mask",
  "text",
  "words",
  "padding",
].map(recorded);

/** Cross-attention whose three projections are one tensor [3D,D]. */
function crossAttention(): Node {
  const [toQ, toK, toV] = ["q", "k", "v"].map((part) => `cross.${part}`);
  const read = attend(
    splitHeads(linear(toQ, text, 8, { bias: false }), 2),
    splitHeads(linear(toK, words, 8, { bias: false }), 2),
    splitHeads(linear(toV, words, 8, { bias: false }), 2),
    maskBias(padding),
  );
  return linear("cross.out_proj", joinHeads(read), 8, { bias: false });
}

/** Our block for each recorded result. */
const BLOCKS: Readonly<Record<string, Node>> = {
  "same/out": residualBlock("same", x, 8, { groups: 4 }),
  "wider/out": residualBlock("wider", x, 12, { groups: 4 }),
  "group_norm/out": groupNorm("group_norm", x, 2),
  "down/out": convolution("down", x, 6, 3, {
    stride: 2,
    padding: [0, 0, 1, 1],
  }),
  "grouped/out": convolution("grouped", x, 4, 3, { padding: 1, groups: 2 }),
  "up/out": convTranspose(
    x,
    parameter("up.weight", [8, 3, 3, 3]),
    parameter("up.bias", [6]),
    { stride: 2, padding: 1, outputPadding: [1, 1], groups: 2 },
  ),
  "unshuffled": spaceToDepth(x, 2),
  "shuffled": depthToSpace(x, 2),
  "attention/out": attend(q, k, v),
  "masked/out": attend(q, k, v, maskBias(mask)),
  "dense/out": linear("dense", text, 5),
  "table/out": embedding("table", input("ids", [2, 3], "int32"), 5, 8),
  "layer_norm/out": layerNorm("layer_norm", text),
  "cross/out": crossAttention(),
};

/** PyTorch keeps the three projections in one tensor. */
const PROJECTIONS = FLOATS.get("cross.in_proj_weight")!.data;
const FEEDS: Readonly<Record<string, Values>> = {
  ...Object.fromEntries([...FLOATS].map(([name, { data }]) => [name, data])),
  ids: IDS,
  ...Object.fromEntries(
    ["q", "k", "v"].map((part, i) => [
      `cross.${part}.weight`,
      PROJECTIONS.slice(64 * i, 64 * i + 64),
    ]),
  ),
};

Deno.test("blocks give what PyTorch's give, on ONNX Runtime", async () => {
  const session = await createSession(BLOCKS);
  const results = await session.run(FEEDS);
  await session.release();
  for (const [name, { data, shape }] of Object.entries(results)) {
    const wanted = FLOATS.get(name)!;
    assert.deepEqual(shape, wanted.shape, name);
    assertClose(data, wanted.data, 1e-5, () => name);
  }
});

Deno.test("blocks give what PyTorch's give, on TensorFlow.js", () => {
  const results = interpret(BLOCKS, FEEDS);
  for (const [name, tensor] of Object.entries(results)) {
    const wanted = FLOATS.get(name)!;
    assert.deepEqual(tensor.shape, wanted.shape, name);
    assertClose(tensor.dataSync(), wanted.data, 1e-5, () => name);
    tensor.dispose();
  }
});

Deno.test("channelNorm() gives every position the same power", async () => {
  const graph = { out: channelNorm("norm", x) };
  const rng = createRng("channel norm");
  const channels = x.shape[1] as number;
  const weight = Float32Array.from({ length: channels }, () => rng.normal());
  const feeds = { x: FEEDS.x, "norm.weight": weight };
  const session = await createSession(graph);
  const { data, shape } = (await session.run(feeds)).out;
  await session.release();
  const { out } = interpret(graph, feeds);
  assertClose(data, out.dataSync(), 1e-5);
  out.dispose();
  const positions = shape[2] * shape[3];
  for (let i = 0; i < positions; i++) {
    const power = Array.from(
      weight,
      (w, c) => (data[c * positions + i] / w) ** 2,
    ).reduce((a, b) => a + b) / channels;
    assert.ok(Math.abs(power - 1) < 1e-4, `${power}`);
  }
});

Deno.test("maskBias() hides a position to the last bit", async () => {
  const session = await createSession({
    out: attend(q, k, v, maskBias(mask)),
  });
  const run = async (k: Values, v: Values) => {
    const feeds = { q: FEEDS.q, k, v, mask: FEEDS.mask };
    return (await session.run(feeds)).out.data;
  };
  const rng = createRng("hidden");
  // The last position of both samples is hidden.
  const elsewhere = (values: Values) =>
    Float32Array.from(
      values,
      (value, i) => Math.floor(i / 4) % 3 === 2 ? 10 * rng.normal() : value,
    );
  assert.deepEqual(
    await run(elsewhere(FEEDS.k), elsewhere(FEEDS.v)),
    await run(FEEDS.k, FEEDS.v),
  );
  await session.release();
});

Deno.test("spaceToDepth() and depthToSpace() undo each other", () => {
  const there = spaceToDepth(x, 2);
  const results = interpret({ back: depthToSpace(there, 2) }, { x: FEEDS.x });
  assert.deepEqual(results.back.dataSync(), FEEDS.x);
  results.back.dispose();
  assert.equal(spaceToDepth(x, 1), x);
  assert.equal(depthToSpace(x, 1), x);
});

Deno.test("blocks refuse what doesn't divide", () => {
  assert.throws(() => residualBlock("r", x, 8, { groups: 3 }), RangeError);
  assert.throws(() => spaceToDepth(x, 3), RangeError);
  assert.throws(() => depthToSpace(x, 3), RangeError);
  assert.throws(() => splitHeads(text, 3), RangeError);
});
