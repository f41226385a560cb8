import assert from "node:assert/strict";
import * as g from "../graph/ops.ts";
import { lateReads } from "./in_place.ts";

const x = g.input("x", [2, 3]);
const weight = g.parameter("weight", [3, 4]);
const bias = g.parameter("bias", [4]);
const product = g.matmul(x, weight); // [2,4]
const shifted = g.add(product, bias);

Deno.test("lateReads() finds parameters that are read when nothing waits for it", () => {
  assert.deepEqual(lateReads([g.sum(shifted)], x), new Set(["weight", "bias"]));
  assert.deepEqual(lateReads([g.sum(shifted)], product), new Set(["bias"]));
  assert.deepEqual(lateReads([g.sum(shifted)], shifted), new Set());
  assert.deepEqual(lateReads([weight], product), new Set());
  assert.deepEqual(lateReads([weight], x), new Set(["weight"]));
});

Deno.test("lateReads() looks through what the runtime may take for a view", () => {
  const view = g.transpose(g.reshape(weight, [4, 3]), [1, 0]);
  const reader = g.matmul(x, view);
  assert.deepEqual(lateReads([reader], view), new Set(["weight"]));
  assert.deepEqual(lateReads([reader], reader), new Set());
  const scaled = g.matmul(x, g.mul(weight, 2));
  assert.deepEqual(lateReads([scaled], scaled.inputs[1]), new Set(["weight"]));
});
