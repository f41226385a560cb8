/** What `eval coco` and `eval cc3m` take. */

import {
  CAPTION_CHOICES,
  type CaptionChoice,
} from "../../eval/protocols/choose_pairs.ts";
import type { ReferenceChoice } from "../../eval/protocols/pairs.ts";
import { type Crop, CROPS } from "../../eval/protocols/shape.ts";
import { UsageError } from "./errors.ts";
import {
  NETWORK_DEFAULTS,
  PAIR_METRIC_NAMES,
  type PairMetrics,
  readPairMetrics,
} from "./eval_pairs_metrics.ts";
import {
  readRun,
  RUN_ENDING,
  RUN_OPTIONS,
  type RunRequest,
  runUsage,
} from "./eval_run_args.ts";
import { NAMED_SETS } from "./named_sets.ts";
import { readOnlyOptions } from "./options.ts";
import { readKnown, readText, readWhole } from "./values.ts";

/** What a protocol of pairs chooses where nothing is said. */
export interface PairDefaults {
  readonly name: "coco" | "cc3m" | "pairs";
  /** Undefined for all there are. */
  readonly samples: number | undefined;
  /** Undefined for what has none. */
  readonly split: string | undefined;
  readonly captions: CaptionChoice;
  readonly crop: Crop;
  /** Said of it in its help. */
  readonly about: string;
}

/** The checked command line. */
export interface PairRequest extends PairMetrics {
  readonly run: RunRequest;
  readonly samples: number | undefined;
  /** A folder, a file, or nothing for its own folder. */
  readonly data: string | undefined;
  /** Empty for what has none. */
  readonly split: string;
  readonly captions: CaptionChoice;
  /** A file of ids. */
  readonly ids: string | undefined;
  /** Or what `eval fid` takes, by a path or a name. */
  readonly reference: ReferenceChoice | { readonly named: string };
  readonly crop: Crop;
  readonly side: number;
}

/** The model whose figures are published for these data sets. */
const MODEL = "amused-256";
const SIDE = 256;

/** The options of both. */
export const PAIR_OPTIONS = {
  ...RUN_OPTIONS,
  data: "value",
  split: "value",
  captions: "value",
  ids: "value",
  reference: "value",
  crop: "value",
  side: "value",
  metrics: "value",
  convention: "value",
  resize: "value",
  inception: "value",
  clip: "value",
  "cmmd-clip": "value",
  dino: "value",
} as const;

function usage(defaults: PairDefaults): string {
  const { name, samples, split, captions, crop, about } = defaults;
  return `Usage: eval ${name} [options]

${about}

${runUsage(samples === undefined ? "all" : String(samples), MODEL)}
${
    split === undefined ? "  --data PATH             of the data set" : `\
  --data PATH             of the data set, its archives packed or not ($XDG_CACHE_HOME/
                          muselab/datasets/${name})
  --split NAME            of it (${split})`
  }
  --captions WHICH        of a picture: seed, chosen by the seed; first; or all,
                          each of which is drawn (${captions})
  --ids FILE              a published list in place of what the seed chooses: a
                          .txt of ids, a .csv, .json or .jsonl with image_id and
                          perhaps caption
  --reference WHICH       all pictures of the set, the same ones that are drawn; or
                          other pictures or an .npz of statistics, by a path, by
                          the name of a set (${NAMED_SETS.join(", ")})
                          or by the one that \`eval stats --name\` has given (all)
  --crop HOW              of pictures that are no squares: centre, squash or none
                          (${crop})
  --side N                pixels a side of all pictures, by Pillow's bicubic (${SIDE})
  --metrics LIST          of ${PAIR_METRIC_NAMES.join(", ")}
                          (fid,clip-score)
  --convention NAME       computes as this program does (pytorch-fid)
  --resize NAME           for Inception: torch, tf1, clean or torchmetrics (as the
                          convention does)
  --inception FILE        its weights (${NETWORK_DEFAULTS.inception})
  --clip LIST             that score: b-32, l-14, l-14-336, a folder or a file
                          (${NETWORK_DEFAULTS.clip})
  --cmmd-clip NAME        of cmmd (${NETWORK_DEFAULTS["cmmd-clip"]})
  --dino NAME             of fd-dinov2 (${NETWORK_DEFAULTS.dino})

${RUN_ENDING}
`;
}

/**
 * Reads and checks the command line.
 * @returns undefined when help was asked for
 * @throws UsageError
 */
export function readPairRequest(
  args: string[],
  defaults: PairDefaults,
): PairRequest | undefined {
  const { name } = defaults;
  const values = readOnlyOptions(
    `eval ${name}`,
    usage(defaults),
    PAIR_OPTIONS,
    args,
  );
  if (!values) return undefined;
  const run = readRun(values, { model: MODEL, small: false });
  if (run.pictures.kind === "model" && run.model === "mini") {
    throw new UsageError(
      `mini draws scenes of emoji, of which these captions say nothing; name ` +
        `another model.`,
    );
  }
  if (values.split !== undefined && defaults.split === undefined) {
    throw new UsageError("--split is for coco and cc3m.");
  }
  const captions = readKnown(
    "captions",
    values.captions ?? defaults.captions,
    CAPTION_CHOICES,
  );
  const crops = Object.keys(CROPS) as Crop[];
  return {
    run,
    samples: run.samples ?? (values.ids ? undefined : defaults.samples),
    data: readText("data", values.data),
    split: readText("split", values.split) ?? defaults.split ?? "",
    captions,
    ids: readText("ids", values.ids),
    reference: readReference(values.reference ?? "all"),
    crop: readKnown("crop", values.crop ?? defaults.crop, crops),
    side: readWhole("side", values.side ?? String(SIDE), 8, 4096),
    ...readPairMetrics(values),
  };
}

function readReference(text: string): PairRequest["reference"] {
  if (text === "all" || text === "same") return text;
  const named = readText("reference", text)!;
  return { named };
}
