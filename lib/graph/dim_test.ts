import assert from "node:assert/strict";
import fc from "fast-check";
import {
  B,
  bindShape,
  broadcastShapes,
  countElements,
  type Dim,
  divideDim,
  isDim,
  printShape,
  product,
  sameShape,
  sumDims,
} from "./dim.ts";

Deno.test("product() holds the batch once", () => {
  assert.equal(product([]), 1);
  assert.equal(product([2, 3]), 6);
  assert.equal(product([2, "3B", 4]), "24B");
  assert.throws(() => product([B, 2, "3B"]), {
    name: "RangeError",
    message: "Cannot multiply the dimensions of [B,2,3B]: " +
      "the batch may occur once, found 2 times",
  });
});

Deno.test("divideDim() is exact or undefined", () => {
  assert.equal(divideDim(6, 3), 2);
  assert.equal(divideDim("6B", 3), "2B");
  assert.equal(divideDim("6B", "3B"), 2);
  assert.equal(divideDim(6, 4), undefined);
  assert.equal(divideDim("6B", 4), undefined);
  assert.equal(divideDim(6, B), undefined);
});

Deno.test("sumDims() adds numbers or batches, and does not mix them", () => {
  assert.equal(sumDims([2, 3]), 5);
  assert.equal(sumDims([B, "2B"]), "3B");
  assert.equal(sumDims([B, 2]), undefined);
});

Deno.test("isDim() takes positive integers and multiples of the batch", () => {
  for (const dim of [1, 512, B, "10B"] as Dim[]) assert(isDim(dim), `${dim}`);
  for (const dim of [0, -1, 1.5, NaN, Infinity, "0B", "-2B", "1.5B"]) {
    assert(!isDim(dim as Dim), `${dim}`);
  }
});

Deno.test("broadcastShapes() stretches dimensions of one", () => {
  assert.deepEqual(broadcastShapes([B, 1, 3], [2, 1]), [B, 2, 3]);
  assert.deepEqual(broadcastShapes([], [B]), [B]);
  assert.deepEqual(broadcastShapes([1], ["2B"]), ["2B"]);
  assert.equal(broadcastShapes([2], [3]), undefined);
  assert.equal(broadcastShapes([B], [2]), undefined);
  assert.equal(broadcastShapes([B], ["2B"]), undefined);
});

const dims = fc.array(
  fc.oneof(fc.constantFrom<Dim>(1, 2, 3), fc.constantFrom<Dim>(B, "2B")),
  { maxLength: 4 },
);

Deno.test("broadcastShapes() commutes, and binds to what it would be", () => {
  fc.assert(fc.property(dims, dims, (a, b) => {
    const shape = broadcastShapes(a, b);
    assert.deepEqual(shape, broadcastShapes(b, a));
    // Five and ten fit no other dimension here.
    const bound = broadcastShapes(bindShape(a, 5), bindShape(b, 5));
    assert.deepEqual(shape && bindShape(shape, 5), bound);
  }));
});

Deno.test("bindShape() and countElements() know the batch's size", () => {
  assert.deepEqual(bindShape([B, 4, "3B"], 2), [2, 4, 6]);
  assert.equal(countElements([2, 3]), 6);
  assert.throws(() => countElements([B, 3]), /\[B,3\]: its batch is symbolic/);
});

Deno.test("sameShape() and printShape()", () => {
  assert(sameShape([B, 2], ["1B", 2]));
  assert(!sameShape([B, 2], [B]));
  assert(!sameShape([2], ["2B"]));
  assert.equal(printShape([B, 256, "2B"]), "[B,256,2B]");
  assert.equal(printShape([]), "[]");
});
