/** JupyterLab: where it is on this machine, and how it gets there. */

import { delimiter, dirname, isAbsolute, join } from "node:path";
import { cacheFolder } from "../run/cache_folder.ts";
import { isFile } from "../run/is_file.ts";

/** A JupyterLab that can be started. */
export interface Lab {
  readonly command: readonly string[];
  readonly version: string;
  /** Whether it draws Plotly's figures, which else are shown as SVG. */
  readonly plotly: boolean;
}

/** What our own environment is made of. */
const PACKAGES = ["jupyterlab>=4.4,<5", "plotly>=6.1,<7"] as const;

const WINDOWS = Deno.build.os === "windows";
const BIN = WINDOWS ? "Scripts" : "bin";

/** The Python environment that is made where there is no JupyterLab. */
export function ownEnvironment(): string {
  return join(cacheFolder(), "jupyter");
}

const inOwn = (program: string) => join(ownEnvironment(), BIN, program);

/** That on the PATH, or else that of our own environment. */
export async function findLab(): Promise<Lab | undefined> {
  const ways = [
    ["jupyter-lab"],
    ["python3", "-m", "jupyterlab"],
    [inOwn("jupyter-lab")],
  ];
  for (const command of ways) {
    const version = await output([...command, "--version"]);
    if (version === undefined) continue;
    return { command, version, plotly: await hasPlotly(command) };
  }
  return undefined;
}

/**
 * Makes the environment; what pip says goes to the terminal.
 *
 * @throws Error if there is no Python 3 that can, or a step fails
 */
export async function installLab(): Promise<Lab> {
  const folder = ownEnvironment();
  const steps = [
    ["python3", "-m", "venv", folder],
    [inOwn("python"), "-m", "pip", "install", "--quiet"]
      .concat("--disable-pip-version-check", PACKAGES),
  ];
  for (const step of steps) {
    console.log(`$ ${step.join(" ")}`);
    const code = await runThrough(step);
    if (code === 0) continue;
    // A part of an environment would be taken for the whole next time.
    await Deno.remove(folder, { recursive: true }).catch(() => {});
    throw new Error(
      `Cannot install JupyterLab: ${step.slice(0, 3).join(" ")} ended with ` +
        `${code ?? "no such program"}; wanted Python 3 with venv and pip, ` +
        `and the network. Or install it yourself, and run this again:\n\n` +
        `  pip install jupyterlab plotly`,
    );
  }
  const lab = await findLab();
  if (lab) return lab;
  throw new Error(
    `Cannot find JupyterLab in ${folder} after installing it there; remove ` +
      `the folder and run this again`,
  );
}

/** Where Plotly's Python package puts its renderer, below a prefix. */
const PLOTLY = "share/jupyter/labextensions/jupyterlab-plotly/package.json";

async function hasPlotly([program, ...rest]: readonly string[]) {
  const prefix = rest.length > 0
    ? await output([program, "-c", "import sys; print(sys.prefix)"])
    : dirname(dirname(onPath(program) ?? ""));
  return prefix !== undefined && isFile(join(prefix, PLOTLY));
}

/** The file that a command's name stands for, links followed. */
function onPath(program: string): string | undefined {
  const folders = isAbsolute(program)
    ? [""]
    : (Deno.env.get("PATH") ?? "").split(delimiter);
  const file = folders.map((folder) => join(folder, program)).find(isFile);
  return file && Deno.realPathSync(file);
}

/** What a program prints; undefined if there is none, or it fails. */
async function output(command: readonly string[]): Promise<string | undefined> {
  const [name, ...args] = command;
  try {
    const { success, stdout } = await new Deno.Command(name, {
      args,
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The exit code of a program that writes to our terminal, if there is one. */
async function runThrough(
  [name, ...args]: readonly string[],
): Promise<number | undefined> {
  try {
    return (await new Deno.Command(name, { args }).spawn().status).code;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
