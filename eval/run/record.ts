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
 * `metrics.json` comes last but for the page: where it is, the run is complete,
 * but for figures that can't be computed of its pictures.
 * A part of a run (`--shard`) has none of metrics, scores and page.
 */

import { z } from "zod";
import type {
  LeftOutLine,
  RunFigure,
  RunMetrics,
  RunRecord,
  RunScores,
  Sample,
} from "./record_types.ts";

export type {
  LeftOutLine,
  NetworkRecord,
  RunFigure,
  RunMetrics,
  RunRecord,
  RunScores,
  Sample,
  Shard,
} from "./record_types.ts";

const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}(\+[0-9a-f]{64})*$/);
const choices = z.record(z.string(), z.union([z.string(), z.number()]));

const source = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("model"),
    name: z.string(),
    hash: z.string(),
    settings: choices,
    width: count,
    height: count,
    precision: z.string(),
  }),
  z.strictObject({
    kind: z.literal("images"),
    path: z.string(),
    hash: sha256,
  }),
]);

const network = z.strictObject({
  name: z.string(),
  kind: z.string(),
  hash: z.string(),
  resize: z.string(),
  prefix: z.string().optional(),
});

const reference = z.strictObject({
  kind: z.enum(["pictures", "statistics"]),
  name: z.string(),
  hash: z.string(),
  count: count.optional(),
});

const shard = z.strictObject({ index: z.int().min(1), count: z.int().min(1) });

/** `run.json`. */
export const runRecord: z.ZodType<RunRecord> = z.strictObject({
  format: z.literal("muselab run"),
  version: z.literal(1),
  protocol: z.string(),
  source,
  samples: z.strictObject({ count, seed: count, hash: sha256 }),
  reference: reference.optional(),
  settings: choices,
  networks: z.array(network),
  metrics: z.array(z.strictObject({
    metric: z.string(),
    network: z.string(),
    convention: z.string(),
  })),
  block: z.int().min(1),
  shard: shard.optional(),
  versions: z.record(z.string(), z.string()),
});

/** A line of `samples.jsonl`. */
export const sample: z.ZodType<Sample> = z.strictObject({
  index: count,
  id: z.string(),
  caption: z.string(),
  seed: count,
  file: z.string().optional(),
});

const setRecord = z.object({
  name: z.string(),
  hash: z.string(),
  count: count.optional(),
  width: count,
  network: z.string().optional(),
  weights: z.string().optional(),
  resize: z.string().optional(),
  precision: z.string().optional(),
});

/** One figure: a `MetricFigure` and more. */
const runFigure: z.ZodType<RunFigure> = z.object({
  title: z.string(),
  metric: z.string(),
  convention: z.string(),
  value: z.number(),
  error: z.number().optional(),
  deviation: z.number().optional(),
  interval: z.object({ low: z.number(), high: z.number() }).optional(),
  chance: z.number().optional(),
  ofReference: z.number().optional(),
  samples: setRecord,
  reference: setRecord.optional(),
  settings: choices,
  notes: z.array(z.string()),
});

/** `metrics.json`. */
export const runMetrics: z.ZodType<RunMetrics> = z.strictObject({
  format: z.literal("muselab metrics"),
  version: z.literal(1),
  run: sha256,
  figures: z.array(runFigure),
  leftOut: count,
});

/** `scores.json`. */
export const runScores: z.ZodType<RunScores> = z.strictObject({
  format: z.literal("muselab scores"),
  version: z.literal(1),
  scores: z.array(z.strictObject({
    name: z.string(),
    title: z.string(),
    better: z.enum(["higher", "lower"]),
    values: z.array(z.number()),
  })),
});

/** A line of `left_out.jsonl`. */
export const leftOutLine: z.ZodType<LeftOutLine> = z.strictObject({
  name: z.string(),
  reason: z.string(),
});

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
