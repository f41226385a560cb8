import assert from "node:assert/strict";
import { isKind, leaves } from "./node.ts";
import { add, exp, input, matmul, parameter, slice, sum } from "./ops.ts";
import { printGraph } from "./print.ts";
import { substitute } from "./substitute.ts";

const weight = parameter("weight", [3, 2]);
const x = input("x", [4, 3]);

Deno.test("substitute() applies the same operations to other leaves", () => {
  const found = substitute(
    [sum(add(exp(x), x)), matmul(x, weight)],
    new Map([[x, slice(input("long", [8, 3]), 0, 4, 8)]]),
  );
  const other = slice(input("long", [8, 3]), 0, 4, 8);
  const wanted = [sum(add(exp(other), other)), matmul(other, weight)];
  const print = ([a, b]: typeof found) => printGraph({ a, b });
  assert.equal(print(found), print(wanted));
  assert.deepEqual(leaves(found, "parameter"), [weight]);
});

Deno.test("substitute() shares what depends on nothing that is replaced", () => {
  const scale = exp(sum(weight));
  const [copy, same] = substitute(
    [add(sum(x), scale), scale],
    new Map([[x, input("y", [4, 3])]]),
  );
  assert.equal(same, scale);
  assert.equal(copy.inputs[1], scale);
});

Deno.test("substitute() replaces nodes in the middle and asked for themselves", () => {
  const middle = exp(x);
  const y = input("y", [4, 3]);
  const [result, replaced] = substitute(
    [sum(middle), middle],
    new Map([[middle, y]]),
  );
  assert.equal(replaced, y);
  assert.ok(isKind(result, "sum"));
  assert.deepEqual(result.inputs, [y]);
});

Deno.test("substitute() refuses what doesn't fit", () => {
  const short = new Map([[x, input("short", [4, 2])]]);
  assert.throws(() => substitute([matmul(x, weight)], short), RangeError);
});
