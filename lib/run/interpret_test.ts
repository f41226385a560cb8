import assert from "node:assert/strict";
import { B } from "../graph/dim.ts";
import type { Node } from "../graph/node.ts";
import * as g from "../graph/ops.ts";
import { interpret, type TfFeed } from "./interpret.ts";
import { tf } from "./tf.ts";

/** The values of one node. */
function values(node: Node, feeds: Record<string, TfFeed> = {}): number[] {
  return [...interpret({ node }, feeds).node.dataSync()];
}

const floats = (...numbers: number[]) => Float32Array.from(numbers);
const ints = (...numbers: number[]) => Int32Array.from(numbers);

Deno.test("interpret() gives any node of the graph by name", () => {
  const x = g.input("x", [B, 2]);
  const w = g.parameter("w", [2]);
  const product = g.mul(x, w);
  const outputs = { x, product, again: product, total: g.sum(product) };
  const results = interpret(outputs, {
    x: floats(1, 2, 3, 4),
    w: tf.tensor1d([10, 100]),
  });
  assert.deepEqual([...results.x.dataSync()], [1, 2, 3, 4]);
  assert.deepEqual(results.product.arraySync(), [[10, 200], [30, 400]]);
  results.product.dispose();
  assert.deepEqual(results.again.arraySync(), [[10, 200], [30, 400]]);
  assert.equal(results.total.arraySync(), 640);
});

Deno.test("interpret() asks for parameters by the checkpoint's name", () => {
  const w = g.parameter("decoder.weight", [2]);
  const { y } = interpret(
    { y: g.neg(w) },
    {},
    (name) => name === "decoder.weight" ? floats(1, 2) : undefined,
  );
  assert.deepEqual([...y.dataSync()], [-1, -2]);
});

Deno.test("interpret() binds the batch of every run", () => {
  const ids = g.input("ids", ["2B", 3], "int32");
  const y = g.add(ids, g.expand(g.constant(ints(1), []), ["2B", 3]));
  assert.deepEqual(values(y, { ids: ints(1, 2, 3, 4, 5, 6) }).length, 6);
  assert.deepEqual(
    values(y, { ids: tf.ones([4, 3], "int32") }),
    Array(12).fill(2),
  );
});

Deno.test("interpret() refuses feeds that don't fit", () => {
  const x = g.input("x", ["2B", 3]);
  const mask = g.input("mask", [B], "bool");
  const w = g.parameter("w", [3]);
  const y = g.select(g.reshape(mask, [B, 1, 1]), g.reshape(x, [B, 2, 3]), w);
  const fits = { x: floats(...Array(6).fill(0)), mask: Uint8Array.of(1), w };
  const run = (feeds: Record<string, TfFeed | undefined>) =>
    interpret({ y }, { ...fits, w: floats(1, 2, 3), ...feeds } as never);
  run({});
  const refused: [Record<string, TfFeed | undefined>, RegExp][] = [
    [{ w: undefined }, /without the parameter w, float32\[3\].*: x, mask$/],
    [
      { x: floats(1, 2, 3) },
      /feed x: wanted .*2B,3\], found Float32Array of 3/,
    ],
    [{ x: floats() }, /feed x: .* of 0$/],
    [{ x: ints(1, 2, 3, 4, 5, 6) }, /found Int32Array of 6/],
    [{ x: tf.zeros([3, 3]) }, /feed x: .*found float32\[3,3\]/],
    [{ x: tf.zeros([2, 4]) }, /feed x: .*found float32\[2,4\]/],
    [{ x: tf.zeros([6]) }, /feed x: .*found float32\[6\]/],
    [{ mask: tf.zeros([1], "int32") }, /wanted bool\[B\], found int32\[1\]/],
    [{ mask: Uint8Array.of(1, 0) }, /mask.* batch of 2: x has a batch of 1/],
  ];
  for (const [feeds, message] of refused) {
    assert.throws(() => run(feeds), { name: "RangeError", message });
  }
});

Deno.test("interpret() refuses two leaves of one name", () => {
  const y = g.add(g.input("a", [2]), g.parameter("a", [2]));
  assert.throws(() => values(y, { a: floats(1, 2) }), {
    name: "RangeError",
    message: /a is the name of the input float32\[2\] and of the parameter/,
  });
});

