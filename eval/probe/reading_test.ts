import assert from "node:assert/strict";
import fc from "fast-check";
import { BACKGROUND_NAMES } from "../../datasets/emoji/colours.ts";
import { backgroundColours } from "../../datasets/emoji/scene.ts";
import { sampleScene, type Scene, SPLITS, STYLES } from "../../datasets/mod.ts";
import { CELLS } from "./config.ts";
import { type ProbeOutputs, readOutputs } from "./reading.ts";
import { relationOf } from "./relation.ts";
import { objectClasses } from "./targets.ts";

/** What a network says that is never wrong and never in doubt. */
function perfectOutputs(scene: Scene): ProbeOutputs {
  const column = () => new Float32Array(CELLS ** 2);
  const [centre, kind, side, tint, kindProbability] = [
    column(),
    column(),
    column(),
    column(),
    column().fill(1),
  ];
  for (const object of objectClasses(scene)) {
    centre[object.cell] = 1;
    kind[object.cell] = object.kind;
    side[object.cell] = object.side;
    tint[object.cell] = object.tint;
  }
  const colours = backgroundColours(scene.background);
  return {
    centre,
    kind,
    side,
    tint,
    kindProbability,
    background: BACKGROUND_NAMES.map((name) => colours.includes(name) ? 9 : -9),
    style: STYLES.map((style) => style === scene.style ? 1 : 0),
  };
}

/** Objects as lines of text, in one order. */
function lines(
  objects: Iterable<{ kind: string; tint: string | null; box: object }>,
): string[] {
  return [...objects].map(({ kind, tint, box }) =>
    JSON.stringify([kind, tint, box])
  ).sort();
}

/** Of the unit square: where the nearest line between cells is. */
function onGrid(share: number): number {
  return Math.round(share * CELLS) / CELLS;
}

Deno.test("readOutputs() gives back the scene that perfect outputs are made of", () => {
  const property = fc.property(
    fc.constantFrom(...SPLITS),
    fc.nat(3000),
    (split, index) => {
      const scene = sampleScene(split, index);
      const { objects, background, style } = readOutputs(perfectOutputs(scene));
      const drawn = scene.groups.flatMap(({ boxes, ...group }) =>
        boxes.map(({ x, y, side }) => ({
          ...group,
          box: { x: onGrid(x), y: onGrid(y), side: onGrid(side) },
        }))
      );
      assert.deepEqual(lines(objects), lines(drawn));
      assert.ok(objects.every(({ probability }) => probability === 1));
      assert.deepEqual(
        [...background].sort(),
        [...backgroundColours(scene.background)].sort(),
      );
      assert.equal(style, scene.style);
    },
  );
  fc.assert(property, { seed: 128, numRuns: 300 });
});

Deno.test("relationOf() finds the relation that a scene was laid out by", () => {
  let related = 0;
  for (let i = 0; i < 800; i++) {
    const { relation, groups } = sampleScene("validation", i);
    if (relation === null) continue;
    const [first, second] = groups;
    assert.equal(relationOf(first.boxes, second.boxes), relation, `scene ${i}`);
    related++;
  }
  assert.ok(related > 300);
});
