import assert from "node:assert/strict";
import fc from "fast-check";
import { createRng } from "../../lib/run/random.ts";
import { captionScene } from "./caption.ts";
import { BACKGROUNDS } from "./colours.ts";
import { kindOf } from "./kinds.ts";
import { sampleScene, SPLITS } from "./sample.ts";
import { parseCaption, type ParsedGroup } from "./caption_fixture.ts";
import type { Box, Group, Relation, Scene } from "./scene.ts";

const PINNED = [
  "a marigold and a blue chocolate bar on an orange background",
  "a large speedboat, a baby and a rose, green background, 3d render",
  "three pink sailing boats in front of three ducks on an orange background in flat style",
  "a 3d picture of three pink t-shirts in front of four brown yo-yos against a green background",
  "three small blue pears on an orange background",
  "a flat picture of four large eagles, three pairs of eyes and a huge frog, pink background",
  "a big fairy beneath a firefighter, violet background",
  "two purple high heels to the left of two small bunches of blueberries against a light green background in flat style",
  "a flat emoji of a bag of money below two foxes, black background",
  "a flat drawing of two red suitcases on a yellow to green gradient",
  "a 3d emoji of a huge pair of gloves on a light green background",
  "a 3d picture of two tiny zebras above three tiny red ladybugs against a blue background",
];

const samples = fc.tuple(
  fc.constantFrom(...SPLITS),
  fc.nat(2_000),
  fc.nat(),
).map(([split, index, seed]) => {
  const scene = sampleScene(split, index);
  return { scene, caption: captionScene(scene, createRng(seed)) };
});
const RUNS = { numRuns: 4000 };

Deno.test("captionScene() gives the captions that were pinned", () => {
  const captions = SPLITS.flatMap((split) =>
    [0, 1, 2, 3].map((index) =>
      captionScene(sampleScene(split, index), createRng("pinned", index))
    )
  );
  assert.deepEqual(captions, PINNED);
});

Deno.test("captionScene() says every group, with its true number and noun", () => {
  fc.assert(
    fc.property(samples, ({ scene, caption }) => {
      const said = parseCaption(caption).groups;
      assert.equal(said.length, scene.groups.length, caption);
      for (const group of scene.groups) {
        const { count } = claimOf(group, said);
        assert.equal(count, group.boxes.length, caption);
      }
    }),
    RUNS,
  );
});

Deno.test("captionScene() says every tint, and no colour that is not there", () => {
  fc.assert(
    fc.property(samples, ({ scene, caption }) => {
      const { groups } = parseCaption(caption);
      for (const group of scene.groups) {
        const { colour } = claimOf(group, groups);
        if (group.tint !== null) assert.equal(colour, group.tint, caption);
        else if (colour !== null) {
          assert.equal(colour, kindOf(group.kind).colour, caption);
        }
      }
    }),
    RUNS,
  );
});

Deno.test("captionScene() says small and large exactly where they are", () => {
  fc.assert(
    fc.property(samples, ({ scene, caption }) => {
      const { groups } = parseCaption(caption);
      for (const group of scene.groups) {
        assert.equal(claimOf(group, groups).size, group.size, caption);
      }
    }),
    RUNS,
  );
});

Deno.test("captionScene() says relations that the boxes bear out", () => {
  let said = 0;
  fc.assert(
    fc.property(samples, ({ scene, caption }) => {
      const { relation, groups } = parseCaption(caption);
      if (relation === null) return;
      said++;
      const [first, second] = groups.slice(0, 2).map((claim) =>
        scene.groups.findIndex((group) => group.kind === claim.kind)
      );
      assert.ok(holds(relation, scene, first, second), caption);
    }),
    RUNS,
  );
  assert.ok(said > 800, `${said} captions said a relation`);
});

Deno.test("captionScene() says true backgrounds and styles, or none", () => {
  fc.assert(
    fc.property(samples, ({ scene, caption }) => {
      const { background, style } = parseCaption(caption);
      if (style !== null) assert.equal(style, scene.style, caption);
      if (background === null) return;
      const { background: real } = scene;
      assert.deepEqual(
        background,
        real.type === "plain" ? [real.colour] : [real.from, real.to],
        caption,
      );
    }),
    RUNS,
  );
});

Deno.test("captionScene() leaves no background unsaid but white, no style but 3d", () => {
  let [short, styled, white, unsaid] = [0, 0, 0, 0];
  for (let index = 0; index < 3000; index++) {
    const scene = sampleScene("train", index);
    const caption = captionScene(scene, createRng("ground", index));
    const { background, style } = parseCaption(caption);
    if (background === null && style === null) short++;
    if (style !== null) styled++;
    const isWhite = scene.background.type === "plain" &&
      scene.background.colour === "white";
    assert.ok(background !== null || isWhite, caption);
    assert.ok(style !== null || scene.style === "3d", caption);
    if (isWhite) white++;
    if (background === null) unsaid++;
  }
  assert.ok(unsaid / white > 0.7 && unsaid / white < 0.9, `${unsaid}`);
  assert.ok(short / 3000 > 0.1, `${short} short captions`);
  assert.ok(styled / 3000 > 0.5 && styled / 3000 < 0.7, `${styled} styled`);
});

Deno.test("captionScene() uses each background's synonyms", () => {
  const text = Array.from(
    { length: 4000 },
    (_, i) => captionScene(sampleScene("train", i), createRng(i)),
  ).join("\n");
  for (const { synonyms } of Object.values(BACKGROUNDS)) {
    for (const word of synonyms) assert.ok(text.includes(word), word);
  }
});

/** The claim about a group; a caption must make exactly one. */
function claimOf(group: Group, said: readonly ParsedGroup[]): ParsedGroup {
  const claims = said.filter((claim) => claim.kind === group.kind);
  assert.equal(claims.length, 1, group.kind);
  return claims[0];
}

/** Whether the group at `first` stands to the one at `second` as claimed. */
function holds(
  relation: Relation,
  { groups }: Scene,
  first: number,
  second: number,
): boolean {
  const a = groups[first].boxes;
  const b = groups[second].boxes;
  const most = (boxes: readonly Box[], edge: (box: Box) => number) =>
    Math.max(...boxes.map(edge));
  const right = (box: Box) => box.x + box.side;
  const bottom = (box: Box) => box.y + box.side;
  switch (relation) {
    case "left of":
      return b.every((box) => box.x >= most(a, right));
    case "right of":
      return a.every((box) => box.x >= most(b, right));
    case "above":
      return b.every((box) => box.y >= most(a, bottom));
    case "below":
      return a.every((box) => box.y >= most(b, bottom));
    case "in front of":
      // Groups are drawn last to first; the front one reaches lower.
      return first < second && most(a, bottom) > most(b, bottom);
  }
}
