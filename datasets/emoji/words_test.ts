import assert from "node:assert/strict";
import { pluralize, withArticle } from "./words.ts";

Deno.test("pluralize() inflects the head of a phrase", () => {
  const known = {
    "fox": "foxes",
    "bus": "buses",
    "peach": "peaches",
    "puppy": "puppies",
    "monkey": "monkeys",
    "slice of watermelon": "slices of watermelon",
    "glass of wine": "glasses of wine",
    "cup with a straw": "cups with a straw",
    "pair of socks": "pairs of socks",
    "hand making a sign": "hands making a sign",
  };
  for (const [singular, plural] of Object.entries(known)) {
    assert.equal(pluralize(singular), plural);
  }
});

Deno.test("withArticle() goes by sound", () => {
  assert.deepEqual(
    ["apple", "fox", "unicorn", "umbrella", "hourglass", "ufo", "house", "egg"]
      .map(withArticle),
    [
      "an apple",
      "a fox",
      "a unicorn",
      "an umbrella",
      "an hourglass",
      "a ufo",
      "a house",
      "an egg",
    ],
  );
});
