/** The metrics, each with the programs in whose ways it is computed here. */

import type { ThreadOptions } from "../../lib/run/session.ts";
import { cmmd } from "./cmmd.ts";
import { frechetDistance } from "./frechet.ts";
import {
  frechetInfinity,
  INFINITY_CONVENTIONS,
  type InfinityConvention,
} from "./frechet_infinity.ts";
import {
  INCEPTION_SCORE_CONVENTIONS,
  inceptionScore,
  type InceptionScoreConvention,
} from "./inception_score.ts";
import { kid, KID_CONVENTIONS, type KidConvention, subsetSize } from "./kid.ts";
import type { MetricName } from "./metric_figure.ts";
import type { Gaussian } from "./moments.ts";
import { prdc, PRDC_CONVENTIONS, type PrdcConvention } from "./prdc.ts";
import type { SampleSet } from "./sample_set.ts";

/** Choices of a comparison. */
export interface CompareOptions extends ThreadOptions {
  /** The program whose way is taken; each metric has one by default. */
  readonly convention?: string;
  /** Another seed of subsets than that program's. */
  readonly seed?: number;
  /** Another size of KID's subsets. */
  readonly subsetSize?: number;
}

/** What a metric is given. */
export interface Context {
  readonly samples: SampleSet;
  readonly reference: SampleSet;
  /** Statistics of both, computed where only features were kept. */
  readonly gaussians: (lost: 0 | 1) => Promise<readonly [Gaussian, Gaussian]>;
  readonly convention: string;
  readonly options: CompareOptions;
}

/** What a metric gives before it is a record. */
export interface Measured {
  readonly title: string;
  readonly value: number;
  readonly deviation?: number;
}

/** What of a set a metric looks at. */
export type Part = "statistics" | "features" | "logits";

/** A metric. */
export interface Metric {
  /** The ways it may be computed; the first is the default. */
  readonly conventions: readonly string[];
  /** The defaults of features of a network, where they aren't the first. */
  readonly usual?: Readonly<Record<string, string>>;
  /** The only network whose features it is of; any without. */
  readonly network?: string;
  /** What of the samples it looks at. */
  readonly of: Part;
  /** What of the reference; nothing, if it takes none. */
  readonly against?: Part;
  readonly measure: (context: Context) => Promise<readonly Measured[]>;
  /** Choices that programs make differently. */
  readonly settings: (context: Context) => Record<string, number | string>;
  /** What a reader has to know of it before comparing figures. */
  readonly notes?: (context: Context) => readonly string[];
}

/** Degrees of freedom that the covariance loses, by program. */
const LOST: Readonly<Record<string, 0 | 1>> = {
  "pytorch-fid": 1,
  "clean-fid": 1,
  "torch-fidelity": 1,
  "torchmetrics": 1,
  "guided-diffusion": 1,
  "dgm-eval": 1,
  "stylegan3": 0,
};

const INFINITY: Readonly<Record<string, InfinityConvention>> =
  INFINITY_CONVENTIONS;
const KID: Readonly<Record<string, KidConvention>> = KID_CONVENTIONS;
const SCORE: Readonly<Record<string, InceptionScoreConvention>> =
  INCEPTION_SCORE_CONVENTIONS;
const BALLS: Readonly<Record<string, PrdcConvention>> = PRDC_CONVENTIONS;

/** What a distance of a network's features is called. */
const TITLES: Readonly<Record<string, string>> = {
  inception: "FID",
  clip: "CLIP-FID",
  dinov2: "FD-DINOv2",
  probe: "FD-probe",
};

const titleOf = ({ network }: SampleSet): string =>
  TITLES[network ?? ""] ?? "Fréchet distance";

