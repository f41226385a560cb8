/** The Worker behind read_blocks.ts: reads the blocks it is asked for. */

import { serveBatches } from "../../datasets/worker_stream.ts";
import type { ArtNotice } from "../pictures/read.ts";
import {
  type BlockLoaderOptions,
  createBlockLoader,
  type LoadedBlock,
} from "./block_loader.ts";

serveBatches<BlockLoaderOptions, LoadedBlock, ArtNotice>(createBlockLoader);
