/** The Worker behind stream.ts: renders the batches it is asked for. */

import { serveBatches } from "../worker_stream.ts";
import { createEmojiLoader, type EmojiBatch } from "./loader.ts";
import type { EmojiOpen, SpriteNotice } from "./stream.ts";

serveBatches<EmojiOpen, EmojiBatch, SpriteNotice>(
  ({ options, cache }, tell) => {
    const onProgress = (done: number, total: number) => tell({ done, total });
    const sprites = { onProgress, ...(cache === undefined ? {} : { cache }) };
    return createEmojiLoader({ ...options, sprites });
  },
);
