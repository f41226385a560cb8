/** `notebooks`: opens the notebooks in JupyterLab, with the Deno kernel. */

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeAtomic } from "../run/atomic.ts";

const USAGE = `Usage: notebooks [--check] [-- JUPYTER OPTIONS]

Opens the notebooks in JupyterLab. The Deno kernel is installed for the user
if it is not there yet. What follows -- goes to JupyterLab, for example
-- --no-browser --port 9000.

  --check  say what is there and what is missing, and change nothing
  --help   this text
`;

const ROOT = fileURLToPath(new URL("../..", import.meta.url)).slice(0, -1);

/** Ways to start JupyterLab, by what is on the PATH. */
const LABS = [["jupyter-lab"], ["python3", "-m", "jupyterlab"]] as const;

const INSTALL = `JupyterLab is missing. With Python 3, this installs it:

  python3 -m venv .venv
  . .venv/bin/activate
  pip install jupyterlab

Then run this command again in the same terminal.`;

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const end = args.indexOf("--");
  const [own, passed] = end < 0
    ? [args, []]
    : [args.slice(0, end), args.slice(end + 1)];
  const { values } = parseArgs({
    args: own,
    options: {
      check: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE.trimEnd());
    return 0;
  }
  const lab = await findLab();
  const spec = join(jupyterFolder(), "kernels/deno/kernel.json");
  const lacks = await whatLacks(spec);
  if (values.check) {
    console.log(`JupyterLab   ${lab ? lab.version : "missing"}`);
    console.log(`Deno kernel  ${lacks ? `${lacks}: ${spec}` : spec}`);
    if (!lab) console.log(`\n${INSTALL}`);
    return lab && !lacks ? 0 : 1;
  }
  if (!lab) {
    console.error(INSTALL);
    return 1;
  }
  if (lacks) {
    await installKernel(spec);
    console.log(`Installed the Deno kernel: ${spec}`);
  }
  return await openLab([...lab.command, ...passed]);
}

interface Lab {
  readonly command: readonly string[];
  readonly version: string;
}

async function findLab(): Promise<Lab | undefined> {
  for (const command of LABS) {
    const [name, ...rest] = command;
    try {
      const { success, stdout } = await new Deno.Command(name, {
        args: [...rest, "--version"],
        stderr: "null",
      }).output();
      const version = new TextDecoder().decode(stdout).trim();
      if (success) return { command, version };
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

/** Where Jupyter looks for what a user installed. */
function jupyterFolder(): string {
  const { env, build: { os } } = Deno;
  const home = env.get("HOME") ?? env.get("USERPROFILE") ?? ".";
  const named = env.get("JUPYTER_DATA_DIR");
  if (named) return named;
  if (os === "darwin") return join(home, "Library/Jupyter");
  if (os === "windows") return join(env.get("APPDATA") ?? home, "jupyter");
  return join(
    env.get("XDG_DATA_HOME") ?? join(home, ".local/share"),
    "jupyter",
  );
}

/**
 * What a kernel.json has to say. Without the interrupt mode the stop button
 * sends a signal that ends the kernel, and everything in it; with it, only the
 * running cell stops.
 */
const WANTED = {
  argv: [
    Deno.execPath(),
    "jupyter",
    "--kernel",
    "--conn",
    "{connection_file}",
  ],
  interrupt_mode: "message",
} as const;

async function readSpec(path: string): Promise<Record<string, unknown> | null> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    // A damaged file is written anew, like a missing one.
    const gone = error instanceof Deno.errors.NotFound;
    if (gone || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** In a few words, what keeps the installed kernel from being right. */
async function whatLacks(path: string): Promise<string | undefined> {
  const spec = await readSpec(path);
  if (!spec) return "missing";
  if (String(spec.argv) !== String(WANTED.argv)) return "starts another Deno";
  if (spec.interrupt_mode !== WANTED.interrupt_mode) {
    return "would die of the stop button";
  }
  return undefined;
}

async function installKernel(path: string): Promise<void> {
  const spec = {
    display_name: "Deno",
    language: "typescript",
    ...await readSpec(path),
    ...WANTED,
  };
  await Deno.mkdir(dirname(path), { recursive: true });
  const text = `${JSON.stringify(spec, null, 2)}\n`;
  await writeAtomic(path, [new TextEncoder().encode(text)]);
}

/** Runs JupyterLab until it ends; Ctrl-C is its own to answer. */
async function openLab([name, ...args]: string[]): Promise<number> {
  const child = new Deno.Command(name, {
    args: [...args, join(ROOT, "notebooks")],
  }).spawn();
  const ignore = () => {};
  Deno.addSignalListener("SIGINT", ignore);
  try {
    return (await child.status).code;
  } finally {
    Deno.removeSignalListener("SIGINT", ignore);
  }
}
