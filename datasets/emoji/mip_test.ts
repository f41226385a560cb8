import assert from "node:assert/strict";
import { halve, luminance, meanLuminance, premultiply } from "./mip.ts";

Deno.test("premultiply() scales colour by alpha and keeps alpha", () => {
  const out = premultiply(Uint8Array.of(200, 100, 50, 255, 200, 100, 50, 51));
  assert.deepEqual([...out], [200, 100, 50, 255, 40, 20, 10, 51]);
});

Deno.test("halve() averages 2x2 pixels", () => {
  // One white pixel in the first quarter, all four in the last.
  const square = new Uint8Array(4 * 4 * 4);
  square.fill(255, 0, 4);
  for (const i of [10, 11, 14, 15]) square.fill(255, i * 4, i * 4 + 4);
  const half = halve(square, 4);
  assert.deepEqual([...half.subarray(0, 4)], [64, 64, 64, 64]);
  assert.deepEqual([...half.subarray(4, 12)], new Array(8).fill(0));
  assert.deepEqual([...half.subarray(12)], [255, 255, 255, 255]);
});

Deno.test("meanLuminance() counts what is visible only", () => {
  const half = premultiply(Uint8Array.of(80, 80, 80, 128, 9, 9, 9, 0));
  assert.ok(Math.abs(meanLuminance(half) - 80) < 1);
  assert.equal(meanLuminance(new Uint8Array(8)), 0);
  assert.equal(luminance(255, 255, 255), 255);
});
