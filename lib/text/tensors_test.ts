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
