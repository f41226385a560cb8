import assert from "node:assert/strict";
import { kindOf, KINDS, tintsOf } from "./kinds.ts";

Deno.test("KINDS holds at least 300 kinds of every sort of thing", () => {
  assert.ok(KINDS.length >= 300, `${KINDS.length} kinds`);
  const sizes = Map.groupBy(KINDS, (kind) => kind.category);
  assert.equal(sizes.size, 8);
  for (const [category, kinds] of sizes) {
    assert.ok(kinds.length >= 15, `${category}: ${kinds.length}`);
  }
});

Deno.test("KINDS names every emoji and every noun once", () => {
  const codes = KINDS.map((kind) => kind.code);
  assert.equal(new Set(codes).size, codes.length);
  const owner = new Map<string, string>();
  for (const { id, nouns } of KINDS) {
    for (const noun of new Set(nouns.flatMap((n) => [n.singular, n.plural]))) {
      assert.equal(owner.get(noun), undefined, `"${noun}" of ${id}`);
      owner.set(noun, id);
    }
  }
});

Deno.test("KINDS writes its nouns in lower-case words", () => {
  for (const noun of KINDS.flatMap((kind) => kind.nouns)) {
    for (const text of [noun.singular, noun.plural]) {
      assert.match(text, /^[a-z'-]+( [a-z'-]+)*$/);
    }
  }
});

Deno.test("KINDS knows what the sample prompts ask for", () => {
  const words = [
    "fox",
    "apple",
    "green apple",
    "rocket",
    "house",
    "cat",
    "dog",
    "bicycle",
    "slice of watermelon",
    "crown",
    "heart",
    "bear",
    "rainbow",
    "snail",
    "tree",
    "pizza",
  ];
  for (const word of words) assert.equal(kindOf(word).id, word);
  assert.equal(kindOf("apple").colour, "red");
  assert.equal(kindOf("fox").emoji, "🦊");
  assert.equal(kindOf("fox").nouns[0].plural, "foxes");
  assert.throws(() => kindOf("gremlin"), /"gremlin"/);
});

Deno.test("KINDS has no skin-tone variants", () => {
  for (const { code } of KINDS) assert.doesNotMatch(code, /1f3f[b-f]/);
});

Deno.test("tintsOf() leaves out a kind's own colour and other kinds' names", () => {
  const apple = tintsOf(kindOf("apple"));
  assert.ok(!apple.includes("red") && !apple.includes("green"), `${apple}`);
  assert.ok(apple.includes("blue"));
  assert.ok(tintsOf(kindOf("fox")).includes("green"));
  for (const kind of KINDS) assert.ok(tintsOf(kind).length >= 5, kind.id);
});

Deno.test("KINDS' colours are near themselves, so they keep off such grounds", () => {
  for (const { colour, near, id } of KINDS) {
    if (colour !== null) assert.equal(near, colour, id);
  }
  assert.deepEqual(
    [kindOf("deer").colour, kindOf("deer").near],
    [null, "orange"],
  );
});
