/**
 * `deno task notebooks:check [FILE...]`: type-checks the code cells of
 * notebooks, all of them by default, which `deno check` doesn't do, holds cells
 * to their length, and finds figures that nobody would see.
 */

import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { cellModule, IMPORT, type Place } from "./cell_module.ts";
import { codeCells, listNotebooks, parseNotebook } from "./notebook.ts";

/** A longer cell, imports aside, does not fit on a screen with its output. */
const MOST_LINES = 15;

/** A statement that draws: these are not indented, as it stands by itself. */
const DRAWING = /^(?:await )?(show|plot|animate)\(/;
/** A line with which a statement begins, and none of its later ones. */
const BEGINNING = /^(?!\/[/*])[^\s)\]}]/;

const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));

/** What is wrong with the notebooks, one text a problem. */
export async function checkNotebooks(
  paths: readonly string[],
): Promise<string[]> {
  const problems: string[] = [];
  const folder = await Deno.makeTempDir();
  const places = new Map<string, (line: number) => string>();
  try {
    for (const [i, path] of paths.entries()) {
      const notebook = await parseNotebook(await Deno.readTextFile(path), path);
      for (const [j, { source }] of codeCells(notebook).entries()) {
        problems.push(
          ...unseen(source).map(({ name, line }) =>
            `${printPlace(path, { cell: j + 1, line })}: found ${name}() ` +
            `before other statements, wanted it as the last one, as only a ` +
            `cell's last value is shown`
          ),
        );
        const count = source.replace(IMPORT, "").trim().split("\n").length;
        if (count <= MOST_LINES) continue;
        problems.push(
          `${path}, code cell ${j + 1}: found ${count} lines, wanted at most ` +
            `${MOST_LINES}`,
        );
      }
      const base = pathToFileURL(`${dirname(path)}/`);
      const { text, places: lines } = cellModule(notebook, base);
      const file = `${folder}/notebook_${i}.ts`;
      await Deno.writeTextFile(file, text);
      places.set(file, (line) => printPlace(path, lines[line - 1]));
    }
    problems.push(
      ...await typeCheck([...places.keys()], (file, line) => {
        return places.get(file)?.(line);
      }),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return problems;
}

/** Drawings whose figures are lost: a cell shows the value it ends in. */
function unseen(source: string): { name: string; line: number }[] {
  const lines = source.split("\n");
  const last = lines.findLastIndex((line) => BEGINNING.test(line));
  return lines.flatMap((line, i) => {
    const name = DRAWING.exec(line)?.[1];
    return name && i < last ? [{ name, line: i + 1 }] : [];
  });
}

function printPlace(path: string, place: Place | undefined): string {
  if (!place) return `${path}, between its cells`;
  return `${path}, code cell ${place.cell}, line ${place.line}`;
}

/** The type checker's complaints, with places put in other words. */
async function typeCheck(
  files: readonly string[],
  printPlace: (file: string, line: number) => string | undefined,
): Promise<string[]> {
  if (files.length === 0) return [];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", "--config", CONFIG, ...files],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
  }).output();
  if (success) return [];
  const text = new TextDecoder().decode(stderr).replace(
    /(file:\S+?):(\d+):\d+/g,
    (all, url, line) => printPlace(fileURLToPath(url), Number(line)) ?? all,
  );
  const errors = text.split("\n\n").filter((part) => /\[ERROR\]/.test(part));
  return errors.length > 0 ? errors : [text]; // not parsed, or not found
}

if (import.meta.main) {
  const folder = relative(Deno.cwd(), join(import.meta.dirname!, "..")) || ".";
  const paths = Deno.args.length > 0 ? Deno.args : listNotebooks(folder);
  const problems = await checkNotebooks(paths);
  for (const problem of problems) console.error(`${problem}\n`);
  console.log(
    `Checked ${paths.length} notebooks: ${problems.length || "no"} problems`,
  );
  if (problems.length > 0) Deno.exit(1);
}
