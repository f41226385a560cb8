import assert from "node:assert/strict";
import { B } from "../graph/dim.ts";
import { input } from "../graph/ops.ts";
import { assertClose } from "../run/assert_close.ts";
import { interpret } from "../run/interpret.ts";
import { type Guidance, guidanceAt, guide } from "./guidance.ts";

function scales(guidance: Guidance, steps: number): number[] {
  return Array.from(
    { length: steps },
    (_, step) => guidanceAt(guidance, step, steps),
  );
}

Deno.test("guidanceAt() keeps a constant scale", () => {
  assert.deepEqual(scales({ kind: "constant", scale: 3 }, 3), [3, 3, 3]);
});

Deno.test("guidanceAt() goes in a line from the first step to the last", () => {
  const rising = { kind: "linear", from: 0, to: 6 } as const;
  assert.deepEqual(scales(rising, 4), [0, 2, 4, 6]);
  assert.deepEqual(scales(rising, 2), [0, 6]);
  assert.deepEqual(scales(rising, 1), [6]);
  const falling = { kind: "linear", from: 2, to: 1 } as const;
  assert.deepEqual(scales(falling, 3), [2, 1.5, 1]);
});

Deno.test("guide() is (1+t) conditional - t unconditional", () => {
  const graph = guide(input("c", [B, 2]), input("u", [B, 2]), input("t", []));
  const c = Float32Array.of(1, -2, 0.1, 30);
  const u = Float32Array.of(0.5, 1, 0.3, -10);
  const run = (t: number) => {
    const feeds = { c, u, t: Float32Array.of(t) };
    return interpret({ graph }, feeds).graph.dataSync();
  };
  for (const t of [0.5, 1, 4]) {
    assertClose(run(t), c.map((x, i) => (1 + t) * x - t * u[i]), 1e-6);
  }
  assert.deepEqual([...run(0)], [...c]);
});
