import assert from "node:assert/strict";
import { TINY_SUPERRES } from "../muse/tiny_superres.ts";
import { createRng } from "../run/random.ts";
import { croppedConfig, cropTokens } from "./token_crops.ts";

// 2 x 6 tokens are made into 4 x 12.
const CONFIG = {
  ...TINY_SUPERRES,
  rotary: true,
  lowGrid: [2, 6],
  grid: [4, 12],
} as const;
const CROPS = { grid: [4, 6], perPicture: 2 } as const;
const [LOW, HIGH] = [12, 48];

/** Two pictures of tokens that say where they are. */
const BATCH = {
  low: Int32Array.from({ length: 2 * LOW }, (_, i) => i),
  tokens: Int32Array.from({ length: 2 * HIGH }, (_, i) => i),
  states: Float32Array.of(1, 2, 3, 4),
  textMask: Float32Array.of(5, 6),
};

Deno.test("croppedConfig() keeps how many tokens one is made into", () => {
  const { grid, lowGrid } = croppedConfig(CONFIG, CROPS);
  assert.deepEqual(grid, [4, 6]);
  assert.deepEqual(lowGrid, [2, 3]);
});

Deno.test("cropTokens() takes the same square of both grids, with its text", () => {
  const columns = new Set<number>();
  for (let seed = 0; seed < 20; seed++) {
    const rng = createRng("crop test", seed);
    const crops = cropTokens(BATCH, CONFIG, CROPS, rng);
    for (let sample = 0; sample < 4; sample++) {
      const picture = Math.floor(sample / 2);
      const low = crops.low.subarray(6 * sample, 6 * sample + 6);
      const corner = low[0] - picture * LOW;
      columns.add(corner);
      const wantedLow = [0, 1, 2, 6, 7, 8].map((at) => low[0] + at);
      assert.deepEqual([...low], wantedLow);
      const wanted = Array.from(
        { length: 24 },
        (_, i) => picture * HIGH + Math.floor(i / 6) * 12 + 2 * corner + i % 6,
      );
      const high = crops.tokens.subarray(24 * sample, 24 * sample + 24);
      assert.deepEqual([...high], wanted);
    }
    assert.deepEqual([...crops.states], [1, 2, 1, 2, 3, 4, 3, 4]);
    assert.deepEqual([...crops.textMask], [5, 5, 6, 6]);
  }
  assert.deepEqual([...columns].sort(), [0, 1, 2, 3]);
});

Deno.test("cropTokens() prefers squares that show something", () => {
  // All of a picture is plain but for its last column.
  const low = new Int32Array(2 * LOW);
  [5, 11, 17, 23].forEach((at) => low[at] = 1);
  let shown = 0;
  for (let seed = 0; seed < 50; seed++) {
    const rng = createRng("crop test", seed);
    const crops = cropTokens({ ...BATCH, low }, CONFIG, CROPS, rng);
    for (let sample = 0; sample < 4; sample++) {
      shown += crops.low[6 * sample + 2];
    }
  }
  // One place in four shows it, and one of four places is enough: 68%.
  assert.ok(shown > 110 && shown < 160, `${shown}`);
});
