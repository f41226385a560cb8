/**
 * Precision and recall of Kynkäänniemi et al. (arXiv 1904.06991), density and
 * coverage of Naeem et al. (arXiv 2002.09797): whether samples of one set lie
 * in the balls around those of the other, each as large as the distance to its
 * k-th neighbour in its own set.
 */

import type { ThreadOptions } from "../../lib/run/session.ts";
import { checkFeatures, type Features, squaredLengths } from "./features.ts";
import { type RunProgram, withProgram } from "./native.ts";
import { eachTile } from "./tiles.ts";

/** How samples in balls are counted. */
export interface BallCounting {
  /** Neighbours. */
  readonly k: number;
  /** Whether a ball's surface belongs to it. */
  readonly closed: boolean;
}

/** How a program does it. */
export interface PrdcConvention extends BallCounting {
  /** Whose features it counts by, if it has its own network. */
  readonly network?: string;
  /** Which of the figures it has. */
  readonly figures: readonly (keyof Prdc)[];
}

const TWO = ["precision", "recall"] as const;
const THIRD = { k: 3, closed: true, figures: TWO } as const;
const FOUR = [...TWO, "density", "coverage"] as const;

/** Programs that count neighbours. */
export type PrdcProgram =
  | "improved-precision-recall"
  | "torch-fidelity"
  | "guided-diffusion"
  | "stylegan3"
  | "prdc"
  | "dgm-eval";

/**
 * The figures by the programs that publish them. `prdc` takes the features it
 * is given; so does torch-fidelity, whose own are of VGG16.
 */
export const PRDC_CONVENTIONS: Readonly<Record<PrdcProgram, PrdcConvention>> = {
  "guided-diffusion": { ...THIRD, network: "inception" },
  "improved-precision-recall": { ...THIRD, network: "vgg16" },
  "torch-fidelity": { ...THIRD, network: "vgg16" },
  "stylegan3": { ...THIRD, network: "vgg16" },
  "prdc": { k: 5, closed: false, figures: FOUR },
  "dgm-eval": { k: 5, closed: false, figures: FOUR, network: "dinov2" },
};

/** The four figures. */
export interface Prdc {
  /** Share of generated samples within a ball of the reference. */
  readonly precision: number;
  /** Share of the reference's samples within a ball of a generated one. */
  readonly recall: number;
  /** How many balls of the reference a generated sample is in, for k. */
  readonly density: number;
  /** Share of the reference's balls with a generated sample in them. */
  readonly coverage: number;
}

/**
 * Precision, recall, density and coverage of generated samples.
 *
 * @throws RangeError for features that don't fit together, and for k samples or
 * fewer
 */
export async function prdc(
  generated: Features,
  reference: Features,
  { k, closed }: BallCounting,
  threads: ThreadOptions = {},
): Promise<Prdc> {
  checkFeatures(generated, "the generated samples' features");
  checkFeatures(reference, "the reference's features");
  return await withProgram(
    "rowProducts",
    threads,
    (rowProducts) => count(rowProducts, generated, reference, { k, closed }),
  );
}

async function count(
  rowProducts: RunProgram<"rowProducts">,
  generated: Features,
  reference: Features,
  { k, closed }: BallCounting,
): Promise<Prdc> {
  const ofReference = await squaredRadii(rowProducts, reference, k);
  const ofGenerated = await squaredRadii(rowProducts, generated, k);
  const isPrecise = new Uint8Array(generated.count);
  const isRecalled = new Uint8Array(reference.count);
  const isCovered = new Uint8Array(reference.count);
  let inside = 0;
  await eachDistance(rowProducts, generated, reference, (square, i, j) => {
    if (closed ? square <= ofReference[j] : square < ofReference[j]) {
      isPrecise[i] = isCovered[j] = 1;
      inside++;
    }
    if (closed ? square <= ofGenerated[i] : square < ofGenerated[i]) {
      isRecalled[j] = 1;
    }
  });
  return {
    precision: shareOf(isPrecise),
    recall: shareOf(isRecalled),
    density: inside / (k * generated.count),
    coverage: shareOf(isCovered),
  };
}

function shareOf(flags: Uint8Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0) / flags.length;
}

/** The square of the distance from each sample to its k-th neighbour. */
async function squaredRadii(
  rowProducts: RunProgram<"rowProducts">,
  features: Features,
  k: number,
): Promise<Float64Array> {
  const { count } = features;
  if (count <= k) {
    throw new RangeError(
      `Cannot find ${k} neighbours: found ${count} samples, wanted more ` +
        `than ${k}`,
    );
  }
  const nearest = new Float64Array(count * k).fill(Infinity); // rising
  await eachDistance(rowProducts, features, features, (square, i, j) => {
    if (i === j) return;
    const last = (i + 1) * k - 1;
    if (square >= nearest[last]) return;
    let at = last;
    for (; at > i * k && nearest[at - 1] > square; at--) {
      nearest[at] = nearest[at - 1];
    }
    nearest[at] = square;
  });
  return Float64Array.from(
    { length: count },
    (_, i) => nearest[(i + 1) * k - 1],
  );
}

async function eachDistance(
  rowProducts: RunProgram<"rowProducts">,
  a: Features,
  b: Features,
  visit: (square: number, i: number, j: number) => void,
): Promise<void> {
  const [ofA, ofB] = [squaredLengths(a), squaredLengths(b)];
  await eachTile(rowProducts, a, b, ({ rows, columns, data }, row, column) => {
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++, at++) {
        const square = ofA[row + i] + ofB[column + j] - 2 * data[at];
        visit(Math.max(0, square), row + i, column + j);
      }
    }
  });
}
