/**
 * A client of a Jupyter kernel that speaks the protocol itself, so that
 * executing a notebook needs neither Python nor Jupyter.
 *
 * It loses no output. Deno's kernel may say that it is idle before it has
 * published all that a cell printed, and clients that stop listening then miss
 * the rest. Here a marker is broadcast from a cell of its own: it goes through
 * the same queue as the outputs, so whatever was printed has come before it.
 */

import { type Codec, createCodec, type Message } from "./message.ts";
import { createCollector, type Output } from "./outputs.ts";
import { within } from "../../lib/run/within.ts";
import { connect, type Socket } from "./zmtp.ts";

/** A connected client; nothing here has a deadline. */
export interface Client {
  /** Executes a cell; an error that it throws is its last output. */
  execute(code: string): Promise<Output[]>;
  /** Asks the kernel to end. */
  requestShutdown(): Promise<void>;
  close(): void;
}

/** The connections, and what was heard on them. */
interface Wire {
  readonly codec: Codec;
  readonly shell: Socket;
  readonly control: Socket;
  /** Rejects when nothing more will be heard. */
  readonly broken: Promise<never>;
  /** Told of every message that a cell publishes, and of every reply. */
  listener: (message: Message) => void;
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
  const replies = new Map<string, (message: Message) => void>();
  let marked = (_id: string) => {};
  wire.listener = (message) => {
    if (message.type === MARKER) marked(String(message.content.id));
    else if (message.type === "execute_reply") {
      replies.get(message.parent)?.(message);
    } else collector.take(message);
  };

  async function evaluate(code: string, silent: boolean): Promise<Message> {
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
  }

  /** Waits until all that was published before has arrived. */
  async function flush(): Promise<void> {
    const wanted = crypto.randomUUID();
    const { promise, resolve } = Promise.withResolvers<void>();
    marked = (id) => id === wanted && resolve();
    const content = JSON.stringify({ id: wanted });
    await evaluate(`Deno.jupyter.broadcast("${MARKER}", ${content})`, true);
    await Promise.race([wire.broken, promise]);
  }

  // The kernel publishes to nobody until it has read our subscription.
  while (!await arrives(flush())) { /* ask again */ }

  return {
    async execute(code) {
      const outputs = collector.begin();
      const { content } = await evaluate(code, false);
      await flush();
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

async function openWire(
  codec: Codec,
  ports: Readonly<Record<string, number>>,
  ended: Promise<never>,
): Promise<Wire> {
  const sockets: Socket[] = [];
  const close = () => sockets.forEach((socket) => socket.close());
  let over = false;
  ended.catch(() => over = true);
  /** Tries again while the kernel has not opened its ports. */
  async function dial(channel: string, type: "DEALER" | "SUB") {
    const port = ports[`${channel}_port`];
    while (true) {
      try {
        const socket = await connect(port, type);
        sockets.push(socket);
        return socket;
      } catch (error) {
        if (over) await ended;
        if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  try {
    const iopub = await dial("iopub", "SUB");
    const shell = await dial("shell", "DEALER");
    const control = await dial("control", "DEALER");
    const wire = { codec, shell, control, listener: (_: Message) => {}, close };
    const heard = [listen(wire, iopub), listen(wire, shell)];
    const broken = Promise.race([ended, ...heard]).catch((error) =>
      // Mostly the kernel has ended, which says more than a closed connection.
      within(1, "the kernel's end", ended).catch((end) => {
        throw end instanceof Deno.errors.TimedOut ? error : end;
      })
    );
    broken.catch(() => {}); // told to whoever waits for something
    return Object.assign(wire, { broken });
  } catch (error) {
    close();
    throw error;
  }
}

/** Hands on every message until the connection breaks. */
async function listen(
  wire: Pick<Wire, "codec" | "listener">,
  socket: Socket,
): Promise<never> {
  while (true) {
    const message = await wire.codec.decode(await socket.receive());
    wire.listener(message);
  }
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
