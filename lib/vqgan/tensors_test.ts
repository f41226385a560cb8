import assert from "node:assert/strict";
import { leaves } from "../graph/node.ts";
import { input } from "../graph/ops.ts";
import { createRng } from "../run/random.ts";
import { tf } from "../run/tf.ts";
import type { Weights } from "../run/weights.ts";
import type { VqganConfig } from "./config.ts";
import { createTokenizer } from "./model.ts";
import { pictures, tokens } from "./network.ts";
import { detokenize, tokenize } from "./tensors.ts";

const CONFIG: VqganConfig = {
  imageSize: 16,
  stem: 2,
  channels: [4, 8],
  encoderBlocks: 1,
  decoderBlocks: 1,
  middleBlocks: 1,
  groups: 2,
  codeWidth: 4,
  codes: 6,
  normalizeCodes: true,
};

function randomWeights(): Weights {
  const rng = createRng("vqgan tensors test");
  const nodes = leaves([
    tokens(CONFIG, input("pictures", ["1B", 3, 16, 16])),
    pictures(CONFIG, input("ids", ["1B", 16], "int32"), 4),
  ], "parameter");
  return new Map(nodes.map(({ op, shape }) => {
    const sizes = shape as number[];
    const data = new Float32Array(sizes.reduce((a, b) => a * b, 1));
    return [op.name, {
      kind: "memory" as const,
      shape: sizes,
      data: data.map(() => rng.normal() * 0.3),
    }];
  }));
}

Deno.test("tokenize() and detokenize() take and give tensors", async () => {
  const tokenizer = createTokenizer(CONFIG, randomWeights());
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
  const tokenizer = createTokenizer(CONFIG, randomWeights());
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

Deno.test("tokenize() and detokenize() name sizes that don't fit", async () => {
  const tokenizer = createTokenizer(CONFIG, randomWeights());
  await assert.rejects(
    tokenize(tokenizer, tf.zeros([1, 8, 16, 3])),
    /\[1,8,16,3\].*\[B,16,16,3\]/,
  );
  await assert.rejects(
    detokenize(tokenizer, tf.fill([1, 16], 6, "int32")),
    /id 6.*from 0 to 5/,
  );
  await tokenizer.release();
});
