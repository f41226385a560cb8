/** Runs notebooks from top to bottom. */

import { type KernelOptions, startKernel } from "./kernel.ts";
import { codeCells, type Notebook } from "./notebook.ts";
import type { ErrorOutput, Output } from "./outputs.ts";

/** Choices of one execution. */
export interface ExecuteOptions extends KernelOptions {
  /** Longest time of one cell. */
  readonly secondsPerCell?: number;
}

/** A notebook that was run. */
export interface Execution {
  /** The notebook with the new outputs. */
  readonly notebook: Notebook;
  /** The first error, which ended the run. */
  readonly failure?: { readonly cell: number; readonly error: ErrorOutput };
}

/**
 * Runs every code cell in a new kernel, until one of them throws. @throws
 * Error when a cell takes too long, or ends the kernel.
 */
export async function executeNotebook(
  notebook: Notebook,
  options: ExecuteOptions,
): Promise<Execution> {
  await using kernel = await startKernel(options);
  const done = new Map<string, Output[]>();
  for (const [i, { id, source }] of codeCells(notebook).entries()) {
    const outputs = await kernel.execute(source, options.secondsPerCell)
      .catch((error) => {
        throw new Error(`Running code cell ${i + 1}: ${error.message}`);
      });
    done.set(id, outputs);
    const error = outputs.find((output) => output.output_type === "error");
    if (!error) continue;
    const failure = { cell: i + 1, error };
    return { notebook: withOutputs(notebook, done), failure };
  }
  return { notebook: withOutputs(notebook, done) };
}

function withOutputs(
  notebook: Notebook,
  done: ReadonlyMap<string, Output[]>,
): Notebook {
  const numbers = new Map([...done.keys()].map((id, i) => [id, i + 1]));
  return {
    ...notebook,
    cells: notebook.cells.map((cell) =>
      cell.cell_type !== "code" ? cell : {
        ...cell,
        execution_count: numbers.get(cell.id) ?? null,
        outputs: done.get(cell.id) ?? [],
      }
    ),
  };
}
