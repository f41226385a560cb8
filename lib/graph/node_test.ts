import assert from "node:assert/strict";
import { B } from "./dim.ts";
import { grad } from "./grad.ts";
import { leaves, type Node, topologicalOrder } from "./node.ts";
import { emitOnnx } from "./onnx_emit.ts";
import * as g from "./ops.ts";
import { printGraph } from "./print.ts";

function assertOrdered(nodes: readonly Node[]): void {
  const seen = new Set<Node>();
  for (const node of nodes) {
    assert(node.inputs.every((input) => seen.has(input)));
    assert(!seen.has(node));
    seen.add(node);
  }
}

Deno.test("topologicalOrder() puts inputs before users, each once", () => {
  const x = g.input("x", [B]);
  const left = g.sin(x);
  const right = g.cos(x);
  g.exp(x); // nothing asks for it
  const y = g.add(g.mul(left, right), left);
  const order = topologicalOrder([y, left, y]);
  assertOrdered(order);
  assert.deepEqual(order, [x, left, right, y.inputs[0], y]);
});

Deno.test("topologicalOrder() visits a value once however often it is used", () => {
  let y = g.input("x", []);
  for (let i = 0; i < 64; i++) y = g.add(y, y); // 2^64 paths
  assert.equal(topologicalOrder([y]).length, 65);
});

Deno.test("graphs may be deeper than the stack", () => {
  const x = g.input("x", []);
  let y = x;
  for (let i = 0; i < 100_000; i++) y = g.sin(y);
  assertOrdered(topologicalOrder([y]));
  const [dx] = grad(y, [x]);
  assert(topologicalOrder([dx]).length > 200_000);
  assert(printGraph({ dx }).length > 200_000);
  assert(emitOnnx({ y }, () => ({ kind: "input" })).bytes.length > 100_000);
});

Deno.test("topologicalOrder() takes an operation of very many inputs", () => {
  const parts = Array.from({ length: 200_000 }, () => g.constant(1));
  const y = g.concat(parts.map((part) => g.reshape(part, [1])), 0);
  assert.equal(topologicalOrder([y]).length, 400_001);
});

Deno.test("leaves() finds inputs and parameters in order of creation", () => {
  const [b, a] = [g.input("b", [B]), g.input("a", [B])];
  const w = g.parameter("w", [1]);
  const y = g.add(g.mul(a, w), b);
  assert.deepEqual(leaves([y], "input"), [b, a]);
  assert.deepEqual(leaves([y], "parameter"), [w]);
});
