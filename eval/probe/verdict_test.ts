import assert from "node:assert/strict";
import { BACKGROUND_NAMES } from "../../datasets/emoji/colours.ts";
import type { Group, Scene } from "../../datasets/mod.ts";
import { judgedFigures } from "./figures.ts";
import type { Reading, ReadObject } from "./reading.ts";
import { relationOf } from "./relation.ts";
import { judgeReading, type Verdict } from "./verdict.ts";

const box = (x: number, y: number, side: number) => ({
  x: x / 16,
  y: y / 16,
  side: side / 16,
});
const FOX: Group = {
  kind: "fox",
  tint: null,
  size: "medium",
  boxes: [box(0, 4, 4), box(4, 4, 4)],
};
const TREE: Group = {
  kind: "tree",
  tint: "red",
  size: "medium",
  boxes: [box(8, 4, 8)],
};
const SCENE: Scene = {
  style: "flat",
  background: { type: "plain", colour: "blue" },
  groups: [FOX, TREE],
  relation: "left of",
};

/** Reads exactly what the groups say. */
function readGroups(groups: readonly Group[]): ReadObject[] {
  return groups.flatMap(({ kind, tint, boxes }) =>
    boxes.map((box) => ({ kind, tint, box, probability: 0.9 }))
  );
}

const PERFECT: Reading = {
  objects: readGroups(SCENE.groups),
  background: ["blue"],
  style: "flat",
};

/** The questions that have a wrong answer, and those that have any. */
function wrong({ answers }: Verdict): string[] {
  return answers.flatMap(({ question, truth, right }) =>
    right ? [] : [`${question} ${truth}`]
  );
}
const judge = (changes: Partial<Reading>, scene = SCENE) =>
  judgeReading({ ...PERFECT, ...changes }, scene);

Deno.test("judgeReading() finds nothing wrong in a perfect picture", () => {
  const verdict = judge({});
  assert.deepEqual(wrong(verdict), []);
  assert.equal(verdict.kindsRight, true);
  assert.equal(verdict.kinds, 2);
  assert.deepEqual(
    verdict.answers.map(({ question }) => question).sort(),
    [
      "background",
      "count",
      "count",
      "object",
      "object",
      "relation",
      "style",
      "tint",
      "tint",
    ],
  );
});

Deno.test("judgeReading() names each mistake once", () => {
  const [one, two, tree] = PERFECT.objects;
  const cases: [Partial<Reading>, string[], boolean][] = [
    [{ style: "3d" }, ["style flat"], true],
    [{ background: ["red"] }, ["background blue"], true],
    [{ background: ["blue", "white"] }, ["background blue"], true],
    [{ objects: [one, tree] }, ["count 2"], true],
    [{ objects: [one, two] }, ["object tree"], false],
    [{ objects: [] }, ["object fox", "object tree"], false],
    [{ objects: [one, two, { ...tree, tint: null }] }, ["tint red"], true],
    [{ objects: [one, { ...two, tint: "red" }, tree] }, [], true],
    [
      { objects: [one, two, { ...tree, box: box(0, 8, 8) }] },
      ["relation left of"],
      true,
    ],
    [
      {
        objects: [one, two, tree, {
          ...tree,
          kind: "cat",
          box: box(0, 0, 4),
        }],
      },
      [],
      false,
    ],
  ];
  for (const [changes, mistakes, kindsRight] of cases) {
    const verdict = judge(changes);
    assert.deepEqual(wrong(verdict), mistakes);
    assert.equal(verdict.kindsRight, kindsRight, mistakes.join());
  }
});

Deno.test("judgeReading() takes the colours of a gradient in any order", () => {
  const gradient: Scene = {
    ...SCENE,
    relation: null,
    background: {
      type: "gradient",
      from: "pink",
      to: "orange",
      direction: "down",
    },
  };
  assert.deepEqual(
    wrong(judge({ background: ["orange", "pink"] }, gradient)),
    [],
  );
  assert.deepEqual(wrong(judge({ background: ["orange"] }, gradient)), [
    "background gradient",
  ]);
  const { answers } = judge({}, gradient);
  assert.ok(answers.every(({ question }) => question !== "relation"));
});

Deno.test("relationOf() forgives one cell, and is null where nothing holds", () => {
  const first = [box(0, 0, 4)];
  const cases: [ReturnType<typeof box>, string | null][] = [
    [box(4, 0, 4), "left of"],
    [box(3, 0, 4), "left of"],
    [box(0, 4, 8), "above"],
    [box(4, 6, 4), "above"],
    [box(0, 2, 4), null], // the second is in front
    [box(0, 0, 4), null],
  ];
  for (const [second, relation] of cases) {
    assert.equal(relationOf(first, [second]), relation);
  }
  assert.equal(relationOf([box(0, 2, 4)], first), "in front of");
  assert.equal(relationOf([box(0, 0, 4), box(12, 0, 4)], [box(6, 0, 2)]), null);
  assert.equal(relationOf([], first), null);
});

Deno.test("judgedFigures() weighs every truth alike, and knows chance", () => {
  const answer = (truth: string, right: boolean): Verdict => ({
    answers: [{ question: "style", truth, right }],
    kindsRight: right,
    kinds: 3,
  });
  const figures = judgedFigures([
    answer("3d", true),
    answer("3d", true),
    answer("3d", true),
    answer("flat", false),
  ]);
  assert.equal(figures.pictures, 4);
  assert.equal(figures.kindsRight, 0.75);
  const { rate, trials, chance, low, high } = figures.style;
  assert.deepEqual([rate, trials, chance], [0.5, 4, 0.5]);
  assert.ok(low > 0.1 && low < 0.3 && high > 0.7 && high < 0.9);
  assert.equal(figures.object.chance, 3 / 380);
  assert.deepEqual(
    [figures.count, figures.background.chance],
    [
      { rate: 0, trials: 0, low: 0, high: 1, chance: 0.25 },
      1 / (BACKGROUND_NAMES.length + 1),
    ],
  );
});
