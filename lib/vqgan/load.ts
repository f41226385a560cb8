/** Tokenizers from files. */

import { input } from "../graph/ops.ts";
import { checkWeights } from "../run/check_weights.ts";
import { loadWeights } from "../run/load_weights.ts";
import { readNetwork } from "../run/network_metadata.ts";
import { readSafetensorsHeader } from "../run/safetensors.ts";
import type { ThreadOptions } from "../run/session.ts";
import { gridSize, parseVqganConfig } from "./config.ts";
import { createTokenizer, type Tokenizer } from "./model.ts";
import { pictures, tokens } from "./network.ts";

/**
 * Loads a tokenizer from a safetensors file that our own trainer wrote, with
 * its configuration in the metadata.
 *
 * @throws Error if the file is damaged, is not that of a tokenizer, or holds
 * other tensors than the network needs
 */
export async function loadTokenizer(
  path: string,
  threads: ThreadOptions = {},
): Promise<Tokenizer> {
  const header = await readSafetensorsHeader(path);
  const config = parseVqganConfig(readNetwork(header, "tokenizer"), path);
  const weights = await loadWeights(path);
  const side = config.imageSize;
  const ids = tokens(config, input("pictures", ["1B", 3, side, side]));
  const grid = gridSize(config);
  const rebuilt = pictures(
    config,
    input("ids", ["1B", grid * grid], "int32"),
    grid,
  );
  checkWeights(path, weights, [ids, rebuilt]);
  return createTokenizer(config, weights, threads);
}
