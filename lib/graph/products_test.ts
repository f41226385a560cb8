import assert from "node:assert/strict";
import * as ops from "./ops.ts";
import { countGflop, countProducts } from "./products.ts";

const NONE = { matmul: 0, conv: 0, convTranspose: 0 };

Deno.test("countProducts() counts a product's rows, columns and what is added up", () => {
  const x = ops.input("x", ["1B", 5, 7]);
  const weight = ops.parameter("weight", [11, 7]);
  const product = ops.matmul(x, weight, { transposeB: true }); // [B,5,11]
  assert.deepEqual(countProducts([product]), {
    ...NONE,
    matmul: 2 * 5 * 11 * 7,
  });
  assert.equal(countProducts([product], 3).matmul, 3 * 2 * 5 * 11 * 7);
  const turned = ops.matmul(x, ops.input("y", ["1B", 5, 2]), {
    transposeA: true,
  }); // [B,7,2], sums of 5
  assert.equal(countProducts([turned], 4).matmul, 4 * 2 * 7 * 2 * 5);
  const scores = ops.matmul(
    ops.input("q", ["2B", 3, 4, 6]),
    ops.parameter("k", [6, 9]),
  ); // [2B,3,4,9]
  assert.equal(countProducts([scores], 5).matmul, 2 * 10 * 3 * 4 * 9 * 6);
});

Deno.test("countProducts() counts a convolution's kernel at every place", () => {
  const x = ops.input("x", ["1B", 6, 10, 8]);
  const kernel = ops.parameter("kernel", [4, 3, 3, 2]);
  const strided = ops.conv(x, kernel, undefined, {
    stride: 2,
    padding: 1,
    groups: 2,
  }); // [B,4,5,5]
  assert.deepEqual(countProducts([strided], 2), {
    ...NONE,
    conv: 2 * 2 * (4 * 5 * 5) * (3 * 3 * 2),
  });
  const up = ops.parameter("up", [6, 5, 2, 2]);
  const larger = ops.convTranspose(x, up, undefined, { stride: 2 }); // [B,5,20,16]
  assert.deepEqual(countProducts([larger], 2), {
    ...NONE,
    convTranspose: 2 * 2 * (6 * 10 * 8) * (5 * 2 * 2),
  });
});

Deno.test("countProducts() counts what is shared once, and no product of weights", () => {
  const x = ops.input("x", [3, 4]);
  const both = ops.matmul(
    ops.parameter("a", [4, 100]),
    ops.parameter("b", [100, 4]),
  );
  const y = ops.matmul(x, both); // [3,4]
  const outputs = [y, ops.add(y, ops.exp(y)), ops.mul(y, y)];
  assert.deepEqual(countProducts(outputs), { ...NONE, matmul: 2 * 3 * 4 * 4 });
  assert.equal(countGflop(outputs), 96e-9);
});
