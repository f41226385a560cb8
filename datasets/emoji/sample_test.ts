import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { BACKGROUND_NAMES, isVisibleOn, TINT_NAMES } from "./colours.ts";
import {
  COMBINATIONS,
  combinationsOf,
  isHeldOut,
  isHeldOutCombination,
} from "./held_out.ts";
import { kindOf, KINDS } from "./kinds.ts";
import { RESERVED, sampleScene, type Split, SPLITS } from "./sample.ts";
import { backgroundColours, RELATIONS, type Scene } from "./scene.ts";

/** The first 200 scenes of each split, hashed. */
const PINNED = ["5ad7bf3a835f20d6", "3aa59622554013bf", "99e1b9733e9a87f6"];

const scenesOf = (split: Split, count: number, seed = 0) =>
  Array.from({ length: count }, (_, i) => sampleScene(split, i, { seed }));

const train = scenesOf("train", 6000);
const validation = scenesOf("validation", KINDS.length * 20);
const heldOut = scenesOf("heldout", 800);

/** How often each value occurs. */
function tally<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** The least and the largest count, as a share of the mean. */
function spread(counts: Map<unknown, number>): [number, number] {
  const values = [...counts.values()];
  const mean = values.reduce((a, b) => a + b) / values.length;
  return [Math.min(...values) / mean, Math.max(...values) / mean];
}

Deno.test("sampleScene() gives the scenes that were pinned", () => {
  const digest = (split: Split) =>
    createHash("sha256").update(JSON.stringify(scenesOf(split, 200)))
      .digest("hex").slice(0, 16);
  assert.deepEqual(SPLITS.map(digest), PINNED);
});

Deno.test("sampleScene() depends on split, index and seed, on nothing else", () => {
  assert.deepEqual(sampleScene("train", 77), train[77]);
  assert.deepEqual(sampleScene("train", 77, { seed: 0 }), train[77]);
  assert.notDeepEqual(sampleScene("train", 77, { seed: 1 }), train[77]);
  assert.notDeepEqual(sampleScene("train", 78), train[77]);
  for (const index of [5000, 3, 379, 380, 5000]) {
    sampleScene("validation", index, { seed: 1 });
    assert.deepEqual(sampleScene("validation", index), validation[index]);
  }
});

Deno.test("sampleScene() refuses an index that is none", () => {
  for (const index of [-1, 0.5, NaN]) {
    assert.throws(() => sampleScene("train", index), RangeError);
  }
});

Deno.test("sampleScene() shows training nothing that is held out", () => {
  assert.deepEqual(train.filter(isHeldOut), []);
  assert.deepEqual(validation.filter(isHeldOut), []);
});

Deno.test("sampleScene() gives the held-out split each sort in turn", () => {
  heldOut.forEach((scene, i) => {
    const sort = COMBINATIONS[i % COMBINATIONS.length];
    assert.ok(combinationsOf(scene, sort).some(isHeldOutCombination));
  });
});

Deno.test("sampleScene() keeps the splits apart", () => {
  const lines = (scenes: Scene[]) => scenes.map((s) => JSON.stringify(s));
  const seen = new Set(lines(train));
  assert.ok(seen.size > 0.9 * train.length, `${seen.size} are different`);
  const kept = validation.slice(0, RESERVED);
  assert.equal(kept.length, RESERVED);
  assert.deepEqual(lines(kept).filter((line) => seen.has(line)), []);
});

Deno.test("sampleScene() lets every object be made out, and kinds differ", () => {
  for (const scene of [...train, ...validation, ...heldOut]) {
    const kinds = scene.groups.map((group) => group.kind);
    assert.equal(new Set(kinds).size, kinds.length);
    for (const { kind, tint } of scene.groups) {
      assert.ok(
        backgroundColours(scene.background)
          .every((name) => isVisibleOn(tint ?? kindOf(kind).near, name)),
      );
    }
  }
});

Deno.test("sampleScene() stays within 1 to 3 groups of 1 to 4 objects", () => {
  for (const { groups, relation } of [...train, ...validation, ...heldOut]) {
    assert.ok(groups.length >= 1 && groups.length <= 3);
    assert.ok(groups.every(({ boxes }) => boxes.length >= 1));
    assert.ok(groups.every(({ boxes }) => boxes.length <= 4));
    if (groups.length === 1) assert.equal(relation, null);
    if (groups.length === 3) assert.notEqual(relation, "in front of");
  }
});

