/** Sums that become one product, on both engines. */

import assert from "node:assert/strict";
import type { Node } from "../graph/node.ts";
import { topologicalOrder } from "../graph/node.ts";
import { planGemms } from "../graph/onnx_gemm.ts";
import { add, input, matmul, mul, sub } from "../graph/ops.ts";
import { assertClose } from "./assert_close.ts";
import { interpret } from "./interpret.ts";
import { createRng } from "./random.ts";
import { createSession } from "./session.ts";

const a = input("a", [3, 4]);
const b = input("b", [4, 5]);
const at = input("at", [4, 3]);
const bt = input("bt", [5, 4]);
const c = input("c", [3, 5]);
const row = input("row", [5]);

function plannedIn(output: Node): number {
  return planGemms(topologicalOrder([output]), [output]).gemms.size;
}

const FUSED: Readonly<Record<string, Node>> = {
  plain: add(matmul(a, b), c),
  swapped: add(c, matmul(a, b)),
  scaled: add(mul(matmul(a, b), 0.5), mul(-2, c)),
  "first transposed": add(matmul(at, b, { transposeA: true }), c),
  "second transposed": add(matmul(a, bt, { transposeB: true }), mul(c, 3)),
  "two products": add(matmul(a, b), mul(matmul(a, b), 4)),
};

const product = matmul(a, b);
const stack = input("stack", [2, 3, 4]);
const APART: Readonly<Record<string, Node>> = {
  "used twice": sub(add(product, c), product),
  "a row": add(matmul(a, b), row),
  "a stack": add(matmul(stack, b), input("stack c", [2, 3, 5])),
  "no product": add(mul(c, 2), c),
};

Deno.test("planGemms() finds alpha a b + beta c, and nothing else", () => {
  for (const [name, node] of Object.entries(FUSED)) {
    assert.equal(plannedIn(node), 1, name);
  }
  for (const [name, node] of Object.entries(APART)) {
    assert.equal(plannedIn(node), 0, name);
  }
});

Deno.test("a product that is an output is not drawn into a sum", () => {
  const sum = add(product, c);
  const outputs = [product, sum];
  assert.equal(planGemms(topologicalOrder(outputs), outputs).gemms.size, 0);
});

Deno.test("sums as products give the same on both engines", async () => {
  const outputs = { ...FUSED, ...APART };
  const rng = createRng("gemm");
  const feeds = Object.fromEntries(
    topologicalOrder(Object.values(outputs)).flatMap(({ op, shape }) => {
      if (op.kind !== "input") return [];
      const length = (shape as number[]).reduce((x, y) => x * y, 1);
      return [[op.name, Float32Array.from({ length }, () => rng.normal())]];
    }),
  );
  const session = await createSession(outputs);
  const results = await session.run(feeds);
  await session.release();
  for (const [name, tensor] of Object.entries(interpret(outputs, feeds))) {
    assertClose(results[name].data, tensor.dataSync(), 1e-5, () => name);
    tensor.dispose();
  }
});
