/** Figures with everything that they depend on. */

import type { Figure } from "../measure.ts";
import type { Origin } from "./statistics_file.ts";

/** Metrics that two sets are compared by. */
export type MetricName =
  | "fid"
  | "fid-inf"
  | "kid"
  | "is"
  | "prdc"
  | "cmmd"
  | "fd-dinov2";

/** A figure, with everything that it depends on. */
export interface MetricFigure extends Figure {
  /** What it is called; FID is Inception's only. */
  readonly title: string;
  /** What it was asked for by. */
  readonly metric: MetricName | "clip-score";
  /** The program in whose way it was computed. */
  readonly convention: string;
  /** The samples that it is of. */
  readonly samples: SetRecord;
  /** What they were compared with, if it takes that. */
  readonly reference?: SetRecord;
  /** Choices that other programs make differently. */
  readonly settings: Readonly<Record<string, number | string>>;
  /** What a reader has to know before comparing it. */
  readonly notes: readonly string[];
}

/** A set, as a report names it. */
export interface SetRecord extends Origin {
  /** Where it is from. */
  readonly name: string;
  /** SHA-256 of its numbers. */
  readonly hash: string;
  /** How many samples, where that is known. */
  readonly count?: number;
  /** Numbers a sample. */
  readonly width: number;
}
