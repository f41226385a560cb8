/**
 * Runs code in Deno's Jupyter kernel, speaking the protocol itself, so that
 * executing a notebook needs neither Python nor Jupyter.
 *
 * It also loses no output. The kernel may say that it is idle before it has
 * published all that a cell printed, and clients that stop listening then miss
 * the rest. Here a marker is broadcast from a cell of its own: it goes through
 * the same queue as the outputs, so whatever was printed has come before it.
 */

import { type Codec, createCodec, type Message } from "./message.ts";
import { createCollector, type Output } from "./outputs.ts";
import { connect, type Socket } from "./zmtp.ts";

/** A running kernel. `await using` shuts it down. */
export interface Kernel extends AsyncDisposable {
  /**
   * Executes a cell. An error the cell throws is its last output. @throws
   * Error when it takes longer than `seconds`, or when the kernel dies; the
   * kernel has ended then.
   */
  execute(code: string, seconds?: number): Promise<Output[]>;
  /** Asks the kernel to end, and kills it when it does not within 2 s. */
  shutdown(): Promise<void>;
}

/** Where and with what environment code runs. */
export interface KernelOptions {
  /** Working folder of the cells: the notebook's. */
  readonly folder: string;
  /** Variables on top of this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
}

const CHANNELS = ["shell", "iopub", "control", "stdin", "hb"] as const;
const MARKER = "muselab_marker";
const START_SECONDS = 30;
const SHUTDOWN_SECONDS = 2;

/** Starts `deno jupyter` and waits until it answers. */
export async function startKernel(options: KernelOptions): Promise<Kernel> {
  const key = crypto.randomUUID();
  const ports = Object.fromEntries(
    CHANNELS.map((channel) => [`${channel}_port`, freePort()]),
  );
  const file = await Deno.makeTempFile({ suffix: ".json" });
  await Deno.writeTextFile(
    file,
    JSON.stringify({
      transport: "tcp",
      ip: "127.0.0.1",
      signature_scheme: "hmac-sha256",
      key,
      ...ports,
    }),
  );
  const child = new Deno.Command(Deno.execPath(), {
    args: ["jupyter", "--quiet", "--kernel", "--conn", file],
    cwd: options.folder,
    env: options.environment,
    stdin: "null",
    stdout: "null", // cells print over the protocol
    stderr: "piped",
  }).spawn();
  const said = child.stderr.text();
  const ended = child.status.then(async ({ code }): Promise<never> => {
    throw new Error(
      `The Deno kernel ended with code ${code}. ${(await said).slice(-2000)}`,
    );
  });
  ended.catch(() => {}); // told to whoever waits for the kernel, if anybody
  const kill = async () => {
    try {
      child.kill("SIGKILL");
    } catch { /* it has ended by itself */ }
    await child.status;
  };
  try {
    const open = openClient(await createCodec(key), ports, ended);
    const client = await within(START_SECONDS, "starting the kernel", open);
    return supervise(client, child, kill);
  } catch (error) {
    await kill();
    throw error;
  } finally {
    await Deno.remove(file);
  }
}

/** A connected client: executes and says goodbye, without deadlines. */
interface Client {
  execute(code: string): Promise<Output[]>;
  requestShutdown(): Promise<void>;
  close(): void;
}

function supervise(
  client: Client,
  child: Deno.ChildProcess,
  kill: () => Promise<void>,
): Kernel {
  async function shutdown(): Promise<void> {
    try {
      const goodbye = client.requestShutdown().then(() => child.status);
      await within(SHUTDOWN_SECONDS, "ending the kernel", goodbye);
    } catch {
      await kill(); // it hangs, or is gone
    } finally {
      client.close();
    }
  }
  return {
    async execute(code, seconds = 120) {
      try {
        return await within(seconds, "the cell", client.execute(code));
      } catch (error) {
        await kill();
        throw error;
      }
    },
    shutdown,
    [Symbol.asyncDispose]: shutdown,
  };
}

async function openClient(
  codec: Codec,
  ports: Readonly<Record<string, number>>,
  ended: Promise<never>,
): Promise<Client> {
  const collector = createCollector();
  const replies = new Map<string, (message: Message) => void>();
  let marked = (_id: string) => {};

  const dial = (port: number, type: "DEALER" | "SUB") =>
    Promise.race([ended, connectSoon(port, type)]);
  const iopub = await dial(ports.iopub_port, "SUB");
  const shell = await dial(ports.shell_port, "DEALER");
  const control = await dial(ports.control_port, "DEALER");

  const broken = Promise.race([
    ended,
    listen(iopub, codec, (message) => {
      if (message.type === MARKER) marked(String(message.content.id));
      else collector.take(message);
    }),
    listen(shell, codec, (message) => replies.get(message.parent)?.(message)),
  ]).catch((error) => {
    // Mostly the kernel has ended, which says more than a closed connection.
    return within(1, "the kernel's end", ended).catch((end) => {
      throw end instanceof Deno.errors.TimedOut ? error : end;
    });
  });
  broken.catch(() => {});

  async function request(type: string, content: Record<string, unknown>) {
    const { id, frames } = await codec.encode(type, content);
    const { promise, resolve } = Promise.withResolvers<Message>();
    replies.set(id, resolve);
    try {
      await shell.send(frames);
      return await Promise.race([broken, promise]);
    } finally {
      replies.delete(id);
    }
  }

  const evaluate = (code: string, silent: boolean) =>
    request("execute_request", {
      code,
      silent,
      store_history: !silent,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    });

  /** Waits until all that was published before has arrived. */
  async function flush(): Promise<void> {
    const wanted = crypto.randomUUID();
    const { promise, resolve } = Promise.withResolvers<void>();
    marked = (id) => id === wanted && resolve();
    const content = JSON.stringify({ id: wanted });
    await evaluate(`Deno.jupyter.broadcast("${MARKER}", ${content})`, true);
    await Promise.race([broken, promise]);
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
      const goodbye = await codec.encode("shutdown_request", {
        restart: false,
      });
      await control.send(goodbye.frames);
    },
    close: () => [iopub, shell, control].forEach((socket) => socket.close()),
  };
}

/** Hands on every message until the connection breaks. */
async function listen(
  socket: Socket,
  codec: Codec,
  take: (message: Message) => void,
): Promise<never> {
  while (true) take(await codec.decode(await socket.receive()));
}

/** Tries again while the kernel has not opened its ports. */
async function connectSoon(
  port: number,
  type: "DEALER" | "SUB",
): Promise<Socket> {
  const until = performance.now() + START_SECONDS * 1000;
  while (true) {
    try {
      return await connect(port, type);
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
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

async function within<T>(
  seconds: number,
  what: string,
  work: Promise<T>,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      late.reject(
        new Deno.errors.TimedOut(`Gave up on ${what} after ${seconds} s.`),
      ),
    seconds * 1000,
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A port nobody listens on, below those that systems hand out by themselves:
 * among these a connection could meet itself.
 */
function freePort(): number {
  for (let tries = 0; tries < 100; tries++) {
    const port = 20000 + Math.floor(Math.random() * 12000);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error("Starting a kernel: found no free port from 20000 to 32000.");
}
