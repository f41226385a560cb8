/** T5 encoders that nobody trained, for tests and benchmarks. */

import { leaves } from "../graph/node.ts";
import { input } from "../graph/ops.ts";
import { f32ToBf16 } from "../run/half.ts";
import { createRng } from "../run/random.ts";
import { writeSafetensorsPieces } from "../run/safetensors.ts";
import { type T5Config, t5Encoder } from "./t5.ts";

/**
 * Values that all tensors are made of, since billions take long to draw: a
 * prime number, so that the rows of a matrix are different ones.
 */
const DRAWN = 1_000_003;

/** Choices of random encoders. */
export interface RandomT5Options {
  /** Files of weights, 1 by default. */
  readonly shards?: number;
  /**
   * Deviation of the rows of text ids: 1 at the start of a training, where a
   * layer changes the states by more than half their length; 2 by default, where
   * it's about a third.
   */
  readonly deviation?: number;
}

/** A tensor to write. */
interface RandomTensor {
  readonly name: string;
  readonly dtype: "BF16";
  readonly shape: readonly number[];
  /** Among the drawn values; no two tensors have the same ones. */
  readonly start: number;
}

/**
 * Writes `config.json` and bfloat16 weights in so many files, as encoders are
 * published. Values are as a training starts from, normal with the deviations
 * of `modeling_t5.py`, except the rows of text ids. No more than a few megabytes
 * are in memory.
 *
 * @returns the number of parameters
 */
export async function writeRandomT5(
  folder: string,
  config: T5Config,
  { shards = 1, deviation = 2 }: RandomT5Options = {},
): Promise<number> {
  const rng = createRng("random t5");
  const drawn = Float32Array.from({ length: DRAWN }, () => rng.normal());
  const tensors = parameterShapes(config).map(([name, shape], i) => (
    { name, dtype: "BF16" as const, shape, start: i * 104_729 % DRAWN }
  ));
  const files: RandomTensor[][] = Array.from({ length: shards }, () => []);
  tensors.forEach((tensor, i) =>
    files[Math.floor(i * shards / tensors.length)].push(tensor)
  );
  const scaleOf = (name: string) =>
    name === "shared.weight" ? deviation : startDeviation(name, config);
  const map: Record<string, string> = {};
  for (const [i, some] of files.entries()) {
    const [number, all] = [i + 1, shards].map((n) => `${n}`.padStart(5, "0"));
    const name = shards === 1
      ? "model.safetensors"
      : `model-${number}-of-${all}.safetensors`;
    await writeSafetensorsPieces(
      `${folder}/${name}`,
      some,
      (tensor) => pieces(tensor, drawn, scaleOf(tensor.name)),
    );
    for (const tensor of some) map[tensor.name] = name;
  }
  const write = (name: string, json: unknown) =>
    Deno.writeTextFile(`${folder}/${name}`, JSON.stringify(json));
  if (shards > 1) {
    const values = tensors.reduce((sum, { shape }) => sum + count(shape), 0);
    await write("model.safetensors.index.json", {
      metadata: { total_size: 2 * values }, // transformers asks for it
      weight_map: map,
    });
  }
  await write("config.json", publishedConfig(config));
  return tensors.reduce((sum, { shape }) => sum + count(shape), 0);
}

function parameterShapes(config: T5Config): [string, readonly number[]][] {
  const ids = input("ids", ["1B", 2], "int32");
  const states = t5Encoder(config, ids, input("mask", ["1B", 2]));
  return leaves([states], "parameter")
    .map(({ op, shape }) => [op.name, shape as number[]]);
}

function* pieces(
  { shape, start }: RandomTensor,
  drawn: Float32Array,
  scale: number | undefined,
): Generator<Uint8Array> {
  const values = scale === undefined
    ? new Float32Array(count(shape)).fill(1)
    : drawn.map((x) => x * scale);
  const bytes = new Uint8Array(f32ToBf16(values).buffer);
  let from = scale === undefined ? 0 : 2 * start;
  for (let left = 2 * count(shape); left > 0;) {
    const piece = bytes.subarray(from, from + left);
    yield piece;
    left -= piece.length;
    from = 0;
  }
}

/** Of a parameter's values; undefined for scales of norms, which are ones. */
function startDeviation(
  name: string,
  { width, headWidth, heads, hidden }: T5Config,
): number | undefined {
  const part = name.split(".").at(-2)!;
  const powers: Record<string, number> = {
    q: width * headWidth,
    k: width,
    v: width,
    o: heads * headWidth,
    relative_attention_bias: width,
    wi: width,
    wi_0: width,
    wi_1: width,
    wo: hidden,
  };
  return part in powers ? powers[part] ** -0.5 : undefined;
}

function publishedConfig(config: T5Config) {
  return {
    model_type: "t5",
    vocab_size: config.vocabulary,
    d_model: config.width,
    num_layers: config.layers,
    num_heads: config.heads,
    d_kv: config.headWidth,
    d_ff: config.hidden,
    feed_forward_proj: config.feedForward,
    relative_attention_num_buckets: config.buckets,
    relative_attention_max_distance: config.farthest,
    layer_norm_epsilon: config.epsilon,
  };
}

function count(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
