/**
 * How many pictures a machine draws fastest at once. It is tried once, by a few
 * steps of the base transformer, and remembered.
 */

import { createHash } from "node:crypto";
import { cpus } from "node:os";
import { join } from "node:path";
import { writeAtomicSync } from "../run/atomic.ts";
import type { RunOptions } from "../run/precise_weights.ts";
import { encodeText } from "../text/encode.ts";
import { maskId, tokenCount } from "./config.ts";
import { blankTokens } from "./decode_state.ts";
import type { Model } from "./pipeline.ts";

/** Batches that are tried, smallest first, while they are worth it. */
const TRIED = [1, 2, 4, 8, 16] as const;
/** A larger batch has to be so much faster. */
const WORTH = 1.03;
/** Steps of each batch that are timed, after one that is not. */
const TIMED = 2;

/** Counts up when what was remembered counts no more. */
const VERSION = 1;

/** How pictures are drawn for which a batch is looked for. */
export interface BestBatchOptions {
  /** How the networks are run. */
  readonly run: RunOptions;
  /** Whether most steps are guided, which doubles the work. */
  readonly guided: boolean;
  /** Where it is remembered. */
  readonly folder: string;
}

/** The batch for a model on this machine. */
export async function bestBatch(
  model: Model,
  { run, guided, folder }: BestBatchOptions,
): Promise<number> {
  const key = JSON.stringify([
    VERSION,
    ...[cpus()[0]?.model, cpus().length, run.threads, run.device],
    ...[run.precision, model.hash, model.base.config, guided],
  ]);
  const name = createHash("sha256").update(key).digest("hex").slice(0, 20);
  const path = join(folder, `${name}.json`);
  const known = readBatch(path, key);
  if (known !== undefined) return known;
  const batch = await fastestBatch((batch) => rateOf(model, batch, guided));
  try {
    const text = JSON.stringify({ key, batch });
    writeAtomicSync(path, new TextEncoder().encode(text));
  } catch {
    // It is tried again the next time.
  }
  return batch;
}

/**
 * The smallest batch that is nearly as fast as the fastest one.
 * @param rateOf pictures in a unit of time
 */
export async function fastestBatch(
  rateOf: (batch: number) => Promise<number>,
): Promise<number> {
  let [best, highest] = [1, 0];
  for (const batch of TRIED) {
    const rate = await rateOf(batch);
    if (rate < highest * WORTH) return best;
    [best, highest] = [batch, rate];
  }
  return best;
}

function readBatch(path: string, key: string): number | undefined {
  try {
    const known = JSON.parse(Deno.readTextFileSync(path));
    const isOne = known.key === key && TRIED.includes(known.batch);
    return isOne ? known.batch : undefined;
  } catch {
    return undefined; // not there, or damaged
  }
}

/** Pictures a second in a step in which nothing is known. */
async function rateOf(
  { encoder, base }: Model,
  batch: number,
  guided: boolean,
): Promise<number> {
  const text = await encodeText(encoder, Array(batch).fill("a picture"));
  const away = base.emptyText;
  const negative = guided && away !== undefined
    ? await encodeText(encoder, [away])
    : undefined;
  const predict = await base.predictor(text, negative, guided);
  const length = tokenCount(base.config);
  const tokens = blankTokens(batch, length, maskId(base.config));
  const request = {
    guidance: guided ? 1 : 0,
    temperature: 1,
    uniforms: new Float32Array(tokens.length).fill(0.5),
  };
  await predict(tokens, request); // which allocates
  let least = Infinity;
  for (let i = 0; i < TIMED; i++) {
    const began = performance.now();
    await predict(tokens, request);
    least = Math.min(least, performance.now() - began);
  }
  return batch / least * 1000;
}
