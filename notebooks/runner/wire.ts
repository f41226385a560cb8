/** The connections to a kernel: opened as it starts, heard until they break. */

import { within } from "../../lib/run/within.ts";
import type { Codec, Message } from "./message.ts";
import { connect, type Socket } from "./zmtp.ts";

/** The connections, and what was heard on them. */
export interface Wire {
  readonly codec: Codec;
  readonly shell: Socket;
  readonly control: Socket;
  /** Rejects when nothing more will be heard. */
  readonly broken: Promise<never>;
  /** Told of every message that a cell publishes, and of every reply. */
  listener: (message: Message) => void;
  close(): void;
}

/**
 * Connects to a kernel that is starting.
 * @param ports by channel, as the connection file names them
 * @param ended rejects when the kernel has ended
 */
export async function openWire(
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
        if (!notYet(error)) throw error;
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

/** A kernel that starts refuses connections, or drops those that came early. */
function notYet(error: unknown): boolean {
  const { ConnectionRefused, ConnectionReset } = Deno.errors;
  return error instanceof ConnectionRefused || error instanceof ConnectionReset;
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