Deno.test("sampleScene() makes two of five training scenes simple, few things on plain grounds, and the others even, with many tints", () => {
  const share = (test: (scene: Scene) => boolean) =>
    train.filter(test).length / train.length;
  const near = (value: number, wanted: number) =>
    assert.ok(Math.abs(value - wanted) < 0.04, `${value}, not ${wanted}`);
  near(share((s) => s.groups.length === 1), 0.32);
  near(share((s) => s.groups.flatMap((g) => g.boxes).length === 1), 0.12);
  near(share((s) => s.background.type === "plain"), 0.93);
  near(share((s) => backgroundColours(s.background)[0] === "white"), 0.3);
  near(share((s) => s.relation !== null), 0.45);
  near(share((s) => s.relation === "in front of"), 0.12);
  near(share((s) => s.style === "3d"), 0.6);
  near(share((s) => s.groups.some((g) => g.tint !== null)), 0.64);
});

Deno.test("sampleScene() shows every kind in training about equally often", () => {
  const counts = tally(train.flatMap((s) => s.groups.map((g) => g.kind)));
  const [least, most] = spread(counts);
  assert.equal(counts.size, KINDS.length);
  assert.ok(least > 0.35 && most < 1.9, `${least} to ${most}`);
});

Deno.test("sampleScene() balances counts, relations and styles exactly", () => {
  const counts = tally(validation.map((s) => s.groups[0].boxes.length));
  assert.deepEqual(spread(counts), [1, 1]);
  const relations = tally(validation.map((s) => s.relation));
  relations.delete(null);
  assert.deepEqual([...relations.keys()].sort(), [...RELATIONS].sort());
  assert.deepEqual(spread(relations), [1, 1]);
  assert.deepEqual(spread(tally(validation.map((s) => s.style))), [1, 1]);
});

Deno.test("sampleScene() balances objects and colours", () => {
  const nth = (i: number) =>
    validation.flatMap(({ groups }) => groups[i] ?? []);
  const columns = {
    "first kinds": [nth(0).map(({ kind }) => kind), KINDS.length],
    "second kinds": [nth(1).map(({ kind }) => kind), KINDS.length],
    "tints": [nth(0).flatMap(({ tint }) => tint ?? []), TINT_NAMES.length],
    "second counts": [nth(1).map(({ boxes }) => boxes.length), 4],
    "backgrounds": [
      validation.flatMap(({ background }) =>
        background.type === "plain" ? [background.colour] : []
      ),
      BACKGROUND_NAMES.length,
    ],
  } as const;
  for (const [name, [values, size]] of Object.entries(columns)) {
    const counts = tally<unknown>(values);
    assert.equal(counts.size, size, name);
    const [least, most] = spread(counts);
    assert.ok(least > 0.95 && most < 1.05, `${name}: ${least} to ${most}`);
  }
  const all = validation.flatMap((s) => s.groups.map(({ kind }) => kind));
  const [rarest, commonest] = spread(tally(all));
  assert.ok(rarest > 0.9 && commonest < 1.25, `${rarest} to ${commonest}`);
  const gradients = validation.filter((s) => s.background.type === "gradient");
  const wanted = validation.length / (BACKGROUND_NAMES.length + 1);
  assert.ok(Math.abs(gradients.length - wanted) < 1, `${gradients.length}`);
  const tinted = validation.filter((s) => s.groups[0].tint !== null);
  assert.equal(tinted.length, validation.length / 2);
});

Deno.test("sampleScene() balances another seed's scenes, and the first 380", () => {
  const other = scenesOf("validation", KINDS.length * 20, 9);
  for (const scenes of [other, validation.slice(0, KINDS.length)]) {
    const kinds = tally(scenes.map(({ groups: [{ kind }] }) => kind));
    assert.equal(kinds.size, KINDS.length);
    const [least, most] = spread(kinds);
    assert.ok(least > 0.8 && most < 1.25, `${least} to ${most}`);
  }
  assert.notDeepEqual(other.slice(0, 20), validation.slice(0, 20));
});
