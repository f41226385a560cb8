/**
 * CMMD (Jayasumana et al., "Rethinking FID", arXiv 2401.09603): the squared
 * maximum mean discrepancy of CLIP's embeddings of pictures.
 */

import type { ThreadOptions } from "../../lib/run/session.ts";
import { checkFeatures, type Features, normalized } from "./features.ts";
import { type RunProgram, withProgram } from "./native.ts";
import { eachTile } from "./tiles.ts";

/** Width of the Gaussian kernel. */
const SIGMA = 10;
/** So that figures are of a size that one can read. */
const SCALE = 1000;

/**
 * CMMD of embeddings, which need not be of length 1: each is brought to it. The
 * estimate is the biased one, with the diagonals, as the authors' code has it
 * (`cmmd/distance.py`).
 *
 * Patch: in fp64, where that code sums in fp32.
 *
 * @throws RangeError for features that don't fit together, and for an embedding
 * of length 0
 */
export async function cmmd(
  generated: Features,
  reference: Features,
  threads: ThreadOptions = {},
): Promise<number> {
  checkFeatures(generated, "the generated samples' embeddings");
  checkFeatures(reference, "the reference's embeddings");
  const x = normalized(generated);
  const y = normalized(reference);
  return await withProgram("rowProducts", threads, async (rowProducts) => {
    const within = await kernelMean(rowProducts, x, x) +
      await kernelMean(rowProducts, y, y);
    return SCALE * (within - 2 * await kernelMean(rowProducts, x, y));
  });
}

/** The mean of the kernel, less 1. */
async function kernelMean(
  rowProducts: RunProgram<"rowProducts">,
  x: Features,
  y: Features,
): Promise<number> {
  let sum = 0;
  await eachTile(rowProducts, x, y, ({ data }) => {
    // Of unit vectors, |x - y|² is 2 - 2 x·y. Kernels are close to 1, which the
    // three means lose to each other: without it no digits are lost.
    for (const product of data) sum += Math.expm1((product - 1) / SIGMA ** 2);
  });
  return sum / (x.count * y.count);
}
