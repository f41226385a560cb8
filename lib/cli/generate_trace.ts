/** The file that shows a decode step by step. */

import { type DecodeState, rows } from "../muse/decode_state.ts";
import { type Muse, tokensToPictures } from "../muse/pipeline.ts";
import type { Picture } from "../image/picture.ts";
import { type Trace, traceStep } from "../plot/trace.ts";
import type { TraceRequest } from "./generate_args.ts";

/** Pictures decoded at once, for the memory's sake. */
const BATCH = 16;

/**
 * The trace of the first picture of the states.
 * @param text the picture's settings, its prompt among them
 */
export async function traceBytes(
  format: TraceRequest["format"],
  muse: Muse,
  states: readonly DecodeState[],
  { prompt, ...settings }: Record<string, string>,
): Promise<Uint8Array> {
  const guesses = await guessPictures(muse, states);
  const trace: Trace = {
    prompt,
    settings,
    grid: muse.base.config.grid,
    steps: states.map((state, i) => traceStep(state, guesses[i])),
  };
  if (format === "gif") {
    const { traceGif } = await import("../plot/trace_gif.ts");
    return traceGif(trace);
  }
  const { traceHtml } = await import("../plot/trace_html.ts");
  return new TextEncoder().encode(await traceHtml(trace));
}

/** What the network expected after every step. */
async function guessPictures(
  { tokenizer }: Muse,
  states: readonly DecodeState[],
): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (let i = 0; i < states.length; i += BATCH) {
    const some = states.slice(i, i + BATCH);
    const { length } = some[0];
    const tokens = new Int32Array(some.length * length);
    some.forEach(({ predicted }, j) =>
      tokens.set(rows(predicted, length)[0], j * length)
    );
    pictures.push(...await tokensToPictures(tokenizer, tokens));
  }
  return pictures;
}
