/** Batches of scenes, rendered in a Worker. */

import { type BatchStream, openStream } from "../worker_stream.ts";
import type { EmojiBatch, EmojiLoaderOptions } from "./loader.ts";

/** What the Worker is opened with. */
export interface EmojiOpen {
  readonly options: Omit<EmojiLoaderOptions, "sprites">;
  /** Folder of the art's cache file. */
  readonly cache: string | undefined;
}

/** The art is made, for the first time on this machine. */
export interface SpriteNotice {
  readonly done: number;
  readonly total: number;
}

/** Opens a loader in a Worker. */
export function streamEmoji(
  { sprites, ...options }: EmojiLoaderOptions,
): BatchStream<EmojiBatch> {
  const url = new URL("./stream_worker.ts", import.meta.url);
  const open: EmojiOpen = { options, cache: sprites?.cache };
  const hear = ({ done, total }: SpriteNotice) =>
    sprites?.onProgress?.(done, total);
  return openStream(url, open, hear);
}
