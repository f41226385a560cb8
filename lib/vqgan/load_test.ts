import assert from "node:assert/strict";
import { createRng } from "../run/random.ts";
import { weightEntries } from "../run/random_weights.ts";
import { type SafetensorsEntry, writeSafetensors } from "../run/safetensors.ts";
import { withFolder } from "../run/temp_folder.ts";
import type { VqganConfig } from "./config.ts";
import { loadTokenizer } from "./load.ts";
import { randomVqgan, TINY_VQGAN } from "./tiny_vqgan.ts";

/** With every field that a file says. */
const CONFIG: VqganConfig = {
  ...TINY_VQGAN,
  imageSize: 8,
  localEncoder: false,
  decoderWidening: 1,
};
const METADATA = { stage: "tokenizer", network: JSON.stringify(CONFIG) };

Deno.test("loadTokenizer() loads what it should, and names what it should not", () =>
  withFolder(async (folder) => {
    const path = `${folder}/tokenizer.safetensors`;
    const tensors = weightEntries(randomVqgan(CONFIG));
    await writeSafetensors(path, tensors, METADATA);
    const tokenizer = await loadTokenizer(path);
    assert.deepEqual(tokenizer.config, CONFIG);
    const ids = await tokenizer.encode(new Float32Array(3 * 64));
    assert.equal((await tokenizer.decode(ids)).length, 3 * 64);
    await tokenizer.release();

    const odd: [SafetensorsEntry[], Record<string, string>, RegExp][] = [
      [tensors, {}, /doesn't say of which stage/],
      [tensors, { ...METADATA, stage: "base" }, /says it is a base/],
      [
        tensors,
        { ...METADATA, network: "{}" },
        /tokenizer\.safetensors: "imageSize" of its network is undefined/,
      ],
      [tensors.slice(1), METADATA, /1 missing:/],
      [
        [...tensors, { ...tensors[0], name: "other" }],
        METADATA,
        /1 unexpected:\n {2}other/,
      ],
    ];
    for (const [some, metadata, message] of odd) {
      await writeSafetensors(path, some, metadata);
      await assert.rejects(loadTokenizer(path), message);
    }
    await Deno.writeFile(path, (await Deno.readFile(path)).slice(0, 500));
    await assert.rejects(loadTokenizer(path), /tokenizer\.safetensors/);
  }));

Deno.test("loadTokenizer() gives the same tokens in every precision, and other pictures", () =>
  withFolder(async (cache) => {
    const file = "../../weights/mini/tokenizer.safetensors";
    const path = new URL(file, import.meta.url).pathname;
    const pixels = createRng("pixels").fill(new Float32Array(3 * 128 * 128));
    const results = [];
    for (const precision of ["fp32", "fp16-storage", "int8"] as const) {
      const tokenizer = await loadTokenizer(path, { precision, cache });
      const tokens = await tokenizer.encode(pixels);
      results.push({ tokens, pictures: await tokenizer.decode(tokens) });
      await tokenizer.release();
    }
    const [fp32, half, int8] = results;
    assert.deepEqual(half.tokens, fp32.tokens);
    assert.deepEqual(int8.tokens, fp32.tokens);
    assert.notDeepEqual(int8.pictures, fp32.pictures);
  }));
