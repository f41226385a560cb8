/** Open VQGANs from their files. */

import { checkWeights } from "../run/check_weights.ts";
import { loadWeights } from "../run/load_weights.ts";
import type { ThreadOptions } from "../run/session.ts";
import { bothDirections, createTokenizer, type Tokenizer } from "./model.ts";
import { type TamingConfig, tamingConfigOf } from "./taming_config.ts";
import { tamingNetworks } from "./taming_network.ts";

/** Choices when an open VQGAN is loaded. */
export interface TamingOptions extends ThreadOptions {
  /** Its sizes; by default what its tensors tell. */
  readonly config?: TamingConfig;
  /** Pixels a side of the pictures it is used with; by default the config's. */
  readonly imageSize?: number;
}

/**
 * Loads an open VQGAN: a checkpoint of taming-transformers, or what MaskGIT's
 * and MAGE's tokenizers were published as, in PyTorch's form or as safetensors.
 *
 * @throws Error if the file is damaged, or holds other tensors than the network
 * needs
 */
export async function loadTaming(
  path: string,
  { config: given, imageSize, ...threads }: TamingOptions = {},
): Promise<Tokenizer> {
  const weights = await loadWeights(path);
  const own = given ?? tamingConfigOf(weights, path);
  const config = imageSize === undefined ? own : { ...own, imageSize };
  const networks = tamingNetworks(config);
  // Checkpoints hold what they were trained by, the discriminator above all.
  const ofTraining = (name: string) => name.startsWith("loss.");
  const outputs = bothDirections(config, networks);
  checkWeights(path, weights, outputs, ofTraining);
  return createTokenizer(config, weights, threads, networks);
}
