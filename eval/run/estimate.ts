/** How long a run is going to take, before it does. */

import { createPicture } from "../../lib/image/picture.ts";
import { blocksOf } from "./blocks.ts";
import type { RunPlan } from "./execute.ts";
import { drawMissing, missingSamples } from "./images.ts";
import type { Run } from "./open_run.ts";
import type { Seen } from "./read_blocks.ts";
import { setsFor } from "./seen_sets.ts";

/** Pictures that a network is timed by. */
const TIMED = 4;
/** Of what a network is timed by, where no real picture is at hand. */
const SIDE = 256;

/**
 * Draws two batches, of which the second is timed and both are kept, shows each
 * network a few pictures, and says what all of it will take. What a run that
 * was stopped has done already counts for the pictures only.
 */
export async function estimateRun(
  run: Run,
  { drawing, extractors, reference }: RunPlan,
  onPart: (part: string) => void,
): Promise<string> {
  const parts: { readonly what: string; readonly seconds: number }[] = [];
  if (drawing) {
    onPart("timing: drew");
    const { draw, batch } = drawing;
    const some = { draw, batch, most: batch };
    await drawMissing(run, some); // the first one compiles
    const before = (await missingSamples(run)).length;
    const seconds = await secondsOf(() => drawMissing(run, some));
    const { length: left } = await missingSamples(run);
    const each = seconds / Math.max(1, before - left);
    parts.push({ what: `to draw ${left} pictures`, seconds: each * left });
  }
  for (const extractor of extractors) {
    const { name } = extractor.network;
    onPart(`timing: ${name} saw`);
    const sets = setsFor(run, name, reference);
    const count = sets.flatMap(({ count }) => blocksOf(run.record, count))
      .reduce((sum, { start, end }) => sum + end - start, 0);
    // They are shown as samples, so there are no more than those.
    const pictures = Array.from(
      { length: Math.min(TIMED, count, run.samples.length) },
      (_, index): Seen => ({ index, picture: createPicture(SIDE, SIDE) }),
    );
    const show = () => extractor.extract(pictures, "samples");
    await show();
    const each = await secondsOf(show) / pictures.length;
    parts.push({
      what: `for ${name} to see ${count}`,
      seconds: each * count,
    });
  }
  const all = parts.reduce((sum, { seconds }) => sum + seconds, 0);
  const list = parts.map(({ what, seconds }) => `${roughly(seconds)} ${what}`);
  return `This takes about ${roughly(all)} here: ${list.join(", ")}.`;
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** Such as "40 s", "12 min", "1 h 50 min", "3 days". */
function roughly(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 72 * 60) {
    return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  }
  return `${Math.ceil(minutes / 60 / 24)} days`;
}
