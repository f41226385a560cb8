import assert from "node:assert/strict";
import type { Node } from "../graph/node.ts";
import { constant, input, mul, reshape, split, sum } from "../graph/ops.ts";
import { concat } from "../graph/ops.ts";
import { grad } from "../graph/grad.ts";
import { assertClose } from "../run/assert_close.ts";
import { interpret } from "../run/interpret.ts";
import { createRng } from "../run/random.ts";
import { createSession } from "../run/session.ts";
import { attend, joinHeads, splitHeads } from "./attention.ts";
import {
  type Blocks,
  fromBlocks,
  listInBlocks,
  multiAxisMix,
  toBlocks,
} from "./multi_axis.ts";

const BLOCKS: Blocks = { grid: [4, 6], block: [2, 3] };
const COUNT = 24;
const HEADS = 4;
const WIDTH = 8;
const BATCH = 2;

const rng = createRng("multi axis test");
const normals = (length: number) =>
  Float32Array.from({ length }, () => rng.normal());
const SHAPE = ["1B", COUNT, WIDTH] as const;
const [q, k, v] = ["q", "k", "v"].map((name) => input(name, SHAPE));
const FEEDS = Object.fromEntries(
  ["q", "k", "v"].map((name) => [name, normals(BATCH * COUNT * WIDTH)]),
);

/** Row and column of a token in row order. */
const placeOf = (token: number) => [Math.floor(token / 6), token % 6];

/** Whether tokens in row order attend to each other, by the paper's words. */
const SEES = {
  local: ([i, j]: number[], [m, n]: number[]) =>
    Math.floor(i / 2) === Math.floor(m / 2) &&
    Math.floor(j / 3) === Math.floor(n / 3),
  global: ([i, j]: number[], [m, n]: number[]) =>
    i % 2 === m % 2 && j % 3 === n % 3,
};

/** Plain attention of all tokens in row order, others hidden by a mask. */
function denseReference(): Node {
  const halves = [q, k, v].map((x) => split(splitHeads(x, HEADS), 2, 1));
  const read = (["local", "global"] as const).map((axis, half) => {
    const bias = Float32Array.from(
      { length: COUNT * COUNT },
      (_, at) =>
        SEES[axis](placeOf(Math.floor(at / COUNT)), placeOf(at % COUNT))
          ? 0
          : -1e9,
    );
    const [queries, keys, values] = halves.map((both) => both[half]);
    return attend(queries, keys, values, constant(bias, [COUNT, COUNT]));
  });
  return joinHeads(concat(read, 1));
}

function multiAxis(): Node {
  const [a, b, c] = [q, k, v].map((x) => toBlocks(x, BLOCKS));
  return fromBlocks(multiAxisMix(HEADS, BLOCKS)(a, b, c), BLOCKS);
}

const OUTPUTS = { found: multiAxis(), wanted: denseReference() };

Deno.test("multiAxisMix() is attention under a mask, on both engines", async () => {
  assert.deepEqual(OUTPUTS.found.shape, SHAPE);
  const session = await createSession(OUTPUTS);
  const { found, wanted } = await session.run(FEEDS);
  await session.release();
  assertClose(found.data, wanted.data, 1e-5);
  const results = interpret(OUTPUTS, FEEDS);
  assertClose(results.found.dataSync(), wanted.data, 1e-5);
  Object.values(results).forEach((tensor) => tensor.dispose());
});

Deno.test("multiAxisMix() has the gradients of attention under a mask", async () => {
  const weights = input("weights", SHAPE);
  const outputs: Record<string, Node> = {};
  for (const [name, out] of Object.entries(OUTPUTS)) {
    const gradients = grad(sum(mul(out, weights)), [q, k, v]);
    gradients.forEach((gradient, i) => outputs[`${name}${i}`] = gradient);
  }
  const session = await createSession(outputs);
  const weightsFeed = normals(BATCH * COUNT * WIDTH);
  const results = await session.run({ ...FEEDS, weights: weightsFeed });
  await session.release();
  for (const i of [0, 1, 2]) {
    const { data } = results[`found${i}`];
    assertClose(data, results[`wanted${i}`].data, 1e-5);
    assert.ok(data.some((value) => Math.abs(value) > 0.01));
  }
});

Deno.test("toBlocks() puts a block's tokens behind each other", () => {
  const ids = reshape(
    constant(Int32Array.from({ length: COUNT }, (_, i) => i)),
    [1, COUNT],
  );
  const blocked = toBlocks(ids, BLOCKS);
  const { blocks, back } = interpret(
    { blocks: blocked, back: fromBlocks(blocked, BLOCKS) },
    {},
  );
  const order = blocks.dataSync();
  assert.deepEqual([...order.slice(0, 6)], [0, 1, 2, 6, 7, 8]);
  assert.deepEqual([...order.slice(6, 12)], [3, 4, 5, 9, 10, 11]);
  assert.deepEqual([...back.dataSync()], [...Array(COUNT).keys()]);
  assert.deepEqual(listInBlocks([...Array(COUNT).keys()], BLOCKS), [...order]);
  blocks.dispose();
  back.dispose();
});

Deno.test("multiAxisMix() reads the tokens of both axes and no others", async () => {
  const session = await createSession({ out: multiAxis() });
  const run = async (feeds: typeof FEEDS) =>
    (await session.run(feeds)).out.data as Float32Array;
  const before = await run(FEEDS);
  const changed = 8; // row 1, column 2
  const moved = Object.fromEntries(
    Object.entries(FEEDS).map(([name, values]) => [
      name,
      name === "q"
        ? values
        : values.map((x, i) =>
          Math.floor(i / WIDTH) === changed ? x + rng.normal() : x
        ),
    ]),
  );
  const after = await run(moved);
  await session.release();
  for (let token = 0; token < COUNT; token++) {
    const at = token * WIDTH;
    const reads = [0, 1].map((half) => {
      const from = at + half * WIDTH / 2;
      const [old, now] = [before, after]
        .map((x) => x.slice(from, from + WIDTH / 2).join());
      return old !== now;
    });
    const wanted = (["local", "global"] as const)
      .map((axis) => SEES[axis](placeOf(token), placeOf(changed)));
    assert.deepEqual(reads, wanted, `token ${token}`);
  }
});
