/**
 * Runs code in Deno's Jupyter kernel, without Jupyter: starts it, talks to it,
 * and sees to it that it ends.
 */

import { type Client, openClient } from "./client.ts";
import type { Output } from "./outputs.ts";
import { within } from "../../lib/run/within.ts";

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
/** A second where nothing else runs; some do beside a training. */
const START_SECONDS = 120;
const SHUTDOWN_SECONDS = 2;

/** Starts `deno jupyter` and waits until it answers. */
export async function startKernel(options: KernelOptions): Promise<Kernel> {
  const key = crypto.randomUUID();
  const ports = Object.fromEntries(
    CHANNELS.map((channel) => [`${channel}_port`, freePort()]),
  );
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const connection = {
      transport: "tcp",
      ip: "127.0.0.1",
      signature_scheme: "hmac-sha256",
      key,
      ...ports,
    };
    await Deno.writeTextFile(file, JSON.stringify(connection));
    const kernel = spawnKernel(file, options);
    try {
      const opening = openClient(key, ports, kernel.ended);
      const what = "starting the kernel";
      return supervise(await within(START_SECONDS, what, opening), kernel);
    } catch (error) {
      await kernel.kill();
      throw error;
    }
  } finally {
    await Deno.remove(file);
  }
}

/** A kernel's process. */
interface KernelProcess {
  /** Rejects when it has ended, with what it said last. */
  readonly ended: Promise<never>;
  readonly status: Promise<Deno.CommandStatus>;
  /** Ends it at once, if it has not ended. */
  kill(): Promise<void>;
}

function spawnKernel(file: string, options: KernelOptions): KernelProcess {
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
    const words = (await said).slice(-2000);
    throw new Error(`The Deno kernel ended with code ${code}. ${words}`);
  });
  ended.catch(() => {}); // told to whoever waits for the kernel, if anybody
  return {
    ended,
    status: child.status,
    async kill() {
      try {
        child.kill("SIGKILL");
      } catch { /* it has ended by itself */ }
      await child.status;
    },
  };
}

/** Puts deadlines on a client's work; a kernel that misses one is killed. */
function supervise(client: Client, { status, kill }: KernelProcess): Kernel {
  async function shutdown(): Promise<void> {
    try {
      const goodbye = client.requestShutdown().then(() => status);
      await within(SHUTDOWN_SECONDS, "ending the kernel", goodbye);
    } catch {
      await kill(); // it hangs, or is gone
    } finally {
      client.close();
    }
  }
  return {
    async execute(code, seconds = 300) {
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
