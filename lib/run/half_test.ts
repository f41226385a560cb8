import assert from "node:assert/strict";
import fc from "fast-check";
import { bf16ToF32, f16ToF32, f32ToBf16, f32ToF16, toFloat16 } from "./half.ts";

/** All 65536 patterns of 16 bits. */
const EVERY_HALF = Uint16Array.from({ length: 65536 }, (_, i) => i);

const FORMATS = {
  float16: { narrow: f32ToF16, widen: f16ToF32, infinity: 0x7c00 },
  bfloat16: { narrow: f32ToBf16, widen: bf16ToF32, infinity: 0x7f80 },
} as const;

Deno.test("f16ToF32() and bf16ToF32() give the values of the formats", () => {
  const f16 = [0x0000, 0x3c00, 0xc000, 0x3555, 0x7bff, 0x0001, 0x03ff, 0x7c00];
  assert.deepEqual([...f16ToF32(Uint16Array.from(f16))], [
    0,
    1,
    -2,
    1365 / 4096,
    65504,
    2 ** -24,
    1023 * 2 ** -24,
    Infinity,
  ]);
  const bf16 = [0x0000, 0x3f80, 0xc000, 0x3eab, 0x7f7f, 0x0001, 0xff80];
  assert.deepEqual([...bf16ToF32(Uint16Array.from(bf16))], [
    0,
    1,
    -2,
    171 / 512,
    255 * 2 ** 120,
    2 ** -133,
    -Infinity,
  ]);
});

for (const [name, { narrow, widen, infinity }] of Object.entries(FORMATS)) {
  Deno.test(`${name}: widening and narrowing gives back every value`, () => {
    const back = narrow(widen(EVERY_HALF));
    for (const bits of EVERY_HALF) {
      const isNaN = (bits & 0x7fff) > infinity;
      if (isNaN) assert.ok((back[bits] & 0x7fff) > infinity);
      else assert.equal(back[bits], bits);
    }
  });

  Deno.test(`${name}: narrowing rounds to nearest, ties to even`, () => {
    // Between two neighbours lo < hi: below, at and above the middle.
    const lo = EVERY_HALF.subarray(0, infinity - 1);
    const hi = EVERY_HALF.subarray(1, infinity);
    const [a, b] = [widen(lo), widen(hi)];
    const middle = a.map((low, i) => low / 2 + b[i] / 2);
    const step = (by: number) =>
      new Float32Array(
        new Int32Array(middle.buffer).map((bits) => bits + by).buffer,
      );
    assert.deepEqual(narrow(step(-1)), lo);
    assert.deepEqual(narrow(step(1)), hi);
    assert.deepEqual(narrow(middle), lo.map((n, i) => n % 2 === 0 ? n : hi[i]));
  });

  Deno.test(`${name}: narrowing is odd and never falls`, () => {
    const float = fc.float({ noNaN: true });
    fc.assert(fc.property(float, float, (x, y) => {
      const [small, large] = widen(
        narrow(Float32Array.of(Math.min(x, y), Math.max(x, y))),
      );
      assert.ok(small <= large);
      const [plus, minus] = narrow(Float32Array.of(x, -x));
      assert.equal(plus ^ 0x8000, minus);
    }));
  });

  Deno.test(`${name}: narrowing reads a view at any offset`, () => {
    const whole = Float32Array.of(9, 1, -2, 9);
    const part = narrow(whole.subarray(1, 3));
    assert.deepEqual([...widen(part)], [1, -2]);
    assert.deepEqual([...widen(Uint16Array.of(0, ...part).subarray(1))], [
      1,
      -2,
    ]);
  });
}

Deno.test("toFloat16() names a weight that has a number beyond the format", () => {
  const most = Float32Array.of(1, 65504, -65504);
  assert.deepEqual(toFloat16(most, "w"), f32ToF16(most));
  for (const odd of [65536, -1e6, Infinity]) {
    assert.throws(() => toFloat16(Float32Array.of(1, odd), "up.weight"), {
      name: "RangeError",
      message: RegExp(`^Cannot store up\\.weight in .* the weight ${odd}, but`),
    });
  }
});
