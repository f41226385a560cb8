import assert from "node:assert/strict";
import { BACKGROUND_NAMES } from "./colours.ts";
import {
  COMBINATIONS,
  combinationsOf,
  HELD_OUT_SHARE,
  isHeldOut,
  isHeldOutCombination,
} from "./held_out.ts";
import { KINDS, tintsOf } from "./kinds.ts";
import type { Scene } from "./scene.ts";

const box = { x: 0, y: 0, side: 1 };
const scene: Scene = {
  style: "flat",
  background: {
    type: "gradient",
    from: "pink",
    to: "white",
    direction: "down",
  },
  groups: [
    { kind: "fox", tint: "blue", size: "medium", boxes: [box] },
    { kind: "bear", tint: null, size: "medium", boxes: [box] },
    { kind: "cat", tint: null, size: "medium", boxes: [box] },
  ],
  relation: "above",
};

Deno.test("combinationsOf() lists pairs, tints, backgrounds and places", () => {
  const all = COMBINATIONS.map((sort) => combinationsOf(scene, sort));
  assert.deepEqual(all, [
    ["bear + fox", "cat + fox", "bear + cat"],
    ["fox tinted blue"],
    [
      "fox on pink",
      "bear on pink",
      "cat on pink",
    ],
    ["fox above", "bear below"],
  ]);
});

Deno.test("combinationsOf() names a place alike from either side", () => {
  const [fox, bear] = scene.groups;
  const said = (relation: Scene["relation"], groups: Scene["groups"]) =>
    combinationsOf({ ...scene, relation, groups }, "place").sort();
  assert.deepEqual(
    said("left of", [fox, bear]),
    said("right of", [bear, fox]),
  );
  assert.deepEqual(said("above", [fox, bear]), said("below", [bear, fox]));
  assert.deepEqual(said(null, [fox, bear]), []);
});

Deno.test("isHeldOutCombination() holds out its share of every sort", () => {
  const sorts = {
    pair: KINDS.flatMap((a, i) =>
      KINDS.slice(i + 1).map((b) => [a.id, b.id].sort().join(" + "))
    ),
    tint: KINDS.flatMap((kind) =>
      tintsOf(kind).map((tint) => `${kind.id} tinted ${tint}`)
    ),
    background: KINDS.flatMap((kind) =>
      BACKGROUND_NAMES.map((name) => `${kind.id} on ${name}`)
    ),
    place: KINDS.flatMap((kind) =>
      ["left", "right", "above", "below", "front", "behind"]
        .map((place) => `${kind.id} ${place}`)
    ),
  };
  for (const [sort, all] of Object.entries(sorts)) {
    const share = all.filter(isHeldOutCombination).length / all.length;
    assert.ok(Math.abs(share - HELD_OUT_SHARE) < 0.01, `${sort}: ${share}`);
  }
});

Deno.test("isHeldOut() is true as soon as one combination is", () => {
  const held = KINDS.find((kind) => isHeldOutCombination(`${kind.id} on blue`));
  assert.ok(held);
  const groups = [{ ...scene.groups[1], kind: held.id }];
  const on = (colour: "blue" | "purple"): Scene => ({
    ...scene,
    relation: null,
    groups,
    background: { type: "plain", colour },
  });
  assert.equal(isHeldOut(on("blue")), true);
  assert.equal(
    isHeldOut(on("purple")),
    isHeldOutCombination(`${held.id} on purple`),
  );
});

Deno.test("isHeldOutCombination() leaves the sample prompts in training", () => {
  const prompted = [
    "house + rocket",
    "rocket above",
    "house below",
    "cat + dog",
    "cat left",
    "dog right",
    "bear + rainbow",
    "bear below",
    "rainbow above",
    "snail + tree",
    "snail front",
    "tree behind",
    "bicycle on blue",
    "pizza on pink",
  ];
  assert.deepEqual(prompted.filter(isHeldOutCombination), []);
});
