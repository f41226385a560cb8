import assert from "node:assert/strict";
import { memoryFeeds, twice } from "./predict_with.ts";

Deno.test("memoryFeeds() repeats the memory where there is nothing to lead away from", () => {
  const memory = {
    "keys.0": {
      dtype: "float32" as const,
      shape: [1, 2],
      data: Float32Array.of(3, 4),
    },
  };
  assert.deepEqual(memoryFeeds(memory, false), {
    "keys.0": Float32Array.of(3, 4, 3, 4),
  });
  assert.deepEqual(memoryFeeds(memory, true), {
    "keys.0": Float32Array.of(3, 4),
  });
  assert.deepEqual(twice(Int32Array.of(1, 2)), Int32Array.of(1, 2, 1, 2));
});
