import assert from "node:assert/strict";
import type { Node } from "../graph/node.ts";
import { parameter } from "../graph/ops.ts";
import { createRng } from "../run/random.ts";
import { initialValue } from "./init.ts";

function draw(name: string, shape: number[]): Float32Array {
  const node = parameter(name, shape) as Node<"parameter">;
  return initialValue(node, createRng("init test", name));
}

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return Math.sqrt(
    values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length,
  );
}

Deno.test("initialValue() starts norms at one and biases at zero", () => {
  assert.deepEqual([...draw("norm.weight", [3])], [1, 1, 1]);
  assert.deepEqual([...draw("norm.bias", [3])], [0, 0, 0]);
  assert.deepEqual([...draw("conv.bias", [2])], [0, 0]);
});

Deno.test("initialValue() keeps the variance of what goes through a layer", () => {
  const cases: [string, number[], number][] = [
    ["dense.weight", [128, 64], 1 / 8],
    ["conv.weight", [64, 16, 3, 3], 1 / 12],
    ["token_embedding.weight", [128, 64], 0.02],
    ["quantize.embedding.weight", [128, 64], 0.02],
  ];
  for (const [name, shape, wanted] of cases) {
    const found = deviation(draw(name, shape));
    assert.ok(Math.abs(found / wanted - 1) < 0.05, `${name}: ${found}`);
  }
});
