/** The Worker behind features_of_set.ts: reads the batches it is asked for. */

import { serveBatches } from "../../datasets/worker_stream.ts";
import {
  createPixelLoader,
  type LoadedPixels,
  type PixelLoaderOptions,
} from "./pixel_loader.ts";
import type { ArtNotice } from "./read.ts";

serveBatches<PixelLoaderOptions, LoadedPixels, ArtNotice>(createPixelLoader);
