import assert from "node:assert/strict";
import { assertWithin } from "../run/assert_close.ts";
import { f32ToBf16, f32ToF16 } from "../run/half.ts";
import { loadWeights } from "../run/load_weights.ts";
import {
  readSafetensorsHeader,
  readTensorsF32,
  type SafetensorsEntry,
  writeSafetensors,
} from "../run/safetensors.ts";
import { contents, withFolder } from "../run/temp_folder.ts";
import { readWeight } from "../run/weights_together.ts";
import { encodeText, loadTextEncoder, textPieces } from "./encode.ts";
import { writeRandomT5 } from "./random_t5.ts";
import { T5_SIZES } from "./t5.ts";
import type { Precision } from "../run/precision.ts";
import { loadTextModel } from "./text_model.ts";

const TESTDATA = new URL("testdata/", import.meta.url).pathname;

/** What make_t5.py wrote of a whole T5 in one PyTorch file. */
async function published() {
  const header = await readSafetensorsHeader(
    `${TESTDATA}t5_published.safetensors`,
  );
  const tensors = await readTensorsF32(header);
  const { config, ...prompts } = header.metadata;
  return {
    config,
    prompts: Object.entries(prompts).sort().map(([, prompt]) => prompt),
    mask: tensors.get("mask")!.data,
    states: tensors.get("states")!.data,
  };
}

/** The weights of the encoder alone. */
async function encoderEntries() {
  const entries = [];
  for (
    const [name, weight] of await loadWeights(`${TESTDATA}t5_published.bin`)
  ) {
    if (!/^encoder\./.test(name)) continue; // "shared" is only the other name
    const [data, { shape }] = [await readWeight(weight), weight];
    entries.push({ name, dtype: "F32" as const, shape, data });
  }
  return entries;
}

const HALVES = { F16: f32ToF16, BF16: f32ToBf16 } as const;

const writeHalves = (dtype: "F16" | "BF16") => async (folder: string) => {
  const halves = (await encoderEntries()).map((entry): SafetensorsEntry => (
    { ...entry, dtype, data: HALVES[dtype](entry.data) }
  ));
  await writeSafetensors(`${folder}/model.safetensors`, halves);
};

/** As published in bfloat16, in two files. */
async function copyShards(folder: string): Promise<void> {
  for (const { name } of Deno.readDirSync(`${TESTDATA}t5_shards`)) {
    await Deno.copyFile(`${TESTDATA}t5_shards/${name}`, `${folder}/${name}`);
  }
}

/** In two files of safetensors. */
async function writeShards(folder: string): Promise<void> {
  const entries = await encoderEntries();
  const map: Record<string, string> = {};
  for (const [i, some] of [entries.slice(0, 5), entries.slice(5)].entries()) {
    const file = `model-0000${i + 1}-of-00002.safetensors`;
    await writeSafetensors(`${folder}/${file}`, some);
    for (const { name } of some) map[name] = file;
  }
  await Deno.writeTextFile(
    `${folder}/model.safetensors.index.json`,
    JSON.stringify({ weight_map: map }),
  );
}

/** How the weights are written. */
const LAYOUTS: Record<string, (folder: string) => Promise<void>> = {
  "a PyTorch file with the decoder": (folder) =>
    Deno.copyFile(
      `${TESTDATA}t5_published.bin`,
      `${folder}/pytorch_model.bin`,
    ),
  "PyTorch files in bfloat16": copyShards,
  "safetensors in two files": writeShards,
  "safetensors in float16": writeHalves("F16"),
  "safetensors in bfloat16": writeHalves("BF16"),
};

for (const [layout, write] of Object.entries(LAYOUTS)) {
  Deno.test(`loadTextEncoder() gives the reference's states of a T5 in ${layout}`, async () => {
    const { config, prompts, mask, states } = await published();
    await withFolder(async (folder) => {
      await Deno.copyFile(
        `${TESTDATA}unigram.model`,
        `${folder}/spiece.model`,
      );
      await Deno.writeTextFile(`${folder}/config.json`, config);
      await write(folder);
      const encoder = await loadTextEncoder(folder, { length: 12 });
      const text = await encodeText(encoder, prompts);
      assert.deepEqual([encoder.length, encoder.width], [12, 16]);
      assert.deepEqual(text.mask, mask);
      const belongs = (_: number, i: number) =>
        mask[Math.floor(i / encoder.width)] === 1;
      assertWithin(
        text.states.filter(belongs),
        states.filter(belongs),
        1e-4,
      );
      assert.deepEqual(textPieces(encoder, "a red fox").at(-1), "</s>");
      await encoder.release();
    });
  });
}

