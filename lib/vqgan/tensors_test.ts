import assert from "node:assert/strict";
import { input } from "../graph/ops.ts";
import { assertClose } from "../run/assert_close.ts";
import { interpret } from "../run/interpret.ts";
import { tf } from "../run/tf.ts";
import { createTokenizer } from "./model.ts";
import { pictureTokens, tokenPictures } from "./network.ts";
import { detokenize, tokenize } from "./tensors.ts";
import { randomVqgan, TINY_VQGAN as CONFIG } from "./tiny_vqgan.ts";

Deno.test("tokenize() and detokenize() take and give tensors", async () => {
  const tokenizer = createTokenizer(CONFIG, randomVqgan());
  const images = tf.randomUniform(
    [2, 16, 16, 3],
    0,
    1,
    "float32",
    3,
  ) as tf.Tensor4D;
  const ids = await tokenize(tokenizer, images);
  assert.deepEqual([ids.shape, ids.dtype], [[2, 16], "int32"]);
  assert.ok(ids.dataSync().every((id) => id >= 0 && id < CONFIG.codes));
  const rebuilt = await detokenize(tokenizer, ids);
  assert.deepEqual(rebuilt.shape, [2, 16, 16, 3]);
  assert.ok(rebuilt.dataSync().every((value) => value >= 0 && value <= 1));
  await tokenizer.release();
});

Deno.test("tokenize() sees channels last, as planar pixels", async () => {
  const tokenizer = createTokenizer(CONFIG, randomVqgan());
  const images = tf.randomUniform(
    [1, 16, 16, 3],
    0,
    1,
    "float32",
    4,
  ) as tf.Tensor4D;
  const values = images.dataSync();
  const planar = new Float32Array(values.length);
  for (let i = 0; i < 256; i++) {
    for (let c = 0; c < 3; c++) planar[c * 256 + i] = values[3 * i + c] * 2 - 1;
  }
  const ids = await tokenize(tokenizer, images);
  assert.deepEqual([...ids.dataSync()], [...await tokenizer.encode(planar)]);
  await tokenizer.release();
});

Deno.test("tokenize() and detokenize() take pictures of every size of whole tokens", async () => {
  const weights = randomVqgan();
  const tokenizer = createTokenizer(CONFIG, weights);
  for (const [height, width] of [[8, 24], [16, 4], [32, 16], [8, 24]]) {
    const images = tf.randomUniform([2, height, width, 3], 0, 1) as tf.Tensor4D;
    const ids = await tokenize(tokenizer, images);
    const grid = [height / 4, width / 4] as const;
    assert.deepEqual(ids.shape, [2, grid[0] * grid[1]]);
    const rebuilt = await detokenize(tokenizer, ids, grid);
    assert.deepEqual(rebuilt.shape, images.shape);

    const source = input("pictures", ["1B", 3, height, width]);
    const known = input("ids", ["1B", grid[0] * grid[1]], "int32");
    const wanted = interpret(
      {
        ids: pictureTokens(CONFIG, source),
        rebuilt: tokenPictures(CONFIG, known, grid[0]), // [B,3,H,W]
      },
      { pictures: images.transpose([0, 3, 1, 2]).mul(2).sub(1), ids },
      (name) => weights.get(name)?.data,
    );
    assert.deepEqual(ids.arraySync(), wanted.ids.arraySync());
    const unit = wanted.rebuilt.transpose([0, 2, 3, 1]).add(1).div(2)
      .clipByValue(0, 1);
    assertClose(rebuilt.dataSync(), unit.dataSync(), 1e-4);
  }
  await tokenizer.release();
});