/** All of them. */
export const METRICS: Readonly<Record<MetricName, Metric>> = {
  "fid": {
    conventions: Object.keys(LOST),
    of: "statistics",
    against: "statistics",
    async measure({ samples, gaussians, convention, options }) {
      const [a, b] = await gaussians(LOST[convention]);
      const value = await frechetDistance(a, b, options);
      return [{ title: titleOf(samples), value }];
    },
    settings: (context) => ({ ddof: ddofOf(context) }),
  },
  "fid-inf": {
    conventions: Object.keys(INFINITY),
    of: "features",
    against: "statistics",
    async measure({ samples, gaussians, convention, options }) {
      const { value } = await frechetInfinity(
        samples.features!,
        (await gaussians(1))[1],
        INFINITY[convention],
        options,
      );
      return [{ title: `${titleOf(samples)} at infinity`, value }];
    },
    settings: ({ options: { seed } }) => ({
      points: 15,
      ...(seed === undefined ? {} : { seed }),
    }),
  },
  "kid": {
    conventions: Object.keys(KID),
    of: "features",
    against: "features",
    async measure({ samples, reference, convention, options }) {
      const found = await kid(
        samples.features!,
        reference.features!,
        KID[convention],
        { ...options, ...chosen(options) },
      );
      const isInception = samples.network === "inception";
      return [{ title: isInception ? "KID" : "Kernel distance", ...found }];
    },
    settings({ samples, reference, convention, options }) {
      const { seed, subsets } = KID[convention];
      const size = subsetSize(
        samples.features!,
        reference.features!,
        KID[convention],
        chosen(options),
      );
      return { seed, subsets, ...chosen(options), size };
    },
  },
  "is": {
    conventions: Object.keys(SCORE),
    of: "logits",
    measure({ samples, convention, options }) {
      const found = inceptionScore(
        samples.logits!,
        SCORE[convention],
        options.seed,
      );
      return Promise.resolve([{ title: "Inception score", ...found }]);
    },
    settings: ({ convention, options }) => ({
      seed: options.seed ?? SCORE[convention].seed,
    }),
  },
  "prdc": {
    conventions: Object.keys(BALLS),
    usual: { dinov2: "dgm-eval" },
    of: "features",
    against: "features",
    async measure({ samples, reference, convention, options }) {
      const found = await prdc(
        samples.features!,
        reference.features!,
        BALLS[convention],
        options,
      );
      return BALLS[convention].figures.map((name) => ({
        title: name[0].toUpperCase() + name.slice(1),
        value: found[name],
      }));
    },
    settings: ({ convention }) => ({ k: BALLS[convention].k }),
    notes: notesOfFeatures,
  },
  "cmmd": {
    conventions: ["cmmd"],
    network: "clip",
    of: "features",
    against: "features",
    async measure({ samples, reference, options }) {
      const value = await cmmd(samples.features!, reference.features!, options);
      return [{ title: "CMMD", value }];
    },
    settings: () => ({ sigma: 10, scale: 1000 }),
  },
  "fd-dinov2": {
    conventions: ["dgm-eval"],
    network: "dinov2",
    of: "statistics",
    against: "statistics",
    async measure({ gaussians, options }) {
      const [a, b] = await gaussians(1);
      const value = await frechetDistance(a, b, options);
      return [{ title: TITLES.dinov2, value }];
    },
    settings: () => ({ ddof: 1 }),
  },
};

function chosen({ seed, subsetSize }: CompareOptions) {
  return {
    ...(seed === undefined ? {} : { seed }),
    ...(subsetSize === undefined ? {} : { size: subsetSize }),
  };
}

/** What the covariances have lost, as far as it can be chosen. */
function ddofOf(
  { samples, reference, convention }: Context,
): number | string {
  const lost = LOST[convention];
  if (lost === 1) return lost; // that of files, too
  const isFixed = ({ statistics }: SampleSet) =>
    statistics !== undefined && statistics.count === undefined;
  const fixed = [
    ...(isFixed(samples) ? ["samples"] : []),
    ...(isFixed(reference) ? ["reference"] : []),
  ];
  if (fixed.length === 0) return lost;
  return fixed.length === 2
    ? "as stored"
    : `${lost}, of the ${fixed[0]} as stored`;
}

/** Neighbours are others among the features of another network. */
function notesOfFeatures({ samples, convention }: Context): string[] {
  const own = BALLS[convention].network;
  const { network } = samples;
  if (own === undefined || network === undefined || network === own) return [];
  return [
    `features: ${convention} counts neighbours among features of ${own}, and ` +
    `these are of ${network}: its own figures can't be compared with them.`,
  ];
}
