/** The Worker behind stream.ts: renders the batches it is asked for. */

import { createEmojiLoader, type EmojiLoader } from "./emoji/loader.ts";
import type { StreamReply, StreamRequest } from "./stream.ts";

/** The part of a Worker's global scope that is used here. */
interface WorkerScope {
  onmessage: (event: MessageEvent<StreamRequest>) => Promise<void>;
  postMessage(reply: StreamReply, transfer: Transferable[]): void;
}

const scope = self as unknown as WorkerScope;
let loader: Promise<EmojiLoader>;

scope.onmessage = async ({ data }) => {
  try {
    if ("open" in data) {
      const onProgress = (done: number, total: number) =>
        scope.postMessage({ sprites: { done, total } }, []);
      const { open, cache } = data;
      const sprites = { onProgress, ...(cache === undefined ? {} : { cache }) };
      loader = createEmojiLoader({ ...open, sprites });
      await loader;
      return;
    }
    const { position } = data;
    const batch = (await loader).at(position);
    scope.postMessage({ position, batch }, [
      batch.pixels.buffer as ArrayBuffer,
    ]);
  } catch (error) {
    scope.postMessage({ error: String(error) }, []);
  }
};
