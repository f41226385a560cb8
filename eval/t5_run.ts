/** What the encoders of T5 take here, by random weights. */

import { peakMemory } from "../lib/run/peak_memory.ts";
import { writeRandomT5 } from "../lib/text/random_t5.ts";
import type { T5Config } from "../lib/text/t5.ts";
import type { Precision } from "../lib/run/precision.ts";
import type { ThreadOptions } from "../lib/run/session.ts";
import { loadTextModel } from "../lib/text/text_model.ts";
import { withScratch } from "./throughput/scratch.ts";

/** What is run. */
export interface T5RunOptions extends ThreadOptions {
  readonly precision: Precision;
  /** Text length T. */
  readonly length: number;
  /** Prompts at a time. */
  readonly batch: number;
  /** Folder for the weights, which are removed again; a temporary one. */
  readonly folder?: string;
  readonly onPart?: (part: string) => void;
}

/** A part of the run. */
export interface T5Part {
  readonly name: string;
  readonly seconds: number;
  /** Resident memory after it, in MB. */
  readonly residentMb: number;
  /** The most there was until then, in MB; on Linux only. */
  readonly peakMb: number;
}

/** What a run took. */
export interface T5Figures {
  readonly parameters: number;
  readonly parts: readonly T5Part[];
}

/** Files that the weights are cut into; as many as XXL's are published in. */
const SHARDS = 4;

/** Bytes of a parameter on the disk: bfloat16, and a copy in fewer bits. */
const DISK_BYTES = { fp32: 2, int8: 3.1, int4: 2.9, "fp16-storage": 2.1 };

/**
 * Writes an encoder's weights, loads them, loads them again and encodes
 * prompts of random ids. Of few bits, the first loading makes the quantized
 * copy and the second one finds it.
 * @throws Error if the disk has no room for the weights
 */
export async function runT5(
  config: T5Config,
  options: T5RunOptions,
): Promise<T5Figures> {
  const { precision, length, batch, onPart = () => {} } = options;
  const { threads, device } = options;
  const parts: T5Part[] = [];
  async function part<T>(name: string, work: () => Promise<T>): Promise<T> {
    onPart(name);
    const began = performance.now();
    const result = await work();
    const seconds = (performance.now() - began) / 1000;
    const residentMb = Deno.memoryUsage().rss / 1e6;
    parts.push({ name, seconds, residentMb, peakMb: peakMemory() });
    return result;
  }
  const bytes = countParameters(config) * DISK_BYTES[precision];
  return await withScratch(options.folder, bytes, async (folder) => {
    const write = () => writeRandomT5(folder, config, { shards: SHARDS });
    const parameters = await part("weights", write);
    const cache = `${folder}/cache`;
    const run = { precision, cache, threads, device };
    const load = () => loadTextModel(folder, { length, ...run });
    await (await part("first load", load)).release();
    const network = await part("second load", load);
    const count = batch * length;
    const ids = Int32Array.from(
      { length: count },
      (_, i) => i * 7919 % config.vocabulary,
    );
    const mask = new Float32Array(count).fill(1);
    for (const name of ["first run", "second run"]) {
      await part(name, () => network.encode(ids, mask));
    }
    await network.release();
    return { parameters, parts };
  });
}

function countParameters(
  { vocabulary, width, layers, heads, headWidth, hidden }: T5Config,
): number {
  const layer = width * (4 * heads * headWidth + 3 * hidden);
  return vocabulary * width + layers * layer;
}
