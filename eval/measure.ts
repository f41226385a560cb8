/**
 * Measures of drawn pictures: what each looks at, and what it gives. Another
 * measure is another entry of the list that a sweep is given.
 */

import type { Scene } from "../datasets/mod.ts";
import type { Picture } from "../lib/image/picture.ts";
import type { Muse } from "../lib/muse/pipeline.ts";

/** Scenes, and pictures of their captions. */
export interface DrawnBatch {
  /** Number of each scene in its split. */
  readonly indices: readonly number[];
  /** What the scenes show. */
  readonly scenes: readonly Scene[];
  /** What is said of each, and was drawn. */
  readonly captions: readonly string[];
  /** The scenes themselves, [B,3,H,W] in -1..1. */
  readonly pixels: Float32Array;
  /** What was drawn, [B,N]. */
  readonly tokens: Int32Array;
  /** The same as pictures. */
  readonly pictures: readonly Picture[];
}

/** One figure that a measure gives. */
export interface Column {
  /** A name for programs. */
  readonly name: string;
  /** What it says, in a few words. */
  readonly title: string;
  /** What it is counted in; empty for what has no unit. */
  readonly unit: string;
  /** Which way is good. */
  readonly better: "higher" | "lower";
  /**
   * What it stands for: how much pictures look like scenes, or how well they
   * follow their captions.
   */
  readonly shows: "fidelity" | "alignment";
}

/** A figure, with its standard error where it is a mean over pictures. */
export interface Figure {
  /** The figure itself. */
  readonly value: number;
  /** Its standard error. */
  readonly error?: number;
  /** Standard deviation over subsets or splits, where there are any. */
  readonly deviation?: number;
}

/** Figures by the names of their columns. */
export type Figures = Readonly<Record<string, Figure>>;

/** Gathers the pictures of one setting. */
export interface Tally {
  /** Takes more pictures in. */
  add(batch: DrawnBatch): Promise<void>;
  /** One figure for each column, once all pictures are added. */
  figures(): Figures | Promise<Figures>;
}

/** A measure with what it needs in memory. */
export interface Meter {
  /** Begins with no pictures. */
  start(): Tally;
  /** Frees what it holds; not the model. */
  release(): Promise<void>;
}

/** A way to measure pictures. */
export interface Measure {
  /** What it gives. */
  readonly columns: readonly Column[];
  /** Loads what it needs. */
  open(muse: Muse): Promise<Meter>;
}

/** The mean of numbers, one a picture, and its standard error. */
export function meanOf(values: readonly number[]): Figure {
  const count = values.length;
  const value = values.reduce((sum, x) => sum + x, 0) / count;
  if (count < 2) return { value };
  const squares = values.reduce((sum, x) => sum + (x - value) ** 2, 0);
  return { value, error: Math.sqrt(squares / (count - 1) / count) };
}
