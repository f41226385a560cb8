/** The metrics of a protocol of pairs, and the networks that they need. */

import type { FeatureName } from "../../eval/extract/extractor.ts";
import { resizesOf } from "../../eval/extract/extractor.ts";
import {
  CLIP_SCORE_CONVENTIONS,
  type ClipScoreProgram,
} from "../../eval/metrics/clip_score.ts";
import { METRICS } from "../../eval/metrics/metric_table.ts";
import type { MetricName } from "../../eval/metrics/metric_figure.ts";
import type { MetricRecord } from "../../eval/run/record_types.ts";
import { PROGRAM_RESIZES } from "../../eval/networks/inception_pixels.ts";
import { CLIP_CHECKPOINTS } from "./checkpoint_path.ts";
import { readConvention } from "./eval_convention.ts";
import { checkNetworkNames, networkName } from "./network_names.ts";
import { readKnown, readKnownList } from "./values.ts";

/** A network by the name of its checkpoint, or its path. */
export interface NamedNetwork {
  /** In the run. */
  readonly name: string;
  readonly kind: FeatureName;
  /** As it was given. */
  readonly given: string;
  readonly option: string;
  readonly resize: string;
  /** Whether CLIP reads the captions too. */
  readonly captions?: boolean;
  /** What it reads before each. */
  readonly prefix?: string;
}

/** What is computed, and by what. */
export interface PairMetrics {
  readonly metrics: readonly MetricRecord[];
  readonly networks: readonly NamedNetwork[];
}

/** The options that they are read from, with the networks' names. */
export const NETWORK_DEFAULTS = {
  inception: "fid-inception",
  clip: "b-32,l-14",
  "cmmd-clip": "clip-vit-large-patch14-336",
  dino: "dinov2-vitl14",
} as const;

type NetworkOption = keyof typeof NETWORK_DEFAULTS;

/** Their values and those of what is computed. */
export type MetricValues =
  & { readonly [N in NetworkOption]?: string | undefined }
  & {
    readonly metrics?: string | undefined;
    readonly convention?: string | undefined;
    readonly resize?: string | undefined;
  };

/** A metric of the options: which one it is, of which network's features. */
interface Asked {
  readonly metric: MetricName | "clip-score";
  readonly network: NetworkOption;
}

const ASKED: Readonly<Record<string, Asked>> = {
  "fid": { metric: "fid", network: "inception" },
  "fid-inf": { metric: "fid-inf", network: "inception" },
  "kid": { metric: "kid", network: "inception" },
  "is": { metric: "is", network: "inception" },
  "prdc": { metric: "prdc", network: "inception" },
  "fd-dinov2": { metric: "fd-dinov2", network: "dino" },
  "cmmd": { metric: "cmmd", network: "cmmd-clip" },
  "clip-score": { metric: "clip-score", network: "clip" },
};

/** What metrics there are. */
export const PAIR_METRIC_NAMES: readonly string[] = Object.keys(ASKED);

const KINDS: Readonly<Record<NetworkOption, FeatureName>> = {
  inception: "inception",
  clip: "clip",
  "cmmd-clip": "clip",
  dino: "dinov2",
};

/**
 * Reads them.
 * @throws UsageError
 */
export function readPairMetrics(values: MetricValues): PairMetrics {
  const names = readKnownList(
    "metrics",
    values.metrics ?? "fid,clip-score",
    PAIR_METRIC_NAMES,
  );
  const convention = readConvention(values.convention) ?? "pytorch-fid";
  const resizes = resizesOf("inception");
  // Programs that don't compute FID have no way of their own.
  const resize = readKnown(
    "resize",
    values.resize ?? PROGRAM_RESIZES[convention] ?? resizes[0],
    resizes,
  );
  const program = conventionOf("clip-score", convention) as ClipScoreProgram;
  const { resize: ofClip, prefix } = CLIP_SCORE_CONVENTIONS[program];
  const asked = names.map((name) => ASKED[name]);
  const options = [...new Set(asked.map(({ network }) => network))];
  const ofCaptions = {
    captions: true,
    ...(prefix !== undefined && { prefix }),
  };
  const networks = options.flatMap((option) =>
    networksOf(option, values, {
      inception: { resize },
      clip: { resize: ofClip, ...ofCaptions },
      "cmmd-clip": { resize: "cmmd" },
    })
  );
  return {
    networks,
    metrics: asked.flatMap(({ metric, network }) =>
      networks.filter(({ option }) => option === network)
        .map(({ name }): MetricRecord => ({
          metric,
          network: name,
          convention: conventionOf(metric, convention),
        }))
    ),
  };
}

function conventionOf(metric: Asked["metric"], named: string): string {
  const known = metric === "clip-score"
    ? Object.keys(CLIP_SCORE_CONVENTIONS)
    : METRICS[metric].conventions;
  // Most programs have some of the metrics only.
  return known.includes(named) ? named : known[0];
}

function networksOf(
  option: NetworkOption,
  values: MetricValues,
  ways: Readonly<
    Partial<
      Record<
        NetworkOption,
        Pick<NamedNetwork, "resize" | "captions" | "prefix">
      >
    >
  >,
): NamedNetwork[] {
  const kind = KINDS[option];
  const all = namesOf(values[option] ?? NETWORK_DEFAULTS[option])
    .map((name) => CLIP_CHECKPOINTS[name] ?? name);
  const named = [...new Set(all)]; // b-32 may be named in full as well
  checkNetworkNames(option, named);
  const how = ways[option] ?? { resize: resizesOf(kind)[0] };
  return named.map((given) => {
    const stem = networkName(given);
    return {
      name: option === "cmmd-clip" ? `${stem}-cmmd` : stem,
      ...{ kind, given, option, ...how },
    };
  });
}

function namesOf(list: string): string[] {
  return [...new Set(list.split(",").map((name) => name.trim()))];
}
