import assert from "node:assert/strict";
import { add, matmul, parameter } from "../graph/ops.ts";
import { checkWeights } from "./check_weights.ts";

const NETWORK = [
  add(
    matmul(parameter("w", [2, 3]), parameter("v", [3, 4])),
    parameter("b", [4]),
  ),
];

function weights(shapes: Record<string, number[]>) {
  return new Map(
    Object.entries(shapes).map(([name, shape]) => [name, { shape }]),
  );
}

Deno.test("checkWeights() accepts the network's own weights", () => {
  checkWeights("f", weights({ w: [2, 3], v: [3, 4], b: [4] }), NETWORK);
});

Deno.test("checkWeights() accepts further weights that are not read", () => {
  const all = weights({ w: [2, 3], v: [3, 4], b: [4], "head.w": [9] });
  checkWeights("f", all, NETWORK, (name) => name.startsWith("head."));
});

Deno.test("checkWeights() reports all that is wrong at once", () => {
  const found = weights({ w: [3, 2], "head.w": [9], b: [4] });
  assert.throws(() => checkWeights("a/b.safetensors", found, NETWORK), {
    message: [
      "using the weights a/b.safetensors: they are not those of the network;",
      "  1 missing: v [3,4]",
      "  1 unexpected: head.w",
      "  1 of another shape: w is [3,2], wanted [2,3]",
    ].join("\n"),
  });
});

Deno.test("checkWeights() lists a few of many names", () => {
  const found = weights(
    Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`x${i}`, [1]])),
  );
  assert.throws(
    () => checkWeights("f", found, []),
    /9 unexpected: x0; x1; x2; x3; x4; x5; and 3 more$/,
  );
});
