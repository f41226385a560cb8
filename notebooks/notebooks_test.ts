/** Runs every notebook with the real Deno kernel. */

import assert from "node:assert/strict";
import { basename } from "node:path";
import { executeNotebook } from "./runner/execute.ts";
import {
  codeCells,
  isCurrent,
  listNotebooks,
  parseNotebook,
  printNotebook,
} from "./runner/notebook.ts";

const folder = import.meta.dirname!;
/** Small settings: fewer pictures, fewer steps. */
const environment = { MUSELAB_QUICK: "1" };
/** A cell that is longer is no single step. */
const MOST_LINES = 15;

for (const path of listNotebooks(folder)) {
  const name = basename(path);
  const read = async () =>
    await parseNotebook(await Deno.readTextFile(path), name);

  Deno.test(`${name} runs from top to bottom without an error`, async () => {
    const { failure } = await executeNotebook(await read(), {
      folder,
      environment,
    });
    assert.equal(
      failure && `code cell ${failure.cell}: ${failure.error.evalue}`,
      undefined,
    );
  });

  Deno.test(`${name} has no cell of more than ${MOST_LINES} lines`, async () => {
    const long = codeCells(await read())
      .filter(({ source }) => source.split("\n").length > MOST_LINES);
    assert.deepEqual(long.map(({ id }) => id), []);
  });

  Deno.test(`${name} is stored as a run from top to bottom left it`, async () => {
    const notebook = await read();
    const numbers = codeCells(notebook).map((cell) => cell.execution_count);
    assert.deepEqual(numbers, numbers.map((_, i) => i + 1));
    const outputs = codeCells(notebook).flatMap((cell) => cell.outputs);
    assert.ok(outputs.length > 0);
    const types = outputs.map(({ output_type }) => output_type as string);
    assert.ok(!types.includes("error"));
    assert.equal(await Deno.readTextFile(path), printNotebook(notebook));
    const advice = "run `deno task notebooks:run --store` for its new outputs";
    assert.ok(await isCurrent(notebook), advice);
    assert.deepEqual(notebook.metadata.kernelspec, {
      display_name: "Deno",
      language: "typescript",
      name: "deno",
    });
  });
}
