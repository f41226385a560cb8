/** What is measured: systems, and the parts that they are made of. */

import type { Node } from "../../lib/graph/node.ts";
import type { RunOptions } from "../../lib/run/precise_weights.ts";
import type { Precision } from "../../lib/run/precision.ts";

export type { Precision } from "../../lib/run/precision.ts";

/** The parts that a system may have, in the order of the data flow. */
export type PartName =
  | "text"
  | "base step"
  | "super-res step"
  | "VQGAN decode"
  | "picture"
  | "features"
  | "text features";

/** How much a run does. */
export interface Work {
  /** Pictures or texts at a time. */
  readonly batch: number;
  /** Decode steps of the base in whole pictures; the model's own by default. */
  readonly steps?: number;
}

/** A part in memory. */
export interface Part {
  /** What a run computes, where one graph says it all. */
  readonly outputs?: Iterable<Node>;
  /** Makes what a run is fed, and gives the function that is timed. */
  prepare(work: Work): Promise<() => Promise<unknown>>;
}

/** A system in memory; parts take their own memory at their first run. */
export interface OpenSystem {
  readonly parts: Readonly<Partial<Record<PartName, Part>>>;
  release(): Promise<void>;
}

/** Where a system's weights are. */
export interface Place {
  /** A folder or file, or the name of a model of the repository. */
  readonly path: string;
  /** Nobody trained them. */
  readonly isRandom: boolean;
  /** Parts of the system that are not among them; none by default. */
  readonly lacks?: readonly PartName[];
}

/** How a system is opened. */
export interface OpenOptions extends Omit<RunOptions, "texts"> {
  readonly precision: Precision;
}

/** Something that people measure. */
export interface System {
  /** A few words about it. */
  readonly title: string;
  /** Each with the batch that it is measured at by default. */
  readonly parts: Readonly<Partial<Record<PartName, number>>>;
  /** Measured unless others are asked for. */
  readonly precisions: readonly Precision[];
  /** Its weights on this machine; undefined if they aren't there. */
  find(): Promise<Place | undefined>;
  /** Bytes of disk that random weights take, and quantized copies of them. */
  readonly bytes: number;
  /** Writes random weights into a folder. */
  write(folder: string): Promise<Place>;
  open(path: string, options: OpenOptions): Promise<OpenSystem>;
  /**
   * How the reference implementation runs the same files: the name of a
   * function of `reference.py`, and what it is told beside the path.
   */
  readonly reference?: {
    readonly family: "amused" | "t5" | "clip" | "inception";
    readonly settings?: Readonly<Record<string, number>>;
  };
}

/** Systems by name. */
export type Systems = Readonly<Record<string, System>>;
