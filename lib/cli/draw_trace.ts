/** The file that shows a drawing step by step. */

import type { Picture } from "../image/picture.ts";
import { rows } from "../muse/decode_state.ts";
import { type Model, tokensToPictures } from "../muse/pipeline.ts";
import {
  type Trace,
  type TracedState,
  type TraceStage,
  traceStep,
} from "../plot/trace.ts";
import { writeAtomicSync } from "../run/atomic.ts";
import type { Tokenizer } from "../vqgan/model.ts";
import type { TraceRequest } from "./draw_args.ts";

/** The states of a drawing. */
export interface TracedStates {
  /** After every step of the base, or iteration of a resampling. */
  readonly base: TracedState[];
  /** After every step of super-resolution. */
  readonly superres: TracedState[];
}

/** Pictures decoded at once, for the memory's sake. */
const BATCH = 16;

/**
 * Writes the trace of the first picture of the states.
 * @param text the picture's settings, its prompt among them
 */
export async function writeTrace(
  { path, format }: TraceRequest,
  muse: Model,
  states: TracedStates,
  { prompt, ...settings }: Record<string, string>,
): Promise<void> {
  const stages = await traceStages(muse, states);
  const bytes = await traceBytes(format, { prompt, settings, stages });
  writeAtomicSync(path, bytes);
}

/** Those that have states. */
async function traceStages(
  { tokenizer, base: { config }, superres }: Model,
  states: TracedStates,
): Promise<TraceStage[]> {
  const all = [{
    name: "base",
    grid: config.grid,
    tokenizer,
    states: states.base,
  }];
  if (superres) {
    all.push({
      name: "super-resolution",
      grid: superres.model.config.grid,
      tokenizer: superres.tokenizer,
      states: states.superres,
    });
  }
  const stages: TraceStage[] = [];
  for (const { name, grid, tokenizer, states } of all) {
    if (states.length === 0) continue;
    const guesses = await guessPictures(tokenizer, states, grid);
    const steps = states.map((state, i) => traceStep(state, guesses[i]));
    stages.push({ name, grid, steps });
  }
  return stages;
}

/** What the network expected after every step. */
async function guessPictures(
  tokenizer: Tokenizer,
  states: readonly TracedState[],
  grid: readonly [number, number],
): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (let i = 0; i < states.length; i += BATCH) {
    const some = states.slice(i, i + BATCH);
    const { length } = some[0];
    const tokens = new Int32Array(some.length * length);
    some.forEach(({ predicted }, j) =>
      tokens.set(rows(predicted, length)[0], j * length)
    );
    pictures.push(...await tokensToPictures(tokenizer, tokens, grid));
  }
  return pictures;
}

async function traceBytes(
  format: TraceRequest["format"],
  trace: Trace,
): Promise<Uint8Array> {
  if (format === "gif") {
    const { traceGif } = await import("../plot/trace_gif.ts");
    return traceGif(trace);
  }
  const { traceHtml } = await import("../plot/trace_html.ts");
  return new TextEncoder().encode(await traceHtml(trace));
}
