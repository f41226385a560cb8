/**
 * Batches made ahead of time in a Worker, so that rendering overlaps with the
 * runtime's calls, which block their own thread.
 */

import type { EmojiBatch, EmojiLoaderOptions } from "./emoji/loader.ts";

/** A source of batches by position. */
export interface BatchStream {
  /** The batch at a position; asking in ascending order is fastest. */
  at(position: number): Promise<EmojiBatch>;
  /** Ends the Worker. */
  close(): void;
}

/** What the Worker is sent. */
export type StreamRequest =
  | {
    readonly open: Omit<EmojiLoaderOptions, "sprites">;
    /** Folder of the art's cache file. */
    readonly cache: string | undefined;
  }
  | { readonly position: number };

/** What the Worker answers. */
export type StreamReply =
  | { readonly position: number; readonly batch: EmojiBatch }
  /** The art is made, for the first time on this machine. */
  | { readonly sprites: { readonly done: number; readonly total: number } }
  | { readonly error: string };

/** Batches in the making while one is used. */
const AHEAD = 3;

/** Opens a loader in a Worker. */
export function streamEmoji(
  { sprites, ...open }: EmojiLoaderOptions,
): BatchStream {
  const url = new URL("./stream_worker.ts", import.meta.url);
  const worker = new Worker(url, { type: "module" });
  const waiting = new Map<number, PromiseWithResolvers<EmojiBatch>>();
  const post = (request: StreamRequest) => worker.postMessage(request);

  function fail(message: string): void {
    for (const { reject } of waiting.values()) reject(new Error(message));
    waiting.clear();
  }

  worker.onmessage = ({ data }: MessageEvent<StreamReply>) => {
    if ("error" in data) fail(`Cannot load a batch: ${data.error}`);
    else if ("sprites" in data) {
      sprites?.onProgress?.(data.sprites.done, data.sprites.total);
    } else waiting.get(data.position)?.resolve(data.batch);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    fail(`The loader's worker failed: ${event.message}`);
  };
  post({ open, cache: sprites?.cache });

  function ask(position: number): Promise<EmojiBatch> {
    const asked = waiting.get(position);
    if (asked) return asked.promise;
    const promised = Promise.withResolvers<EmojiBatch>();
    // A failure is reported by whoever awaits the batch, if anybody does.
    promised.promise.catch(() => {});
    waiting.set(position, promised);
    post({ position });
    return promised.promise;
  }

  return {
    async at(position) {
      const batch = ask(position);
      for (let i = 1; i <= AHEAD; i++) ask(position + i);
      const result = await batch;
      for (const past of waiting.keys()) {
        if (past <= position) waiting.delete(past);
      }
      return result;
    },
    close: () => worker.terminate(),
  };
}
