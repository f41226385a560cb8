import assert from "node:assert/strict";
import { assertClose } from "../run/assert_close.ts";
import { weightEntries } from "../run/random_weights.ts";
import { writeSafetensors } from "../run/safetensors.ts";
import { withFolder } from "../run/temp_folder.ts";
import { readCodeTable } from "./code_table.ts";
import type { VqganConfig } from "./config.ts";
import { CODE_TABLE } from "./network.ts";
import { randomVqgan, TINY_VQGAN } from "./tiny_vqgan.ts";

/** A tokenizer's file with a code of zeros, and its codes. */
async function writeCodes(
  path: string,
  config: VqganConfig,
): Promise<Float32Array> {
  const weights = randomVqgan(config);
  const codes = weights.get(CODE_TABLE)!.data;
  codes.fill(0, 0, config.codeWidth);
  const metadata = { stage: "tokenizer", network: JSON.stringify(config) };
  await writeSafetensors(path, weightEntries(weights), metadata);
  return codes;
}

Deno.test("readCodeTable() gives the codes as they are, or their directions alone", () =>
  withFolder(async (folder) => {
    const path = `${folder}/tokenizer.safetensors`;
    const width = TINY_VQGAN.codeWidth;
    const plain = { ...TINY_VQGAN, normalizeCodes: false };
    const codes = await writeCodes(path, plain);
    assert.deepEqual(await readCodeTable(path), { vectors: codes, width });
    await writeCodes(path, TINY_VQGAN);
    const { vectors } = await readCodeTable(path);
    for (let at = 0; at < codes.length; at += width) {
      const row = codes.slice(at, at + width);
      const length = at === 0 ? 1 : Math.hypot(...row);
      const wanted = row.map((x) => x / length);
      assertClose(vectors.slice(at, at + width), wanted, 1e-6);
    }
  }));

Deno.test("readCodeTable() reads no other tensor, and names codes that are missing", () =>
  withFolder(async (folder) => {
    const path = `${folder}/tokenizer.safetensors`;
    const network = JSON.stringify(TINY_VQGAN);
    const [codes] = weightEntries(randomVqgan())
      .filter(({ name }) => name === CODE_TABLE);
    const other = { ...codes, name: "other" };
    await writeSafetensors(path, [codes], { stage: "tokenizer", network });
    await readCodeTable(path);
    await writeSafetensors(path, [other], { stage: "tokenizer", network });
    await assert.rejects(
      readCodeTable(path),
      /tokenizer\.safetensors: .*1 missing:\n {2}quantize\.embedding\.weight/s,
    );
  }));
