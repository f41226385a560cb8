import assert from "node:assert/strict";
import { B } from "./dim.ts";
import { grad } from "./grad.ts";
import { gradientRules } from "./gradient_rules.ts";
import { isKind } from "./node.ts";
import * as g from "./ops.ts";
import { printGraph } from "./print.ts";

Deno.test("grad() wants a scalar", () => {
  const x = g.input("x", [B, 2]);
  assert.throws(() => grad(x, [x]), {
    name: "RangeError",
    message: "Cannot differentiate a loss of shape [B,2]: wanted a scalar; " +
      "reduce it with sum or mean",
  });
});

Deno.test("grad() wants float32 on both sides", () => {
  const x = g.parameter("x", []);
  const ids = g.input("ids", [B], "int32");
  const count = g.constant(Int32Array.of(1), []);
  assert.throws(() => grad(x, [x, ids]), {
    name: "TypeError",
    message: "Cannot differentiate with respect to the input int32[B]: " +
      "wanted float32",
  });
  assert.throws(() => grad(count, [x]), {
    name: "TypeError",
    message: "Cannot differentiate the constant int32[]: wanted float32",
  });
});

Deno.test("grad() says why an operation has no gradient", () => {
  const x = g.parameter("x", [1, 2, 4, 4]);
  const y = g.parameter("y", []);
  const loss = g.add(g.sum(g.maxPool(x, 2)), y);
  const { maxPool } = gradientRules;
  assert("none" in maxPool);
  assert.throws(() => grad(loss, [x]), {
    name: "TypeError",
    message: `Cannot differentiate maxPool: ${maxPool.none}`,
  });
  // Where nothing asks for it, it is not in the way.
  const [dy] = grad(loss, [y]);
  assert(isKind(dy, "constant"));
});

Deno.test("grad() is zero of the right shape for what has no part", () => {
  const x = g.parameter("x", [2, 3]);
  const other = g.parameter("other", [4, 1]);
  const [dx, dOther] = grad(g.sum(x), [x, other]);
  assert.deepEqual(dx.shape, [2, 3]);
  assert.equal(
    printGraph({ dOther }),
    `%0:float32[] = constant values=[0]
%1:float32[4,1] = expand %0 shape=[4,1]
return dOther %1`,
  );
});

Deno.test("grad() of the loss itself is one", () => {
  const x = g.parameter("x", []);
  const [dx] = grad(x, [x]);
  assert(isKind(dx, "constant"));
  assert.deepEqual([...dx.op.values], [1]);
});

Deno.test("grad() stops at stopGradient", () => {
  const x = g.parameter("x", []);
  const [dx] = grad(g.mul(x, g.stopGradient(g.exp(x))), [x]);
  assert.equal(
    printGraph({ dx }),
    `%0:float32[] = parameter name=x
%1:float32[] = exp %0
%2:float32[] = stopGradient %1
%3:float32[] = constant values=[1]
%4:float32[] = mul %3 %2
return dx %4`,
  );
});
