/** Times that others have published, to be shown beside ours. */

/** How long a system takes somewhere. */
export interface PublishedTime {
  readonly system: string;
  /** Side of the pictures in pixels. */
  readonly pixels: number;
  /** Pictures at a time, where it is said. */
  readonly batch?: number;
  /** Decode or denoising steps, where it is said. */
  readonly steps?: number;
  /** For a batch. */
  readonly seconds: number;
  readonly hardware: string;
  readonly source: string;
}

const PAPER = "Muse, table 3, time of a batch of unsaid size";
const TPU = "TPUv4";
const LAMBDA = "A100, Lambda Labs' figure";

/** The paper's table of inference times (arXiv 2301.00704, table 3). */
export const PAPER_TIMES: readonly PublishedTime[] = [
  paper("Imagen", 256, 9.1, TPU),
  paper("Imagen", 1024, 13.3, TPU),
  paper("LDM", 512, 3.7, LAMBDA, 50),
  // The authors took five times the time of 50 steps.
  paper("LDM", 512, 18.5, `${LAMBDA}, times 5`, 250),
  paper("Parti-3B", 256, 6.4, TPU),
  paper("Muse-3B", 256, 0.5, TPU, 24),
  paper("Muse-3B", 512, 1.3, TPU, 24 + 8),
];

function paper(
  system: string,
  pixels: number,
  seconds: number,
  hardware: string,
  steps?: number,
): PublishedTime {
  return { system, pixels, seconds, steps, hardware, source: PAPER };
}

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
export const AMUSED_TIMES: readonly PublishedTime[] = OPEN_MUSE.flatMap(
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

/** All of them. */
export const PUBLISHED_TIMES: readonly PublishedTime[] = [
  ...PAPER_TIMES,
  ...AMUSED_TIMES,
];
