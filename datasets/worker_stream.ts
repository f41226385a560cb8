/**
 * Batches made ahead of time in a Worker, so that they overlap with the
 * runtime's calls, which block their own thread.
 */

/** A source of batches by position. */
export interface BatchStream<Batch> {
  /**
   * The batch at a position; asking in ascending order is fastest.
   * Where the Worker is no more, every one fails.
   */
  at(position: number): Promise<Batch>;
  /** Ends the Worker. */
  close(): void;
}

/** What the Worker is sent. */
export type StreamRequest<Open> =
  | { readonly open: Open }
  | { readonly position: number };

/** What the Worker answers. */
export type StreamReply<Batch, Notice> =
  | { readonly position: number; readonly batch: Batch }
  | { readonly notice: Notice }
  | { readonly error: string };

/** Batches in the making unless told otherwise. */
const AHEAD = 3;

/**
 * Opens a stream.
 *
 * @param url of the Worker's module, which calls serveBatches()
 * @param open what its loader is made from
 * @param onNotice hears what the Worker tells besides batches
 * @param ahead batches in the making while one is used
 */
export function openStream<Open, Batch, Notice>(
  url: URL,
  open: Open,
  onNotice: (notice: Notice) => void,
  ahead: number = AHEAD,
): BatchStream<Batch> {
  const worker = new Worker(url, { type: "module" });
  const waiting = new Map<number, PromiseWithResolvers<Batch>>();
  const post = (request: StreamRequest<Open>) => worker.postMessage(request);

  let death: Error | undefined;

  function fail(error: Error): void {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  worker.onmessage = ({ data }: MessageEvent<StreamReply<Batch, Notice>>) => {
    if ("error" in data) {
      fail(new Error(`Cannot load a batch: ${data.error}`));
    } else if ("notice" in data) onNotice(data.notice);
    else waiting.get(data.position)?.resolve(data.batch);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    // It answers nobody from now on.
    death = new Error(`The loader's worker failed: ${event.message}`);
    fail(death);
  };
  post({ open });

  function ask(position: number): Promise<Batch> {
    const asked = waiting.get(position);
    if (asked) return asked.promise;
    const promised = Promise.withResolvers<Batch>();
    // A failure is reported by whoever awaits the batch, if anybody does.
    promised.promise.catch(() => {});
    waiting.set(position, promised);
    post({ position });
    return promised.promise;
  }

  return {
    async at(position) {
      if (death) throw death;
      const batch = ask(position);
      for (let i = 1; i <= ahead; i++) ask(position + i);
      const result = await batch;
      for (const past of waiting.keys()) {
        if (past <= position) waiting.delete(past);
      }
      return result;
    },
    close: () => worker.terminate(),
  };
}

/** The part of a Worker's global scope that is used here. */
interface WorkerScope<Open, Batch, Notice> {
  onmessage: (event: MessageEvent<StreamRequest<Open>>) => void;
  postMessage(
    reply: StreamReply<Batch, Notice>,
    transfer: Transferable[],
  ): void;
}

/** Batches by position. */
export interface Loader<Batch> {
  at(position: number): Batch | Promise<Batch>;
}

/**
 * Answers a stream's requests, one after the other; to be called in a Worker.
 *
 * @param create makes the loader
 */
export function serveBatches<
  Open,
  Batch extends { readonly pixels: Float32Array | Uint8Array },
  Notice,
>(
  create: (
    open: Open,
    tell: (notice: Notice) => void,
  ) => Loader<Batch> | Promise<Loader<Batch>>,
): void {
  const scope = self as unknown as WorkerScope<Open, Batch, Notice>;
  let loader: Promise<Loader<Batch>>;
  // Requests wait for each other: more at once would take more memory.
  let last: Promise<void> = Promise.resolve();

  async function answer(request: StreamRequest<Open>): Promise<void> {
    try {
      if ("open" in request) {
        const tell = (notice: Notice) => scope.postMessage({ notice }, []);
        loader = Promise.resolve(create(request.open, tell));
        await loader;
        return;
      }
      const { position } = request;
      const batch = await (await loader).at(position);
      scope.postMessage({ position, batch }, [
        batch.pixels.buffer as ArrayBuffer,
      ]);
    } catch (error) {
      scope.postMessage({ error: String(error) }, []);
    }
  }

  scope.onmessage = ({ data }) => {
    last = last.then(() => answer(data));
  };
}
