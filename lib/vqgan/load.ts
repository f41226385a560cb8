/** Tokenizers from files. */

import { input } from "../graph/ops.ts";
import { checkWeights } from "../run/check_weights.ts";
import { loadWeights } from "../run/load_weights.ts";
import { readSafetensorsHeader } from "../run/safetensors.ts";
import { gridSize, type VqganConfig } from "./config.ts";
import { createTokenizer, type Tokenizer } from "./model.ts";
import { pictures, tokens } from "./network.ts";

/**
 * Loads a tokenizer from a safetensors file that carries its configuration in
 * the metadata field `network`.
 *
 * @throws Error if the file is damaged, has no configuration, or holds other
 * tensors than the network needs
 */
export async function loadTokenizer(path: string): Promise<Tokenizer> {
  const { metadata } = await readSafetensorsHeader(path);
  if (metadata.network === undefined) {
    throw new Error(
      `Cannot load the tokenizer ${path}: its metadata has no "network"; ` +
        `write it with \`deno task train tokenizer --export\``,
    );
  }
  const config: VqganConfig = JSON.parse(metadata.network);
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
  return createTokenizer(config, weights);
}
