/** Times that others have published, to be shown beside ours. */

import { TIME_TABLE } from "../report/published.ts";

/** How long a system takes somewhere. */
export interface PublishedTime {
  /** As those who published it call it. */
  readonly system: string;
  /** Side of the pictures in pixels. */
  readonly pixels: number;
  /** Pictures at a time, where it is said. */
  readonly batch?: number;
  /** Decode or denoising steps, where it is said. */
  readonly steps?: number;
  /** For a batch. */
  readonly seconds: number;
  /** What it ran on. */
  readonly hardware: string;
  /** Where it was published. */
  readonly source: string;
}

/** The paper's table of inference times. */
const PAPER_TIMES: readonly PublishedTime[] = TIME_TABLE.rows.map(
  ({ side, ...row }) => ({
    ...row,
    pixels: side,
    source: "the paper, table 3",
  }),
);

/** Milliseconds of aMUSEd by its authors' benchmark, 12 steps. */
const OPEN_MUSE: readonly (readonly [
  hardware: string,
  batch: number,
  pixels256: number,
  pixels512: number,
])[] = [
  ["A100", 1, 508, 572],
  ["A100", 8, 756, 1172],
  ["RTX 4090", 1, 212, 261],
  ["RTX 4090", 8, 574, 898],
];

/**
 * aMUSEd in PyTorch on GPUs (open-muse, benchmark/artifacts/all.csv: medians
 * without xformers).
 */
const AMUSED_TIMES: readonly PublishedTime[] = OPEN_MUSE.flatMap(
  ([hardware, batch, ...times]) =>
    times.map((milliseconds, i) => {
      const pixels = [256, 512][i];
      return {
        system: `aMUSEd-${pixels}`,
        ...{ pixels, batch, hardware, steps: 12 },
        seconds: milliseconds / 1000,
        source: "open-muse's benchmark",
      };
    }),
);

const CPU = "2 cores of an AVX-512 VNNI processor";

/** PyTorch on processors as `mini` is made for, measured for this project. */
const CPU_TIMES: readonly PublishedTime[] = ([
  ["aMUSEd-256, PyTorch float32", 256, 36, 12],
  ["aMUSEd-256, PyTorch bfloat16", 256, 12.5, 12],
  ["its guided step, float32", 256, 2.9, 1],
  ["its guided step, bfloat16", 256, 0.91, 1],
  ["CLIP ViT-L/14, PyTorch 2.13", 224, 1 / 1.04, undefined],
] as const).map(([system, pixels, seconds, steps]) => ({
  ...{ system, pixels, seconds, steps, batch: 1, hardware: CPU },
  source: "diffusers or transformers, measured beforehand",
}));

/** All of them. */
export const PUBLISHED_TIMES: readonly PublishedTime[] = [
  ...PAPER_TIMES,
  ...AMUSED_TIMES,
  ...CPU_TIMES,
];

/** What has to be known of them. */
export const PUBLISHED_CAVEATS: readonly string[] = TIME_TABLE.caveats;
