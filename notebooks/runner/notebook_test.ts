import assert from "node:assert/strict";
import { withFolder } from "../../lib/run/temp_folder.ts";
import { fileURLToPath } from "node:url";
import {
  codeCells,
  isCurrent,
  listNotebooks,
  parseNotebook,
  printNotebook,
  withSources,
} from "./notebook.ts";

/** Written by Jupyter's own nbformat 5.11. */
const SAVED = fileURLToPath(
  new URL("./testdata/jupyter.ipynb", import.meta.url),
);

Deno.test("printNotebook() gives the bytes that Jupyter saved", async () => {
  const text = await Deno.readTextFile(SAVED);
  assert.equal(printNotebook(await parseNotebook(text, SAVED)), text);
});

Deno.test("parseNotebook() joins lines, and leaves JSON data alone", async () => {
  const text = await Deno.readTextFile(SAVED);
  const [first, second] = codeCells(await parseNotebook(text, SAVED));
  assert.equal(first.source.split("\n").length, 3);
  const [stream, shown] = first.outputs;
  assert.ok(stream.output_type === "stream");
  assert.equal(stream.text, "3 values\nand a second line\n");
  assert.ok(shown.output_type === "display_data");
  assert.equal(shown.data["text/html"], "<b>3</b>\n<i>values</i>");
  assert.deepEqual(shown.data["application/json"], { a: "x\ny", b: [1, 2] });
  assert.equal(second.outputs[0].output_type, "error");
});

Deno.test("parseNotebook() gives cells without an id the same one each time", async () => {
  const cell = { cell_type: "markdown", metadata: {}, source: "a" };
  const text = JSON.stringify({
    cells: [cell, cell, { ...cell, source: ["b\n", "c"] }],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 4,
  });
  const ids = async () =>
    (await parseNotebook(text, "a.ipynb")).cells.map(({ id }) => id);
  const first = await ids();
  assert.equal(new Set(first).size, 3);
  for (const id of first) assert.match(id, /^[\w-]{1,64}$/);
  assert.deepEqual(await ids(), first);
});

Deno.test("parseNotebook() refuses what is no notebook of format 4", async () => {
  const bad: [string, RegExp][] = [
    ['{"nbformat": 3, "worksheets": []}', /old\.ipynb: found.*format 3.*4/],
    ["[]", /old\.ipynb/],
    ["{", /old\.ipynb/],
  ];
  for (const [text, message] of bad) {
    await assert.rejects(parseNotebook(text, "old.ipynb"), message);
  }
});

Deno.test("listNotebooks() goes by name", () =>
  withFolder(async (folder) => {
    for (const name of ["02_b.ipynb", "01_a.ipynb", "notes.md"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "{}");
    }
    const names = listNotebooks(folder).map((path) => path.slice(-10));
    assert.deepEqual(names, ["01_a.ipynb", "02_b.ipynb"]);
  }));

Deno.test("isCurrent() is true of stored outputs until the code changes", async () => {
  const text = await Deno.readTextFile(SAVED);
  const notebook = await parseNotebook(text, SAVED);
  assert.equal(await isCurrent(notebook), false);
  const stored = await withSources(notebook);
  assert.equal(await isCurrent(stored), true);
  const edited = (type: string) =>
    stored.cells.map((cell) =>
      cell.cell_type === type ? { ...cell, source: `${cell.source} ` } : cell
    );
  assert.equal(
    await isCurrent({ ...stored, cells: edited("markdown") }),
    true,
  );
  assert.equal(await isCurrent({ ...stored, cells: edited("code") }), false);
});
