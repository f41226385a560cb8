import assert from "node:assert/strict";
import { B } from "./dim.ts";
import { checkLeafNames } from "./leaf_names.ts";
import { type Node, topologicalOrder } from "./node.ts";
import { emitOnnx } from "./onnx_emit.ts";
import * as g from "./ops.ts";

const check = (...nodes: Node[]) => checkLeafNames(topologicalOrder(nodes));

Deno.test("checkLeafNames() lets a parameter be several nodes", () => {
  const w = () => g.parameter("w", [2, 3]);
  const x = g.input("x", [B]);
  check(x, x, w(), w(), g.neg(w()));
});

const TWINS = {
  "two inputs": [g.input("a", [B]), g.input("a", [B])],
  "an input and a parameter": [g.input("a", [3]), g.parameter("a", [3])],
  "a parameter and an input": [g.parameter("a", [3]), g.input("a", [3])],
  "parameters of two shapes": [g.parameter("a", [3]), g.parameter("a", [4])],
};

for (const [what, twins] of Object.entries(TWINS)) {
  Deno.test(`checkLeafNames() refuses one name for ${what}`, () => {
    assert.throws(() => check(...twins), {
      name: "RangeError",
      message: /^Cannot use the graph: a is the name of the (input|param)/,
    });
  });
}

Deno.test("checkLeafNames() shows both leaves of a name", () => {
  const twins = [g.input("a", [B, 2], "int32"), g.parameter("a", [3])];
  assert.throws(() => check(...twins), {
    message:
      "Cannot use the graph: a is the name of the input int32[B,2] and of " +
      "the parameter float32[3]; make one node and use it twice, or give " +
      "them names of their own",
  });
});

Deno.test("checkLeafNames() keeps the marks of made-up names free", () => {
  for (const name of ["", "%0", "#0"]) {
    assert.throws(() => check(g.input(name, [B])), /float32\[B\] is named "/);
  }
  check(g.input("v0", [B]), g.parameter("c0", [1]), g.input("a%0#1", [B]));
});

Deno.test("emitOnnx() checks the names, and feeds a parameter once", () => {
  const form = () => ({ kind: "input" } as const);
  const twice = g.add(g.parameter("w", [2]), g.parameter("w", [2]));
  const { inputs } = emitOnnx({ twice }, form);
  assert.deepEqual(inputs.map(({ op }) => op.name), ["w"]);
  const [a, b] = TWINS["two inputs"];
  assert.throws(() => emitOnnx({ sum: g.add(a, b) }, form), /a is the name/);
});
