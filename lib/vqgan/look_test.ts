import assert from "node:assert/strict";
import { assertClose } from "../run/assert_close.ts";
import { tf } from "../run/tf.ts";
import { codebook, latents } from "./look.ts";
import { createTokenizer } from "./model.ts";
import { tokenize } from "./tensors.ts";
import { randomVqgan, TINY_VQGAN as CONFIG } from "./tiny_vqgan.ts";

const images = tf.randomUniform(
  [2, 8, 16, 3],
  0,
  1,
  "float32",
  3,
) as tf.Tensor4D;

Deno.test("latents() and codebook() have the tokens that tokenize() gives", async () => {
  const tokenizer = createTokenizer(CONFIG, randomVqgan());
  const found = await latents(tokenizer, images);
  assert.deepEqual(found.shape, [2, 2, 4, CONFIG.codeWidth]);
  const codes = await codebook(tokenizer);
  assert.deepEqual(codes.shape, [CONFIG.codes, CONFIG.codeWidth]);
  const ones = (count: number) => new Float32Array(count).fill(1);
  assertClose(found.square().sum(-1).dataSync(), ones(16), 1e-5);
  assertClose(codes.square().sum(-1).dataSync(), ones(CONFIG.codes), 1e-5);
  const rows = found.reshape<tf.Tensor2D>([16, CONFIG.codeWidth]);
  const nearest = tf.matMul(rows, codes, false, true).argMax(1);
  const ids = await tokenize(tokenizer, images);
  assert.deepEqual([...nearest.dataSync()], [...ids.dataSync()]);
  await tokenizer.release();
});

Deno.test("latents() refuses what tokenize() refuses", async () => {
  const tokenizer = createTokenizer(CONFIG, randomVqgan());
  await assert.rejects(
    latents(tokenizer, tf.zeros([1, 10, 16, 3])),
    /Cannot tokenize pictures of 10x16 pixels/,
  );
  await assert.rejects(
    latents(tokenizer, images.mul(255)),
    /wanted values in 0\.\.1/,
  );
  await tokenizer.release();
});
