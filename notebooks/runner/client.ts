/**
 * A client of a Jupyter kernel that speaks the protocol itself, so that
 * executing a notebook needs neither Python nor Jupyter.
 *
 * It loses no output. Deno's kernel may say that it is idle before it has
 * published all that a cell printed, and clients that stop listening then miss
 * the rest. Here a marker is broadcast from a cell of its own: it goes through
 * the same queue as the outputs, so whatever was printed has come before it.
 */

import { within } from "../../lib/run/within.ts";
import { createCodec, type Message } from "./message.ts";
import { createCollector, type Output } from "./outputs.ts";
import { openWire, type Wire } from "./wire.ts";

/** A connected client; nothing here has a deadline. */
export interface Client {
  /** Executes a cell; an error that it throws is its last output. */
  execute(code: string): Promise<Output[]>;
  /** Asks the kernel to end. */
  requestShutdown(): Promise<void>;
  close(): void;
}

const MARKER = "muselab_marker";

/**
 * Connects to a kernel that is starting, and waits until it publishes to us.
 * @param key of the connection file
 * @param ports by channel, as the connection file names them
 * @param ended rejects when the kernel has ended
 */
export async function openClient(
  key: string,
  ports: Readonly<Record<string, number>>,
  ended: Promise<never>,
): Promise<Client> {
  const wire = await openWire(await createCodec(key), ports, ended);
  const collector = createCollector();
  const executor = createExecutor(wire);
  const marker = createMarker(wire, executor);
  wire.listener = (message) => {
    if (message.type === MARKER) marker.hear(message);
    else if (message.type === "execute_reply") executor.hear(message);
    else collector.take(message);
  };
  // The kernel publishes to nobody until it has read our subscription.
  while (!await arrives(marker.flush())) { /* ask again */ }

  return {
    async execute(code) {
      const outputs = collector.begin();
      const { content } = await executor.execute(code, false);
      await marker.flush();
      const told = outputs.some(({ output_type }) => output_type === "error");
      if (content.status === "error" && !told) {
        // Code that can't be parsed fails without a word but in the reply.
        collector.take({ type: "error", parent: "", content });
      }
      return outputs;
    },
    async requestShutdown() {
      const goodbye = await wire.codec.encode("shutdown_request", {
        restart: false,
      });
      await wire.control.send(goodbye.frames);
    },
    close: wire.close,
  };
}

/** Has the kernel execute code. */
interface Executor {
  /** The reply, which says whether it failed; silent code is no cell's. */
  execute(code: string, silent: boolean): Promise<Message>;
  /** Takes a reply. */
  hear(reply: Message): void;
}

function createExecutor(wire: Wire): Executor {
  const replies = new Map<string, (message: Message) => void>();
  return {
    async execute(code, silent) {
      const { id, frames } = await wire.codec.encode("execute_request", {
        code,
        silent,
        store_history: !silent,
        user_expressions: {},
        allow_stdin: false,
        stop_on_error: true,
      });
      const { promise, resolve } = Promise.withResolvers<Message>();
      replies.set(id, resolve);
      try {
        await wire.shell.send(frames);
        return await Promise.race([wire.broken, promise]);
      } finally {
        replies.delete(id);
      }
    },
    hear: (reply) => replies.get(reply.parent)?.(reply),
  };
}

/** What tells that all outputs have come. */
interface Marker {
  /** Waits until all that was published before has arrived. */
  flush(): Promise<void>;
  /** Takes a marker that was broadcast. */
  hear(marker: Message): void;
}

function createMarker(wire: Wire, executor: Executor): Marker {
  let marked = (_id: string) => {};
  return {
    async flush() {
      const wanted = crypto.randomUUID();
      const { promise, resolve } = Promise.withResolvers<void>();
      marked = (id) => id === wanted && resolve();
      const content = JSON.stringify({ id: wanted });
      const code = `Deno.jupyter.broadcast("${MARKER}", ${content})`;
      await executor.execute(code, true);
      await Promise.race([wire.broken, promise]);
    },
    hear: ({ content }) => marked(String(content.id)),
  };
}

async function arrives(work: Promise<void>): Promise<boolean> {
  try {
    await within(0.5, "a message", work);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.TimedOut) return false;
    throw error;
  }
}
