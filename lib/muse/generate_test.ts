import assert from "node:assert/strict";
import { toUnit } from "../image/picture.ts";
import { assertClose } from "../run/assert_close.ts";
import { tf } from "../run/tf.ts";
import { detokenize } from "../vqgan/tensors.ts";
import { generate } from "./generate.ts";
import { generate as generateArrays, loadMuse } from "./pipeline.ts";
import { disposeState } from "./tensors.ts";

Deno.test("generate() of tensors gives what generate() of arrays gives, for other steps to use", async () => {
  const muse = await loadMuse();
  try {
    // The second is longer than the 32 text ids that mini reads.
    const prompts = ["a fox", `a red apple${" and a pear".repeat(11)}`];
    const options = { steps: 2, seed: 3, superresSteps: 0 };
    const wanted = await generateArrays(muse, prompts, options);
    const before = tf.memory().numTensors;
    const masked: number[] = [];
    const { tokens, pictures, cut, seconds } = await generate(
      muse,
      prompts,
      options,
      (state) => {
        masked.push(tf.tidy(() => state.mask.sum().arraySync() as number));
        disposeState(state);
      },
    );
    assert.equal(tf.memory().numTensors, before + 2);
    assert.ok(masked[0] > 0 && masked[1] === 0 && masked.length === 2);
    assert.deepEqual([tokens.shape, tokens.dtype], [[2, 256], "int32"]);
    assert.deepEqual(tokens.dataSync(), wanted.tokens);
    assert.deepEqual([cut, wanted.cut], [[0, 6], [0, 6]]);
    assert.deepEqual(pictures.shape, [2, 128, 128, 3]);
    assert.deepEqual(pictures.dataSync(), toUnit(wanted.pictures));
    assert.ok(seconds.text > 0 && seconds.decode > 0 && seconds.picture > 0);
    const again = await detokenize(muse.tokenizer, tokens);
    assertClose(again.dataSync(), pictures.dataSync(), 0.51 / 255);
  } finally {
    await muse.release();
  }
});