Deno.test("tokenize() and detokenize() name sizes that don't fit", async () => {
  const tokenizer = createTokenizer(CONFIG, randomVqgan());
  const sizes: [tf.Tensor, RegExp][] = [
    [
      tf.zeros([1, 10, 16, 3]),
      /of 10x16 pixels: wanted .* multiples of the 4 pixels/,
    ],
    [
      tf.zeros([1, 16, 18, 3]),
      /of 16x18 pixels: .*; resize or crop them first/,
    ],
    [tf.zeros([1, 0, 16, 3]), /of 0x16 pixels/],
    [tf.zeros([1, 16, 16, 4]), /of shape \[1,16,16,4\]: wanted \[B,H,W,3\]/],
    [tf.zeros([16, 16, 3]), /of shape \[16,16,3\]/],
  ];
  for (const [images, message] of sizes) {
    await assert.rejects(tokenize(tokenizer, images as tf.Tensor4D), message);
  }
  const blank = (count: number) =>
    tf.fill([1, count], 0, "int32") as tf.Tensor2D;
  await assert.rejects(
    detokenize(tokenizer, tf.fill([1, 16], 6, "int32")),
    /id 6 of an unknown token.*from 0 to 5/,
  );
  await assert.rejects(
    detokenize(tokenizer, blank(32)),
    /shape \[1,32\]: wanted \[B,16\] for a grid of 4x4; give the grid/,
  );
  await assert.rejects(
    detokenize(tokenizer, blank(16), [2, 4]),
    /shape \[1,16\]: wanted \[B,8\] for a grid of 2x4$/,
  );
  for (const grid of [[0, 4], [2.5, 4]] as const) {
    await assert.rejects(
      detokenize(tokenizer, blank(10), grid),
      /on a grid of \d\S*x4: wanted a height and a width of at least 1/,
    );
  }
  await assert.rejects(
    detokenize(tokenizer, tf.zeros([1, 16])),
    /type float32: wanted int32/,
  );
  await assert.rejects(
    tokenizer.encode(new Float32Array(100), [8, 4]),
    /found 100 numbers, wanted 3 \* 8 \* 4 for each picture/,
  );
  await tokenizer.release();
});

Deno.test("tokenize() refuses pictures that are not float32 in 0..1", async () => {
  const tokenizer = createTokenizer(CONFIG, randomVqgan());
  const filled = (values: number[]) =>
    tf.tensor4d(
      Float32Array.from({ length: 768 }, (_, i) => values[i % values.length]),
      [1, 16, 16, 3],
    );
  const odd: [tf.Tensor4D, RegExp][] = [
    [filled([0, 200]), /wanted values in 0\.\.1, found 0 to 200/],
    [filled([-1, 1]), /found -1 to 1/],
    [filled([0, NaN, 1]), /found NaN to NaN/],
    [tf.ones([1, 16, 16, 3], "int32"), /type int32: wanted float32/],
  ];
  for (const [images, message] of odd) {
    await assert.rejects(tokenize(tokenizer, images), message);
  }
  // Rounding past the end.
  assert.equal((await tokenize(tokenizer, filled([1.0000001]))).size, 16);
  await tokenizer.release();
});

Deno.test("decode() of a tokenizer wants whole pictures of codes", async () => {
  const tokenizer = createTokenizer(CONFIG, randomVqgan());
  const odd: [Int32Array, RegExp][] = [
    [new Int32Array(15), /found 15 of them, wanted pictures of 16 each/],
    [new Int32Array(0), /found 0 of them/],
    [new Int32Array(16).fill(-1), /found the id -1,.*from 0 to 5/],
  ];
  for (const [ids, message] of odd) {
    await assert.rejects(tokenizer.decode(ids), message);
  }
  await tokenizer.release();
});

Deno.test("release() of a tokenizer may be called twice, and ends its use", async () => {
  const tokenizer = createTokenizer(CONFIG, randomVqgan());
  await tokenizer.openDecoder();
  await tokenizer.release();
  await tokenizer.release();
  await assert.rejects(
    tokenizer.decode(new Int32Array(16)),
    /Cannot use the tokenizer: it was released; load it again/,
  );
});
