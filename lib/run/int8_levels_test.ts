/** int8 on processors that add its products in 16 bits, and on this one. */

import assert from "node:assert/strict";
import type { Node } from "../graph/node.ts";
import { add, constant, input, matmul, mul, parameter } from "../graph/ops.ts";
import { int8Levels, largestSum, levelsFor } from "./int8_levels.ts";
import { layerErrors } from "./layer_errors.ts";
import { loadWeights } from "./load_weights.ts";
import { LARGEST_ERROR, quantizedCopy } from "./quantized_copy.ts";
import {
  type MemoryWeights,
  randomWeights,
  weightEntries,
} from "./random_weights.ts";
import {
  readSafetensorsHeader,
  readTensor,
  writeSafetensors,
} from "./safetensors.ts";
import { contents, withFolder } from "./temp_folder.ts";

/** Products of bytes as a processor adds them, two at a time in 16 bits. */
function sumIn16Bits(x: readonly number[], weights: readonly number[]) {
  let sum = 0;
  for (let i = 0; i < x.length; i += 2) {
    const two = x[i] * weights[i] + x[i + 1] * weights[i + 1];
    sum += Math.max(-(2 ** 15), Math.min(2 ** 15 - 1, two));
  }
  return sum;
}

/** The largest inputs by weights of one size, as {@linkcode largestSum}. */
const largestIn16Bits = (weight: number) =>
  sumIn16Bits(Array(64).fill(255), Array(64).fill(weight));

Deno.test("int8Levels() leaves no sum of products too large for the processor", async () => {
  const levels = await int8Levels();
  assert.equal(await largestSum(levels), 64 * 255 * levels);
});

Deno.test("levelsFor() leaves out a bit where products are added in 16 bits", () => {
  assert.notEqual(largestIn16Bits(127), 64 * 255 * 127);
  assert.equal(levelsFor(largestIn16Bits(127)), 63);
  for (const weight of [63, -63]) {
    assert.equal(largestIn16Bits(weight), 64 * 255 * weight);
  }
  assert.equal(levelsFor(64 * 255 * 127), 127);
});

const [ROWS, INPUTS, OUTPUTS] = [32, 96, 80];
const x = input("x", ["1B", ROWS, INPUTS]);
/** The second input is always 0. */
const reached = mul(x, constant(new Float32Array(INPUTS).fill(1).with(1, 0)));
const layer = (name: string): Node =>
  matmul(reached, parameter(name, [OUTPUTS, INPUTS]), { transposeB: true });
const y = add(layer("even"), layer("odd"));

/** The second weight of each output of "odd" is so much larger than others. */
function withOutliers(times: number): MemoryWeights {
  const weights = randomWeights("levels", [y]);
  const { data } = weights.get("odd")!;
  const mean = data.reduce((sum, value) => sum + value ** 2, 0) / data.length;
  for (let n = 0; n < OUTPUTS; n++) {
    data[n * INPUTS + 1] = times * Math.sqrt(mean);
  }
  return weights;
}

Deno.test("quantizedCopy() of 7 bits keeps to them, and tries layers by them", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/published.safetensors`;
    const cache = `${folder}/cache`;
    await writeSafetensors(path, weightEntries(withOutliers(17)));
    const exact = await loadWeights(path);
    const names = new Set(["even", "odd"]);
    const errors = await Promise.all(
      ([127, 63] as const).map((levels) =>
        layerErrors([y], exact, names, { levels })
      ),
    );
    for (const name of names) {
      const [all, fewer] = errors.map((some) => some.get(name)!);
      assert.ok(fewer > 1.3 * all && fewer < 2.1 * all, `${all} ${fewer}`);
    }
    // What 8 bits serve and 7 bits don't stays in float32.
    const [all, fewer] = errors.map((some) => some.get("odd")!);
    assert.ok(all < LARGEST_ERROR && fewer > LARGEST_ERROR, `${all} ${fewer}`);
    for (const [levels, kind] of [[127, "channels"], [63, "file"]] as const) {
      const copy = await quantizedCopy([y], exact, "int8", { cache, levels });
      assert.equal(copy.get("even")?.kind, "channels");
      assert.equal(copy.get("odd")?.kind, kind, `${levels}`);
    }
    // Each processor has its own copy where several share a cache.
    const copies = contents(cache);
    assert.equal(copies.length, 2);
    const largest = await Promise.all(copies.map(async (name) => {
      const header = await readSafetensorsHeader(`${cache}/${name}`);
      const values = await readTensor(header, "even") as Int8Array;
      return Math.max(...values.map(Math.abs));
    }));
    assert.deepEqual(largest.sort((a, b) => a - b), [63, 127]);
  });
});
