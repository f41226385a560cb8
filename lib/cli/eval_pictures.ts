/** `eval fid` of pictures: which networks look at which set, and how. */

import {
  type Extractor,
  FEATURE_NAMES,
  type FeatureName,
  resizesOf,
} from "../../eval/extract/extractor.ts";
import {
  type CompareOptions,
  compareSets,
  networkOf,
} from "../../eval/metrics/compare.ts";
import type {
  MetricFigure,
  MetricName,
} from "../../eval/metrics/metric_figure.ts";
import {
  type SampleSet,
  writeFeatures,
} from "../../eval/metrics/sample_set.ts";
import { PROGRAM_RESIZES } from "../../eval/networks/inception_pixels.ts";
import type { Source } from "../../eval/source.ts";
import { UsageError } from "./errors.ts";
import {
  brokenText,
  type FeatureRequest,
  lookWithStatus,
  openFeatures,
} from "./feature_args.ts";

/** How sets are compared. */
export interface PictureComparison {
  readonly options: CompareOptions;
  readonly request: FeatureRequest;
  /** Where what the network said of the samples is kept. */
  readonly saved?: string;
}

/**
 * Compares sets of which one at least is of pictures: each network looks at
 * them once, for all metrics that take its features.
 *
 * @throws UsageError if options for one network are given, and several are
 * needed
 */
export async function comparePictures(
  samples: Source,
  reference: Source,
  metrics: readonly MetricName[],
  { options, request, saved }: PictureComparison,
): Promise<readonly MetricFigure[]> {
  const known = [samples, reference].flatMap((source) =>
    source.kind === "numbers" ? source.set : []
  );
  const usual = request.features ?? known.map(nameOf).find(Boolean) ??
    "inception";
  const plans = Map.groupBy(
    metrics,
    (metric) => (networkOf(metric) as FeatureName | undefined) ?? usual,
  );
  checkPlans([...plans.keys()], samples, request, saved);
  const figures: MetricFigure[] = [];
  for (const [network, some] of plans) {
    const resize = request.resize ?? usualResize(network, some, known, options);
    const extractor = await openFeatures(network, {
      ...request,
      ...(resize === undefined ? {} : { resize }),
    });
    try {
      const sets: SampleSet[] = [];
      for (const source of [samples, reference]) {
        sets.push(await numbersOf(source, extractor, request));
      }
      const [ofSamples, ofReference] = sets;
      if (saved !== undefined) {
        await writeFeatures(saved, ofSamples, extractor.record);
      }
      figures.push(...await compareSets(ofSamples, ofReference, some, options));
    } finally {
      await extractor.release();
    }
  }
  return figures;
}

const nameOf = ({ network }: SampleSet) =>
  FEATURE_NAMES.find((name) => name === network);

function checkPlans(
  networks: readonly FeatureName[],
  samples: Source,
  { resize, weights }: FeatureRequest,
  saved: string | undefined,
): void {
  const given = Object.entries({ resize, weights, "save-features": saved })
    .find(([, value]) => value !== undefined);
  if (networks.length > 1 && given) {
    throw new UsageError(
      `--${given[0]} is of one network, and the metrics take features of ` +
        `${networks.join(" and ")}; compute them one by one.`,
    );
  }
  if (saved !== undefined && samples.kind === "numbers") {
    throw new UsageError(
      `--save-features is for pictures, and the samples are numbers already.`,
    );
  }
}

/** As what it is compared with was resized, or as the program does. */
function usualResize(
  network: FeatureName,
  metrics: readonly MetricName[],
  known: readonly SampleSet[],
  { convention }: CompareOptions,
): string | undefined {
  const found = known.find((set) => set.network === network)?.resize;
  if (found !== undefined) return found;
  if (network === "clip" && metrics.includes("cmmd")) return "cmmd";
  const resize = PROGRAM_RESIZES[convention ?? ""];
  return resize && resizesOf(network).includes(resize) ? resize : undefined;
}

async function numbersOf(
  source: Source,
  extractor: Extractor,
  request: FeatureRequest,
): Promise<SampleSet> {
  if (source.kind === "numbers") return source.set;
  const { set, broken } = await lookWithStatus(
    extractor,
    source.set,
    request,
  );
  const left = brokenText(set.name, broken);
  if (left !== undefined) console.error(left);
  return set;
}
