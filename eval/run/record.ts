/**
 * What the files of an evaluation run say. A run is a folder:
 *
 * - `run.json`, {@linkcode RunRecord}: everything that determines the numbers.
 * - `samples.jsonl`, a {@linkcode Sample} a line: what picture i is of.
 * - `images/000012.png`, picture 12, unless the pictures are another system's.
 * - `features/samples/NETWORK/000003.safetensors`, what a network says of the
 *   pictures of a block, and `features/reference/…` of the reference.
 * - `metrics.json`, {@linkcode RunMetrics}: the figures.
 * - `scores.json`, {@linkcode RunScores}: numbers of each picture.
 * - `left_out.jsonl`, a {@linkcode LeftOutLine} a line: what couldn't be used.
 * - `report.html`, a page of all of it (report.ts).
 * - `reference.npz`, where the reference is statistics of other programs.
 *
 * `metrics.json` comes last but for the page: where it is, the run is complete.
 * A part of a run (`--shard`) has none of metrics, scores and page.
 */

import { z } from "zod";

const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}(\+[0-9a-f]{64})*$/);
/** Choices by name, as a person would write them. */
const choices = z.record(z.string(), z.union([z.string(), z.number()]));

/** Where the pictures are from. */
const source = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("model"),
    name: z.string(),
    /** Over the hashes of its weights. */
    hash: z.string(),
    /** Settings of the decode, in the form that the options take. */
    settings: choices,
    /** Pixels. */
    width: count,
    height: count,
    precision: z.string(),
  }),
  z.strictObject({
    kind: z.literal("images"),
    /** The folder, as it was given. */
    path: z.string(),
    /** Over the pictures' bytes. */
    hash: sha256,
  }),
]);

/** A network that looks at the pictures, and how it is shown them. */
const network = z.strictObject({
  /** Of its folder, such as "inception", "clip-vit-base-patch32", "probe". */
  name: z.string(),
  /** Which features: "inception", "clip", "dinov2" or "probe". */
  kind: z.string(),
  /** Of its weights. */
  hash: z.string(),
  /** How pictures are prepared for it. */
  resize: z.string(),
});

/** What the pictures are compared with. */
const reference = z.strictObject({
  /** Statistics lie beside the record, as `reference.npz`. */
  kind: z.enum(["pictures", "statistics"]),
  /** In words. */
  name: z.string(),
  /** Over names, captions and sizes of its pictures, or its statistics. */
  hash: z.string(),
  /** Pictures; those that can't be read count too. */
  count: count.optional(),
});

const shard = z.strictObject({ index: z.int().min(1), count: z.int().min(1) });

/** `run.json`. */
export const runRecord = z.strictObject({
  format: z.literal("muselab run"),
  version: z.literal(1),
  /** "emoji", "coco", "cc3m" … */
  protocol: z.string(),
  source,
  samples: z.strictObject({
    count,
    /** Picture i is drawn by `seed + i`. */
    seed: count,
    /** Over ids, prompts and seeds, in their order. */
    hash: sha256,
  }),
  reference: reference.optional(),
  /** The protocol's choices: crop, size, which captions … */
  settings: choices,
  networks: z.array(network),
  /** The figures that are computed, each in whose way. */
  metrics: z.array(z.strictObject({
    metric: z.string(),
    network: z.string(),
    convention: z.string(),
  })),
  /** Pictures of a block: block b has those from b·block on. */
  block: z.int().min(1),
  /** Which part this is, if it isn't the whole. */
  shard: shard.optional(),
  /** Of the programs that compute. */
  versions: z.record(z.string(), z.string()),
});
/** What determines the numbers of a run. */
export type RunRecord = z.infer<typeof runRecord>;
/** Which part of a run: `index` from 1 to `count`. */
export type Shard = z.infer<typeof shard>;

/** A line of `samples.jsonl`. */
export const sample = z.strictObject({
  /** Its number, i. */
  index: count,
  /** What the data set calls it, such as "COCO_val2014_000000000042.jpg". */
  id: z.string(),
  /** Of which the picture is drawn. */
  caption: z.string(),
  /** By which it is drawn. */
  seed: count,
  /** Another system's picture; those of a model are below `images`. */
  file: z.string().optional(),
});
/** One picture of a run, before it is drawn. */
export type Sample = z.infer<typeof sample>;

const setRecord = z.object({
  name: z.string(),
  hash: z.string(),
  count: count.optional(),
  width: count,
  /** Whose features they are, by which weights, and how pictures were resized. */
  network: z.string().optional(),
  weights: z.string().optional(),
  resize: z.string().optional(),
});

/** One figure, with everything that it depends on: a `MetricFigure` and more. */
export const runFigure = z.object({
  /** What it is called, such as "FID". */
  title: z.string(),
  /** By which it is asked for, such as "fid", "clip-score", "judge". */
  metric: z.string(),
  /** The program in whose way it was computed. */
  convention: z.string(),
  value: z.number(),
  /** Its standard error, where it is a mean over pictures. */
  error: z.number().optional(),
  /** Over subsets or splits, where there are any. */
  deviation: z.number().optional(),
  /** Where it lies with 95% confidence. */
  interval: z.object({ low: z.number(), high: z.number() }).optional(),
  /** What pictures come to that have nothing to do with their captions. */
  chance: z.number().optional(),
  /** The same figure of the reference: what could be reached. */
  ofReference: z.number().optional(),
  samples: setRecord,
  reference: setRecord.optional(),
  settings: choices,
  notes: z.array(z.string()),
});
/** One figure. */
export type RunFigure = z.infer<typeof runFigure>;

/** `metrics.json`. */
export const runMetrics = z.strictObject({
  format: z.literal("muselab metrics"),
  version: z.literal(1),
  /** SHA-256 of `run.json` without its shard. */
  run: sha256,
  figures: z.array(runFigure),
  /** How many pictures of the reference and of the set couldn't be used. */
  leftOut: count,
});
/** The figures of a run. */
export type RunMetrics = z.infer<typeof runMetrics>;

/** `scores.json`. */
export const runScores = z.strictObject({
  format: z.literal("muselab scores"),
  version: z.literal(1),
  scores: z.array(z.strictObject({
    /** Such as "clip-score clip-vit-base-patch32". */
    name: z.string(),
    /** What it is called, such as "CLIP score, ViT-B/32". */
    title: z.string(),
    better: z.enum(["higher", "lower"]),
    /** One a picture, in the order of `samples.jsonl`. */
    values: z.array(z.number()),
  })),
});
/** Numbers of each picture. */
export type RunScores = z.infer<typeof runScores>;

/** A line of `left_out.jsonl`. */
export const leftOutLine = z.strictObject({
  name: z.string(),
  /** In words. */
  reason: z.string(),
});
/** Something of the data set that couldn't be used. */
export type LeftOutLine = z.infer<typeof leftOutLine>;

/** Names of a run's files. */
export const RUN_FILES = {
  run: "run.json",
  samples: "samples.jsonl",
  images: "images",
  features: "features",
  metrics: "metrics.json",
  scores: "scores.json",
  leftOut: "left_out.jsonl",
  statistics: "reference.npz",
} as const;

/** The file of picture i below `images`, such as "000012.png". */
export function imageName(index: number): string {
  return `${String(index).padStart(6, "0")}.png`;
}
