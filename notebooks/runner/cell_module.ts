/**
 * A notebook as one TypeScript module, for the type checker, which knows no
 * cells. A later cell may declare a name again, so each one is a block inside
 * the block of the one before it; imports, which blocks can't hold, move to the
 * top, each name once.
 */

import { codeCells, type Notebook } from "./notebook.ts";

/** A line of a notebook: cells count from 1 among those with code. */
export interface Place {
  readonly cell: number;
  readonly line: number;
}

/** The module's text, and for each of its lines the notebook's. */
export interface CellModule {
  readonly text: string;
  readonly places: readonly (Place | undefined)[];
}

/** An import statement: its clause, if any, its module, and attributes. */
export const IMPORT =
  /^import\s(?:([\w\s{},*$]+?)\sfrom\s+)?"([^"]+)"([^;\n]*);?$/gm;
const DYNAMIC_IMPORT = /\bimport\(\s*"(\.[^"]*)"/g;

/** Relative imports are resolved against the notebook's folder, a file URL. */
export function cellModule(notebook: Notebook, folder: URL): CellModule {
  const imports = new Map<string, Place>();
  const body: [string, Place | undefined][] = [];
  const cells = codeCells(notebook);
  for (const [i, { source }] of cells.entries()) {
    const cell = i + 1;
    const code = source
      .replace(IMPORT, (statement, clause, from, rest, offset) => {
        const line = source.slice(0, offset).split("\n").length;
        const name = resolve(from, folder);
        for (const part of clause === undefined ? [""] : names(clause)) {
          const head = part ? `import ${part} from` : "import";
          const text = `${head} ${JSON.stringify(name)}${rest};`;
          if (!imports.has(text)) imports.set(text, { cell, line });
        }
        return statement.replace(/[^\n]/g, "");
      })
      .replace(
        DYNAMIC_IMPORT,
        (_, from) => `import(${JSON.stringify(resolve(from, folder))}`,
      );
    for (const [j, line] of code.split("\n").entries()) {
      body.push([line, { cell, line: j + 1 }]);
    }
    body.push(["{", undefined]);
  }
  body.push(["}".repeat(cells.length), undefined]);
  const lines = [...imports, ...body, ["export {};", undefined] as const];
  return {
    text: `${lines.map(([text]) => text).join("\n")}\n`,
    places: lines.map(([, place]) => place),
  };
}

function resolve(specifier: string, folder: URL): string {
  return specifier.startsWith(".")
    ? new URL(specifier, folder).href
    : specifier;
}

/** An import clause taken apart: `x, { a, type B }` is x, { a }, { type B }. */
function names(clause: string): string[] {
  const type = /^type\s/.test(clause) ? "type " : "";
  const [, head, braces] = /^([^{]*)(?:\{([^}]*)\})?$/.exec(
    clause.slice(type.length),
  ) ?? [];
  const parts = (list: string | undefined) =>
    (list ?? "").split(",").map((part) => part.trim()).filter(Boolean);
  return [
    ...parts(head).map((part) => type + part),
    ...parts(braces).map((part) => `${type}{ ${part} }`),
  ];
}