/** The smallest cosine of the states of any text id. */
function leastCosine(
  found: Float32Array,
  wanted: Float32Array,
  width: number,
): number {
  let least = 1;
  for (let at = 0; at < wanted.length; at += width) {
    let [ab, aa, bb] = [0, 0, 0];
    for (let i = at; i < at + width; i++) {
      ab += found[i] * wanted[i];
      aa += found[i] ** 2;
      bb += wanted[i] ** 2;
    }
    least = Math.min(least, ab / Math.sqrt(aa * bb));
  }
  return least;
}

Deno.test("a T5 in few bits keeps its states' directions, whatever a batch holds beside a text", async () => {
  // T5-small but for the number of text ids
  const config = { ...T5_SIZES.small, vocabulary: 2048 };
  const [batch, length] = [2, 16];
  const ids = Int32Array.from(
    { length: batch * length },
    (_, i) => i * 997 % config.vocabulary,
  );
  const mask = new Float32Array(ids.length).fill(1);
  mask.fill(0, length + 9);
  await withFolder(async (folder) => {
    await writeRandomT5(folder, config);
    const run = async (precision: Precision) => {
      const cache = `${folder}/cache`;
      const network = await loadTextModel(folder, {
        length,
        precision,
        cache,
      });
      const { states: both } = await network.encode(ids, mask);
      const [first, second] = await Promise.all([0, 1].map((row) => {
        const own = [row * length, (row + 1) * length] as const;
        return network.encode(ids.slice(...own), mask.slice(...own))
          .then(({ states }) => states);
      }));
      await network.release();
      assert.deepEqual(both.slice(0, first.length), first);
      assert.deepEqual(both.slice(first.length), second);
      return both.subarray(0, (length + 9) * config.width);
    };
    const wanted = await run("fp32");
    const bars = { int8: 0.999, int4: 0.99 } as const;
    for (const precision of ["int8", "int4"] as const) {
      const cosine = leastCosine(await run(precision), wanted, config.width);
      assert.ok(cosine >= bars[precision], `${precision}: ${cosine}`);
      assert.ok(cosine < 1 - 1e-7, `${precision} is not in few bits`);
    }
    assert.equal(contents(`${folder}/cache`).length, 2);
  });
});

Deno.test("loadTextModel() reads a published T5 of random weights from several files", async () => {
  const config = {
    ...T5_SIZES.small,
    ...{ vocabulary: 64, width: 32, layers: 2, heads: 2, hidden: 48 },
  };
  const ids = Int32Array.of(3, 9, 5, 1);
  const mask = new Float32Array(4).fill(1);
  const results: Float32Array[] = [];
  for (const shards of [1, 3]) {
    await withFolder(async (folder) => {
      const parameters = await writeRandomT5(folder, config, { shards });
      // Tables, 4 matrices of attention and 3 others a layer, and norms
      assert.equal(
        parameters,
        64 * 32 + 32 * 2 + 2 * (4 * 32 * 128 + 3 * 32 * 48 + 2 * 32) + 32,
      );
      assert.equal(contents(folder).length, shards === 1 ? 2 : 5);
      const network = await loadTextModel(folder, { length: 4 });
      results.push((await network.encode(ids, mask)).states);
      await network.release();
    });
  }
  assert.deepEqual(results[0], results[1]);
  assert.ok(results[0].every(Number.isFinite));
});

Deno.test("loadTextEncoder() names a network that it doesn't know", async () => {
  await withFolder(async (folder) => {
    await Deno.copyFile(`${TESTDATA}unigram.model`, `${folder}/spiece.model`);
    await Deno.writeTextFile(`${folder}/config.json`, '{"model_type":"umt5"}');
    await assert.rejects(
      loadTextEncoder(folder),
      /its config\.json has the model_type "umt5", wanted bert or t5/,
    );
  });
});
