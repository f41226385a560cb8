/**
 * Kernel Inception distance (Bińkowski et al., "Demystifying MMD GANs", 2018):
 * the squared maximum mean discrepancy of subsets, by the kernel
 * (x·y / width + 1)³.
 */

import type { ThreadOptions } from "../../lib/run/session.ts";
import { checkFeatures, type Features, pickRows } from "./features.ts";
import { type RunProgram, withProgram } from "./native.ts";
import {
  type DrawPermutation,
  numpyPermutations,
  torchPermutations,
} from "./permutation.ts";
import { type Spread, spreadOf } from "./spread.ts";
import { eachTile } from "./tiles.ts";

/** How a program computes KID. */
export interface KidConvention {
  /** Pairs of subsets. */
  readonly subsets: number;
  /** Samples of each. */
  readonly size: number;
  /** What happens to sets of fewer samples: an error, or smaller subsets. */
  readonly whenFewer: "refuse" | "shrink";
  /** Whose subset is drawn first. */
  readonly first: "generated" | "reference";
  /** What draws them. */
  readonly draws: (seed: number) => DrawPermutation;
  /** The seed, unless another is asked for. */
  readonly seed: number;
}

/** Programs that compute KID. */
export type KidProgram =
  | "torch-fidelity"
  | "clean-fid"
  | "torchmetrics"
  | "dgm-eval";

/**
 * KID by the programs whose figures are published. Those without a seed of
 * their own draw as they do after `np.random.seed(0)`, `torch.manual_seed(0)`.
 */
export const KID_CONVENTIONS: Readonly<Record<KidProgram, KidConvention>> = {
  "torch-fidelity": {
    subsets: 100,
    size: 1000,
    whenFewer: "refuse",
    first: "generated",
    draws: numpyPermutations,
    seed: 2020,
  },
  "clean-fid": {
    subsets: 100,
    size: 1000,
    whenFewer: "shrink",
    first: "reference",
    draws: numpyPermutations,
    seed: 0,
  },
  "torchmetrics": {
    subsets: 100,
    size: 1000,
    whenFewer: "refuse",
    first: "reference",
    draws: torchPermutations,
    seed: 0,
  },
  "dgm-eval": {
    subsets: 100,
    size: 1000,
    whenFewer: "shrink",
    first: "reference",
    draws: numpyPermutations,
    seed: 13579,
  },
};

/** What the user may choose. */
export interface KidOptions extends ThreadOptions {
  /** Another seed than the convention's. */
  readonly seed?: number;
  /** Another number of subsets. */
  readonly subsets?: number;
  /** Another size of subsets. */
  readonly size?: number;
}

/**
 * KID of generated samples: its mean over subsets, and their deviation (of all
 * of them, as `np.std`).
 *
 * @throws RangeError for features that don't fit together, or too few
 */
export async function kid(
  generated: Features,
  reference: Features,
  convention: KidConvention,
  options: KidOptions = {},
): Promise<Spread> {
  checkFeatures(generated, "the generated samples' features");
  checkFeatures(reference, "the reference's features");
  const { first, draws } = convention;
  const { subsets = convention.subsets, seed = convention.seed } = options;
  const size = subsetSize(generated, reference, convention, options);
  const draw = draws(seed);
  const pick = (features: Features) =>
    pickRows(features, draw(features.count).subarray(0, size));
  const [one, other] = first === "generated"
    ? [generated, reference]
    : [reference, generated];
  return await withProgram("rowProducts", options, async (rowProducts) => {
    const values: number[] = [];
    for (let i = 0; i < subsets; i++) {
      const x = pick(one);
      values.push(await polynomialMmd(rowProducts, x, pick(other)));
    }
    return spreadOf(values, 0);
  });
}

/**
 * How many samples a subset has.
 *
 * @throws RangeError if there are too few
 */
export function subsetSize(
  generated: Features,
  reference: Features,
  convention: KidConvention,
  { size = convention.size }: KidOptions,
): number {
  const fewest = Math.min(generated.count, reference.count);
  const found = convention.whenFewer === "shrink"
    ? Math.min(size, fewest)
    : size;
  if (found > fewest || found < 2) {
    throw new RangeError(
      `Cannot draw subsets of ${size} from ${fewest} samples; ask for ` +
        `smaller subsets, of at least 2`,
    );
  }
  return found;
}

/**
 * The unbiased estimate of the squared discrepancy of two sets of equal size;
 * it may be negative.
 */
export async function polynomialMmd(
  rowProducts: RunProgram<"rowProducts">,
  x: Features,
  y: Features,
): Promise<number> {
  const m = x.count;
  const within = await kernelSum(rowProducts, x, x, "off the diagonal") +
    await kernelSum(rowProducts, y, y, "off the diagonal");
  const between = await kernelSum(rowProducts, x, y, "all");
  return within / (m * (m - 1)) - 2 * between / (m * m);
}

async function kernelSum(
  rowProducts: RunProgram<"rowProducts">,
  x: Features,
  y: Features,
  which: "all" | "off the diagonal",
): Promise<number> {
  let sum = 0;
  await eachTile(rowProducts, x, y, ({ rows, columns, data }, row, column) => {
    for (let i = 0, at = 0; i < rows; i++) {
      const skipped = which === "all" ? -1 : row + i - column;
      for (let j = 0; j < columns; j++, at++) {
        if (j !== skipped) sum += (data[at] / x.width + 1) ** 3;
      }
    }
  });
  return sum;
}
