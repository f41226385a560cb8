/** Batches of pairs, decoded in a Worker. */

import { type BatchStream, openStream } from "../worker_stream.ts";
import type { PairBatch, PairLoaderOptions } from "./loader.ts";

/** Opens a loader in a Worker. */
export function streamPairs(
  options: PairLoaderOptions,
): BatchStream<PairBatch> {
  const url = new URL("./stream_worker.ts", import.meta.url);
  return openStream<PairLoaderOptions, PairBatch, never>(
    url,
    options,
    () => {},
  );
}
