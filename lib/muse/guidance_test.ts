import assert from "node:assert/strict";
import { B } from "../graph/dim.ts";
import { input } from "../graph/ops.ts";
import { assertClose } from "../run/assert_close.ts";
import { interpret } from "../run/interpret.ts";
import { countGuided, type Guidance, guidanceAt, guide } from "./guidance.ts";

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

Deno.test("guidanceAt() rises by half a cosine of the progress to a power", () => {
  const round = (list: number[]) => list.map((x) => Number(x.toFixed(4)));
  const plain = { kind: "powerCosine", scale: 4, power: 1 } as const;
  assert.deepEqual(round(scales(plain, 5)), [0, 0.5858, 2, 3.4142, 4]);
  // By hand: 7.1 (1 - cos(π r³)) / 2 at r = 0, 1/2, 1.
  const steep = { kind: "powerCosine", scale: 7.1, power: 3 } as const;
  assert.deepEqual(round(scales(steep, 3)), [0, 0.2702, 7.1]);
  assert.deepEqual(scales(steep, 1), [7.1]);
});

Deno.test("guidanceAt() guides in an interval of the progress alone", () => {
  const late = { kind: "interval", scale: 3, from: 0.5, to: 1 } as const;
  assert.deepEqual(scales(late, 5), [0, 0, 3, 3, 3]);
  assert.deepEqual(scales({ ...late, from: 0.25, to: 0.75 }, 5), [
    0,
    3,
    3,
    3,
    0,
  ]);
  assert.deepEqual(scales({ ...late, from: 0, to: 0 }, 3), [3, 0, 0]);
  assert.deepEqual(scales(late, 1), [3]);
});

Deno.test("guidanceAt() takes one scale for each step", () => {
  assert.deepEqual(scales({ kind: "list", scales: [0, 2, 1] }, 3), [0, 2, 1]);
});

Deno.test("guidanceAt() says what is wrong with a guidance", () => {
  const wrong: [Guidance, RegExp][] = [
    [
      { kind: "powerCosine", scale: 1, power: 0 },
      /found the power 0, .* above/,
    ],
    [
      { kind: "interval", scale: 1, from: 0.5, to: 0.4 },
      /in an interval: found 0.5 to 0.4, wanted .* the smaller first/,
    ],
    [{ kind: "interval", scale: 1, from: -1, to: 1 }, /found -1 to 1/],
    [{ kind: "interval", scale: 1, from: 0, to: NaN }, /found 0 to NaN/],
    [
      { kind: "list", scales: [1] },
      /guidance from a list: found 1 of them for 2 steps, wanted one for each/,
    ],
  ];
  for (const [guidance, message] of wrong) {
    assert.throws(() => guidanceAt(guidance, 0, 2), {
      name: "RangeError",
      message,
    });
  }
});

Deno.test("countGuided() counts the steps whose scale is not 0", () => {
  assert.equal(countGuided({ kind: "constant", scale: 0 }, 4), 0);
  assert.equal(countGuided({ kind: "linear", from: 0, to: 2 }, 4), 3);
  assert.equal(countGuided({ kind: "list", scales: [0, 1, 0] }, 3), 1);
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
