/** `notebooks`: opens the notebooks in JupyterLab, with the Deno kernel. */

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeAtomic } from "../run/atomic.ts";
import { findLab, installLab, ownEnvironment } from "./jupyter_lab.ts";
import { readOnlyOptions } from "./options.ts";

const USAGE = `Usage: notebooks [--check] [-- JUPYTER OPTIONS]

Opens the notebooks in JupyterLab. If there is none, it is installed in a Python
environment of its own, in the cache; the Deno kernel is installed for the user.
What follows -- goes to JupyterLab, for example -- --no-browser --port 9000.

  --check  say what is there and what is missing, and change nothing
  --help   this text
`;

const ROOT = fileURLToPath(new URL("../..", import.meta.url)).slice(0, -1);

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const end = args.indexOf("--");
  const [own, passed] = end < 0
    ? [args, []]
    : [args.slice(0, end), args.slice(end + 1)];
  const options = { check: "flag", help: "flag" } as const;
  const values = readOnlyOptions("notebooks", USAGE, options, own);
  if (!values) return 0;
  const spec = join(jupyterFolder(), "kernels/deno/kernel.json");
  const lacks = await whatLacks(spec);
  const found = await findLab();
  if (values.check) {
    const plots = found?.plotly ? "there" : "missing: figures are still images";
    console.log(`JupyterLab   ${found ? found.version : "missing"}`);
    console.log(`Plotly       ${plots}`);
    console.log(`Deno kernel  ${lacks ? `${lacks}: ${spec}` : spec}`);
    if (!found) {
      console.log(
        `\n\`deno task notebooks\` would install JupyterLab and Plotly in ` +
          `${ownEnvironment()}`,
      );
    }
    return found && !lacks ? 0 : 1;
  }
  if (!found) console.log("No JupyterLab is on the PATH; it is installed now.");
  const lab = found ?? await installLab();
  if (lacks) {
    await installKernel(spec);
    console.log(`Installed the Deno kernel: ${spec}`);
  }
  return await openLab([...lab.command, ...passed]);
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
