/** The codes of a tokenizer's file, as numbers. */

import { checkWeights } from "../run/check_weights.ts";
import { loadWeights } from "../run/load_weights.ts";
import { readNetwork } from "../run/network_metadata.ts";
import { runOnce } from "../run/run_once.ts";
import { readSafetensorsHeader } from "../run/safetensors.ts";
import { parseVqganConfig } from "./config.ts";
import { codebook } from "./network.ts";

/** A vector for every code, as latents are compared with them. */
export interface CodeTable {
  /** [K,c], row by row */
  readonly vectors: Float32Array;
  /** c */
  readonly width: number;
}

/**
 * Reads them from a tokenizer that our own trainer wrote.
 *
 * @throws Error if the file is damaged or not that of a tokenizer
 */
export async function readCodeTable(path: string): Promise<CodeTable> {
  const header = await readSafetensorsHeader(path);
  const config = parseVqganConfig(readNetwork(header, "tokenizer"), path);
  const weights = await loadWeights(path);
  const codes = codebook(config);
  checkWeights(path, weights, [codes], () => true);
  const found = await runOnce({ codes }, {}, weights);
  return {
    vectors: found.codes.data as Float32Array,
    width: config.codeWidth,
  };
}