Deno.test("interpret() needs an input to tell the batch", () => {
  const y = g.expand(g.constant(1), [B, 3]);
  assert.throws(() => values(y), /expand, float32\[B,3\]: none of the inputs/);
});

Deno.test("interpret() refuses an index outside its table", () => {
  const y = g.gather(g.parameter("w", [3]), g.input("i", [B], "int32"));
  const w = floats(5, 6, 7);
  assert.deepEqual(values(y, { w, i: ints(2, 0, 2) }), [7, 5, 7]);
  for (const wrong of [3, -1]) {
    assert.throws(() => values(y, { w, i: ints(0, wrong) }), {
      name: "RangeError",
      message: `Cannot gather row ${wrong} of a table with 3 rows`,
    });
  }
});

Deno.test("interpret() divides integers towards zero, as casts do", () => {
  const a = g.constant(ints(7, -7, 7, -7, 0));
  const b = g.constant(ints(2, 2, -2, -2, -3));
  assert.deepEqual(values(g.div(a, b)), [3, -3, -3, 3, 0]);
  const x = g.constant(floats(2.7, -2.7, 0.4, -0.4));
  assert.deepEqual(values(g.cast(x, "int32")), [2, -2, 0, 0]);
});

Deno.test("interpret() takes the first of equal maxima", () => {
  const x = g.constant(floats(2, 3, 3, 2, 2, 0), [2, 3]);
  assert.deepEqual(values(g.argMax(x)), [1, 0]);
  assert.deepEqual(values(g.argMax(x, 0)), [0, 0, 0]);
});

Deno.test("interpret() multiplies matrices whose batches both stretch", () => {
  const a = g.constant(floats(1, 2), [2, 1, 1, 1]);
  const b = g.constant(floats(1, 10, 100), [1, 3, 1, 1]);
  assert.deepEqual(values(g.matmul(a, b)), [1, 10, 100, 2, 20, 200]);
});

Deno.test("tf.matMul() is ours: batches stretch, integers stay integers", () => {
  const a = tf.tensor4d([1, 2], [2, 1, 1, 1], "int32");
  const b = tf.tensor4d([1, 10, 100], [1, 3, 1, 1], "int32");
  const y = tf.matMul(a, b);
  assert.equal(y.dtype, "int32");
  assert.deepEqual(y.shape, [2, 3, 1, 1]);
  assert.deepEqual([...y.dataSync()], [1, 10, 100, 2, 20, 200]);
});

Deno.test("interpret() leaves the caller's tensors and frees its own", () => {
  const x = g.input("x", [B, 4]);
  const loss = g.sum(g.gelu(g.softmax(g.matmul(x, g.transpose(x, [1, 0])))));
  const feed = tf.ones([4, 4]);
  const before = tf.memory().numTensors;
  for (let i = 0; i < 3; i++) {
    interpret({ loss, x }, { x: feed }).loss.dispose();
  }
  assert.equal(tf.memory().numTensors, before + 3); // the three copies of x
  assert.throws(() => interpret({ loss }, { x: floats(1) }));
  assert.equal(tf.memory().numTensors, before + 3);
  assert.equal(feed.isDisposed, false);
});

Deno.test("interpret() holds no value longer than it is read", async () => {
  let y = g.input("x", [1000]);
  for (let i = 0; i < 200; i++) y = g.add(g.sin(y), y);
  const { peakBytes } = await tf.profile(() =>
    interpret({ y }, { x: new Float32Array(1000) }).y
  );
  assert(peakBytes < 5 * 4000, `${peakBytes} bytes at the peak`);
});

Deno.test("interpret() walks a graph deeper than the stack", () => {
  let y = g.input("x", []);
  for (let i = 0; i < 20_000; i++) y = g.add(y, 1);
  assert.deepEqual(values(y, { x: floats(0) }), [20_000]);
});

Deno.test("TensorFlow.js is silent on standard error", async () => {
  const code = `
    import { tf } from ${JSON.stringify(import.meta.resolve("./tf.ts"))};
    console.log(tf.ones([2]).dataSync().length, tf.getBackend());`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", code],
    cwd: new URL("../..", import.meta.url),
  });
  const { stdout, stderr } = await child.output();
  const text = new TextDecoder();
  assert.equal(text.decode(stdout), "2 cpu\n");
  assert.equal(text.decode(stderr), "");
});
