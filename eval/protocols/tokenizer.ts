/**
 * The protocol of tokenizers: real pictures as they come back from their
 * tokens, compared with themselves.
 */

import {
  fromPlanarBatch,
  type Picture,
  writePlanar,
} from "../../lib/image/picture.ts";
import type { Tokenizer } from "../../lib/vqgan/model.ts";
import { psnr, ssim } from "../metrics/ssim.ts";
import type { Extractor } from "../run/features.ts";
import type { MetricRecord } from "../run/record_types.ts";
import type { Draw } from "../run/images.ts";
import type { ReadPicture } from "../run/picture_source.ts";
import type { NetworkRecord } from "../run/record_types.ts";

/** The name of the tokenizer among a run's networks. */
export const TOKENIZER = "tokenizer";

/** What is computed of the pixels and of the tokens. */
export const TOKENIZER_METRICS: readonly MetricRecord[] = [
  { metric: "psnr", network: TOKENIZER, convention: "8 bits" },
  { metric: "ssim", network: TOKENIZER, convention: "gaussian 11, 1.5" },
  { metric: "codes-used", network: TOKENIZER, convention: "share" },
  { metric: "code-perplexity", network: TOKENIZER, convention: "2^entropy" },
];

/** Reads a picture that has to be there. @throws Error if it can't be read */
async function original(read: ReadPicture, index: number): Promise<Picture> {
  const found = await read(index);
  if (!("reason" in found)) return found;
  throw new Error(
    `Cannot rebuild ${found.name}: ${found.reason}; take it out of the data ` +
      `set`,
  );
}

async function readPlanar(
  read: ReadPicture,
  indices: readonly number[],
  side: number,
): Promise<{ readonly all: Picture[]; readonly pixels: Float32Array }> {
  const size = 3 * side * side;
  const all: Picture[] = [];
  const pixels = new Float32Array(indices.length * size); // [B,3,H,W]
  for (const [i, index] of indices.entries()) {
    all.push(await original(read, index));
    writePlanar(all[i], pixels.subarray(i * size, (i + 1) * size));
  }
  return { all, pixels };
}

/** Draws samples as the tokenizer rebuilds them, from pictures of `side`. */
export function rebuilder(
  tokenizer: Tokenizer,
  side: number,
  read: ReadPicture,
): Draw {
  return async (samples) => {
    const indices = samples.map(({ index }) => index);
    const { pixels } = await readPlanar(read, indices, side);
    const ids = await tokenizer.encode(pixels, [side, side]);
    const grid = Math.sqrt(ids.length / samples.length);
    const again = await tokenizer.decode(ids, [grid, grid]);
    return fromPlanarBatch(again, side, side);
  };
}

/** PSNR, SSIM and tokens of every picture. */
export function tokenizerExtractor(
  tokenizer: Tokenizer,
  network: NetworkRecord,
  side: number,
  read: ReadPicture,
): Extractor {
  return {
    network,
    async extract(seen) {
      const indices = seen.map(({ index }) => index);
      const { all, pixels } = await readPlanar(read, indices, side);
      const ids = await tokenizer.encode(pixels, [side, side]);
      const count = seen.length;
      const data = Float32Array.from(
        seen.flatMap(({ picture }, i) => [
          psnr(all[i], picture),
          ssim(all[i], picture),
        ]),
      );
      return {
        rows: {
          features: { count, width: 2, data },
          tokens: {
            count,
            width: ids.length / count,
            data: Float32Array.from(ids), // codes are few enough for that
          },
        },
      };
    },
  };
}
