import assert from "node:assert/strict";
import fc from "fast-check";
import { createPicture, type Picture } from "../image/picture.ts";
import {
  confidenceColour,
  confidenceMap,
  coverUnknown,
  TOKEN_COLOURS,
  tokenMap,
} from "./token_maps.ts";

const SIZE = { width: 12, height: 8 };
const GRID = [2, 3] as const; // cells of 4x4

const at = (
  { width, data }: Picture,
  x: number,
  y: number,
) => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];

Deno.test("coverUnknown() covers the unknown tokens and leaves the others", () => {
  const picture = createPicture(12, 8, new Uint8Array(288).map((_, i) => i));
  const covered = coverUnknown(picture, Uint8Array.of(0, 1, 0, 0, 0, 1), GRID);
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 12; x++) {
      const unknown = y < 4 ? x >= 4 && x < 8 : x >= 8;
      const same = String(at(covered, x, y)) === String(at(picture, x, y));
      assert.equal(same, !unknown, `${x}, ${y}`);
    }
  }
  assert.equal(picture.data[15], 15, "the picture itself stays as it is");
});

Deno.test("tokenMap() tells known, found and unknown tokens apart", () => {
  const mask = Uint8Array.of(0, 1, 0, 0, 0, 0);
  const chosen = Uint8Array.of(0, 0, 1, 0, 0, 0);
  const map = tokenMap(mask, chosen, GRID, SIZE);
  assert.deepEqual(at(map, 0, 0), TOKEN_COLOURS.known);
  assert.deepEqual(at(map, 4, 0), TOKEN_COLOURS.unknown);
  assert.deepEqual(at(map, 8, 0), TOKEN_COLOURS.found);
  assert.notDeepEqual(at(map, 5, 1), TOKEN_COLOURS.unknown, "a dot");
  assert.deepEqual(at(map, 3, 0), [255, 255, 255], "between cells");
});

Deno.test("confidenceMap() grows darker with confidence, in grey too", () => {
  const values = Float32Array.of(0, 0.2, 0.4, 0.6, 0.8, 1);
  const map = confidenceMap(values, GRID, SIZE);
  const greys = [0, 1, 2, 3, 4, 5].map((token) => {
    const [r, g, b] = at(map, (token % 3) * 4, Math.floor(token / 3) * 4);
    return 0.299 * r + 0.587 * g + 0.114 * b;
  });
  greys.slice(1).forEach((grey, i) => assert.ok(grey < greys[i] - 20));
});

Deno.test("confidenceColour() is a colour for every number", () => {
  fc.assert(fc.property(fc.double(), (p) => {
    if (Number.isNaN(p)) return;
    const colour = confidenceColour(p);
    assert.ok(colour.every((c) => Number.isInteger(c) && c >= 0 && c <= 255));
  }));
});

Deno.test("maps refuse tokens that don't fill the picture", () => {
  const picture = createPicture(12, 8);
  assert.throws(
    () => coverUnknown(picture, new Uint8Array(5), GRID),
    /found 5 tokens .*12x8, wanted 2x3/,
  );
  assert.throws(
    () => confidenceMap(new Float32Array(6), GRID, { width: 13, height: 8 }),
    RangeError,
  );
});
