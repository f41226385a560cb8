/** What tells weights apart that lie in one file, or in several. */

import { findWeightFiles } from "../run/weight_files.ts";
import { hashFile } from "./part.ts";

/** SHA-256 of the files of a network's weights, with "+" between several. */
export async function weightsHash(path: string): Promise<string> {
  const hashes: string[] = [];
  for (const file of await findWeightFiles(path)) {
    hashes.push((await hashFile(file.path)).sha256);
  }
  return hashes.join("+");
}
