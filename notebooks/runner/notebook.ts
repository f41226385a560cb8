/** Notebook files: nbformat 4.5, written the way Jupyter writes them. */

import { join } from "node:path";
import type { Output } from "./outputs.ts";

/** A notebook, with every text in one piece. */
export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A cell; `id` stays the same over edits and runs. */
export type Cell = CodeCell | {
  readonly cell_type: "markdown" | "raw";
  readonly id: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly source: string;
};

/** A cell with code, and what it gave when it was last run. */
export interface CodeCell {
  readonly cell_type: "code";
  readonly id: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly source: string;
  readonly execution_count: number | null;
  readonly outputs: readonly Output[];
}

/** Paths of the notebooks in a folder, in the order of their names. */
export function listNotebooks(folder: string): string[] {
  return [...Deno.readDirSync(folder)]
    .filter(({ isFile, name }) => isFile && name.endsWith(".ipynb"))
    .map(({ name }) => join(folder, name))
    .sort();
}

/**
 * Reads a notebook. A cell without an id gets one made of its source.
 * @throws Error when the text is no notebook of format 4.
 */
export async function parseNotebook(
  text: string,
  path: string,
): Promise<Notebook> {
  const found = parseJson(text, path);
  if (found.nbformat !== 4 || !Array.isArray(found.cells)) {
    throw new Error(
      `Cannot read ${path}: found notebook format ${found.nbformat}, ` +
        `wanted 4. Open and save it in JupyterLab to bring it up to date.`,
    );
  }
  const taken = new Set<string>();
  const cells: Cell[] = [];
  for (const cell of found.cells) {
    const source = joined(cell.source);
    const id = cell.id ?? await newId(source, taken);
    taken.add(id);
    cells.push({
      ...cell,
      id,
      source,
      ...(cell.cell_type === "code" && { outputs: cell.outputs.map(whole) }),
    });
  }
  return { cells, metadata: found.metadata };
}

/** The notebook as text: Jupyter saves the same one with the same bytes. */
export function printNotebook({ cells, metadata }: Notebook): string {
  const file = {
    cells: cells.map((cell) => ({
      ...cell,
      source: lines(cell.source),
      ...(cell.cell_type === "code" && { outputs: cell.outputs.map(split) }),
    })),
    metadata,
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(file, sortKeys, 1)}\n`;
}

/** Field of a notebook's metadata: of what code its outputs are. */
const STORED = "muselab";

/** The notebook, with a note of what code its outputs came from. */
export async function withSources(notebook: Notebook): Promise<Notebook> {
  const sources = await sourcesHash(notebook);
  const metadata = { ...notebook.metadata, [STORED]: { sources } };
  return { ...notebook, metadata };
}

/** Whether the outputs came from the code that is there now. */
export async function isCurrent(notebook: Notebook): Promise<boolean> {
  const noted = notebook.metadata[STORED] as { sources?: unknown } | undefined;
  return noted?.sources === await sourcesHash(notebook);
}

/** SHA-256 of all code, in its order. */
async function sourcesHash(notebook: Notebook): Promise<string> {
  const sources = codeCells(notebook).map(({ source }) => source);
  return await sha256(JSON.stringify(sources));
}

async function sha256(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(digest).toHex();
}

/** The cells with code, in their order. */
export function codeCells(notebook: Notebook): CodeCell[] {
  return notebook.cells.filter((cell) => cell.cell_type === "code");
}

function parseJson(text: string, path: string) {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new Error(`Cannot read ${path}: it is not JSON (${reason}).`);
  }
}

async function newId(source: string, taken: ReadonlySet<string>) {
  for (let salt = 0;; salt++) {
    const id = (await sha256(`${salt}${source}`)).slice(0, 8);
    if (!taken.has(id)) return id;
  }
}

type StoredOutput = Record<string, unknown> & {
  text?: unknown;
  data?: Record<string, unknown>;
};

/** Applies to the texts of an output, given whose they are by MIME type. */
function mapTexts(
  output: StoredOutput,
  map: (text: unknown, type: string) => unknown,
) {
  const { text, data } = output;
  return {
    ...output,
    ...(text !== undefined && { text: map(text, "text/plain") }),
    ...(data && {
      data: Object.fromEntries(
        Object.entries(data).map(([type, text]) => [type, map(text, type)]),
      ),
    }),
  };
}

/** JSON data stays as it is, also where it is a list. */
const whole = (output: StoredOutput) =>
  mapTexts(output, (text, type) => /json$/.test(type) ? text : joined(text));

/** Jupyter keeps other data, such as base64, in one piece. */
const IN_LINES = /^text\/|^image\/svg\+xml$|^application\/javascript$/;

const split = (output: Output) =>
  mapTexts(
    output as StoredOutput,
    (text, type) =>
      typeof text === "string" && IN_LINES.test(type) ? lines(text) : text,
  );

/** A text that may be stored as a list of lines. */
function joined(text: unknown): string {
  return Array.isArray(text) ? text.join("") : String(text);
}

/** Lines with their ends, the way nbformat splits them. */
function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1),
  );
}
