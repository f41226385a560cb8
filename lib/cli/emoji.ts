/** The emoji scenes as commands use them. */

import type { EmojiBatch } from "../../datasets/emoji/loader.ts";
import { streamEmoji } from "../../datasets/emoji/stream.ts";
import type { BatchStream } from "../../datasets/worker_stream.ts";

/** Sprites between two lines. */
const TELL_EVERY = 160;

/** Tells how the making of the art goes, which happens once on a machine. */
export function tellSprites(done: number, total: number): void {
  if (done % TELL_EVERY === 0 || done === total) {
    console.error(`Drawing the emoji once: ${done} of ${total}`);
  }
}

/** The scenes a stage trains on. */
export function streamTraining(
  size: number,
  batch: number,
): BatchStream<EmojiBatch> {
  const sprites = { onProgress: tellSprites };
  return streamEmoji({ split: "train", size, batch, sprites });
}
