import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { dtypeOf } from "./dtype.ts";
import type { Values } from "./op.ts";
import { constant } from "./ops.ts";

Deno.test("dtypeOf() tells the element type, of derived arrays too", () => {
  assert.equal(dtypeOf(new Float32Array(1)), "float32");
  assert.equal(dtypeOf(new Int32Array(1)), "int32");
  assert.equal(dtypeOf(new Uint8Array(1)), "bool");
  class Mask extends Uint8Array {}
  assert.equal(dtypeOf(new Mask(1)), "bool");
  assert.equal(constant(Buffer.from([0, 1])).dtype, "bool");
});

const WRONG = {
  Uint8ClampedArray: new Uint8ClampedArray(2),
  Float64Array: new Float64Array(2),
  BigInt64Array: new BigInt64Array(2),
  Array: [1, 2],
};

for (const [found, values] of Object.entries(WRONG)) {
  Deno.test(`constant() refuses values of the type ${found}`, () => {
    assert.throws(() => constant(values as unknown as Values, [2]), {
      name: "TypeError",
      message: `Cannot tell the element type of values: found ${found}, ` +
        "wanted one of Float32Array (float32), Int32Array (int32), " +
        "Uint8Array (bool)",
    });
  });
}
