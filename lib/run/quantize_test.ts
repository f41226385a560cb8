import assert from "node:assert/strict";
import fc from "fast-check";
import { f16ToF32 } from "./half.ts";
import { dequantizeInt8, quantizeInt8 } from "./quantize.ts";

Deno.test("quantizeInt8() keeps the largest magnitude of each group", () => {
  const data = Float32Array.of(127, -1, 0, 0, 0.5, -63.5);
  const { values, scales } = quantizeInt8(data, 2);
  assert.deepEqual(values, Int8Array.of(127, -1, 0, 0, 1, -127));
  assert.deepEqual(f16ToF32(scales), Float32Array.of(1, 0, 0.5));
  assert.deepEqual(
    dequantizeInt8(values, f16ToF32(scales)),
    Float32Array.of(127, -1, 0, 0, 0.5, -63.5),
  );
});

Deno.test("dequantizeInt8() is within half a step of what was quantized", () => {
  const group = 4;
  const rows = fc.array(
    fc.float({ noNaN: true, min: -100, max: 100 }),
    { minLength: group, maxLength: group },
  );
  fc.assert(fc.property(fc.array(rows, { minLength: 1 }), (table) => {
    const data = Float32Array.from(table.flat());
    const { values, scales } = quantizeInt8(data, group);
    const steps = f16ToF32(scales);
    dequantizeInt8(values, steps).forEach((value, i) => {
      const step = steps[Math.floor(i / group)];
      // The outermost level is off by the rounding of its scale: half a unit
      // in float16's last place, at worst that of its smallest numbers.
      const edge = 127 * Math.max(step * 2 ** -11, 2 ** -25);
      assert.ok(Math.abs(value - data[i]) <= step * 0.5001 + edge);
    });
  }));
});

Deno.test("quantizeInt8() refuses a short last group", () => {
  assert.throws(
    () => quantizeInt8(new Float32Array(5), 2),
    /Cannot quantize 5 values in groups of 2/,
  );
});
