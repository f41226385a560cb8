/** Tokenizers from files. */

import { join } from "node:path";
import { checkWeights } from "../run/check_weights.ts";
import { loadWeights } from "../run/load_weights.ts";
import { readNetwork } from "../run/network_metadata.ts";
import { readSafetensorsHeader } from "../run/safetensors.ts";
import type { RunOptions } from "../run/precise_weights.ts";
import { isTorchFile } from "../run/torch_file.ts";
import { parseVqganConfig } from "./config.ts";
import { bothDirections, createTokenizer, type Tokenizer } from "./model.ts";
import { preciseDecoder } from "./precise_decoder.ts";
import { isTaming } from "./taming_config.ts";
import { loadTaming } from "./taming_load.ts";

/**
 * Loads a tokenizer: from a safetensors file that our own trainer wrote, with
 * its configuration in the metadata, or an open VQGAN from its own file (of
 * taming-transformers, MaskGIT or MAGE, as PyTorch's or as safetensors).
 *
 * @param place path of the file, or of a folder with a single file of weights,
 * such as `deno task weights path taming-f16-1024` prints
 * @throws Error if the file is damaged, is not that of a tokenizer, or holds
 * other tensors than the network needs
 */
export async function loadTokenizer(
  place: string,
  run: RunOptions = {},
): Promise<Tokenizer> {
  const path = await onlyFile(place);
  if (await isTorchFile(path)) return await loadTaming(path, run);
  const header = await readSafetensorsHeader(path);
  if (isTaming(header.tensors)) return await loadTaming(path, run);
  const config = parseVqganConfig(readNetwork(header, "tokenizer"), path);
  const own = await loadWeights(path);
  const outputs = bothDirections(config);
  checkWeights(path, own, outputs);
  const weights = await preciseDecoder(outputs, own, run);
  return createTokenizer(config, weights, run);
}

/** The file itself, or the only one of weights in a folder. */
async function onlyFile(place: string): Promise<string> {
  if (!(await Deno.stat(place)).isDirectory) return place;
  const files = [...Deno.readDirSync(place)].map(({ name }) => name)
    .filter((name) => /\.(?:ckpt|bin|pth|pt|safetensors)$/.test(name)).sort();
  if (files.length === 1) return join(place, files[0]);
  throw new Error(
    `Cannot load a tokenizer from the folder ${place}: found ` +
      `${files.join(", ") || "no file of weights"}, wanted a single file of ` +
      `weights; name the file`,
  );
}
