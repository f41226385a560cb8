/** Open VQGANs from their files. */

import { checkWeights } from "../run/check_weights.ts";
import { loadWeights } from "../run/load_weights.ts";
import type { RunOptions } from "../run/precise_weights.ts";
import { bothDirections, createTokenizer, type Tokenizer } from "./model.ts";
import { preciseDecoder } from "./precise_decoder.ts";
import { type TamingConfig, tamingConfigOf } from "./taming_config.ts";
import { tamingNetworks } from "./taming_network.ts";

/** Choices when an open VQGAN is loaded. */
export interface TamingOptions extends RunOptions {
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
  { config: given, imageSize, ...run }: TamingOptions = {},
): Promise<Tokenizer> {
  const own = await loadWeights(path);
  const sizes = given ?? tamingConfigOf(own, path);
  const config = imageSize === undefined ? sizes : { ...sizes, imageSize };
  const networks = tamingNetworks(config);
  // Checkpoints hold what they were trained by, the discriminator above all.
  const ofTraining = (name: string) => name.startsWith("loss.");
  const outputs = bothDirections(config, networks);
  checkWeights(path, own, outputs, ofTraining);
  const weights = await preciseDecoder(outputs, own, run);
  return createTokenizer(config, weights, run, networks);
}
