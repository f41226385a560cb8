/** Notebooks for tests. */

import type { CodeCell, Notebook } from "./notebook.ts";

/** A notebook of code cells, by default such as never ran. */
export function notebookOf(
  sources: readonly string[],
  ran: Partial<Pick<CodeCell, "execution_count" | "outputs">> = {},
): Notebook {
  return {
    metadata: {},
    cells: sources.map((source, i) => ({
      cell_type: "code",
      id: `cell-${i}`,
      metadata: {},
      source,
      execution_count: null,
      outputs: [],
      ...ran,
    })),
  };
}
