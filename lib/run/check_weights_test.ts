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

Deno.test("checkWeights() reports all that is wrong at once, in order", () => {
  const found = weights({
    w: [3, 2],
    "head.10.w": [9],
    "head.9.w": [],
    v: [4],
  });
  assert.throws(() => checkWeights("a/b.safetensors", found, NETWORK), {
    message: `using the weights a/b.safetensors: they are not those of the ` +
      `network; check that the file and the configuration belong together
1 missing:
  b [4]
2 unexpected:
  head.9.w []
  head.10.w [9]
2 of another shape:
  v is [4], wanted [3,4]
  w is [3,2], wanted [2,3]`,
  });
});

Deno.test("checkWeights() lists twenty of many names", () => {
  const found = weights(
    Object.fromEntries(Array.from({ length: 57 }, (_, i) => [`x${i}`, [1]])),
  );
  assert.throws(() => checkWeights("f", found, []), (error) => {
    assert(error instanceof Error);
    const lines = error.message.split("\n");
    assert.equal(lines.length, 2 + 20 + 1);
    assert.equal(lines[1], "57 unexpected:");
    assert.equal(lines[4], "  x2 [1]");
    assert.equal(lines.at(-1), "  and 37 more");
    return true;
  });
});

Deno.test("checkWeights() looks at every use of a shared name", () => {
  const nodes = [[2, 3], [3, 2], [2, 3]].map((shape) => parameter("w", shape));
  assert.throws(
    () => checkWeights("f", weights({ w: [2, 3] }), nodes),
    /1 of another shape:\n {2}w is \[2,3\], wanted \[3,2\]$/,
  );
});
