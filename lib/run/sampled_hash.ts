/** What tells weights apart that are too large to be read whole at a start. */

import { createHash } from "node:crypto";
import { readAt } from "./safetensors.ts";

/** Bytes read at a file's beginning, where its tensors are listed. */
const HEAD = 2 ** 18;

/** How many places are read elsewhere, and bytes at each. */
const PLACES = 256;
const PIECE = 2 ** 12;

/**
 * SHA-256, in hexadecimal, over the sizes of files, their beginnings and 256
 * pieces of each, evenly spread. Files that were trained differently differ
 * almost everywhere, so that this tells them apart; files that somebody
 * damaged or forged are for a whole hash to find.
 */
export async function sampledHash(paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths) {
    using file = await Deno.open(path);
    const { size } = await file.stat();
    hash.update(`${size}\n`);
    hash.update(await readAt(file, path, 0, Math.min(HEAD, size)));
    if (size <= HEAD) continue;
    for (let place = 0; place < PLACES; place++) {
      const start = Math.floor(place / PLACES * (size - PIECE));
      hash.update(await readAt(file, path, start, PIECE));
    }
  }
  return hash.digest("hex");
}
