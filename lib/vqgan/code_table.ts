/** The codes of a tokenizer, as numbers. */

import { readWeightsF32 } from "../run/load_weights.ts";
import { readNetwork } from "../run/network_metadata.ts";
import { readSafetensorsHeader } from "../run/safetensors.ts";
import { parseVqganConfig } from "./config.ts";
import { CODE_TABLE } from "./network.ts";

/** A vector for every code. */
export interface CodeTable {
  /** [K,c], row by row */
  readonly vectors: Float32Array;
  /** c */
  readonly width: number;
  /** Whether the tokenizer compares their directions only. */
  readonly normalized: boolean;
}

/**
 * Reads them from a tokenizer that our own trainer wrote.
 *
 * @throws Error if the file is damaged or not that of a tokenizer
 */
export async function readCodeTable(path: string): Promise<CodeTable> {
  const header = await readSafetensorsHeader(path);
  const config = parseVqganConfig(readNetwork(header, "tokenizer"), path);
  const weights = await readWeightsF32(header);
  return {
    vectors: weights.get(CODE_TABLE)!.data,
    width: config.codeWidth,
    normalized: config.normalizeCodes,
  };
}

/** The vectors; each scaled to length 1 if directions are what counts. */
export function comparedVectors(
  { vectors, width, normalized }: CodeTable,
): Float32Array {
  const rows = vectors.slice();
  for (let start = 0; normalized && start < rows.length; start += width) {
    const row = rows.subarray(start, start + width);
    const length = Math.hypot(...row);
    row.forEach((x, i) => row[i] = x / length);
  }
  return rows;
}
