/**
 * `deno task notebooks:run [--store] [FILE...]`: runs notebooks, all of them by
 * default, and says which fail. `--store` writes the outputs into the files.
 */

import { dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { writeAtomic } from "../../lib/run/atomic.ts";
import { executeNotebook } from "./execute.ts";
import {
  listNotebooks,
  parseNotebook,
  printNotebook,
  withSources,
} from "./notebook.ts";

/** Minutes are what cells take; on a machine that is busy, ten times as long. */
const SECONDS_PER_CELL = 1800;

const USAGE = `Usage: deno task notebooks:run [--store] [FILE...]

Runs notebooks from top to bottom without Jupyter, all of them by default, and
says which fail.

  --store   write the outputs into the files
  --help    show this`;

const { values, positionals } = readArgs();
if (values.help) {
  console.log(USAGE);
  Deno.exit(0);
}
const folder = relative(Deno.cwd(), join(import.meta.dirname!, "..")) || ".";
const paths = positionals.length > 0 ? positionals : listNotebooks(folder);

function readArgs() {
  try {
    return parseArgs({
      args: Deno.args,
      allowPositionals: true,
      options: {
        store: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n`);
    console.error(USAGE);
    Deno.exit(2);
  }
}

/** Runs one notebook; what went wrong, or undefined. */
async function run(path: string): Promise<string | undefined> {
  const text = await Deno.readTextFile(path);
  const { notebook, failure } = await executeNotebook(
    await parseNotebook(text, path),
    { folder: dirname(path), secondsPerCell: SECONDS_PER_CELL },
  );
  if (failure) {
    const { cell, error: { ename, evalue, traceback } } = failure;
    return [`Running code cell ${cell}: ${ename}: ${evalue}`, ...traceback]
      .join("\n");
  }
  if (values.store) {
    const stored = printNotebook(await withSources(notebook));
    const bytes = new TextEncoder().encode(stored);
    await writeAtomic(path, [bytes]);
  }
}

for (const path of paths) {
  const begin = performance.now();
  const problem = await run(path).catch((error) => error.message);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  if (problem === undefined) console.log(`${path}: fine, in ${seconds} s`);
  else console.error(`${path}: ${problem}`);
  if (problem !== undefined) Deno.exitCode = 1;
}
