import assert from "node:assert/strict";
import { add, greater, input, matmul, parameter } from "../graph/ops.ts";
import { assertClose } from "./assert_close.ts";
import { compute, type Executor } from "./compute.ts";
import type { TfFeed } from "./feeds.ts";
import { loadWeights } from "./load_weights.ts";
import { int8Entries } from "./quantize.ts";
import { writeSafetensors } from "./safetensors.ts";
import { tf } from "./tf.ts";
import type { Weight } from "./weights.ts";

const EXECUTORS: Executor[] = ["onnxruntime", "tensorflow"];

Deno.test("compute() gives any nodes of a graph as tensors, by either executor", async () => {
  const path = await Deno.makeTempFile({ suffix: ".safetensors" });
  const data = Float32Array.of(127, -64, 0, 254);
  await writeSafetensors(path, int8Entries("w", [2, 2], data, 2));
  const weights = new Map<string, Weight>([
    ...await loadWeights(path),
    ["b", { kind: "memory", shape: [2], data: Float32Array.of(1, 2) }],
  ]);
  const x = input("x", ["1B", 2]);
  const product = matmul(x, parameter("w", [2, 2]));
  const sum = add(product, parameter("b", [2]));
  const positive = greater(add(sum, parameter("fed", [1])), 0);
  const before = tf.memory().numTensors;
  for (const by of EXECUTORS) {
    const feeds = {
      x: tf.tensor2d([1, 0, 0.5, -1], [2, 2]),
      fed: Float32Array.of(-2),
    };
    const found = await compute({ product, sum, positive }, feeds, {
      weights,
      by,
    });
    const wanted = [127, -64, 63.5, -286];
    assertClose(found.product.dataSync(), wanted, 1e-5);
    assertClose(found.sum.dataSync(), [128, -62, 64.5, -284], 1e-5);
    assert.deepEqual(found.positive.arraySync(), [[1, 0], [1, 0]]);
    assert.deepEqual([found.sum.shape, found.positive.dtype], [[2, 2], "bool"]);
    assert.equal(tf.memory().numTensors, before + 4);
    tf.dispose([feeds.x, ...Object.values(found)]);
  }
  await Deno.remove(path);
});

Deno.test("compute() names what isn't fed or doesn't fit, by either executor", async () => {
  const y = add(input("x", ["1B", 2]), parameter("w", [1]));
  const x = tf.zeros([3, 2]);
  const w = Float32Array.of(1);
  const refused: [Record<string, TfFeed>, RegExp][] = [
    [{ x }, /^Cannot run the graph without the parameter w, .*were: x$/],
    [{ X: x, w }, /without the input x, float32\[B,2\]; given were: X, w$/],
    [{ x: tf.zeros([2, 3]), w }, /feed x: .*, found float32\[2,3\]$/],
    [{ x: tf.zeros([3, 2], "int32"), w }, /feed x: .*, found int32\[3,2\]$/],
    [{ x: tf.zeros([0, 2]), w }, /feed x: .*, found float32\[0,2\]$/],
    [{ x: new Float32Array(), w }, /feed x: .*, found Float32Array of 0$/],
  ];
  for (const by of EXECUTORS) {
    for (const [feeds, message] of refused) {
      const found = compute({ y }, feeds, { by });
      await assert.rejects(found, { name: "RangeError", message });
    }
  }
});

Deno.test("compute() refuses an executor that there is not", async () => {
  const by = "tfjs" as Executor;
  await assert.rejects(compute({ y: parameter("w", [1]) }, {}, { by }), {
    name: "RangeError",
    message: "Cannot compute by tfjs: wanted one of onnxruntime, tensorflow",
  });
});
