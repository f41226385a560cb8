import assert from "node:assert/strict";
import { embeddedPath } from "../hub/embedded.ts";
import { encodeText as encodeArrays, loadTextEncoder } from "./encode.ts";
import { encodeText } from "./tensors.ts";

Deno.test("encodeText() on tensors gives the arrays' values with shapes", async () => {
  const encoder = await loadTextEncoder(embeddedPath("text"), { length: 8 });
  const { states, mask } = await encodeText(encoder, ["a fox", "two red hats"]);
  const arrays = await encodeArrays(encoder, ["a fox", "two red hats"]);
  assert.deepEqual([states.shape, mask.shape], [[2, 8, 384], [2, 8]]);
  assert.deepEqual(states.dataSync(), arrays.states);
  assert.deepEqual(mask.dataSync(), arrays.mask);
  await encoder.release();
});

Deno.test("encodeText() says how many text ids of each prompt it left out", async () => {
  const encoder = await loadTextEncoder(embeddedPath("text"), { length: 8 });
  const prompts = ["a fox", "a fox in the long grass of a meadow", ""];
  const [, meadow] = prompts.map((text) => encoder.tokenizer.encode(text));
  const { mask, cut } = await encodeText(encoder, prompts);
  assert.deepEqual(cut, [0, meadow.length - 8, 0]);
  assert.equal(cut[1], 3);
  assert.deepEqual(mask.sum(1).arraySync(), [4, 8, 2]);
  await encoder.release();
});
