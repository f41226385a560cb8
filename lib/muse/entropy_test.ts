import assert from "node:assert/strict";
import { assertClose } from "../run/assert_close.ts";
import { tf } from "../run/tf.ts";
import { activations } from "./activations.ts";
import { tokenEntropy } from "./entropy.ts";
import { createBaseModel } from "./model.ts";
import type { Tensor2D } from "./tensors.ts";
import { randomBase, TINY } from "./tiny_base.ts";

const tokens: Tensor2D = tf.tensor2d(
  [[16, 16, 3, 16, 16, 16], [16, 0, 16, 16, 16, 15]],
  [2, 6],
  "int32",
);
const text = {
  states: tf.randomNormal([1, 3, 12], 0, 1, "float32", 5) as tf.Tensor3D,
  mask: tf.ones([1, 3]) as tf.Tensor2D,
};

Deno.test("tokenEntropy() is that of the logits, by either executor", async () => {
  const model = createBaseModel(TINY, randomBase());
  const { logits } = await activations(
    model,
    { tokens, text },
    (nodes) => ({ logits: nodes.logits }),
  );
  const p = logits.softmax();
  const wanted = p.mul(p.log()).sum(-1).neg().dataSync();
  for (const by of ["onnxruntime", "tensorflow"] as const) {
    const found = await tokenEntropy(model, { tokens, text, by });
    assert.deepEqual(found.shape, [2, 6]);
    assertClose(found.dataSync(), wanted, 1e-4);
  }
  assert.ok(wanted.every((h) => h > 0 && h < Math.log(TINY.codes)));
  await model.release();
});
