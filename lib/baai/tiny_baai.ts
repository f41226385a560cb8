/** A tiny one of baaivision's Muses in a folder, for tests. */

import { join } from "node:path";
import { writeRandomWeights } from "../run/random_weights.ts";
import { contents } from "../run/temp_folder.ts";
import { bothDirections } from "../vqgan/model.ts";
import { TAMING_CONFIGS } from "../vqgan/taming_config.ts";
import { tamingNetworks } from "../vqgan/taming_network.ts";
import { baaiFiles } from "./files.ts";

/** Folder of the fixtures: see `make_baai.py` there. */
export const TESTDATA: string = new URL("testdata", import.meta.url).pathname;

/** Its tokenizer: that of the published model, with fewer channels and codes. */
const TOKENIZER = {
  ...TAMING_CONFIGS["mage-vqgan"],
  channels: [32, 32, 32, 32, 32],
  encoderBlocks: 1,
  decoderBlocks: 1,
  codeWidth: 4,
  latentWidth: 4,
  codes: 24,
};

/** Writes what the reference made, and a tokenizer of random weights. */
export async function writeTinyBaai(folder: string): Promise<void> {
  const tiny = join(TESTDATA, "tiny");
  for (const path of contents(tiny)) {
    const from = join(tiny, path);
    if (!(await Deno.stat(from)).isFile) continue;
    const to = join(folder, path);
    await Deno.mkdir(join(to, ".."), { recursive: true });
    await Deno.copyFile(from, to);
  }
  const small = { ...TOKENIZER, imageSize: 16 };
  const outputs = bothDirections(small, tamingNetworks(small));
  await writeRandomWeights(baaiFiles(folder).tokenizer, outputs, "tiny");
}
