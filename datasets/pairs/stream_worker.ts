/** The Worker behind stream.ts: reads the batches it is asked for. */

import { serveBatches } from "../worker_stream.ts";
import {
  createPairLoader,
  type PairBatch,
  type PairLoaderOptions,
} from "./loader.ts";

serveBatches<PairLoaderOptions, PairBatch, never>(createPairLoader);
