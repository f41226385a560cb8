import assert from "node:assert/strict";
import { captionedScene, KINDS } from "../datasets/mod.ts";
import { UNSEEN_WORDS } from "./unseen_words.ts";

Deno.test("UNSEEN_WORDS are words that no caption has", () => {
  const nouns = KINDS.flatMap(({ nouns }) =>
    nouns.flatMap(({ singular, plural }) => [singular, plural])
  );
  const captions = (["validation", "heldout"] as const).flatMap((split) =>
    Array.from({ length: 500 }, (_, i) => captionedScene(split, i).caption)
  );
  // Whatever the grammar has besides nouns is in these captions.
  const words = new Set(
    [...nouns, ...captions].flatMap((text) => text.toLowerCase().split(/\W+/)),
  );
  assert.ok(words.has("puppy") && words.has("automobile"));
  for (const [word, kind] of UNSEEN_WORDS) {
    assert.ok(KINDS.some(({ id }) => id === kind), kind);
    for (const form of [word, `${word}s`]) {
      assert.ok(!words.has(form), `"${form}" is in captions`);
    }
  }
});
