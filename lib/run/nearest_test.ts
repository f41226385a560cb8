import assert from "node:assert/strict";
import { nearest } from "./nearest.ts";

const COMMANDS = ["generate", "train", "bench", "datasets", "notebooks"];

Deno.test("nearest() finds the word behind a slip", () => {
  const slips: [string, string][] = [
    ["genrate", "generate"], // left out
    ["trainn", "train"], // typed twice
    ["bencj", "bench"], // the key beside
    ["dataests", "datasets"], // swapped
    ["Notebooks", "notebooks"],
    ["trian", "train"],
  ];
  for (const [slip, meant] of slips) {
    assert.equal(nearest(slip, COMMANDS), meant, slip);
  }
});

Deno.test("nearest() says nothing when nothing is near", () => {
  for (const word of ["", "xyz", "evaluate", "art"]) {
    assert.equal(nearest(word, COMMANDS), undefined, word);
  }
  assert.equal(nearest("train", []), undefined);
});

Deno.test("nearest() prefers fewer changes", () => {
  assert.equal(nearest("cosin", ["coarse", "cosine", "cubic"]), "cosine");
});

Deno.test("nearest() finds the word that another name has in it", () => {
  const options = ["steps", "guidance", "choice-temperature", "temperature"];
  const names: [string, string | undefined][] = [
    ["guidance_scale", "guidance"],
    ["num-inference-steps", "steps"],
    ["numInferenceSteps", "steps"],
    ["my_choice_temperature_now", "choice-temperature"],
    ["misguidances_scale", undefined],
    ["", undefined],
    ["_", undefined],
  ];
  for (const [name, meant] of names) {
    assert.equal(nearest(name, options), meant, name);
  }
  assert.equal(nearest("some_long_name", ["", "-"]), undefined);
});
