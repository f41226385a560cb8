/**
 * Sweeps: the same captions drawn by many settings, each by the same seeds, so
 * that settings are compared and not luck.
 */

import { createEmojiLoader, type EmojiBatch } from "../datasets/mod.ts";
import { fromPlanarBatch } from "../lib/image/picture.ts";
import { loadTogether } from "../lib/muse/load_together.ts";
import type { GenerateOptions } from "../lib/muse/options.ts";
import { generate, type Muse, openMuse } from "../lib/muse/pipeline.ts";
import type { DrawnBatch, Figures, Measure, Meter } from "./measure.ts";

/** Validation scenes that are drawn and measured at once. */
export const SWEEP_BATCH = 16;

/** What is drawn, and how it is measured. */
export interface SweepOptions {
  /** Validation scenes; rounded up to whole batches. */
  readonly scenes: number;
  /** Scene i is drawn by the seed `seed + i`. */
  readonly seed: number;
  /** What is asked of the pictures. */
  readonly measures: readonly Measure[];
}

/** What one setting came to. */
export interface SweepResult {
  /** What the measures gave. */
  readonly figures: Figures;
  /** From prompt to picture, for one picture of a batch. */
  readonly seconds: number;
}

/** A sweep under way: the scenes and the measures, in memory. */
export interface Sweeper {
  /** How many scenes there are. */
  readonly scenes: number;
  /** What the scenes come to, rebuilt by the tokenizer of their own tokens. */
  rebuilt(): Promise<Figures>;
  /**
   * Draws the captions by a setting, and measures the pictures. `onProgress`
   * hears after every step which share of it is done.
   */
  measure(
    settings: Partial<GenerateOptions>,
    onProgress?: (share: number) => void,
  ): Promise<SweepResult>;
  /** Frees the native memory of the measures; not the model. */
  release(): Promise<void>;
}

/** Renders the scenes and opens the measures. */
export async function openSweep(
  muse: Muse,
  { scenes, seed, measures }: SweepOptions,
): Promise<Sweeper> {
  const count = Math.ceil(scenes / SWEEP_BATCH);
  const loader = await createEmojiLoader({
    split: "validation",
    size: muse.tokenizer.config.imageSize,
    batch: SWEEP_BATCH,
  });
  const batches = Array.from({ length: count }, () => loader.next());
  const meters: readonly Meter[] = await loadTogether(
    measures.map((measure) => measure.open(muse)),
    (meters) => meters,
  );

  async function tally(
    draw: (batch: EmojiBatch, first: number) => Promise<Drawing>,
  ): Promise<Figures> {
    const tallies = meters.map((meter) => meter.start());
    for (const [i, batch] of batches.entries()) {
      const first = i * SWEEP_BATCH;
      const drawn = await draw(batch, first);
      const indices = batch.captions.map((_, j) => first + j);
      for (const one of tallies) await one.add({ ...batch, ...drawn, indices });
    }
    const figures = await Promise.all(tallies.map((one) => one.figures()));
    return Object.assign({}, ...figures);
  }

  return {
    scenes: count * SWEEP_BATCH,
    rebuilt: () => tally((batch) => rebuild(muse, batch)),
    async measure(given, onProgress = () => {}) {
      // What settings do shows in the base's pictures, of the rebuilt scenes' size.
      const settings = { superresSteps: 0, ...given };
      await openMuse(muse, settings);
      let seconds = 0;
      const figures = await tally(async ({ captions }, first) => {
        const options = { ...settings, seed: seed + first };
        const drawn = await generate(muse, captions, options, (state) => {
          const done = first + captions.length * state.step / state.steps;
          onProgress(done / (count * SWEEP_BATCH));
        });
        for (const part of Object.values(drawn.seconds)) seconds += part ?? 0;
        return drawn;
      });
      return { figures, seconds: seconds / (count * SWEEP_BATCH) };
    },
    async release() {
      await Promise.all(meters.map((meter) => meter.release()));
    },
  };
}

type Drawing = Pick<DrawnBatch, "tokens" | "pictures">;

/** The scenes' own tokens, and the pictures that they make. */
async function rebuild(
  { tokenizer }: Muse,
  { pixels }: EmojiBatch,
): Promise<Drawing> {
  const tokens = await tokenizer.encode(pixels);
  const side = tokenizer.config.imageSize;
  const again = await tokenizer.decode(tokens);
  return { tokens, pictures: fromPlanarBatch(again, side, side) };
}
