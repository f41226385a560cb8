import assert from "node:assert/strict";
import fc from "fast-check";
import { createRng } from "../../lib/run/random.ts";
import { layOut, type Slot } from "./layout.ts";
import { type Box, RELATIONS, SIZES } from "./scene.ts";

const slot = fc.record({
  count: fc.integer({ min: 1, max: 4 }),
  size: fc.constantFrom(...SIZES),
});
const relation = fc.option(fc.constantFrom(...RELATIONS));
const beside = fc.option(fc.constantFrom(...RELATIONS.slice(0, 4)));
const arrangements = fc.oneof(
  fc.tuple(fc.tuple(slot), fc.constant(null)),
  fc.tuple(fc.tuple(slot, slot), relation),
  fc.tuple(fc.tuple(slot, slot, slot), beside),
);

/** The share of the smaller box that two boxes have in common. */
function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.side, b.x + b.side) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.side, b.y + b.side) - Math.max(a.y, b.y);
  const area = Math.max(0, width) * Math.max(0, height);
  return area / Math.min(a.side, b.side) ** 2;
}

Deno.test("layOut() keeps every box inside the picture and legibly large", () => {
  fc.assert(fc.property(arrangements, fc.nat(), ([slots, relation], seed) => {
    const groups = layOut(slots, relation, createRng(seed));
    assert.deepEqual(
      groups.map((boxes) => boxes.length),
      slots.map((slot) => slot.count),
    );
    for (const { x, y, side } of groups.flat()) {
      assert.ok(x >= 0 && y >= 0 && x + side <= 1 && y + side <= 1);
      assert.ok(side > 0.06, `${side}`);
    }
  }));
});

Deno.test("layOut() keeps objects apart unless one stands in front", () => {
  fc.assert(fc.property(arrangements, fc.nat(), ([slots, relation], seed) => {
    if (relation === "in front of") return;
    const boxes = layOut(slots, relation, createRng(seed)).flat();
    boxes.forEach((a, i) =>
      boxes.slice(i + 1).forEach((b) => assert.ok(overlap(a, b) < 1e-6))
    );
  }));
});

Deno.test("layOut() puts a front object over part of what stands behind", () => {
  fc.assert(fc.property(slot, slot, fc.nat(), (a, b, seed) => {
    const [front, behind] = layOut([a, b], "in front of", createRng(seed));
    // Somewhere they meet, and no object behind is hidden.
    assert.ok(front.some((f) => behind.some((h) => overlap(f, h) > 0.05)));
    for (const box of behind) {
      const hidden = front.reduce(
        (sum, f) => sum + overlap(f, box) * Math.min(f.side, box.side) ** 2,
        0,
      );
      assert.ok(
        hidden <= 0.5 * box.side ** 2 + 1e-9,
        `${hidden / box.side ** 2}`,
      );
    }
    for (const f of front) {
      assert.ok(behind.every((h) => f.y + f.side > h.y + h.side));
    }
  }));
});

Deno.test("layOut() gives one object a half of the picture's side unless it says its size", () => {
  for (const [size, side] of [["small", 1 / 4], ["large", 3 / 4]] as const) {
    const [[box]] = layOut([{ count: 1, size }], null, createRng(size));
    assert.equal(box.side, side);
  }
  const medium = { count: 1, size: "medium" } as const;
  assert.equal(layOut([medium], null, createRng(0))[0][0].side, 1 / 2);
  const beside = layOut([medium, medium, medium], "above", createRng(0));
  assert.deepEqual(beside.map(([box]) => box.side), [1 / 2, 1 / 2, 1 / 2]);
});

Deno.test("layOut() makes the smaller size smaller in equal slots", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 4 }),
    fc.constantFrom(...RELATIONS.slice(0, 4)),
    fc.nat(),
    (count, relation, seed) => {
      const sides = (a: Slot["size"], b: Slot["size"]) =>
        layOut(
          [{ count, size: a }, { count, size: b }],
          relation,
          createRng(seed),
        )
          .map((boxes) => boxes[0].side);
      const [small, large] = sides("small", "large");
      assert.ok(small < 0.75 * large);
      const [medium, little] = sides("medium", "small");
      assert.ok(little < 0.9 * medium);
    },
  ));
});

Deno.test("layOut() keeps to the grid of base tokens", () => {
  fc.assert(fc.property(arrangements, fc.nat(), ([slots, relation], seed) => {
    for (const box of layOut(slots, relation, createRng(seed)).flat()) {
      for (const edge of [box.x, box.y, box.side]) {
        assert.ok(Number.isInteger(edge * 16), `${edge * 16} cells`);
      }
    }
  }));
});
